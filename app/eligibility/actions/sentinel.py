"""The sentinel of plans: hear that a coverage names another plan, look whom it touches, ask the new plan to go on.

What turned is kept in the transaction that turned it. A job looks at it once the visits were judged anew: what each
visit showed before is compared with what it shows now, so that the list is what judging says. Each is looked at once.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.audit.actions import record
from app.clearance.actions.judging import files_in_pieces
from app.clearance.actions.world import World, world_of
from app.clearance.facts.history import PastVerdict
from app.clearance.facts.stored import Stored
from app.clearance.facts.verdicts import PatientFile
from app.clearance.rules.coverages import coverage_of_day
from app.clearance.rules.packing import unpack
from app.clearance.store import history
from app.clearance.store import verdicts as verdict_store
from app.coverage.facts import Turned
from app.eligibility.facts.sentinel import Looked, PlanChange, TouchedVisit, VoidApproval
from app.eligibility.rules.sentinel import is_void, merged, seen, tells, touched, was_valid_under
from app.eligibility.store import sentinel as store
from app.platform.caller import Caller
from app.platform.changes import Changed
from app.platform.db import keyring_of, writing
from app.platform.ids import new_id
from app.practice.store import practice as practice_store
from app.schedule.facts import Visit, VisitStatus
from app.values.insurance import Channel

PIECE = 100
"""Changes looked at in one transaction."""


def on_changed(caller: Caller, changed: Changed) -> None:
    """Hear of coverages that name another plan, in the transaction that changed them, and keep what turned."""
    turned = [one for one in changed.turned if isinstance(one, Turned)]
    if not turned:
        return
    now = caller.clock.now()
    changes = [
        PlanChange(new_id(), one.after.patient_id, one.after.id, now, one.turns, seen(one.before), seen(one.after))
        for one in merged(turned)
    ]
    store.add_changes(caller.session, caller.practice_id, changes)


def look_at_changes(caller: Caller) -> int:
    """Look at the changes at which nobody has looked yet. Returns how many were looked at.

    A change whose visits are still to be judged anew waits. Twice, late or after a crash ends the same.
    """
    done, after = 0, None
    while waiting := store.waiting(caller.session, caller.practice_id, after, PIECE):
        after = waiting[-1].id
        done += _look(caller, waiting)
    return done


def _look(caller: Caller, changes: Sequence[PlanChange]) -> int:
    done = 0
    with writing(caller.session) as session:
        practice_id, now = caller.practice_id, caller.clock.now()
        world = world_of(session, practice_id, caller.clock)
        patients = {one.patient_id for one in changes}
        files = {one.patient.id: one for one in files_in_pieces(session, practice_id, patients)}
        shown = verdict_store.stored_of(session, practice_id, patients)
        visits = [visit for one in files.values() for visit in _ahead(one, world)]
        past = history.since(session, practice_id, [one.id for one in visits], min(one.at for one in changes))
        for change in changes:
            file, stored = files.get(change.patient_id), shown.get(change.patient_id, {})
            if file is None or not _judged(file, stored, world):
                continue
            found = _looked(session, practice_id, change, file, (stored, past), world)
            told = tells(change, len(found.visits), len(found.approvals))
            if store.note_worked(session, practice_id, change.id, now, told):
                store.add_touched(session, practice_id, found.visits, found.approvals)
                subjects = [change.patient_id, change.coverage_id, *(one.approval_id for one in found.approvals)]
                record(caller, "eligibility.plan_turned", subjects, visits=len(found.visits))
                done += 1
    return done


def _ahead(file: PatientFile, world: World) -> list[Visit]:
    """The booked visits of a patient from today on, in the order of time."""
    kept = [one for one in file.visits if one.status is VisitStatus.BOOKED and one.day >= world.today(one.site_id)]
    return sorted(kept, key=lambda one: (one.starts_at, one.reference))


def _judged(file: PatientFile, stored: Mapping[UUID, Stored], world: World) -> bool:
    """Say whether what is stored of a patient's visits holds today."""
    kept = [(visit, stored.get(visit.id)) for visit in _ahead(file, world)]
    return all(
        one is not None and (one.changes_on is None or one.changes_on > world.today(visit.site_id))
        for visit, one in kept
    )


def _looked(
    session: Session,
    practice_id: UUID,
    change: PlanChange,
    file: PatientFile,
    shown: tuple[Mapping[UUID, Stored], Sequence[PastVerdict]],
    world: World,
) -> Looked:
    stored, past = shown
    before: dict[UUID, PastVerdict] = {}
    for one in past:
        if one.shown_until >= change.at:
            before.setdefault(one.visit_id, one)
    found: list[TouchedVisit] = []
    served: dict[UUID, date] = {}
    for visit in _ahead(file, world):
        was, now = before.get(visit.id), stored[visit.id]
        if was is None:
            continue
        lines = unpack(was.content)
        for line in lines:
            if line.chosen is not None:
                served.setdefault(line.chosen, visit.day)
        one_touched = touched(change.id, (visit.id, visit.day), (was.badge, lines), (now.badge, unpack(now.content)))
        if one_touched is not None:
            found.append(one_touched)
    return Looked(tuple(found), _void(session, practice_id, change, file, served, world))


def _void(
    session: Session,
    practice_id: UUID,
    change: PlanChange,
    file: PatientFile,
    served: Mapping[UUID, date],
    world: World,
) -> tuple[VoidApproval, ...]:
    """The approvals of the old plan that the plan of now does not honor; for those that served visits it is asked."""
    member = keyring_of(session).member_key(practice_id, change.before.member_id)
    today, now = world.clock.today(ZoneInfo(world.practice.zone)), world.clock.now()
    void = []
    for row in file.authorizations:
        if not was_valid_under(row, change, member, today):
            continue
        first = served.get(row.id)
        of_day = coverage_of_day(file.coverages, row.channel or Channel.MEDICAL, first or today)
        if is_void(row, of_day):
            void.append(VoidApproval(change.id, row.id, first, None, None if first is not None else now))
    return tuple(void)


def practice_today(caller: Caller) -> date:
    """The day that it is at the practice."""
    return caller.clock.today(ZoneInfo(practice_store.practice_of(caller.session, caller.practice_id).zone))
