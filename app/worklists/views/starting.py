"""Requests that several visits need, in words: what was begun, what there is, what is to be begun, what cannot be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.authorizations.facts import Authorization
from app.casework.facts.casebook import case_code
from app.casework.facts.starting import Asked, Bar, Barred, Begun, Group, Starting
from app.casework.rules.starting import asked_lines, started_id
from app.casework.views.words import status_words
from app.clearance.facts.opened import OpenedVisit
from app.clearance.facts.verdicts import LineVerdict
from app.clearance.views.panel import patient_name, service_words
from app.clearance.views.sentences import line_sentence
from app.values.wording import clock_time, counted, listed, long_day, near_day

BARS = {
    Bar.NOT_BOOKED: "The visit is not booked any more.",
    Bar.PAST: "The day is past. What was performed is recorded on the visit, and asked for from there.",
    Bar.NOT_ASKED: "Insurance is not asked for it.",
    Bar.COSMETIC: "It is cosmetic as planned: insurance is not asked for it.",
    Bar.COVERAGE: "No coverage is known that holds on the day.",
    Bar.NOT_COVERED: "The payer does not cover it.",
    Bar.NOT_NEEDED: "No approval is needed.",
    Bar.APPROVED: "An approval is on file that fits.",
    Bar.MISFIT: "An approval is on file that does not fit this visit. Extend or renew it from its case.",
    Bar.UNKNOWN: "It is not known whether approval is needed. Answer that first.",
}
_SAID = frozenset({Bar.COVERAGE, Bar.MISFIT, Bar.UNKNOWN, Bar.NOT_COVERED})
"""Of these the visit's own sentence says more."""
DAYS_NAMED = 6


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request: whose, for what, of which visits; its case where there is one."""

    patient: str
    mrn: str
    payer: str
    services: str
    visits: str
    case_id: UUID | None = None
    code: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class BarredRow:
    """One planned service for which nothing is begun, with why; `case_id`: the approval that stands there."""

    visit_id: UUID
    patient: str
    mrn: str
    service: str
    when: str
    why: str
    case_id: UUID | None
    code: str


@dataclass(frozen=True, slots=True)
class StartPage:
    """All that the page shows. `begun` were begun by the form that led here."""

    visits: tuple[UUID, ...]
    count: str
    begun: tuple[RequestRow, ...]
    begin: tuple[RequestRow, ...]
    held: tuple[RequestRow, ...]
    barred: tuple[BarredRow, ...]


def start_page(found: Starting, key: UUID | None) -> StartPage:
    """Put what visits need into words. `key`: of the form that was sent, None where none was."""
    held = found.found.held
    begun = [one for one in held if key is not None and one.case.id == started_id(key, one.asked)]
    return StartPage(
        visits=tuple(found.visits),
        count=counted(len(found.visits), "visit"),
        begun=tuple(_request(one.asked, one.lines, found, one.case) for one in begun),
        begin=tuple(_request(one.asked, one.lines, found) for one in found.found.begin),
        held=tuple(_request(one.asked, one.lines, found, one.case) for one in held if one not in begun),
        barred=tuple(_barred(one, found) for one in found.found.barred),
    )


def begun_words(done: Begun) -> str:
    """Say what a form did, and what there was before it: `2 requests begun, in draft and yours. ...`."""
    begun = len(done.cases)
    said = [f"{counted(begun, 'request')} begun, in draft and yours." if begun else "No request was begun."]
    if done.before.held:
        said.append(f"{counted(len(done.before.held), 'request')} on file already.")
    if done.before.barred:
        said.append(f"Nothing to begin for {counted(len(done.before.barred), 'planned service')}.")
    said += dict.fromkeys(f"Not begun: {sentence.rstrip('.')}." for _group, sentence in done.refused)
    return " ".join(said)


def _request(
    asked: Asked, lines: Sequence[LineVerdict], found: Starting, case: Authorization | None = None
) -> RequestRow:
    opened = found.visits[lines[0].visit.id]
    return RequestRow(
        patient=patient_name(opened),
        mrn=opened.patient.mrn,
        payer=lines[0].coverage.payer_name if lines[0].coverage is not None else "",
        services=listed(list(_services(Group(asked, tuple(lines)), opened))),
        visits=_days([one.visit.day for one in lines], found.today),
        case_id=case.id if case is not None else None,
        code=case_code(case.id) if case is not None else "",
        status=status_words(case.status) if case is not None else "",
    )


def _services(group: Group, opened: OpenedVisit) -> Iterator[str]:
    called = {one.line.code or one.line.drug: service_words(opened, one) for one in group.lines}
    for asked in asked_lines(group):
        words = called[asked.code or asked.drug]
        label = f" {words.label}" if words.label else ""
        yield f"{words.code}{label} x{asked.count}"


def _days(days: Sequence[date], today: date) -> str:
    each = sorted(set(days))
    shown = [near_day(day, today) for day in each[:DAYS_NAMED]]
    more = len(each) - len(shown)
    return ", ".join([*shown, f"{more} more"] if more else shown)


def _barred(one: Barred, found: Starting) -> BarredRow:
    line = one.line
    opened = found.visits[line.visit.id]
    words = service_words(opened, line)
    said = BARS[one.bar]
    if one.bar in _SAID:
        said = f"{said} {line_sentence(line, opened.answer.sites, opened.answer.basis.as_of)[0]}"
    starts = line.visit.starts_at.astimezone(opened.answer.zone)
    return BarredRow(
        visit_id=line.visit.id,
        patient=patient_name(opened),
        mrn=opened.patient.mrn,
        service=f"{words.code} {words.label}" if words.label else words.code,
        when=f"{long_day(line.visit.day)} {clock_time(starts)}",
        why=said,
        case_id=one.case.id if one.case is not None else None,
        code=case_code(one.case.id) if one.case is not None else "",
    )
