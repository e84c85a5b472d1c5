"""A table as read -> the rows that can be taken and those that cannot."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from app.imports.facts import (
    AuthorizationRowFacts,
    Code,
    CoverageRowFacts,
    Kind,
    Refused,
    RowRefusedError,
    ScheduleRow,
    Table,
)
from app.imports.intake import authorizations, coverage, schedule
from app.imports.intake.authorizations import DrugKey
from app.imports.intake.cells import Cells, as_identifier
from app.imports.intake.headers import Matched
from app.imports.intake.names import REQUIRED

R = TypeVar("R", ScheduleRow, CoverageRowFacts, AuthorizationRowFacts)


@dataclass
class Read(Generic[R]):
    """The rows of a file that were read.

    `refused_visits` are the visit ids of refused rows, as far as readable, each with the first such row.
    """

    rows: list[R] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    refused_visits: dict[str, int] = field(default_factory=dict)


def read_schedule(table: Table, matched: Matched, today: date) -> Read[ScheduleRow]:
    """Read a schedule."""
    return _read(table, matched, today, schedule.read_row)


def read_coverage(table: Table, matched: Matched, today: date) -> Read[CoverageRowFacts]:
    """Read a coverage table."""
    return _read(table, matched, today, coverage.read_row)


def read_authorizations(table: Table, matched: Matched, today: date, drug_key: DrugKey) -> Read[AuthorizationRowFacts]:
    """Read an authorization log."""
    return _read(table, matched, today, lambda row, cells: authorizations.read_row(row, cells, drug_key))


def _read(table: Table, matched: Matched, today: date, read_row: Callable[[int, Cells], R]) -> Read[R]:
    read: Read[R] = Read()
    width = len(table.header)
    for row, texts in table.rows:
        values = {name: texts[place] for name, place in matched.places.items() if place < len(texts)}
        try:
            if any(text.strip() for text in texts[width:]):
                raise _too_wide(matched.kind, len(texts), width)
            read.rows.append(read_row(row, Cells(values, today)))
        except RowRefusedError as refusal:
            read.refused.append(refusal.at(row))
            reference = as_identifier(" ".join(values.get("visit_id", "").split()))
            if reference:
                read.refused_visits.setdefault(reference, row)
    return read


def _too_wide(kind: Kind, found: int, expected: int) -> RowRefusedError:
    return RowRefusedError(
        REQUIRED[kind][0][0],
        Code.CONFLICT,
        f"{found} cells",
        f"The header has {expected} columns. A cell that holds the delimiter needs quotation marks around it.",
    )
