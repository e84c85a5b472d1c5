"""What was performed at a visit, in words."""

from dataclasses import dataclass
from uuid import UUID

from app.casework.facts.casebook import case_code
from app.casework.facts.performed import Compared, Performance
from app.clearance.views.panel import patient_name
from app.clearance.views.sentences import line_sentence
from app.deadlines.rules.retro import Window
from app.schedule.facts import VisitStatus
from app.values.wording import clock_time, counted, length_words, long_day


@dataclass(frozen=True, slots=True)
class ComparedWords:
    """One service performed: what was planned of it, whether it is covered, and why not."""

    code: str
    units: str
    planned: str
    covered: bool
    why: str


@dataclass(frozen=True, slots=True)
class PerformedWords:
    """The page of a visit's performance; `codes` is what the form shows first, `window` until when to ask."""

    visit_id: UUID
    patient: str
    mrn: str
    when: str
    may: bool
    may_not: str
    codes: str
    version: int
    compared: tuple[ComparedWords, ...]
    left_out: str
    open: int
    window: str
    case_id: UUID | None
    case_word: str


def performed_words(found: Performance) -> PerformedWords:
    """Put a visit's performance into words."""
    answer = found.opened.answer
    visit = answer.lines[0].visit
    starts = visit.starts_at.astimezone(answer.zone)
    lines = found.record.lines
    planned = [f"{one.line.code} x{one.line.units}" for one in answer.lines if one.line.code]
    ahead = visit.day > found.today
    return PerformedWords(
        visit_id=visit.id,
        patient=patient_name(found.opened),
        mrn=found.opened.patient.mrn,
        when=f"{long_day(starts.date())} {clock_time(starts)}",
        may=not ahead and visit.status in (VisitStatus.BOOKED, VisitStatus.DONE),
        may_not="This visit lies ahead." if ahead else "This visit did not take place.",
        codes=", ".join([f"{one.code} x{one.units}" for one in lines] or planned),
        version=found.record.version,
        compared=tuple(_compared(one, found) for one in found.compared),
        left_out=f"Planned and not performed: {', '.join(found.left_out)}." if found.left_out else "",
        open=sum(not one.covered for one in found.compared),
        window=window_words(found.window, found) if found.window is not None else "",
        case_id=found.record.case_id,
        case_word=case_code(found.record.case_id) if found.record.case_id is not None else "",
    )


def _compared(one: Compared, found: Performance) -> ComparedWords:
    sentence, _short = line_sentence(one.verdict, found.opened.answer.sites, found.today)
    planned = "Not planned" if not one.planned else str(one.planned)
    return ComparedWords(one.performed.code, f"{one.performed.units:,}", planned, one.covered, sentence)


def window_words(window: Window, found: Performance) -> str:
    """Until when the payer takes a request for what was performed, and how that is known."""
    zone = found.opened.answer.zone
    if window.due_at is not None:
        closes = window.due_at.astimezone(zone)
        until = f"{long_day(closes.date())} {clock_time(closes)}"
    else:
        until = long_day(window.due_on)
    act = f" Ask by {long_day(window.act_on)}, the last business day in it." if window.act_on != window.due_on else ""
    if not window.stated:
        usual = length_words(window.length)
        return f"How long the payer takes requests after a service is not known. Ask by {until}: {usual} is usual."
    late = " That has passed: ask all the same, and say why it is late." if window.due_on < found.today else ""
    return f"The payer takes requests until {until}, {length_words(window.length)} after the service.{act}{late}"


def open_words(page: PerformedWords) -> str:
    """How many services are not covered."""
    if not page.open:
        return "Everything that was performed is covered."
    return f"{counted(page.open, 'service')} {'is' if page.open == 1 else 'are'} not covered."
