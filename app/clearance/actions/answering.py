"""Answer for visits: those of some days, or one by its id, as of a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.audit.actions import record
from app.clearance.actions.judging import PIECE, JudgedVisit, judge_patients
from app.clearance.actions.world import World, world_of
from app.clearance.facts.answered import AnsweredVisit, Basis
from app.clearance.facts.history import AcceptedRisk
from app.clearance.rules.accepting import standing_on
from app.clearance.store import risks
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.platform.db import writing
from app.practice.facts.practice import Site
from app.schedule import store as schedule_store
from app.schedule.facts import Visit, VisitStatus


class VisitNotFoundError(Exception):
    """No visit has this id."""


class SiteNotFoundError(Exception):
    """No site has this name or code."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Which visits are asked about: days of service (the sites' dates, both included), one site or all."""

    first: date
    last: date
    site: str | None = None
    as_of: date | None = None


def clear_visits(caller: Caller, asking: Asking) -> Iterator[AnsweredVisit]:
    """Answer for every booked visit of some days, in order of start, then the visit's id.

    Raises    SiteNotFoundError. The audit line names every patient shown and is written before anything is given out.
    """
    session, practice_id = caller.session, caller.practice_id
    world = world_of(session, practice_id, caller.clock, asking.as_of)
    site = find_site(world, asking.site) if asking.site is not None else None
    visits = schedule_store.visits_between(
        session, practice_id, asking.first, asking.last, site.id if site else None, VisitStatus.BOOKED
    )
    patients = {visit.patient_id for visit in visits}
    imported = schedule_store.last_schedule_import(session, practice_id)
    mrns: dict[UUID, str] = {}
    judged: dict[UUID, JudgedVisit] = {}
    wanted = {visit.id for visit in visits}
    for found in judge_patients(session, practice_id, world, patients):
        judged.update((visit_id, one) for visit_id, one in found.items() if visit_id in wanted)
    ordered = sorted(patients)
    for start in range(0, len(ordered), PIECE):
        opened = patient_store.opened(session, practice_id, ordered[start : start + PIECE])
        mrns.update((patient_id, patient.mrn) for patient_id, patient in opened.items())
    accepted = risks.of_visits(session, practice_id, wanted)
    _saw(caller, "clearance.listed", ordered)
    for visit in visits:
        yield answered(judged[visit.id], mrns[visit.patient_id], world, imported, accepted.get(visit.id, ()))


def check_visit(caller: Caller, reference: str, as_of: date | None = None) -> AnsweredVisit:
    """Answer for one visit of any status by the practice system's id. Raises VisitNotFoundError."""
    session, practice_id = caller.session, caller.practice_id
    visit = schedule_store.visit_by_reference(session, practice_id, reference)
    if visit is None:
        raise VisitNotFoundError
    return check_known_visit(caller, visit, as_of)


def check_known_visit(caller: Caller, visit: Visit, as_of: date | None = None) -> AnsweredVisit:
    """Answer for one visit that was read."""
    session, practice_id = caller.session, caller.practice_id
    world = world_of(session, practice_id, caller.clock, as_of)
    imported = schedule_store.last_schedule_import(session, practice_id)
    judged = next(judge_patients(session, practice_id, world, [visit.patient_id]))
    patient = patient_store.opened(session, practice_id, [visit.patient_id])[visit.patient_id]
    _saw(caller, "clearance.seen", [visit.patient_id, visit.id])
    accepted = risks.of_visits(session, practice_id, [visit.id]).get(visit.id, ())
    return answered(judged[visit.id], patient.mrn, world, imported, accepted)


def answered(
    one: JudgedVisit, mrn: str, world: World, imported: datetime | None, accepted: Sequence[AcceptedRisk]
) -> AnsweredVisit:
    """Put a judged visit together with what its words need; `accepted` are all risks ever accepted of it."""
    visit = one.lines[0].visit
    basis, zone = Basis(one.as_of, imported, world.book.version), world.zone(visit.site_id)
    risk = standing_on(accepted, one.lines, one.as_of, zone)
    return AnsweredVisit(one.lines, mrn, world.sites, basis, zone, risk)


def find_site(world: World, name: str) -> Site:
    """Find a site by name or code, whatever its case. Raises SiteNotFoundError."""
    wanted = name.strip().casefold()
    for site in world.sites.values():
        if wanted in (site.name.casefold(), (site.code or "").casefold()):
            return site
    raise SiteNotFoundError


def _saw(caller: Caller, action: str, subjects: list[UUID]) -> None:
    if subjects:
        with writing(caller.session):
            record(caller, action, subjects)
