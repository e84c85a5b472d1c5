"""A practice's table -> the document of it: of a schedule its appointments, of another table what it is."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from app.imports.facts import FileRefusedError, Kind, ScheduleRow, Table
from app.imports.intake.headers import Matched, match
from app.imports.intake.tables import read_schedule
from app.standards.errors import Fault, ReadingError

FAULTS = {
    "empty": Fault.EMPTY,
    "too_large": Fault.TOO_LARGE,
    "unreadable": Fault.TOO_LARGE,
    "wrong_encoding": Fault.NOT_TEXT,
    "not_a_table": Fault.NOT_TEXT,
}
"""Why a table cannot be read, by the codes of its readers; every other code says that its kind is not known."""
ACTIONS = {"canceled": "cancel", "no_show": "no_show"}
"""What a status of a row says of the appointment; a table does not say what is new and what moved."""


def refusal(error: FileRefusedError) -> ReadingError:
    """Say why a file that is no table, or not one that we know, is refused as a document."""
    return ReadingError(FAULTS.get(error.code, Fault.UNKNOWN_KIND), error.sentence)


def appointments_of(table: Table, today: date) -> Iterator[dict[str, Any]]:
    """Read a table as a document; the columns are told by their names, as imports do.

    Takes     the table; `today` in the practice's zone, for birth dates of two-digit years.
    Returns   one document, without its file: `csv.schedule` with an appointment for each visit id, in the order
              of their first rows; of another table `csv.<kind>` with its columns and how many rows it has.
    Raises    ReadingError for a table of no known kind; after the document, for the first row that cannot be read.
    """
    try:
        matched = match(table.header)
    except FileRefusedError as error:
        raise refusal(error) from None
    head = {"kind": f"csv.{matched.kind.value}", "transaction": None, "interchange": None}
    if matched.kind is not Kind.SCHEDULE:
        content = {"columns": sorted(matched.places), "rows": len(table.rows)}
        yield head | {"control_number": None, "content": content}
        return
    read = read_schedule(table, matched, today)
    yield head | {"appointments": _appointments(read.rows, _statuses(table, matched))}
    if read.refused:
        first = min(read.refused, key=lambda one: one.row)
        sentence = f"Row {first.row} cannot be read: {first.column}. {first.fix}"
        raise ReadingError(Fault.BAD_VALUE, sentence, "line", first.row, head["kind"] or "unknown")


def _statuses(table: Table, matched: Matched) -> dict[int, str]:
    place = matched.places.get("status")
    return {} if place is None else {row: cells[place].strip() for row, cells in table.rows if place < len(cells)}


def _appointments(rows: Sequence[ScheduleRow], statuses: Mapping[int, str]) -> list[dict[str, Any]]:
    visits: dict[str, list[ScheduleRow]] = {}
    for row in rows:
        visits.setdefault(row.reference, []).append(row)
    return [_appointment(theirs, statuses) for theirs in visits.values()]


def _appointment(rows: Sequence[ScheduleRow], statuses: Mapping[int, str]) -> dict[str, Any]:
    head = rows[0]
    said = next((row for row in rows if row.status is not None), head)
    sites = list(dict.fromkeys(row.site for row in rows))
    person = head.person
    return {
        "event": None,
        "action": ACTIONS.get(said.status or ""),
        "appointment_id": head.reference,
        "filler_id": None,
        "starts_at": head.starts.isoformat(),
        "minutes": None,
        "status": statuses.get(said.row) or None,
        "locations": sites,
        "patient": {
            "mrn": person.mrn,
            "last_name": person.last_name,
            "first_name": person.first_name,
            "birth_date": person.birth_date.isoformat() if person.birth_date else None,
        },
        "provider": {"npi": head.line["provider_npi"], "name": None},
        "location": sites[0],
        "services": [
            {"code": row.code or row.visit_type, "diagnoses": list(row.line.get("diagnoses", ()))} for row in rows
        ],
        "reason": next((row.visit_type for row in rows if row.visit_type), None),
    }
