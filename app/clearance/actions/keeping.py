"""Keep stored verdicts true: when facts change, when days pass, and all of them on demand."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from app.audit.actions import record
from app.clearance.actions.judging import PIECE, rejudge
from app.clearance.actions.world import World, world_of
from app.clearance.facts.history import By, Cause
from app.clearance.store import verdicts as store
from app.coverage.store import coverages as coverage_store
from app.platform.caller import Caller
from app.platform.changes import Changed
from app.platform.db import writing
from app.schedule import store as schedule_store
from app.schedule.facts import VisitStatus

AT_ONCE = PIECE  # patients judged inside the transaction that changed their facts


def on_changed(caller: Caller, changed: Changed) -> None:
    """Hear of changed facts, in the transaction that changed them.

    Judges the patients touched at once; when they are many, says of their verdicts that they hold no longer, so that
    nothing shows them, and leaves the judging to `after_changed`. The unit is the patient: all lines in order of time.
    After a change of the practice itself no verdict holds: pages judge what they show, and a job all the rest.
    """
    session, practice_id = caller.session, caller.practice_id
    if changed.practice:
        store.mark_all_stale(session, practice_id, date.min)
        record(caller, "clearance.all_to_judge")
        return
    patients = set(changed.patients)
    if changed.payers:
        patients |= coverage_store.patients_of_payers(session, practice_id, sorted(changed.payers))
    if not patients:
        return
    if len(patients) > AT_ONCE:
        store.mark_stale(session, practice_id, patients, date.min)
        session.info["rejudge_later"] = session.info.get("rejudge_later", frozenset()) | patients
        return
    world = world_of(session, practice_id, caller.clock)
    _count(caller, rejudge(session, practice_id, world, patients, By(Cause.FACTS, caller.user_id)))
    record(caller, "clearance.judged", patients=len(patients))


def after_changed(caller: Caller) -> None:
    """Judge what a large change left to be judged, piece by piece, each in its own transaction."""
    patients = caller.session.info.pop("rejudge_later", frozenset())
    if patients:
        _count(caller, _in_pieces(caller, patients, Cause.FACTS))


def rejudge_stale(caller: Caller, days: tuple[date, date] | None = None, world: World | None = None) -> int:
    """Judge the patients whose verdicts are past their last day at their site: safe twice, late and by hand.

    Takes     days of service to keep to, and the surroundings that were read, where a page asks; None for all.
    Returns   how many visits have another answer.
    """
    session, practice_id = caller.session, caller.practice_id
    world = world or world_of(session, practice_id, caller.clock)
    today = {site: world.today(site) for site in world.sites}
    changed = 0
    while patients := store.stale_patients(session, practice_id, today, PIECE, days):
        changed += _piece(caller, world, patients, By(Cause.DAY))
    return changed


def judge_missing(caller: Caller, days: tuple[date, date]) -> int:
    """Judge the patients who have a booked visit without a verdict: what a run that was cut off left behind.

    Returns   how many visits have another answer.
    """
    session, practice_id = caller.session, caller.practice_id
    judged = store.judged_visits(session, practice_id, days)
    booked = schedule_store.visits_between(session, practice_id, *days, status=VisitStatus.BOOKED)
    patients = {visit.patient_id for visit in booked if visit.id not in judged}
    return _in_pieces(caller, patients, Cause.BOOK)


def _in_pieces(caller: Caller, patients: Collection[UUID], cause: Cause) -> int:
    world = world_of(caller.session, caller.practice_id, caller.clock)
    ordered, by = sorted(patients), By(cause, caller.user_id)
    return sum(_piece(caller, world, ordered[start : start + PIECE], by) for start in range(0, len(ordered), PIECE))


def _piece(caller: Caller, world: World, patients: Collection[UUID], by: By) -> int:
    with writing(caller.session) as session:
        changed = rejudge(session, caller.practice_id, world, patients, by)
        record(caller, "clearance.judged", patients=len(patients), changed=changed)
    return changed


def _count(caller: Caller, changed: int) -> None:
    info = caller.session.info
    info["visits_changed"] = info.get("visits_changed", 0) + changed
