"""Lines of the audit log and the access report in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.audit.facts import AuditEntry
from app.oversight.actions.reading import Around, Found, Report
from app.oversight.rules import cursor
from app.oversight.views.words import ACTIONS, action_words
from app.values.wording import clock_time, counted, long_day

VIAS = {
    "web": "",
    "command": "Command line",
    "api": "API",
    "watchdog": "Watchdog",
    "job": "Job",
    "sample": "Sample",
}


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line: number, when, who, what, on whom, from where, why, and under which session."""

    number: str
    when: str
    who: str
    what: str
    whom: str
    source: str
    why: str
    session: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The search: the lists to choose from, the lines, and where the next page begins."""

    people: Sequence[tuple[str, str]]
    actions: Sequence[tuple[str, str]]
    patient: str
    rows: Sequence[LineRow]
    next: str | None
    empty: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One patient's access report."""

    patient_id: str
    patient: str
    printed: str
    span: str
    rows: Sequence[LineRow]
    counts: Sequence[tuple[str, str]]
    cut: str
    empty: str


def search_page(found: Found, patient_id: UUID | None, chosen: bool) -> SearchPage:
    """Make the page of a search; `patient_id` of whom it is about, `chosen` whether it asks for a part of the log."""
    around, last = found.around, found.lines[-1] if found.lines else None
    empty = "" if found.lines else "No line matches. Choose less, or a longer span." if chosen else "The log is empty."
    patient = "" if patient_id is None else patient_words(patient_id, around.patients.get(patient_id))
    return SearchPage(
        [("", "Anybody"), *sorted(((str(one), name) for one, name in around.people.items()), key=lambda pair: pair[1])],
        [("", "Anything"), *sorted(ACTIONS.items(), key=lambda pair: pair[1])],
        patient,
        [row_of(line, around) for line in found.lines],
        cursor(last.at, last.sequence) if last is not None and found.more else None,
        empty,
    )


def report_page(found: Report, first: str, last: str, by: str) -> ReportPage:
    """Make the access report."""
    around = found.around
    rows = [row_of(line, around, whom=False) for line in found.lines]
    people = sorted({row.who for row in rows})
    span = " ".join(filter(None, [f"From {first}" if first else "", f"to {last}" if last else ""])) or "All dates"
    return ReportPage(
        str(found.patient_id),
        patient_words(found.patient_id, around.patients.get(found.patient_id)),
        f"Made {_when(around.now, around)} by {by}",
        span,
        rows,
        [(who, counted(sum(row.who == who for row in rows), "line")) for who in people],
        f"Only the latest {len(rows):,} lines are shown. Choose an earlier last day for the rest." if found.cut else "",
        "" if rows else "Nobody saw or changed this patient in this span.",
    )


def row_of(line: AuditEntry, around: Around, whom: bool = True) -> LineRow:
    """Put one line into words."""
    return LineRow(
        f"{line.sequence:,}",
        _when(line.at, around),
        who_words(line, around),
        action_words(line.action),
        _whom(line, around) if whom else "",
        line.source or ("Not recorded" if line.user_id is not None else "This machine"),
        around.reasons.get(line.id, "A reason was given" if line.reason_mac is not None else ""),
        "" if line.under is None else line.under.hex[-6:],
    )


def who_words(line: AuditEntry, around: Around) -> str:
    """Name who did it: a person, a token of the API, or a job."""
    kind, _, name = line.via.partition(":")
    if line.user_id is not None:
        who = around.people.get(line.user_id)
        if who is None:
            return f"Token {name or line.user_id.hex[-6:]}" if kind == "api" else f"Person {line.user_id.hex[-6:]}"
        return f"{who} ({VIAS[kind]})" if VIAS.get(kind) else who
    words = VIAS.get(kind) or kind.capitalize()
    return f"{words} {name}" if name else words


def patient_words(patient_id: UUID, initials: str | None) -> str:
    """Name a patient by the end of our own id, with initials where the reader may know them."""
    named = f"Record {patient_id.hex[-8:]}"
    return f"{initials}, {named.lower()}" if initials else named


def _whom(line: AuditEntry, around: Around) -> str:
    named = [one for one in dict.fromkeys(line.subjects) if one in around.patients]
    if len(set(line.subjects)) > 3:
        return counted(len(set(line.subjects)), "record")
    if named:
        return "; ".join(patient_words(one, around.patients[one]) for one in named)
    people = [around.people[one] for one in dict.fromkeys(line.subjects) if one in around.people]
    return ", ".join(people) or (counted(len(line.subjects), "other record") if line.subjects else "Nobody")


def _when(instant: datetime, around: Around) -> str:
    local = instant.astimezone(around.zone)
    return f"{long_day(local.date())} {clock_time(local)}"
