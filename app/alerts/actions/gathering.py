"""Gather the facts that deadlines are made of from every room, in bulk, and make the deadlines.

Only ids, numbers and dates leave it. Nothing is written: it may be called inside a transaction or outside one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from app.alerts.actions.practice_wide import deadlines_of_practice as deadlines_of_practice
from app.alerts.rules.appeals import is_recent_denial, with_window
from app.alerts.rules.approvals import must_be_judged, visit_of
from app.alerts.rules.booked import Book, recalled
from app.alerts.rules.clocks import Known, deadlines_of, is_unasked, may_have
from app.alerts.rules.leads import Leads, lead_of
from app.alerts.rules.news import learned_of, may_be_news
from app.alerts.rules.requests import answer_of, awaits_answer
from app.alerts.rules.services import is_granted, is_undecided
from app.authorizations import store as authorization_store
from app.authorizations.facts import Authorization, AuthorizationEvent
from app.clearance.actions.judging import PIECE, files_of, judge_file
from app.clearance.actions.world import World, world_of
from app.clearance.facts.stored import Stored
from app.clearance.facts.verdicts import LineVerdict, PatientFile
from app.clearance.rules.candidates import GRANTED
from app.clearance.rules.leads import stated_window
from app.clearance.store import verdicts as verdict_store
from app.coverage.facts import Coverage
from app.coverage.store import coverages as coverage_store
from app.deadlines import store as case_store
from app.deadlines.facts import About, Case, Deadline
from app.deadlines.rules.events import TOLD_FOR
from app.platform.caller import Caller
from app.schedule import store as schedule_store
from app.schedule.facts import Visit


def deadlines_of_patients(caller: Caller, patient_ids: Sequence[UUID]) -> Mapping[UUID, tuple[Deadline, ...]]:
    """Make the deadlines of some patients: a fixed number of queries for each piece of 400.

    Takes     patients by id; one who is not on file has no deadlines.
    Returns   by patient, each with the deadlines of all authorizations; a patient without any is left out.
    """
    world = world_of(caller.session, caller.practice_id, caller.clock)
    ordered = sorted(set(patient_ids))
    found: dict[UUID, tuple[Deadline, ...]] = {}
    leads: Leads = {}
    for start in range(0, len(ordered), PIECE):
        piece = _Piece(caller, world, leads, ordered[start : start + PIECE])
        found.update((patient, made) for patient in piece.rows if (made := tuple(piece.deadlines(patient))))
    return found


@dataclass
class _Piece:
    """What is read at once for some patients. Only those with an authorization can have a deadline."""

    caller: Caller
    world: World
    leads: Leads
    patients: Sequence[UUID]
    rows: Mapping[UUID, tuple[Authorization, ...]] = field(init=False)
    visits: Mapping[UUID, tuple[Visit, ...]] = field(init=False)
    stored: Mapping[UUID, Mapping[UUID, Stored]] = field(init=False)
    coverages: Mapping[UUID, tuple[Coverage, ...]] = field(init=False)
    cases: Mapping[UUID, Case] = field(init=False)
    events: Mapping[UUID, tuple[AuthorizationEvent, ...]] = field(init=False)
    urgent: frozenset[UUID] = field(init=False)
    files: dict[UUID, PatientFile] = field(init=False)
    books: dict[UUID, Book] = field(init=False)
    now: datetime = field(init=False)
    day: date = field(init=False)

    def __post_init__(self) -> None:
        session, practice_id = self.caller.session, self.caller.practice_id
        self.now = self.caller.clock.now()
        self.day = min((self.world.today(site) for site in self.world.sites), default=self.now.date())
        self.rows = authorization_store.of_patients(session, practice_id, self.patients)
        with_rows = list(self.rows)
        self.visits = schedule_store.of_patients(session, practice_id, with_rows)
        self.stored = verdict_store.stored_of(session, practice_id, with_rows)
        theirs = authorization_store.ids_of_patients(session, practice_id, with_rows)
        self.cases = case_store.cases_among(session, practice_id, theirs)
        asked = [row for rows in self.rows.values() for row in rows if self._has_a_clock(row)]
        self.urgent = authorization_store.urgent_among(session, practice_id, [row.id for row in asked])
        self.coverages = coverage_store.of_patients(session, practice_id, [row.patient_id for row in asked])
        recent = self.day - TOLD_FOR - timedelta(days=1)
        news = [row.id for rows in self.rows.values() for row in rows if may_be_news(row, recent)]
        self.events = authorization_store.events_since(session, practice_id, news, self.now - TOLD_FOR)
        self._judge()

    def _has_a_clock(self, row: Authorization) -> bool:
        """Say whether a clock may run by the line and plan of its coverage: an answer is owed, or an appeal is open."""
        return awaits_answer(row) or is_recent_denial(row, self.day)

    def _judge(self) -> None:
        """Call lines back from what is stored; judge those patients of whom that does not tell enough."""
        self.books = {patient: self._recalled(patient) for patient in self.rows}
        unsure = [patient for patient in self.rows if self._is_unsure(self.books[patient])]
        for file in files_of(self.caller.session, self.caller.practice_id, unsure):
            judged = judge_file(file, self.world)
            lines = sorted((line for one in judged.values() for line in one.lines), key=_in_time)
            self.books[file.patient.id] = replace(self.books[file.patient.id], lines=tuple(lines), judged=True)

    def _recalled(self, patient: UUID) -> Book:
        rows, visits = self.rows[patient], self.visits.get(patient, ())
        lines = recalled(visits, self.stored.get(patient, {}), rows, self.world.today)
        today = self.world.today
        return Book(patient, rows, visits, lines or (), judged=False, unknown=lines is None, day=self.day, today=today)

    def _is_unsure(self, book: Book) -> bool:
        clocked = any(row.status in GRANTED or is_undecided(row) for row in book.authorizations)
        return (book.unknown and clocked) or any(must_be_judged(row, book) for row in book.authorizations)

    def deadlines(self, patient: UUID) -> Iterator[Deadline]:
        """Give the deadlines of one patient."""
        book = self.books[patient]
        for row in book.authorizations:
            case, events = self.cases.get(row.id), self.events.get(row.id, ())
            if not may_have(row, case, book, news=bool(events)):
                continue
            about = self._about(row, book)
            around = book, self.coverages.get(patient, ()), self.world.book, self._state(about)
            urgent = row.id in self.urgent
            case = with_window(row, about, case or Case(row.id), *around, urgent=urgent)
            lead = lead_of(row, book, self.world.book, self.leads) if is_granted(row) else None
            window = stated_window(row, self.world.book, row.begins) if is_unasked(row) and row.begins else None
            known = Known(case, about, learned_of(row, events), lead, window)
            answer = answer_of(row, about, case, *around, urgent=urgent)
            for one in deadlines_of(row, known, book, answer, self.now):
                yield _ahead(one, self.now)

    def _state(self, about: About) -> str | None:
        site = self.world.sites.get(about.site_id) if about.site_id is not None else None
        return site.state if site is not None else self.world.practice.state

    def _about(self, row: Authorization, book: Book) -> About:
        """Whose an authorization is, and in which zone its days are: its own site's, else that of its visits."""
        visit = visit_of(row, book) if row.site_id is None else None
        site_id = row.site_id or (visit.site_id if visit is not None else None)
        site = self.world.sites.get(site_id) if site_id is not None else None
        zone = site.zone if site is not None else self.world.practice.zone
        case = self.cases.get(row.id)
        return About(row.id, zone, site_id, row.patient_id, case.owner_id if case is not None else None)


def _ahead(deadline: Deadline, now: datetime) -> Deadline:
    """Leave out a time to gather anew that has passed: these facts are of now."""
    passed = deadline.again_at is not None and deadline.again_at <= now
    return replace(deadline, again_at=None) if passed else deadline


def _in_time(line: LineVerdict) -> tuple[datetime, str, int]:
    return line.visit.starts_at, line.visit.reference, line.line.position
