"""What a check found, and what came of an import, ready for their pages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.clearance.views.panel import instant_words
from app.imports.facts import Draft, Kind
from app.imports.intake.labels import label
from app.imports.views.files import kind_words, person
from app.practice.facts.staff import Staff
from app.values.wording import clock_time, counted, long_day, short_day

STEPS = ["File", "Match columns", "Check", "Confirm"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Rows that one fix mends."""

    rows: str
    sentence: str
    where: str


@dataclass(frozen=True, slots=True)
class Correction:
    """One refused row to be corrected on the page; `field` is None where the file has no column for it."""

    row: int
    field: str | None
    column: str
    value: str
    problem: str
    who: str


@dataclass(frozen=True, slots=True)
class Gone:
    """A booked visit that the file no longer has."""

    reference: str
    words: str


@dataclass(frozen=True, slots=True)
class CheckPage:
    """The page of a check."""

    id: UUID
    version: int
    name: str
    kind: str
    began: str
    changed: bool
    before: str | None
    nothing: str | None
    counts: tuple[tuple[str, int, str], ...]
    problems: tuple[Problem, ...]
    corrections: tuple[Correction, ...]
    more_refused: int
    gone: tuple[Gone, ...]
    gone_total: int
    warnings: tuple[str, ...]
    types: tuple[tuple[str, int], ...]
    payers: tuple[tuple[str, int], ...]
    ignored: tuple[str, ...]
    new: tuple[tuple[str, str], ...]
    preview_columns: tuple[str, ...]
    preview: tuple[tuple[str, ...], ...]
    confirm: str
    preview_more: int = field(default=0)


def check_page(
    draft: Draft, people: Mapping[UUID, Staff], zone: ZoneInfo, typed: Mapping[str, str] | None = None
) -> CheckPage:
    """Put a check into words. `typed`: cells as someone typed them who could not save them."""
    found = draft.summary
    assert found is not None
    counts = found["counts"]
    columns = tuple(dict.fromkeys(name for row in found["preview"] for name, _ in row))
    return CheckPage(
        id=draft.id,
        version=draft.version,
        name=draft.head["name"],
        kind=kind_words(draft.kind),
        began=f"{person(people, draft.began_by)}, {instant_words(draft.began_at, zone)}",
        changed=bool(found.get("changed")),
        before=_before(found.get("before"), people, zone),
        nothing=_nothing(found),
        counts=_counts(counts),
        problems=tuple(map(problem, found["groups"])),
        corrections=tuple(_correction(one, typed or {}) for one in found["to_correct"]),
        more_refused=counts["refused"] - len(found["to_correct"]),
        gone=tuple(map(_gone, found["gone"])),
        gone_total=found["vanished_total"],
        warnings=tuple(map(_warning, found["warnings"])),
        types=tuple((name, count) for name, count in found["types"]),
        payers=tuple((name, count) for name, count in found["payers"]),
        ignored=tuple(found["ignored"]),
        new=_new(found),
        preview_columns=tuple(map(label, columns)),
        preview=tuple(tuple(_shown(dict(row).get(name, "")) for name in columns) for row in found["preview"]),
        confirm=_confirm(counts),
    )


def problem(group: Mapping[str, Any]) -> Problem:
    """Say of a group of refused rows what was found and how to write it."""
    found = " or ".join(group["found"])
    example = "e.g. " if group["count"] > 1 and found else ""
    sentence = f"{label(group['column'])}: found {example}{found or 'nothing'}. {group['fix']}"
    rows = ", ".join(str(row) for row in group["rows"])
    more = group["count"] - len(group["rows"])
    where = f"Row {rows}" if group["count"] == 1 else f"Rows {rows}{f' and {more:,} more' if more else ''}"
    return Problem(counted(group["count"], "row"), sentence, where)


def _warning(group: Mapping[str, Any]) -> str:
    """Say a warning once for all that it is about."""
    others, more = group["others"], group["more"] - len(group["others"])
    if not others:
        return str(group["text"])
    about = group["about"].lower()
    rest = f" and {counted(more, 'other', 'others')}" if more else ""
    return f"{group['text']} The same holds for {about if len(others) == 1 else about + 's'} {', '.join(others)}{rest}."


def _counts(counts: Mapping[str, int]) -> tuple[tuple[str, int, str], ...]:
    return (
        ("New", counts["created"], "created"),
        ("Changed", counts["updated"], "updated"),
        ("Unchanged", counts["unchanged"], "unchanged"),
        ("Refused", counts["refused"], "refused"),
    )


