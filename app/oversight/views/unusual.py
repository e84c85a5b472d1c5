"""Unusual reading and its review in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.oversight.actions.reviewing import Listing
from app.oversight.facts import Case, Finding, Sign
from app.oversight.rules import cursor
from app.oversight.views.lines import patient_words
from app.values.wording import clock_time, counted, long_day

SIGNS = {
    Sign.UNSCHEDULED: "No visit near that day, and no open case",
    Sign.MANY: "Many patients within an hour",
    Sign.OWN_NAME: "Same family name as the reader",
    Sign.BREAK_GLASS: "Opened a patient out of sight (break-glass)",
}
FINDINGS = {
    Finding.WORK: "It was for work",
    Finding.FOLLOW_UP: "I talk to the person and follow up",
    Finding.BREACH: "It was not for work: a possible breach",
}


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One unusual reading."""

    id: str
    sign: str
    who: str
    whom: str
    when: str
    line: str
    finding: str
    reviewed: str
    note: str


@dataclass(frozen=True, slots=True)
class UnusualPage:
    """The list of what waits for a look, or of what was looked at."""

    reviewed: bool
    waiting: str
    rows: Sequence[CaseRow]
    next: str | None
    empty: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """One unusual reading with its form, or its review."""

    row: CaseRow
    reason: str
    own: bool
    findings: Sequence[tuple[str, str]]


def unusual_page(found: Listing, reviewed: bool) -> UnusualPage:
    """Make the list."""
    last = found.cases[-1].unusual if found.cases else None
    nothing = "Nothing was reviewed yet." if reviewed else "Nothing waits for a look."
    return UnusualPage(
        reviewed,
        counted(found.waiting, "reading waits", "readings wait"),
        [_row(one, found) for one in found.cases],
        f"{cursor(last.at, 0).partition('-')[0]}-{last.id.hex}" if last is not None and found.more else None,
        "" if found.cases else nothing,
    )


def case_page(found: Listing, reader: object) -> CasePage:
    """Make the page of one."""
    case = found.cases[0]
    return CasePage(
        _row(case, found),
        found.reason or "",
        case.unusual.by == reader,
        [(one.value, words) for one, words in FINDINGS.items()],
    )


def _row(case: Case, found: Listing) -> CaseRow:
    one, review = case.unusual, case.review
    whom = counted(one.count, "patient")
    if one.patient_id is not None:
        whom = patient_words(one.patient_id, found.patients.get(one.patient_id))
    reviewed = ""
    if review is not None:
        reviewed = f"{found.people.get(review.by, 'Somebody who left')}, {_when(review.at, found)}"
    return CaseRow(
        str(one.id),
        SIGNS[one.sign],
        found.people.get(one.by, "Somebody who left"),
        whom,
        _when(one.at, found),
        f"{one.sequence:,}",
        "" if review is None else FINDINGS[review.finding],
        reviewed,
        "" if review is None else review.note,
    )


def _when(instant: datetime, found: Listing) -> str:
    local = instant.astimezone(found.zone)
    return f"{long_day(local.date())} {clock_time(local)}"
