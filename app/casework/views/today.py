"""The cases of today's page in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.casework.facts.casebook import MOST_COUNTED, CaseLine, View, case_code
from app.casework.facts.today import AskedAbout, CaseBlocks
from app.casework.views.case_words import service_words
from app.casework.views.casebook import CaseRow, case_row
from app.values.wording import counted, long_day


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its heading, its rows, the words of the link to all of them, and the view that it leads to."""

    id: str
    title: str
    due_title: str
    rows: tuple[CaseRow, ...]
    all: str | None
    view: str


@dataclass(frozen=True, slots=True)
class AskLine:
    """What a provider is asked: about whom, for what, and by when."""

    id: UUID
    patient: str
    about: str
    by: str
    due: str


@dataclass(frozen=True, slots=True)
class CasesToday:
    """All that the template shows; `first` and `last` are blocks before and after what is asked of the person."""

    first: tuple[Block, ...]
    asks: tuple[AskLine, ...]
    last: tuple[Block, ...]
    lacking: str | None

    @property
    def any(self) -> bool:
        """Say whether anything is due."""
        return bool(self.first or self.asks or self.last)


def cases_today(found: CaseBlocks) -> CasesToday:
    """Put the blocks into words; those that are empty are left out."""
    shown = len(found.due) + len(found.answers)
    rest = _all(found.due_count, shown, "case due or overdue", "cases due or overdue")
    first = (
        _block("cases-due", "Cases due and overdue", found.due, found, rest, View.WEEK),
        _block("answers", "Answers to record", found.answers, found, None if found.due else rest, View.PAYER),
    )
    renewals = _all(found.renewal_count, len(found.renewals), "renewal", "renewals")
    lacking = _all(found.lacking_count, len(found.lacking), "such case", "such cases")
    last = (
        _block("renewals", "Renewals to start", found.renewals, found, renewals, View.RENEWAL),
        _block("lacking", "No owner or no next action", found.lacking, found, lacking, View.DEFECT),
    )
    return CasesToday(
        tuple(one for one in first if one.rows),
        tuple(_ask(one, found) for one in found.asks),
        tuple(one for one in last if one.rows),
        _lacking_words(found.lacking_count) if found.lacking else None,
    )


def _block(key: str, title: str, lines: Sequence[CaseLine], found: CaseBlocks, rest: str | None, view: View) -> Block:
    rows = tuple(case_row(one, found.today, found.names) for one in lines)
    return Block(key, title, "Due or ends" if view is View.RENEWAL else "Due", rows, rest, view.value)


def _all(count: int, shown: int, one: str, several: str) -> str | None:
    if count <= shown:
        return None
    return f"More than {MOST_COUNTED} {several}" if count > MOST_COUNTED else f"All {counted(count, one, several)}"


def _lacking_words(count: int) -> str:
    cases = f"More than {MOST_COUNTED} open cases" if count > MOST_COUNTED else counted(count, "open case")
    verb = "has" if count == 1 else "have"
    return f"{cases} {verb} no owner, or no next action with a date. Give each one both, or close it."


def _ask(one: AskedAbout, found: CaseBlocks) -> AskLine:
    about = f"{case_code(one.record.id)}, {service_words(one.record)}" if one.record is not None else "Patient's chart"
    return AskLine(
        one.ask.id,
        f"{one.patient.last_name}, {one.patient.first_name}",
        f"{counted(len(one.ask.items), 'question')} for {about}" if one.record else about,
        found.names.get(one.ask.asked_by, "Somebody who left") if one.ask.asked_by else "The program",
        long_day(one.ask.due_on) if one.ask.due_on else "No day",
    )
