"""Read a visit at the gate: the class of each planned service with its source, and what is asked for."""

from collections.abc import Sequence
from uuid import UUID

from app.booking import store
from app.booking.actions.papers import documents_of
from app.booking.facts.gate import BesideLine, Gate, GateLine, Step
from app.booking.facts.papers import Paper, PaperKind
from app.booking.rules.gate import service_of, step_of_line
from app.booking.rules.missing import missing_of, services_of, sources_of
from app.booking.rules.moves import pays_by_consent, standing_for
from app.booking.rules.notices import MEDICARE, notice_of
from app.booking.rules.paying import Payer, class_of, needs_consent, step_if_asked
from app.clearance.actions.answering import VisitNotFoundError
from app.clearance.actions.opening import Opener, saw
from app.clearance.facts.opened import OpenedVisit
from app.clearance.facts.reasons import Check, Result
from app.clearance.facts.verdicts import LineVerdict
from app.clearance.rules.asking import channel_of
from app.clearance.rules.coverages import coverage_of_day
from app.coverage.store import coverages as coverage_store
from app.platform.caller import Caller
from app.policies.actions.library import current_book
from app.policies.facts.answers import ServiceClass
from app.policies.facts.book import Book
from app.policies.rules.chart import known
from app.schedule import store as schedule_store
from app.schedule.facts import BillTo, ServiceLine, Visit
from app.values.insurance import Line


def read_gate(caller: Caller, visit_id: UUID) -> Gate:
    """Read a visit at the gate, judged anew, with a fixed number of queries, and note who read it.

    Raises    VisitNotFoundError.
    """
    session, practice_id = caller.session, caller.practice_id
    visit = schedule_store.visits_by_ids(session, practice_id, [visit_id], caller.scope).get(visit_id)
    if visit is None:
        raise VisitNotFoundError
    opener = Opener(caller)
    opened = opener.panel({visit.id: visit.patient_id}).get(visit.id)
    if opened is None:
        raise VisitNotFoundError
    papers = store.of_visit(session, practice_id, visit_id)
    book = opener.world.book
    grid = book.grid_file
    gate = Gate(
        opened=opened,
        lines=gate_lines(opened, visit, papers, book),
        papers=papers,
        documents=documents_of(caller, visit.patient_id),
        today=opener.world.today(visit.site_id),
        hints={key: "; ".join(one.also_record) for key, one in grid.triggers.items()} if grid else {},
        abn_rules=book.modifiers.abn_rules_from_memory if book.modifiers else (),
    )
    saw(caller, "booking.seen", [visit.patient_id, visit.id])
    return gate


def read_beside(caller: Caller, patient_id: UUID, visit_ids: Sequence[UUID]) -> tuple[BesideLine, ...]:
    """Read what a page about visits of one patient says of consents and of Medicare's modifiers.

    Only where somebody pays without insurance, or a coverage of Medicare is on file, are the visits judged for it; the
    page has noted whom it shows.
    """
    session, practice_id = caller.session, caller.practice_id
    visits = schedule_store.visits_by_ids(session, practice_id, list(visit_ids), caller.scope)
    mine = {one.id: one for one in visits.values() if one.patient_id == patient_id}
    coverages = coverage_store.of_patients(session, practice_id, [patient_id]).get(patient_id, ())
    if not mine:
        return ()
    pays = any(line.bill_to is BillTo.SELF_PAY for visit in mine.values() for line in visit.lines)
    book = current_book(session, practice_id)
    if not pays and not any((one.line or book.only_line(one.payer)) in MEDICARE for one in coverages):
        return ()
    opener = Opener(caller)
    opened = opener.panel(dict.fromkeys(mine, patient_id))
    papers = store.of_visits(session, practice_id, list(opened))
    lines = [
        BesideLine(visit_id, mine[visit_id].day, line)
        for visit_id, one in opened.items()
        for line in gate_lines(one, mine[visit_id], papers.get(visit_id, ()), opener.world.book)
    ]
    return tuple(one for one in lines if one.line.unsigned or one.line.notice is not None)


def gate_lines(opened: OpenedVisit, visit: Visit, papers: Sequence[Paper], book: Book) -> tuple[GateLine, ...]:
    """Put each line of a judged visit beside what the gate asks of it.

    Takes     the visit as it was opened, from which diagnoses may have been taken out; the same as it is on file.
    """
    on_file = {line.id: line for line in visit.lines}
    return tuple(_line(opened, one, on_file.get(one.line.id, one.line), papers, book) for one in opened.answer.lines)


def _line(
    opened: OpenedVisit, verdict: LineVerdict, whole: ServiceLine, papers: Sequence[Paper], book: Book
) -> GateLine:
    line, grid = verdict.line, book.grid_file
    step, service = step_of_line(verdict), service_of(line)
    business = _business(opened, verdict, book)
    abn = standing_for(papers, PaperKind.NOTICE, service)
    too_often = any(one.check is Check.SPACING and one.result is not Result.PASS for one in verdict.reasons)
    services = services_of(grid, line.code)
    documented = _documented(opened, verdict)
    klass = class_of(book, whole, documented)
    asked = step_if_asked(klass) if step is Step.PAYS else step
    return GateLine(
        verdict=verdict,
        service=service,
        step=step,
        sources=sources_of(grid, line.code),
        missing=missing_of(grid, line.code, line.diagnoses, documented) if step is Step.FACT else None,
        business=business,
        notice=notice_of(book.modifiers, services, business, asked, abn.state if abn else None, too_often),
        paper=standing_for(papers, PaperKind.CONSENT, service),
        abn=abn,
        cosmetic=klass is ServiceClass.COSMETIC,
        unsigned=needs_consent(whole, klass, _payer(opened, documented)) and not pays_by_consent(papers, service),
    )


def _payer(opened: OpenedVisit, documented: frozenset[str]) -> Payer:
    insured = opened.beside is None or bool(opened.beside.file.coverages)
    return Payer(documented, opened.patient.no_coverage and not insured)


def _documented(opened: OpenedVisit, verdict: LineVerdict) -> frozenset[str]:
    """The findings that count on the day: those of the schedule, and those of the chart."""
    if opened.beside is None:
        return verdict.line.documented
    day = verdict.visit.day
    on = min(opened.answer.basis.as_of, day)
    return verdict.line.documented | known(opened.beside.file.facts, on, verdict.line.diagnoses, day).documented


def _business(opened: OpenedVisit, verdict: LineVerdict, book: Book) -> Line | None:
    """The line of business of the day's coverage; None: not known."""
    coverage = verdict.coverage
    if coverage is None and opened.beside is not None:
        coverage = coverage_of_day(opened.beside.file.coverages, channel_of(verdict.line), verdict.visit.day)
    if coverage is None:
        return None
    return coverage.line or book.only_line(coverage.payer)
