"""Count a case's units and find how far it carries the care that is booked or thought of."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from app.authorizations import store as authorization_store
from app.authorizations.facts import Authorization
from app.casework.facts.cases import CaseNotFoundError
from app.casework.facts.course import Cadence, Course, Thought
from app.clearance.actions.judging import files_of, judge_file, without_canceled
from app.clearance.actions.opening import saw
from app.clearance.actions.world import World, world_of
from app.clearance.facts.verdicts import LineVerdict, PatientFile
from app.clearance.rules.candidates import GRANTED, KINDS
from app.clearance.rules.leads import stated_lead
from app.clearance.rules.planning import planned_of
from app.clearance.rules.thinking import pattern_of, thought_of
from app.clearance.rules.usage import use_of
from app.deadlines.rules.cadence import days_of
from app.deadlines.rules.runout import Planned, run_out, walk
from app.deadlines.rules.turnaround import LeadTime, lead_time, turnaround
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.schedule.facts import VisitStatus
from app.values.spans import add_months

LOOKED_AT_MONTHS = 12


def read_course(caller: Caller, case_id: UUID, cadence: Cadence | None = None) -> Course:
    """Read the page of a case's units, and note who read it. Raises CaseNotFoundError."""
    course = course_of(caller, case_id, cadence)
    saw(caller, "casework.course_seen", [course.row.patient_id, case_id])
    return course


def course_of(caller: Caller, case_id: UUID, cadence: Cadence | None = None) -> Course:
    """Count a case's units and walk its visits, with a fixed number of queries. Whoever shows it notes the reading.

    Takes     the case; a cadence to walk behind the booked visits.
    Raises    CaseNotFoundError.
    """
    session, practice_id = caller.session, caller.practice_id
    patient_id = authorization_store.patients_by_id(session, practice_id, [case_id]).get(case_id)
    if patient_id is None:
        raise CaseNotFoundError
    (file,) = files_of(session, practice_id, [patient_id])
    row = next(one for one in file.authorizations if one.id == case_id)
    walker = _Walker.of(caller, without_canceled(file), row)
    granted = row.status in GRANTED and row.kind in KINDS
    return Course(
        row=row,
        patient=patient_store.opened(session, practice_id, [patient_id])[patient_id],
        today=walker.today,
        use=use_of(row, walker.lines, walker.today),
        run_out=run_out(row, walk(walker.planned), walker.lead.length, walker.today) if granted else None,
        lead=walker.lead,
        last_booked=walker.last_booked(),
        thought=walker.think(cadence) if cadence is not None and granted else None,
        sites=walker.world.sites,
    )


@dataclass(frozen=True)
class _Walker:
    """One patient's file with all that a walk of one approval needs."""

    world: World
    file: PatientFile
    row: Authorization
    today: date
    lines: tuple[LineVerdict, ...]
    planned: tuple[Planned, ...]
    lead: LeadTime

    @classmethod
    def of(cls, caller: Caller, file: PatientFile, row: Authorization) -> "_Walker":
        """Judge the file, and find the lead time of the approval."""
        world = world_of(caller.session, caller.practice_id, caller.clock)
        today = world.today(row.site_id or row.id)  # of the practice's zone where it names no site
        judged = judge_file(file, world).values()
        lines = tuple(sorted((line for one in judged for line in one.lines), key=_in_time))
        decided = authorization_store.decisions_of_payer(caller.session, caller.practice_id, row.payer)
        asked = frozenset(
            one.requirement.rule
            for one in lines
            if one.chosen is not None and one.chosen.id == row.id and one.requirement and one.requirement.rule
        )
        stated = stated_lead(row, asked, world.book, today)
        lead = lead_time(turnaround(decided), stated[0] if stated is not None else None)
        return cls(world, file, row, today, lines, planned_of(file, world.at(today)), lead)

    def last_booked(self) -> date | None:
        """The day of the last booked visit for which the approval may stand."""
        days = [one.visit.day for one in self.planned if self._is_mine(one)]
        return max(days, default=None)

    def _is_mine(self, one: Planned) -> bool:
        booked = one.visit.status is VisitStatus.BOOKED
        return booked and any(fit.approval.id == self.row.id for fit in one.fits)

    def think(self, cadence: Cadence) -> Thought | None:
        """Walk a cadence behind the booked visits; None where the practice has no site for it."""
        site_id = next(iter(self.world.sites), None)
        if site_id is None:
            return None
        npi = next((one.npi for one in self.world.people), "")
        site, line = pattern_of(self.row, self.planned, site_id, npi)
        last = self.last_booked()
        after = max(self.today, last + timedelta(days=1)) if last is not None else self.today
        first = cadence.first or after
        days = tuple(days_of(cadence.phases, first, add_months(first, LOOKED_AT_MONTHS)))
        visits = thought_of(self.file, days, site, line)
        file = replace(self.file, visits=(*self.file.visits, *visits))
        walked = walk(planned_of(file, self.world.at(self.today)))
        return Thought(cadence, first, len(visits), run_out(self.row, walked, self.lead.length, self.today))


def _in_time(line: LineVerdict) -> tuple[datetime, str, int]:
    return line.visit.starts_at, line.visit.reference, line.line.position
