"""List the estimates and notices on which something is still to be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from app.booking import store
from app.booking.facts.papers import Paper
from app.clearance.actions.opening import saw
from app.patients import store as patient_store
from app.patients.facts import Patient
from app.platform.caller import Caller
from app.practice.store import practice as practice_store

PAGE = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the list: papers with the day of their visit, their patients, and how many wait in all."""

    papers: tuple[tuple[date, Paper], ...]
    patients: Mapping[UUID, Patient]
    count: int
    more: bool
    today: date


def list_papers(caller: Caller, after: tuple[date, UUID] | None = None) -> Listed:
    """List what waits, of booked visits from today on, by the day of the visit, fifty at a time; notes whom it showed.

    Takes     the day and the id of the last one of the page before.
    """
    session, practice_id = caller.session, caller.practice_id
    today = caller.clock.today(ZoneInfo(practice_store.practice_of(session, practice_id).zone))
    found = store.waiting(session, practice_id, today, after, PAGE + 1, caller.scope)
    shown = found[:PAGE]
    patients = patient_store.opened(session, practice_id, list({paper.patient_id for _day, paper in shown}))
    count = store.count_waiting(session, practice_id, today, caller.scope)
    saw(caller, "booking.listed", sorted(patients))
    return Listed(shown, patients, count, len(found) > PAGE, today)
