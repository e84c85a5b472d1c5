"""Work on several cases at once: an owner, a next action, putting aside; and taking each back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.audit.actions import record
from app.authorizations import store as authorization_store
from app.authorizations.facts import AuthorizationRecord
from app.casework.actions import steering
from app.casework.actions.casebook import owners
from app.casework.actions.steering import Step
from app.casework.facts.casebook import CaseStep, CaseStepKind
from app.casework.rules.views import steering_mark
from app.casework.store import casebook as store
from app.deadlines import store as clock_store
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.ids import new_id

UNDO_FOR = timedelta(hours=24)
_VERBS = {
    CaseStepKind.ASSIGNED: "casework.cases_assigned",
    CaseStepKind.NEXT_ACTION: "casework.cases_next_action",
    CaseStepKind.SNOOZED: "casework.cases_snoozed",
}


class OwnerNotFoundError(Exception):
    """Nobody of the practice with this id may own a case."""


class CannotUndoError(Exception):
    """There is no such step, it is older than 24 hours, or it was taken back already."""


class SteeredError(Exception):
    """Somebody gave cases another owner or next action after the page was loaded; nothing was changed."""

    def __init__(self, cases: tuple[UUID, ...]) -> None:
        super().__init__(f"{len(cases)} cases were steered")
        self.cases = cases


@dataclass(frozen=True, slots=True)
class Done:
    """What an action did: the step that takes it back (None: nothing had to change), and how many cases changed."""

    step_id: UUID | None
    cases: int


@dataclass(frozen=True, slots=True)
class _Now:
    """The cases that are on file and in sight, with whose they are."""

    records: Mapping[UUID, AuthorizationRecord]
    owners: Mapping[UUID, UUID | None]

    def patients(self, cases: Collection[UUID]) -> frozenset[UUID]:
        return frozenset(self.records[one].patient_id for one in cases)


def assign(caller: Caller, seen: Mapping[UUID, str], owner_id: UUID | None) -> Done:
    """Give cases to a person, or to nobody.

    Takes     by case, the mark of its steering as the page showed it (rules/views.py); the owner, None for nobody.
    Raises    OwnerNotFoundError; SteeredError, and then nothing is changed. Cases no longer on file, or out of sight,
              are left out.
    """
    if owner_id is not None and owner_id not in {one.id for one in owners(caller)}:
        raise OwnerNotFoundError
    with announced(caller):
        now = _now(caller, seen)
        changed = [one for one in now.records if now.owners.get(one) != owner_id]
        _refuse_steered(now, seen, changed)
        if not changed:
            return Done(None, 0)
        steering.assign(caller, changed, owner_id)
        before = {one.hex: _hex(now.owners.get(one)) for one in changed}
        return _noted(caller, CaseStepKind.ASSIGNED, {"to": _hex(owner_id), "cases": before}, changed)


def set_next(caller: Caller, seen: Mapping[UUID, str], words: str, on: date) -> Done:
    """Say of several cases what is to be done next, and by which day. Takes and raises as `assign`."""
    with announced(caller):
        now = _now(caller, seen)
        wanted: Step = (words, on)
        changed = [one for one, row in now.records.items() if (row.next_action, row.next_action_on) != wanted]
        _refuse_steered(now, seen, changed)
        if not changed:
            return Done(None, 0)
        steering.set_next(caller, changed, words, on)
        before = {one.hex: _written(now.records[one].next_action, now.records[one].next_action_on) for one in changed}
        return _noted(caller, CaseStepKind.NEXT_ACTION, {"to": _written(words, on), "cases": before}, changed)


def snooze(caller: Caller, case_ids: Collection[UUID], until: date | None) -> Done:
    """Put cases aside until a day, on which they come back by themselves; None: bring them back now."""
    with announced(caller) as session:
        now = _now(caller, case_ids)
        before = store.snoozes(session, caller.practice_id, list(now.records))
        changed = [one for one in now.records if before.get(one) != until]
        if not changed:
            return Done(None, 0)
        _put_aside(caller, dict.fromkeys(changed, until), now.patients(changed))
        was = {one.hex: _iso(before.get(one)) for one in changed}
        return _noted(caller, CaseStepKind.SNOOZED, {"to": _iso(until), "cases": was}, changed)


def undo(caller: Caller, step_id: UUID) -> int:
    """Take a step back. Returns how many cases; those that were changed since stay. Raises CannotUndoError."""
    with announced(caller) as session:
        step = store.step_of(session, caller.practice_id, step_id)
        now = caller.clock.now()
        if step is None or step.undone_at is not None or now - step.at >= UNDO_FOR:
            raise CannotUndoError
        count = _BACK[step.kind](caller, step)
        store.end_step(session, caller.practice_id, step_id, now)
        record(caller, "casework.step_undone", (step_id,), cases=count)
    return count


def _assigned_back(caller: Caller, step: CaseStep) -> int:
    now = _now(caller, _cases(step))
    mine = {UUID(one): was for one, was in step.before["cases"].items()}
    back = [one for one in now.records if _hex(now.owners.get(one)) == step.before["to"]]
    able = {None, *(one.id.hex for one in owners(caller))}
    back = [one for one in back if mine[one] in able]
    for was in {mine[one] for one in back}:
        steering.assign(caller, [one for one in back if mine[one] == was], UUID(was) if was else None)
    return len(back)


def _next_back(caller: Caller, step: CaseStep) -> int:
    now = _now(caller, _cases(step))
    back = [
        one for one, row in now.records.items() if _written(row.next_action, row.next_action_on) == step.before["to"]
    ]
    for one in back:
        words, on = step.before["cases"][one.hex]
        steering.set_next(caller, [one], words, date.fromisoformat(on) if on else None)
    return len(back)


def _snoozed_back(caller: Caller, step: CaseStep) -> int:
    now = _now(caller, _cases(step))
    snoozed = store.snoozes(caller.session, caller.practice_id, list(now.records))
    back = [one for one in now.records if _iso(snoozed.get(one)) == step.before["to"]]
    was = {one: step.before["cases"][one.hex] for one in back}
    _put_aside(caller, {one: date.fromisoformat(day) if day else None for one, day in was.items()}, now.patients(back))
    return len(back)


_BACK = {
    CaseStepKind.ASSIGNED: _assigned_back,
    CaseStepKind.NEXT_ACTION: _next_back,
    CaseStepKind.SNOOZED: _snoozed_back,
}


def _now(caller: Caller, case_ids: Collection[UUID]) -> _Now:
    session, practice_id = caller.session, caller.practice_id
    seen = store.in_sight(session, practice_id, list(case_ids), caller.scope)
    records = authorization_store.records_by_ids(session, practice_id, seen)
    cases = clock_store.cases(session, practice_id, list(records))
    return _Now(records, {one: found.owner_id for one, found in cases.items()})


def _refuse_steered(now: _Now, seen: Mapping[UUID, str], changed: Collection[UUID]) -> None:
    other = tuple(one for one in changed if mark_of(now.records[one], now.owners.get(one)) != seen[one])
    if other:
        raise SteeredError(other)


def mark_of(row: AuthorizationRecord, owner_id: UUID | None) -> str:
    """Name the state of a case's steering as a page shows it."""
    return steering_mark(owner_id, row.next_action, row.next_action_on)


def _put_aside(caller: Caller, until: Mapping[UUID, date | None], patients: frozenset[UUID]) -> None:
    store.save_snoozes(caller.session, caller.practice_id, until, caller.user_id, caller.clock.now())
    announce(caller.session, Changed(patients))


def _noted(caller: Caller, kind: CaseStepKind, before: Mapping[str, Any], changed: Collection[UUID]) -> Done:
    step = CaseStep(new_id(), kind, caller.clock.now(), caller.user_id, before)
    store.add_step(caller.session, caller.practice_id, step)
    record(caller, _VERBS[kind], list(changed), cases=len(changed))
    return Done(step.id, len(changed))


def _cases(step: CaseStep) -> list[UUID]:
    return [UUID(one) for one in step.before["cases"]]


def _hex(person: UUID | None) -> str | None:
    return None if person is None else person.hex


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _written(words: str | None, on: date | None) -> list[str | None]:
    return [words, _iso(on)]
