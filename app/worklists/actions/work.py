"""Work on several visits at once: give them to a person, take them out of insurance, and take either back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.audit.actions import record
from app.booking.actions.paying import open_for_self_pay, withdraw_untouched
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.db import writing
from app.platform.ids import new_id
from app.practice.facts.staff import Staff
from app.practice.store import staff as practice_store
from app.schedule import store as schedule_store
from app.schedule.facts import VisitRecord, VisitStatus
from app.schedule.rules.paying import as_self_pay, restored
from app.worklists import store
from app.worklists.facts import Step, StepKind
from app.worklists.rules import can_undo, may_own, taken_since, to_change


class PersonNotFoundError(Exception):
    """Nobody of the practice with this id may own a visit."""


class CannotUndoError(Exception):
    """There is no such step, it is older than 24 hours, or it was taken back already."""


class TakenError(Exception):
    """Somebody else gave visits another owner after the page was loaded."""

    def __init__(self, visits: tuple[UUID, ...]) -> None:
        super().__init__(f"{len(visits)} visits changed hands")
        self.visits = visits


@dataclass(frozen=True, slots=True)
class Done:
    """What an action did: the step that takes it back (None: nothing had to change), and how many visits changed.

    `to_sign`: for how many of them papers were opened that a patient has to sign.
    """

    step_id: UUID | None
    visits: int
    to_sign: int = 0


def people(caller: Caller) -> tuple[Staff, ...]:
    """List the people to whom a visit may be assigned, by name."""
    staff = practice_store.staff_of(caller.session, caller.practice_id)
    return tuple(sorted(filter(may_own, staff), key=lambda one: one.name.casefold()))


def assign(caller: Caller, seen: Mapping[UUID, int], owner_id: UUID | None) -> Done:
    """Give visits to a person, or to nobody.

    Takes     by visit, the version of its work as the page showed it; the owner, None for nobody.
    Raises    PersonNotFoundError; TakenError, and then nothing is changed. Visits no longer on file, or out of sight,
              are left out.
    """
    if owner_id is not None and owner_id not in {one.id for one in people(caller)}:
        raise PersonNotFoundError
    with writing(caller.session) as session:
        on_file = schedule_store.visits_by_ids(session, caller.practice_id, list(seen), caller.scope)
        works = store.works(session, caller.practice_id, on_file)
        taken = taken_since({one: seen[one] for one in on_file}, works, owner_id)
        if taken:
            raise TakenError(taken)
        changed = to_change(works, on_file, owner_id)
        if not changed:
            return Done(None, 0)
        before = {one.hex: _hex(works[one].owner_id if one in works else None) for one in changed}
        now = caller.clock.now()
        store.save_owners(session, caller.practice_id, dict.fromkeys(changed, owner_id), caller.user_id, now)
        step = Step(new_id(), StepKind.ASSIGNED, now, caller.user_id, {"to": _hex(owner_id), "owners": before})
        store.add_step(session, caller.practice_id, step)
        record(caller, "worklists.assigned", changed, visits=len(changed))
    return Done(step.id, len(changed))


def mark_self_pay(caller: Caller, visit_ids: Collection[UUID]) -> Done:
    """Take booked visits out of insurance: the patient pays for every line. They are judged again at once.

    A later file with an empty cell does not undo it; one that says otherwise does. Visits that are not booked, or not
    asked of insurance already, are left as they are. Where a service is cosmetic or insurance might cover it, what the
    patient has to sign is opened in the same transaction.
    """
    with announced(caller) as session:
        before: dict[str, Any] = {}
        changed: list[VisitRecord] = []
        for one in _records(caller, visit_ids):
            after, was = as_self_pay(one)
            if was and one.visit.status is VisitStatus.BOOKED:
                changed.append(after)
                before[one.visit.id.hex] = dict(was)
        if not changed:
            return Done(None, 0)
        schedule_store.change_visits(session, caller.practice_id, changed)
        step = Step(new_id(), StepKind.SELF_PAY, caller.clock.now(), caller.user_id, before)
        store.add_step(session, caller.practice_id, step)
        record(caller, "schedule.self_pay", [one.visit.id for one in changed], visits=len(changed))
        to_sign = open_for_self_pay(caller, [one.visit.id for one in changed])
        announce(session, Changed(patients=frozenset(one.visit.patient_id for one in changed)))
    return Done(step.id, len(changed), to_sign)


def undo_self_pay(caller: Caller, step_id: UUID) -> int:
    """Bring visits back to who paid before; papers that the marking opened and nobody priced are withdrawn.

    Returns how many. Raises CannotUndoError.
    """
    with announced(caller) as session:
        step = _undoable(caller, step_id, StepKind.SELF_PAY)
        on_file = _records(caller, [UUID(one) for one in step.before])
        after = [(one, restored(one, step.before[one.visit.id.hex])) for one in on_file]
        changed = [new for old, new in after if new != old]
        schedule_store.change_visits(session, caller.practice_id, changed)
        withdraw_untouched(caller, [one.visit.id for one in changed])
        store.end_step(session, caller.practice_id, step_id, caller.clock.now())
        record(caller, "schedule.self_pay_undone", [one.visit.id for one in changed], visits=len(changed))
        announce(session, Changed(patients=frozenset(one.visit.patient_id for one in changed)))
    return len(changed)


def undo(caller: Caller, step_id: UUID) -> int:
    """Take back an assignment or a question. Returns how many visits it touched. Raises CannotUndoError."""
    with writing(caller.session) as session:
        step = _undoable(caller, step_id, StepKind.ASSIGNED, StepKind.ASKED)
        if step.kind is StepKind.ASKED:
            count = store.remove_open_asks(session, caller.practice_id, step_id)
        else:
            count = _give_back(caller, step)
        store.end_step(session, caller.practice_id, step_id, caller.clock.now())
        record(caller, "worklists.undone", (step_id,), visits=count)
    return count


def _give_back(caller: Caller, step: Step) -> int:
    """Give visits back to whom they had; those that went on to somebody else stay there."""
    session, practice_id = caller.session, caller.practice_id
    to, owners = _read(step.before["to"]), {UUID(one): _read(owner) for one, owner in step.before["owners"].items()}
    works = store.works(session, practice_id, owners)
    back = {one: owner for one, owner in owners.items() if one in works and works[one].owner_id == to}
    store.save_owners(session, practice_id, back, caller.user_id, caller.clock.now())
    return len(back)


def _undoable(caller: Caller, step_id: UUID, *kinds: StepKind) -> Step:
    step = store.step_of(caller.session, caller.practice_id, step_id)
    if step is None or step.kind not in kinds or not can_undo(step, caller.clock.now()):
        raise CannotUndoError
    return step


def _records(caller: Caller, visit_ids: Collection[UUID]) -> list[VisitRecord]:
    visits = schedule_store.visits_by_ids(caller.session, caller.practice_id, list(visit_ids), caller.scope)
    references = [one.reference for one in visits.values()]
    return list(schedule_store.records(caller.session, caller.practice_id, references).values())


def _hex(person: UUID | None) -> str | None:
    return None if person is None else person.hex


def _read(person: str | None) -> UUID | None:
    return None if person is None else UUID(person)
