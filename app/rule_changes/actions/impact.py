"""What would a set of rules change if it were in force? Judged under both sets; nothing is written."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from app.clearance.actions.world import world_of
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.policies.actions.library import changed_payers, content_of, current_policies, version_of
from app.policies.facts.grid import PolicySet
from app.policies.rules.compiling import compile_book
from app.policies.rules.payers import with_aliases
from app.policies.store.payers import aliases
from app.rule_changes.actions.impact_search import Comparison, Found, patients_touched, search
from app.rule_changes.actions.impact_sharing import search_in_processes
from app.rule_changes.facts.impact import CaseTurn, Impact
from app.rule_changes.rules.impact_reach import Touched, reach_of
from app.schedule import store as schedule_store

SMALL = 2_000  # patients below which one process is quicker than starting two


def impact_of(caller: Caller, policies: PolicySet, processes: int = 1) -> Impact:
    """List exactly the booked visits from today on, and the open cases, whose verdict a set of rules would change.

    Takes     the caller, who is told of no visit and patient out of sight; a set that has passed the loader's checks;
              how many processes may judge: more than one only where this one has no other threads to copy.
    Returns   what would differ if the set were in force now, with the facts, practice rules and answers on file.
    Writes nothing; whoever shows the list notes whom it showed.
    """
    session, practice_id = caller.session, caller.practice_id
    standing = current_policies(session, practice_id)
    version = version_of(content_of(policies))
    before = world_of(session, practice_id, caller.clock)
    book = with_aliases(compile_book(policies, version), aliases(session, practice_id))
    after = replace(before, book=book, classes={}, families={}, days={})
    payers = tuple(sorted(changed_payers(standing, policies)))
    reach = reach_of(standing, policies, before.book, book)
    found = Found()
    if reach:
        with _no_collecting():
            _search(caller, Comparison(before, after, Touched(reach, before.book, book)), processes, found)
    _out_of_sight(caller, found)
    visits = sorted(found.visits, key=lambda one: (one.starts_at, one.reference))
    cases = sorted(found.cases, key=lambda one: one.case_id.int)
    return Impact(version, payers, tuple(visits), tuple(cases), len(found.resting), found.searched)


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Look for no garbage meanwhile: judging makes no cycles, and each look walks through two whole sets of rules."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _search(caller: Caller, comparison: Comparison, processes: int, found: Found) -> None:
    """Compare every patient whom the change touches."""
    session, practice_id = caller.session, caller.practice_id
    patients = sorted(patients_touched(session, practice_id, comparison))
    if processes > 1 and len(patients) >= SMALL:
        parts = search_in_processes(caller, comparison, patients, processes)
    else:
        parts = search(session, practice_id, comparison, patients)
    for part in parts:
        found.add(part)


def _out_of_sight(caller: Caller, found: Found) -> None:
    """Leave out what the caller may not see."""
    if not caller.scope.limited:
        return
    session, practice_id, scope = caller.session, caller.practice_id, caller.scope
    named = [*(one.visit_id for one in found.visits), *found.resting]
    seen = schedule_store.visits_by_ids(session, practice_id, named, scope).keys()
    found.visits = [one for one in found.visits if one.visit_id in seen]
    found.resting = [one for one in found.resting if one in seen]
    found.cases = list(_cases_in_sight(caller, found.cases))


def _cases_in_sight(caller: Caller, cases: list[CaseTurn]) -> Iterator[CaseTurn]:
    session, practice_id = caller.session, caller.practice_id
    seen: dict[UUID, bool] = {}
    for one in cases:
        if one.patient_id not in seen:
            seen[one.patient_id] = patient_store.in_sight(session, practice_id, one.patient_id, caller.scope)
        if seen[one.patient_id]:
            yield one
