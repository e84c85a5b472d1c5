"""What a check tells of a file: counts, problems by their fix, rows to correct, what a person should decide."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any

from app.authorizations.facts import Counting, Item
from app.imports.facts import AuthorizationRowFacts, CoverageRowFacts, Outcome, Refused, Report, ScheduleRow, Table

EDITABLE = 20
"""Refused rows that are corrected on the page; more are corrected in the file."""
SHOWN = 100
"""Of each list, the most that a page shows; the whole number stands beside it."""
EXAMPLES = 3
PREVIEWED = 5
NOT_SHOWN = "(not shown)"
_WHO = ("visit_id", "number", "reference", "patient_mrn", "patient_last", "patient_first")


def summarize(report: Report, table: Table, places: Mapping[str, int], read: Sequence[Any]) -> dict[str, Any]:
    """Put a report into what a page shows of it, bounded whatever the size of the file.

    Takes     the report; the table and the places of its canonical columns; the rows as they were read.
    Returns   a structure of texts and numbers (it holds values of patients: seal it).
    """
    cells = dict(table.rows)
    refused = {one.row for one in report.refused}
    return {
        "rows": report.rows,
        "counts": {outcome.value: report.counts[outcome] for outcome in Outcome} | {"refused": len(report.refused)},
        "groups": _groups(report.refused, cells, places),
        "to_correct": [_to_correct(one, cells[one.row], places) for one in report.refused[:EDITABLE]],
        "warnings": _alike(report.warnings),
        "vanished": report.vanished[:SHOWN],
        "vanished_total": len(report.vanished),
        "types": _largest(report.unmapped_types),
        "types_total": len(report.unmapped_types),
        "payers": _largest(report.unmapped_payers),
        "payers_total": len(report.unmapped_payers),
        "ignored": report.ignored_columns[:SHOWN],
        "new_sites": report.created_sites[:SHOWN],
        "new_providers": report.created_providers[:SHOWN],
        "new_payers": report.created_payers[:SHOWN],
        "preview": [_preview(one) for one in [row for row in read if row.row not in refused][:PREVIEWED]],
        "stamp": stamp_of(report),
    }


def stamp_of(report: Report) -> str:
    """Tell one outcome of a check from another: what comes of each row, and what is to be decided."""
    told = [
        sorted(report.outcomes.items()),
        [[one.row, one.column, one.code, one.fix] for one in report.refused],
        sorted(report.vanished),
        sorted(report.created_sites),
        sorted(report.created_providers),
        sorted(report.created_payers),
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


_DIGITS = re.compile(r"\d+")
_ABOUT = re.compile(r"(Row|Visit) (\S+?)(:?) (.*)", re.DOTALL)


def _alike(warnings: Sequence[str]) -> list[dict[str, Any]]:
    """Put warnings that say the same of several rows or visits into one: the first in full, of the others who."""
    groups: dict[str, dict[str, Any]] = {}
    for sentence in warnings:
        about = _ABOUT.fullmatch(sentence)
        key = about[1] + _DIGITS.sub("", about[4]) if about else sentence
        if key in groups and about:
            group = groups[key]
            group["more"] += 1
            group["others"] += [about[2]] if len(group["others"]) < EXAMPLES else []
        elif key not in groups:
            groups[key] = {"text": sentence, "about": about[1] if about else "", "more": 0, "others": []}
    return sorted(groups.values(), key=lambda group: -group["more"])[:SHOWN]


def _largest(counts: Mapping[str, int]) -> list[list[Any]]:
    return [[name, count] for name, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:SHOWN]]


def _groups(
    refused: Sequence[Refused], cells: Mapping[int, tuple[str, ...]], places: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Group refused rows by what mends them, the largest group first."""
    groups: dict[tuple[str, str, str], dict[str, Any]] = {}
    for one in refused:
        key = (one.column, one.code.value, re.sub(r"'[^']*'|\d+", "", one.fix))
        empty: dict[str, Any] = {
            "column": one.column,
            "code": one.code.value,
            "fix": one.fix,
            "count": 0,
            "found": [],
            "rows": [],
        }
        group = groups.setdefault(key, empty)
        group["count"] += 1
        found = _found(one, cells[one.row], places)
        if found and found not in group["found"] and len(group["found"]) < EXAMPLES:
            group["found"].append(found)
        if len(group["rows"]) < EXAMPLES:
            group["rows"].append(one.row)
    return sorted(groups.values(), key=lambda group: -group["count"])[:SHOWN]


def _found(one: Refused, cells: tuple[str, ...], places: Mapping[str, int]) -> str:
    """Name what was found. On the page of the check the value itself may be seen."""
    if one.found != NOT_SHOWN:
        return one.found
    return _cell(cells, places.get(one.column))


def _cell(cells: tuple[str, ...], place: int | None) -> str:
    return cells[place] if place is not None and place < len(cells) else ""


def _to_correct(one: Refused, cells: tuple[str, ...], places: Mapping[str, int]) -> dict[str, Any]:
    column = one.column if one.column in places else _instead(one.column, places)
    place = None if column is None else places[column]
    return {
        "row": one.row,
        "column": column or one.column,
        "place": place,
        "value": _cell(cells, place),
        "found": _found(one, cells, places),
        "fix": one.fix,
        "who": [[name, _cell(cells, places[name])] for name in _WHO if name in places and name != column][:4],
    }


def _instead(column: str, places: Mapping[str, int]) -> str | None:
    """Name the column that a file has in place of the one that is refused."""
    others = {"code": ("visit_type",), "codes": ("drug", "ndc")}.get(column, ())
    return next((other for other in others if other in places), None)


def _preview(row: Any) -> list[list[str]]:
    """Say how a row was read: canonical columns and values as text, dates in ISO."""
    if isinstance(row, ScheduleRow):
        first: dict[str, Any] = {"visit_id": row.reference, "starts_at": row.starts, "site": row.site}
        then = {"code": row.code, "visit_type": row.visit_type, **row.line, "payer": row.payer, "plan": row.plan}
        then |= {"member_id": row.member_id, "status": row.status}
    elif isinstance(row, CoverageRowFacts):
        first, then = {}, {"payer": row.payer, "member_id": row.member_id, **row.values}
    else:
        assert isinstance(row, AuthorizationRowFacts)
        first = {}
        then = {"payer": row.payer, **row.values, "site": row.site, "used": row.used and dict(row.used)}
        then = {"codes" if name == "items" else name: value for name, value in then.items() if name != "raw_status"}
    person = row.person
    who = {"patient_mrn": person.mrn, "patient_last": person.last_name, "patient_first": person.first_name}
    who |= {"birth_date": person.birth_date}
    given = {**first, **who, **then}
    return [[name, _plain(value)] for name, value in given.items() if value is not None]


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Mapping):
        return ";".join(f"{name}:{count}" for name, count in value.items())
    if isinstance(value, tuple | frozenset):
        parts = sorted(value) if isinstance(value, frozenset) else value
        return "; ".join(_item(part) if isinstance(part, Item) else str(part) for part in parts)
    return str(value)


def _item(item: Item) -> str:
    codes = "/".join(item.codes) if item.last is None else f"{item.codes[0]}-{item.last}"
    return f"{codes} ({_COUNTS[item.counting].format(item.count)})"


_COUNTS = {
    Counting.UNITS: "{} units",
    Counting.VISITS: "{} visits",
    Counting.NOT_COUNTED: "not counted by the payer",
    Counting.UNKNOWN: "count not known",
}
