"""What new rules would change over a whole book: how long the list takes, following what the change touches."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from app.platform.caller import Caller
from app.policies.actions.library import current_book, current_policies
from app.policies.facts.grid import GridService, PolicySet
from app.policies.facts.language import Rule
from app.rule_changes.actions.impact import impact_of
from app.rule_changes.actions.impact_sharing import cores
from tests.bench.copies import multiply
from tests.bench.databases import Databases
from tests.bench.library import SERVICES, payer_key
from tests.bench.measure import alone, measured
from tests.bench.practice import make_practice, opened
from tests.bench.yardsticks import bare_reading

PAYER, GRADED = payer_key(0), "11950"
LARGEST = 100_000  # booked lines that are made one by one; of more, copies are made
OFTEN = ("office_visit", "biopsy", "skin_exam", "mole_evaluation", "acne_visit", "hair_loss", "vitiligo")
"""Services of the grid of which hardly any patient has none."""


def bench(lines: int, rules: int, seed: int, databases: Databases, kept: Path | None = None) -> dict[str, Any]:
    """Make a practice with so many booked lines, and ask in a fresh process what each kind of change would do.

    Takes     `kept`: a folder (SQLite) where the practice stays, to be used again by the next run of the same size.
    """
    with _home(databases, kept, f"{lines}-{rules}-{seed}") as (url, folder):
        told = folder / "made.json"
        if not told.exists():
            told.write_text(json.dumps(alone(_made, url, folder, lines, rules, seed)))
        made = json.loads(told.read_text())
        found = alone(_measured, url)
    return {"lines": lines, "database": databases.kind, "made": made, **found}


@contextmanager
def _home(databases: Databases, kept: Path | None, name: str) -> Iterator[tuple[str, Path]]:
    """A fresh database that goes, or one in a folder that stays."""
    if kept is None:
        with databases.fresh() as places:
            yield places
        return
    folder = kept / f"impact-{name}"
    if not (folder / "made.json").exists():
        shutil.rmtree(folder, ignore_errors=True)  # a making that was cut off
    folder.mkdir(parents=True, exist_ok=True)
    yield f"sqlite:///{folder / 'practice.sqlite'}", folder


def _made(url: str, folder: Path, lines: int, rules: int, seed: int) -> dict[str, int]:
    """A large practice is many copies of a smaller one: each row through the program's own stores takes an hour."""
    file = make_url(url).database if url.startswith("sqlite") else None
    copies = max(1, lines // LARGEST) if file is not None else 1
    made = make_practice(url, folder, lines // copies, rules, seed)
    if copies > 1 and file is not None:
        multiply(Path(file), copies)
    return {name: count if name == "rules" else count * copies for name, count in made.items()} | {"copies": copies}


def _measured(url: str) -> dict[str, Any]:
    """The rules in force are compiled already, as in a server that runs; those of the change are compiled each time."""
    with opened(url) as caller:
        standing = current_policies(caller.session, caller.practice_id)
        current_book(caller.session, caller.practice_id)
        with measured() as reading:
            _seconds, rows = bare_reading(caller)
        return {
            "processes": cores(),
            "changes": {name: _one(caller, change(standing)) for name, change in CHANGES.items()},
            "yardstick_bare_reading_of_the_book": reading.shown(rows=rows),
        }


def _one(caller: Caller, changed: PolicySet) -> dict[str, Any]:
    with measured() as found:
        impact = impact_of(caller, changed, cores())
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


def _of_a_diagnosis(policies: PolicySet) -> PolicySet:
    """A diagnosis counts as weak for visits of everybody, and hardly anybody has it."""
    return _with_services(policies, lambda one: {"weak": (*one.weak, "L91.8")} if one.id == "skin_exam" else {})


def _of_every_visit(policies: PolicySet) -> PolicySet:
    """What nearly every visit is for becomes cosmetic: as much as a change can turn."""
    turned = {"class_": "cosmetic", "medical": (), "weak": ()}
    return _with_services(policies, lambda one: turned if one.id in OFTEN else {})


def _of_a_class(policies: PolicySet) -> PolicySet:
    """A service of the grid becomes cosmetic for every payer."""
    return _with_services(
        policies,
        lambda one: (
            {"class_": "cosmetic" if one.class_ != "cosmetic" else "conditional"} if GRADED in one.codes else {}
        ),
    )


def _with_services(policies: PolicySet, told: Callable[[GridService], dict[str, Any]]) -> PolicySet:
    assert policies.grid is not None
    services = tuple(one.model_copy(update=told(one)) for one in policies.grid.services)
    return policies.model_copy(update={"grid": policies.grid.model_copy(update={"services": services})})


CHANGES: dict[str, Callable[[PolicySet], PolicySet]] = {
    "one_rule_of_a_payer": _of_one_rule,
    "a_whole_payer": _of_one_payer,
    "a_closed_list": _of_a_closed_list,
    "a_class_for_all_payers": _of_a_class,
    "a_diagnosis_for_codes_of_everybody": _of_a_diagnosis,
    "a_class_of_nearly_every_visit": _of_every_visit,
}


def _with_rules(policies: PolicySet, payer: str, turned: Callable[[Rule], Rule]) -> PolicySet:
    file = policies.payers[payer]
    topics = {
        name: topic.model_copy(update={"rules": tuple(map(turned, topic.rules))}) for name, topic in file.topics.items()
    }
    return policies.model_copy(
        update={"payers": {**policies.payers, payer: file.model_copy(update={"topics": topics})}}
    )
