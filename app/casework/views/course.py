"""A case's units and how far it carries care, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from app.authorizations.facts import Counting, Item
from app.casework.facts.course import Course, Thought
from app.clearance.facts.usage import ItemUse
from app.clearance.views.context import called
from app.clearance.views.strips import ApprovalStrip, drawn
from app.deadlines.rules.runout import RunOut, Stop, Why
from app.deadlines.rules.turnaround import LeadTime, Source
from app.values.wording import counted, length_words, long_day


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One item: what it is for, and approved, used, booked, left; `short` what booked visits want beyond it."""

    what: str
    unit: str
    approved: str
    used: str
    booked: str
    left: str
    short: str


@dataclass(frozen=True, slots=True)
class RunOutWords:
    """How far the care is covered: `Last covered visit Sat 03/14/2026; ask by Sat 02/21/2026.`, why, and how it counts.

    `late`: the day to ask by is today or past. `short`: a visit is not covered.
    """

    answer: str
    why: str
    lead: str
    short: bool
    late: bool


@dataclass(frozen=True, slots=True)
class CourseWords:
    """The page of a case's units; `strip` None where no item is counted and no visit lies on it."""

    case_id: UUID
    patient_id: UUID
    name: str
    payer: str
    patient: str
    mrn: str
    granted: bool
    rows: tuple[LedgerRow, ...]
    run_out: RunOutWords | None
    strip: ApprovalStrip
    thought: RunOutWords | None
    thought_title: str


def course_words(course: Course) -> CourseWords:
    """Put a case's units into words."""
    thought = course.thought
    return CourseWords(
        case_id=course.row.id,
        patient_id=course.row.patient_id,
        name=called(course.row),
        payer=course.row.payer_name,
        patient=f"{course.patient.last_name}, {course.patient.first_name}",
        mrn=course.patient.mrn,
        granted=course.run_out is not None,
        rows=tuple(_rows(course)),
        run_out=_run_out(course, course.run_out) if course.run_out is not None else None,
        strip=drawn(course.use, course.today),
        thought=_run_out(course, thought.run_out) if thought is not None else None,
        thought_title=_title(thought) if thought is not None else "",
    )


def _rows(course: Course) -> Iterator[LedgerRow]:
    for place, use in enumerate(course.use.items):
        left = course.run_out.left[place] if course.run_out is not None else use.free
        yield _row(use, left)


def _row(use: ItemUse, left: int | None) -> LedgerRow:
    item = use.item
    unit = "visits" if item.counting is Counting.VISITS else "units"
    return LedgerRow(
        what=_codes(item),
        unit=unit,
        approved=_NOT_COUNTED.get(item.counting, "") or f"{item.count:,}",
        used=f"{use.used:,}",
        booked=f"{use.booked:,}",
        left="Not counted" if left is None else f"{left:,}",
        short=f"{use.short:,}" if use.short else "",
    )


_NOT_COUNTED = {Counting.NOT_COUNTED: "Not counted", Counting.UNKNOWN: "Not known"}


def _codes(item: Item) -> str:
    if item.last:
        return f"{item.codes[0]} to {item.last}"
    return "Any code" if "*" in item.codes else ", ".join(item.codes)


def _run_out(course: Course, found: RunOut) -> RunOutWords:
    return RunOutWords(
        answer=_answer(found),
        why=_why(course, found),
        lead=_lead(course.row.payer_name, course.lead) if found.ask_by is not None else "",
        short=found.first_short is not None,
        late=found.ask_by is not None and found.ask_by <= course.today,
    )


def _answer(found: RunOut) -> str:
    if not found.covered and not found.short:
        return "No visit is booked from today on."
    if found.first_short is None:
        assert found.last_covered is not None
        visits = f"All {counted(found.covered, 'visit')} are" if found.covered > 1 else "The one visit is"
        return f"{visits} covered, the last on {long_day(found.last_covered.day)}."
    last = "No visit is covered" if found.last_covered is None else _last(found.last_covered)
    asked = f"; ask by {long_day(found.ask_by)}." if found.ask_by is not None else "."
    return f"{last}{asked}"


def _last(stop: Stop) -> str:
    return f"Last covered visit {long_day(stop.day)}"


def _why(course: Course, found: RunOut) -> str:
    first, row = found.first_short, course.row
    if first is None:
        return ""
    ends = f"the approval ends {long_day(row.ends)}" if row.ends is not None else "the approval has ended"
    begins = f"the approval begins {long_day(row.begins)}" if row.begins is not None else "its first day is not known"
    reasons = {
        Why.UNITS: "too few units are left",
        Why.AFTER: ends,
        Why.BEFORE: begins,
        Why.DATES: "the approval's first or last day is not known",
        Why.LIMIT: "it is over a limit of the payer's rule",
    }
    assert first.why is not None
    more = f" {counted(found.short, 'visit')} in all {'is' if found.short == 1 else 'are'} not covered."
    return f"{long_day(first.day)} is the first visit that is not covered: {reasons[first.why]}.{more}"


def _lead(payer: str, lead: LeadTime) -> str:
    if lead.source is Source.HISTORY:
        days = counted(lead.length.value or 0, "calendar day")
        return f"{payer} decided 9 of 10 requests of this practice within {days} (of {lead.decisions} decisions)."
    if lead.source is Source.RULE:
        return f"{payer} asks for {length_words(lead.length)}, by its rule."
    return f"Counted with {length_words(lead.length)}: {payer}'s own time is not known before 10 decisions."


def _title(thought: Thought) -> str:
    return f"With {counted(thought.visits, 'more visit')} from {long_day(thought.first)}"
