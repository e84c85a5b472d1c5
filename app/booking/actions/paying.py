"""Services that patients pay for themselves: which are not signed for yet, and the papers that marking them opens."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.audit.actions import record
from app.booking import store
from app.booking.facts.gate import NoticeNeed
from app.booking.facts.papers import MOST_LINES, Language, Paper, PaperKind, PaperLine, PaperState
from app.booking.rules.gate import service_of
from app.booking.rules.missing import services_of
from app.booking.rules.notices import notice_of
from app.booking.rules.opening import is_moot
from app.booking.rules.paying import Payer, class_of, needing, needs_consent, step_if_asked, unsigned, without_paper
from app.clearance.actions.opening import service_labels
from app.clearance.rules.asking import channel_of
from app.clearance.rules.coverages import coverage_of_day
from app.clinical.store import charted
from app.coverage.facts import Coverage
from app.coverage.store import coverages as coverage_store
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.platform.ids import new_id
from app.policies.actions.library import current_book
from app.policies.facts.book import Book
from app.policies.rules.chart import known
from app.practice.store.practice import practice_of
from app.schedule import store as schedule_store
from app.schedule.facts import BillTo, ServiceLine, Visit
from app.values.insurance import Line


@dataclass(frozen=True, slots=True)
class Beside:
    """A visit with what decides who signs for it: whose it is, and the patient's coverages."""

    visit: Visit
    payer: Payer
    coverages: tuple[Coverage, ...]


def beside(caller: Caller, visits: Collection[Visit]) -> tuple[Beside, ...]:
    """Read what decides who signs for some visits, with a fixed number of queries."""
    session, practice_id = caller.session, caller.practice_id
    patients = list({one.patient_id for one in visits})
    people = patient_store.opened(session, practice_id, patients)
    coverages = coverage_store.of_patients(session, practice_id, patients)
    charts = charted.of_patients(session, practice_id, patients)
    found = []
    for visit in visits:
        mine = tuple(coverages.get(visit.patient_id, ()))
        documented = known(charts.get(visit.patient_id, ()), visit.day).documented
        person = people.get(visit.patient_id)
        found.append(Beside(visit, Payer(documented, person is not None and person.no_coverage and not mine), mine))
    return tuple(found)


def unsigned_services(caller: Caller, book: Book, visits: Collection[Visit]) -> Mapping[UUID, tuple[str, ...]]:
    """Name by visit the services that the patient pays for without a signed consent, where one is needed.

    A visit of which nothing is missing is left out. Asks nothing of the database where nobody pays.
    """
    paying = [one for one in visits if any(line.bill_to is BillTo.SELF_PAY for line in one.lines)]
    if not paying:
        return {}
    signed = store.signed_services(caller.session, caller.practice_id, [one.id for one in paying])
    found = {
        one.visit.id: unsigned(book, one.visit, one.payer, signed.get(one.visit.id, frozenset()))
        for one in beside(caller, paying)
    }
    return {visit_id: services for visit_id, services in found.items() if services}


def unsigned_on_file(caller: Caller, book: Book, visit_ids: Collection[UUID]) -> Mapping[UUID, tuple[str, ...]]:
    """As `unsigned_services`, of visits by their ids, as they are on file: a page may hold them without diagnoses."""
    if not visit_ids:
        return {}
    visits = schedule_store.visits_by_ids(caller.session, caller.practice_id, list(visit_ids), caller.scope)
    return unsigned_services(caller, book, list(visits.values()))


