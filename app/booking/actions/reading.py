"""Read a visit at the gate: the class of each planned service with its source, and what is asked for."""

from collections.abc import Sequence
from uuid import UUID

from app.booking import store
from app.booking.actions.papers import documents_of
from app.booking.facts.gate import Gate, GateLine, Step
from app.booking.facts.papers import Paper, PaperKind
from app.booking.rules.gate import service_of, step_of_line
from app.booking.rules.missing import missing_of, services_of, sources_of
from app.booking.rules.moves import standing_for
from app.booking.rules.notices import notice_of
from app.clearance.actions.answering import VisitNotFoundError
from app.clearance.actions.opening import Opener, saw
from app.clearance.facts.opened import OpenedVisit
from app.clearance.facts.reasons import Check, Result
from app.clearance.facts.verdicts import LineVerdict
from app.clearance.rules.asking import channel_of
from app.clearance.rules.coverages import coverage_of_day
from app.platform.caller import Caller
from app.policies.facts.book import Book
from app.policies.rules.chart import known
from app.schedule import store as schedule_store
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
        lines=tuple(_line(opened, one, papers, book) for one in opened.answer.lines),
        papers=papers,
        documents=documents_of(caller, visit.patient_id),
        today=opener.world.today(visit.site_id),
        hints={key: "; ".join(one.also_record) for key, one in grid.triggers.items()} if grid else {},
        abn_rules=book.modifiers.abn_rules_from_memory if book.modifiers else (),
    )
    saw(caller, "booking.seen", [visit.patient_id, visit.id])
    return gate


def _line(opened: OpenedVisit, verdict: LineVerdict, papers: Sequence[Paper], book: Book) -> GateLine:
    line, grid = verdict.line, book.grid_file
    step, service = step_of_line(verdict), service_of(line)
    business = _business(opened, verdict, book)
    abn = standing_for(papers, PaperKind.NOTICE, service)
    too_often = any(one.check is Check.SPACING and one.result is not Result.PASS for one in verdict.reasons)
    services = services_of(grid, line.code)
    return GateLine(
        verdict=verdict,
        service=service,
        step=step,
        sources=sources_of(grid, line.code),
        missing=missing_of(grid, line.code, line.diagnoses, _documented(opened, verdict))
        if step is Step.FACT
        else None,
        business=business,
        notice=notice_of(book.modifiers, services, business, step, abn.state if abn else None, too_often),
        paper=standing_for(papers, PaperKind.CONSENT, service),
        abn=abn,
    )


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
