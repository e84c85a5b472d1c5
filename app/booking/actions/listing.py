"""List papers on which something is still to be done, and self-pay visits that nobody has signed for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from app.booking import store
from app.booking.actions.paying import unsigned_services
from app.booking.facts.papers import Paper, PaperKind
from app.booking.rules.moves import standing_for
from app.clearance.actions.opening import saw
from app.patients import store as patient_store
from app.patients.facts import Patient
from app.platform.caller import Caller
from app.policies.actions.library import current_book
from app.practice.store import practice as practice_store
from app.schedule import store as schedule_store
from app.schedule.facts import Visit

PAGE = 50
LOOKED_AT, PIECE = 1000, 200
"""Self-pay visits that are looked at for one page of those without a signature, and how many at once."""


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


@dataclass(frozen=True, slots=True)
class Unsigned:
    """One page of visits that patients pay for and have not signed for: each with the services that lack a signature.

    `papers`: the newest standing estimate of a visit that speaks of one of them. `after`: where to look further; None
    where every visit was looked at.
    """

    visits: tuple[tuple[Visit, tuple[str, ...]], ...]
    papers: Mapping[UUID, Paper]
    patients: Mapping[UUID, Patient]
    after: tuple[date, UUID] | None


def list_unsigned(caller: Caller, after: tuple[date, UUID] | None = None) -> Unsigned:
    """List booked visits in sight from today on that a patient pays for without a signed consent; notes whom it showed.

    Takes     the day and the id of the last visit of the page before. At most a thousand visits are looked at for a
              page, so that what it costs does not grow with the schedule.
    """
    session, practice_id = caller.session, caller.practice_id
    today = caller.clock.today(ZoneInfo(practice_store.practice_of(session, practice_id).zone))
    book = current_book(session, practice_id)
    found: list[tuple[Visit, tuple[str, ...]]] = []
    for _piece in range(LOOKED_AT // PIECE):
        looked = store.self_paying(session, practice_id, today, after, PIECE, caller.scope)
        visits = schedule_store.visits_by_ids(session, practice_id, [one for _day, one in looked], caller.scope)
        missing = unsigned_services(caller, book, list(visits.values()))
        found += [(visits[one], missing[one]) for _day, one in looked if one in missing]
        after = looked[-1] if len(looked) == PIECE else None
        if after is None or len(found) >= PAGE:
            break
    shown = found[:PAGE]
    if len(found) > PAGE:
        after = (shown[-1][0].day, shown[-1][0].id)
    patients = patient_store.opened(session, practice_id, list({visit.patient_id for visit, _ in shown}))
    papers = _standing(store.of_visits(session, practice_id, [visit.id for visit, _ in shown]), shown)
    saw(caller, "booking.listed", sorted(patients))
    return Unsigned(tuple(shown), papers, patients, after)


def _standing(
    papers: Mapping[UUID, tuple[Paper, ...]], shown: Sequence[tuple[Visit, tuple[str, ...]]]
) -> dict[UUID, Paper]:
    found = {}
    for visit, services in shown:
        mine = (standing_for(papers.get(visit.id, ()), PaperKind.CONSENT, one) for one in services)
        paper = next((one for one in mine if one is not None and one.standing), None)
        if paper is not None:
            found[visit.id] = paper
    return found