def _nothing(found: Mapping[str, Any]) -> str | None:
    counts = found["counts"]
    if counts["created"] or counts["updated"]:
        return None
    if counts["unchanged"] and not counts["refused"]:
        return f"This file changes nothing: all {counted(counts['unchanged'], 'row')} are on file as they stand here."
    return "This file changes nothing: no row of it is both new or changed and readable."


def _before(before: tuple[str, str | None] | None, people: Mapping[UUID, Staff], zone: ZoneInfo) -> str | None:
    if before is None:
        return None
    when, who = datetime.fromisoformat(before[0]), None if before[1] is None else UUID(hex=before[1])
    return f"The very same file was brought in on {instant_words(when, zone)} ({person(people, who)})."


def _confirm(counts: Mapping[str, int]) -> str:
    parts = [f"{counts[key]:,} {word}" for key, word in (("created", "new"), ("updated", "changed")) if counts[key]]
    return f"Confirm: write {' and '.join(parts)}" if parts else "Confirm without changes"


def _correction(one: Mapping[str, Any], typed: Mapping[str, str]) -> Correction:
    name = None if one["place"] is None else f"cell-{one['row']}-{one['place']}"
    who = ", ".join(f"{label(column)} {value}" for column, value in one["who"] if value)
    column = label(one["column"])
    found = one["found"] or "nothing"
    value = typed.get(name, one["value"]) if name else one["value"]
    return Correction(one["row"], name, column, value, f"Found {found}. {one['fix']}", who)


def _gone(one: Mapping[str, str]) -> Gone:
    at = datetime.fromisoformat(one["starts_at"]).astimezone(ZoneInfo(one["zone"]))
    return Gone(
        one["reference"], f"{long_day(at.date())} {clock_time(at)}, {one['name']}, appointment {one['reference']}"
    )


def _new(found: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    named = (("Sites", "new_sites"), ("Provider NPIs", "new_providers"), ("Payers", "new_payers"))
    return tuple((word, ", ".join(found[key])) for word, key in named if found[key])


_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


def _shown(text: str) -> str:
    """Show a value as it was read: dates as the pages write them."""
    if _DAY.fullmatch(text):
        return short_day(date.fromisoformat(text))
    if _MOMENT.fullmatch(text):
        at = datetime.fromisoformat(text)
        return f"{long_day(at.date())} {clock_time(at)}"
    return text


@dataclass(frozen=True, slots=True)
class DonePage:
    """What came of an import, and what to do next."""

    id: UUID
    run_id: UUID | None
    name: str
    kind: str
    by: str
    counts: tuple[tuple[str, int, str], ...]
    sentences: tuple[str, ...]
    problems: tuple[Problem, ...]
    types: tuple[tuple[str, int], ...]
    payers: tuple[tuple[str, int], ...]
    new: tuple[tuple[str, str], ...]
    schedule: bool


def done_page(draft: Draft, people: Mapping[UUID, Staff], zone: ZoneInfo) -> DonePage:
    """Put the result of an import into words."""
    found = draft.summary
    assert found is not None
    return DonePage(
        id=draft.id,
        run_id=draft.run_id,
        name=draft.head["name"],
        kind=kind_words(draft.kind),
        by=f"{person(people, draft.ended_by)}, {instant_words(draft.changed_at, zone)}",
        counts=_counts(found["counts"]),
        sentences=tuple(_happened(found)),
        problems=tuple(map(problem, found["groups"])),
        types=tuple((name, count) for name, count in found["types"]),
        payers=tuple((name, count) for name, count in found["payers"]),
        new=_new(found),
        schedule=draft.kind is Kind.SCHEDULE,
    )


def _happened(found: Mapping[str, Any]) -> list[str]:
    counts = found["counts"]
    sentences = []
    if not counts["created"] and not counts["updated"]:
        sentences.append("Nothing was changed: everything that could be read was on file already.")
    canceled, kept = found.get("canceled", 0), found.get("kept", 0)
    if canceled:
        sentences.append(f"Canceled, because gone from the file: {counted(canceled, 'visit')}.")
    if kept:
        sentences.append(f"Gone from the file and still booked: {counted(kept, 'visit')}.")
    if found.get("resumed"):
        sentences.append("Writing was interrupted once and taken up again where it had stopped.")
    return sentences
