"""A visit as its rows say it, against the visit on file: which line is which, what is new, changed or gone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from app.imports.rules.plans import Placed
from app.schedule.facts import LineSource, ServiceLine, Visit, VisitRecord, VisitStatus, VisitType
from app.schedule.rules.types import lines_of_type, type_key, type_size
from app.schedule.rules.unread import unread_line, with_unread

Key = tuple[str, str, tuple[str, ...]]
SELF_PAY = "self_pay"
"""What `named_payer` of a line says when the schedule's words mean that there is no coverage."""


@dataclass(frozen=True, slots=True)
class Group:
    """The lines that one row stands for: one, or several of a mapped visit type."""

    key: Key
    lines: tuple[ServiceLine, ...]
    row_facts: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Decided:
    """The visit to write, and what it was. `created` and `changed` name rows; `gone` lines no longer in the file."""

    record: VisitRecord
    before: VisitRecord | None
    created: frozenset[int]
    changed: frozenset[int]
    gone: tuple[str, ...]


def row_key(placed: Placed) -> Key:
    """Make the natural key of a row within its visit: code or visit type, and modifiers."""
    row = placed.row
    modifiers = tuple(sorted(row.line.get("modifiers", ())))
    return ("code", row.code, modifiers) if row.code else ("type", type_key(row.visit_type or ""), modifiers)


def decide_visit(
    rows: Sequence[Placed],
    patient_id: UUID,
    before: VisitRecord | None,
    meanings: Mapping[str, VisitType],
    refused_row: int | None,
    new_id: Callable[[], UUID],
) -> Decided:
    """Decide one visit.

    Takes     its rows in the file's order; the visit on file; what visit types mean; the first row of the visit that
              was refused, None where every row could be taken (a line is only gone when the file shows the visit
              whole; else the visit is held by a line that stands for the row).
    """
    complete = refused_row is None
    old = _groups(before)
    matched = _match(rows, old)
    kept = {place for place in matched.values() if place is not None}
    rest = [place for place in range(len(old)) if place not in kept]
    by_place = {place: placed for placed, place in zip(rows, matched.values(), strict=True) if place is not None}
    groups: list[tuple[Placed | None, Group]] = [
        (by_place[place], _group(by_place[place], old[place], meanings, new_id))
        if place in by_place
        else (None, old[place])
        for place in range(len(old))
        if place in by_place or not complete
    ]
    fresh = [placed for placed, place in zip(rows, matched.values(), strict=True) if place is None]
    groups += [(placed, _group(placed, None, meanings, new_id)) for placed in fresh]
    record = _record(rows, patient_id, before, [group for _, group in groups], new_id)
    if refused_row is not None:
        record = with_unread(record, refused_row, unread_line(before), new_id)
    moved = before is not None and _frame(record.visit) != _frame(before.visit)
    changed = {
        placed.row.row
        for placed, place in zip(rows, matched.values(), strict=True)
        if place is not None and (moved or _content(_of(groups, placed)) != _content(old[place]))
    }
    gone = tuple(old[place].key[1] for place in rest) if complete else ()
    return Decided(record, before, frozenset(placed.row.row for placed in fresh), frozenset(changed), gone)


def _of(groups: Sequence[tuple[Placed | None, Group]], placed: Placed) -> Group:
    return next(group for owner, group in groups if owner is placed)


def _content(group: Group) -> tuple[Any, ...]:
    return tuple(replace(line, position=0) for line in group.lines)


def _frame(visit: Visit) -> tuple[Any, ...]:
    return (visit.patient_id, visit.site_id, visit.starts_at, visit.day, visit.status)


def _groups(record: VisitRecord | None) -> list[Group]:
    """Gather a stored visit's lines by the row that they came from; the line of a refused row came from none."""
    gathered: dict[int, list[tuple[ServiceLine, LineSource]]] = {}
    if record is not None:
        for line, source in zip(record.visit.lines, record.sources, strict=True):
            if line.refused_row is not None:
                continue
            gathered.setdefault(source.place, []).append((line, source))
    groups = []
    for place in sorted(gathered):
        lines = tuple(line for line, _ in gathered[place])
        facts = gathered[place][0][1].row_facts
        if facts is None:
            key: Key = ("code", lines[0].code or "", tuple(sorted(lines[0].modifiers)))
        else:
            key = ("type", type_key(lines[0].visit_type or ""), tuple(sorted(facts.get("modifiers", ()))))
        groups.append(Group(key, lines, facts))
    return groups


def _match(rows: Sequence[Placed], old: Sequence[Group]) -> dict[int, int | None]:
    """Match rows with stored groups, by key and then place among equals; by row number, None for a new one.

    An empty modifiers cell changes nothing: such a row also takes a line of the same code that has modifiers.
    """
    free = dict(enumerate(old))
    found: dict[int, int | None] = {}
    for placed in rows:
        key = row_key(placed)
        found[placed.row.row] = place = next((place for place, group in free.items() if group.key == key), None)
        if place is not None:
            del free[place]
    for placed in rows:
        key = row_key(placed)
        if found[placed.row.row] is None and not key[2]:
            alike = next((place for place, group in free.items() if group.key[:2] == key[:2]), None)
            if alike is not None:
                found[placed.row.row] = alike
                del free[alike]
    return found


def _group(placed: Placed, old: Group | None, meanings: Mapping[str, VisitType], new_id: Callable[[], UUID]) -> Group:
    row, key = placed.row, row_key(placed)
    given = dict(row.line)
    if placed.payer is not None:
        given["named_payer"] = SELF_PAY if placed.payer.self_pay else placed.payer.key
    if placed.member is not None:
        given["named_member"] = placed.member
    if row.code is None:
        meaning = meanings.get(key[1])
        facts = {**(old.row_facts or {} if old else {}), **given}
        ids = [line.id for line in old.lines] if old else []
        ids += [new_id() for _ in range(type_size(meaning) - len(ids))]
        visit_type = old.lines[0].visit_type if old and old.lines[0].visit_type else row.visit_type
        return Group(key, lines_of_type(visit_type or "", meaning, facts, ids, 0), facts)
    if row.visit_type is not None:
        given["visit_type"] = row.visit_type
    line = replace(old.lines[0], **given) if old else ServiceLine(new_id(), 0, row.code, **given)
    return Group(key, (line,), None)


def _record(
    rows: Sequence[Placed],
    patient_id: UUID,
    before: VisitRecord | None,
    groups: Sequence[Group],
    new_id: Callable[[], UUID],
) -> VisitRecord:
    head = rows[0]
    said = next((placed.row.status for placed in rows if placed.row.status is not None), None)
    lines: list[ServiceLine] = []
    sources: list[LineSource] = []
    for place, group in enumerate(groups):
        for line in group.lines:
            lines.append(replace(line, position=len(lines)))
            sources.append(LineSource(place, group.row_facts))
    visit = Visit(
        before.visit.id if before else new_id(),
        head.row.reference,
        patient_id,
        head.site_id,
        head.starts_at,
        head.day,
        VisitStatus(said) if said else before.visit.status if before else VisitStatus.BOOKED,
        tuple(lines),
        before.visit.version if before else 1,
    )
    return VisitRecord(visit, tuple(sources))
