"""The library beside the practice's own rules: what each corrects, and what the library said otherwise since."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from app.platform.caller import Caller
from app.policies.actions.basics import today_of
from app.policies.actions.library import current_book, current_policies, policies_of_version
from app.policies.actions.own_rules import payers_by_key
from app.policies.facts.answers import PracticeRule
from app.policies.facts.conflicts import Conflict, ConflictKind, CorrectedRule, Original, Turned
from app.policies.facts.grid import PolicySet
from app.policies.facts.own_rules import RuleState
from app.policies.facts.records import InForce, KeptRule
from app.policies.rules.conflicts import conflicts, covering, original
from app.policies.rules.own_rules import stand_of
from app.policies.rules.practice import parts_of
from app.policies.store import verifications as store
from app.policies.store.practice import kept_rules
from app.policies.store.rule_sets import history, in_force_at
from app.practice.store.staff import staff_of

_ORDER = tuple(ConflictKind)
MOST_VERSIONS = 12
"""So many rule sets are looked back at; a rule recorded before them is compared with the oldest of them."""


def note_corrected(caller: Caller, rule_id: UUID, rule: PracticeRule) -> None:
    """Note which rules of the library a correction answers before, as they stand now; inside its transaction."""
    book = current_book(caller.session, caller.practice_id)
    refs = covering(rule, current_policies(caller.session, caller.practice_id))
    found = [CorrectedRule(ref, book.rules[ref].content, book.version) for ref in refs if ref in book.rules]
    store.add_corrected(caller.session, caller.practice_id, rule_id, found)


def read_originals(caller: Caller, kept: KeptRule) -> tuple[Original, ...]:
    """Read the library's rules that a practice's rule answers before: as they were when it was recorded, and as now.

    Of a correction those that were noted with it; of any other, and of corrections from before they were noted, those
    that the library then and now holds for its codes.
    """
    session, practice_id = caller.session, caller.practice_id
    noted = store.corrected_by(session, practice_id, kept.id)
    version = noted[0].version if noted else in_force_at(session, practice_id, kept.recorded_at)
    before = policies_of_version(session, practice_id, version) if version is not None else None
    now = current_policies(session, practice_id)
    refs = {one.ref for one in noted}
    if not noted:
        refs = {ref for policies in (before, now) if policies is not None for ref in covering(kept.rule, policies)}
    found = (original(ref, before, now, kept.rule.corrects) for ref in sorted(refs))
    return tuple(one for one in found if one is not None)


def read_turned(caller: Caller) -> Turned:
    """Find which of the practice's rules that hold or will hold the library says something new about.

    Each is compared with the rule set that was in force when it was recorded: whoever records it anew has seen the new
    one.
    """
    session, practice_id, today = caller.session, caller.practice_id, today_of(caller)
    entries = history(session, practice_id, MOST_VERSIONS)
    rules = {one.id: stand_of(one, today) for one in kept_rules(session, practice_id)} if entries else {}
    by_version: dict[str, list[KeptRule]] = {}
    for one in rules.values():
        version = _in_force_at(entries, one.kept.recorded_at)
        if one.state is not RuleState.ENDED and one.kept.replaced_by is None and version != entries[0].version:
            by_version.setdefault(version, []).append(one.kept)
    found: dict[UUID, tuple[Conflict, ...]] = {}
    for version, kept in by_version.items():
        before = policies_of_version(session, practice_id, version)
        found.update(_of_rules(kept, before, current_policies(session, practice_id)))
    staff = {one.id: one.name for one in staff_of(session, practice_id)}
    turned = sorted(found.items(), key=lambda one: (_ORDER.index(one[1][0].kind), one[0]))
    return Turned(tuple((rules[rule_id], them) for rule_id, them in turned), payers_by_key(caller), staff)


def _of_rules(
    kept: Sequence[KeptRule], before: PolicySet | None, now: PolicySet
) -> Mapping[UUID, tuple[Conflict, ...]]:
    ids = {one.rule.ref: one.id for one in kept}
    found: dict[UUID, tuple[Conflict, ...]] = {}
    for conflict in conflicts([part for one in kept for part in parts_of(one.rule, one.ends)], before, now):
        rule_id = ids[conflict.rule.ref]
        found[rule_id] = (*found.get(rule_id, ()), conflict)
    return found


def _in_force_at(entries: Sequence[InForce], instant: datetime) -> str:
    """The version in force at an instant, of entries that are the newest first; the oldest for any time before."""
    for entry in entries:
        if entry.since <= instant:
            return entry.version
    return entries[-1].version if entries else ""