def open_for_self_pay(caller: Caller, visit_ids: Collection[UUID]) -> int:
    """Open what is to be signed for visits that were just marked self-pay; a part of the transaction that marks them.

    An estimate with its consent for each service that is cosmetic or that insurance might cover, and Medicare's notice
    for each that it asks one for; never a second standing paper for a service.
    Returns   for how many visits something was opened.
    """
    session, practice_id = caller.session, caller.practice_id
    book = current_book(session, practice_id)
    visits = schedule_store.visits_by_ids(session, practice_id, list(visit_ids), caller.scope)
    papers = store.of_visits(session, practice_id, list(visits))
    blank = Blank.of(caller, book)
    opened = [
        paper
        for one in beside(caller, list(visits.values()))
        for paper in _to_open(blank, one, papers.get(one.visit.id, ()))
    ]
    store.add_all(session, practice_id, opened)
    named = list(dict.fromkeys(paper.visit_id for paper in opened))
    if opened:
        record(caller, "booking.opened", named, papers=len(opened))
    return len(named)


def withdraw_untouched(caller: Caller, visit_ids: Collection[UUID]) -> None:
    """Withdraw what the program opened for visits, nobody priced, and is not needed any more: a part of an undo."""
    session, practice_id = caller.session, caller.practice_id
    book = current_book(session, practice_id)
    visits = schedule_store.visits_by_ids(session, practice_id, list(visit_ids), caller.scope)
    papers = store.of_visits(session, practice_id, list(visits))
    moot = [
        replace(paper, state=PaperState.WITHDRAWN, changed_at=caller.clock.now())
        for one in beside(caller, list(visits.values()))
        for paper in papers.get(one.visit.id, ())
        if is_moot(book, one.visit, paper, one.payer)
    ]
    for paper in moot:
        store.change(session, practice_id, paper)
    if moot:
        record(caller, "booking.moved", list(dict.fromkeys(one.visit_id for one in moot)), papers=len(moot))


def _to_open(blank: "Blank", one: Beside, papers: Collection[Paper]) -> Iterator[Paper]:
    """The papers that a visit lacks, at most twenty services on each."""
    wanted = (
        (PaperKind.CONSENT, needing(blank.book, one.visit, one.payer)),
        (PaperKind.NOTICE, tuple(_asking_a_notice(blank.book, one))),
    )
    for kind, services in wanted:
        lacking = without_paper(dict.fromkeys(services), papers, kind)
        for start in range(0, len(lacking), MOST_LINES):
            yield blank.paper(one.visit, kind, lacking[start : start + MOST_LINES])


def _asking_a_notice(book: Book, one: Beside) -> Iterator[str]:
    """The services that the patient pays for, and for which Medicare asks a notice before."""
    for line in one.visit.lines:
        klass = class_of(book, line, one.payer.documented)
        if not needs_consent(line, klass, one.payer):
            continue
        services = services_of(book.grid_file, line.code)
        notice = notice_of(book.modifiers, services, _business(book, one, line), step_if_asked(klass), None)
        if notice is not None and notice.need is NoticeNeed.REQUIRED:
            yield service_of(line)


def _business(book: Book, one: Beside, line: ServiceLine) -> Line | None:
    coverage = coverage_of_day(one.coverages, channel_of(line), one.visit.day)
    return None if coverage is None else coverage.line or book.only_line(coverage.payer)


@dataclass(frozen=True, slots=True)
class Blank:
    """Makes the papers that the program opens: in our own words for the services, without prices, by nobody."""

    book: Book
    today: date
    at: datetime

    @classmethod
    def of(cls, caller: Caller, book: Book) -> "Blank":
        """Read the day and the instant once for all papers."""
        zone = ZoneInfo(practice_of(caller.session, caller.practice_id).zone)
        return cls(book, caller.clock.today(zone), caller.clock.now())

    def paper(self, visit: Visit, kind: PaperKind, services: Collection[str]) -> Paper:
        """Make a paper of a kind for some services of a visit."""
        labels = service_labels(self.book.services, self.book.routine)
        return Paper(
            id=new_id(),
            visit_id=visit.id,
            patient_id=visit.patient_id,
            kind=kind,
            language=Language.ENGLISH,
            lines=tuple(PaperLine(one, labels.get(one, one), None) for one in services),
            valid_until=max(visit.day, self.today),
            made_on=self.today,
            made_by=None,
            changed_at=self.at,
        )
