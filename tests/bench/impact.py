"""What new rules would change over a whole book: how long the list takes, following what the change touches."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.platform.caller import Caller
from app.policies.actions.library import current_book, current_policies
from app.policies.facts.grid import PolicySet
from app.policies.facts.language import Rule
from app.rule_changes.actions.impact import impact_of
from tests.bench.databases import Databases
from tests.bench.library import SERVICES, payer_key
from tests.bench.measure import alone, measured
from tests.bench.practice import make_practice, opened

PAYER, GRADED = payer_key(0), "11950"


def bench(lines: int, rules: int, seed: int, databases: Databases) -> dict[str, Any]:
    """Make a practice with so many booked lines, and ask in a fresh process what each kind of change would do."""
    with databases.fresh() as (url, folder):
        made = alone(_made, url, folder, lines, rules, seed)
        changes = alone(_measured, url)
    return {"lines": lines, "database": databases.kind, "made": made, "changes": changes}


def _made(url: str, folder: Path, lines: int, rules: int, seed: int) -> dict[str, int]:
    return make_practice(url, folder, lines, rules, seed)


def _measured(url: str) -> dict[str, Any]:
    """The rules in force are compiled already, as in a server that runs; those of the change are compiled each time."""
    with opened(url) as caller:
        standing = current_policies(caller.session, caller.practice_id)
        current_book(caller.session, caller.practice_id)
        return {name: _one(caller, change(standing)) for name, change in CHANGES.items()}


def _one(caller: Caller, changed: PolicySet) -> dict[str, Any]:
    with measured() as found:
        impact = impact_of(caller, changed)
    caller.session.rollback()
    return found.shown(
        patients_searched=impact.searched,
        visits_turned=len(impact.visits),
        cases_turned=len(impact.cases),
        resting=impact.resting,
    )


def _of_one_rule(policies: PolicySet) -> PolicySet:
    """One payer asks approval no more for the codes of one rule, which practices plan."""
    rules = (rule for topic in policies.payers[PAYER].topics.values() for rule in topic.rules)
    chosen = next(rule for rule in rules if rule.approval == "required" and set(rule.codes) & set(SERVICES))

    def turned(rule: Rule) -> Rule:
        return rule.model_copy(update={"approval": "not_required"}) if rule.id == chosen.id else rule

    return _with_rules(policies, PAYER, turned)


def _of_one_payer(policies: PolicySet) -> PolicySet:
    """One payer asks approval wherever it asked none, for every code that its rules name."""

    def turned(rule: Rule) -> Rule:
        return rule.model_copy(update={"approval": "required"}) if rule.approval == "not_required" else rule

    return _with_rules(policies, PAYER, turned)


def _of_a_closed_list(policies: PolicySet) -> PolicySet:
    """One payer says that what its rules do not name needs no approval: any line of its members may be touched."""
    first = True

    def turned(rule: Rule) -> Rule:
        nonlocal first
        if not first or rule.approval != "not_required" or rule.codes == ():
            return rule
        first = False
        return rule.model_copy(update={"closed_list": True, "codes": ()})

    return _with_rules(policies, PAYER, turned)


def _of_a_class(policies: PolicySet) -> PolicySet:
    """A service of the grid becomes cosmetic for every payer."""
    assert policies.grid is not None
    services = tuple(
        one.model_copy(update={"class_": "cosmetic" if one.class_ != "cosmetic" else "conditional"})
        if GRADED in one.codes
        else one
        for one in policies.grid.services
    )
    return policies.model_copy(update={"grid": policies.grid.model_copy(update={"services": services})})


CHANGES: dict[str, Callable[[PolicySet], PolicySet]] = {
    "one_rule_of_a_payer": _of_one_rule,
    "a_whole_payer": _of_one_payer,
    "a_closed_list": _of_a_closed_list,
    "a_class_for_all_payers": _of_a_class,
}


def _with_rules(policies: PolicySet, payer: str, turned: Callable[[Rule], Rule]) -> PolicySet:
    file = policies.payers[payer]
    topics = {
        name: topic.model_copy(update={"rules": tuple(map(turned, topic.rules))}) for name, topic in file.topics.items()
    }
    return policies.model_copy(
        update={"payers": {**policies.payers, payer: file.model_copy(update={"topics": topics})}}
    )
