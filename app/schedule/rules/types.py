"""What a visit type of the practice system stands for."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from app.schedule.facts import BillTo, LineSource, ServiceLine, VisitRecord, VisitType


def type_key(name: str) -> str:
    """Reduce a visit type's name to what counts: letters and digits without case."""
    return re.sub(r"[^0-9a-z]", "", name.casefold()) or name.strip().casefold()


def lines_of_type(
    visit_type: str, meaning: VisitType | None, facts: Mapping[str, Any], ids: Sequence[UUID], first: int
) -> tuple[ServiceLine, ...]:
    """Make the lines that a row stands for, where it names a visit type and no code.

    Takes     the type as written; its meaning, None when no one has mapped it; what the row said, by the field names
              of ServiceLine; as many ids as there are lines; the first position.
    Returns   one line without code for an unmapped type. Of a mapped one its lines with the row's facts: what the row
              says of who pays goes before the mapping; of units the larger counts, where the type has one line.
    """
    if meaning is None:
        return (ServiceLine(ids[0], first, None, visit_type=visit_type, **facts),)
    single = len(meaning.lines) == 1
    made = []
    for place, line in enumerate(meaning.lines):
        units = max(line.units, facts.get("units", 1)) if single else line.units
        bill_to = facts.get("bill_to") or line.bill_to or BillTo.INSURANCE
        given = dict(facts) | {"units": units, "bill_to": bill_to}
        made.append(
            ServiceLine(
                ids[place], first + place, line.code, drug=line.drug, visit_type=visit_type, klass=line.klass, **given
            )
        )
    return tuple(made)


def type_size(meaning: VisitType | None) -> int:
    """Count the lines of a visit type."""
    return 1 if meaning is None else len(meaning.lines)


def with_meaning(record: VisitRecord, key: str, meaning: VisitType, new_id: Callable[[], UUID]) -> VisitRecord:
    """Apply a type's meaning to the lines of a visit that came from rows of that type. Ids of lines stay."""
    lines: list[ServiceLine] = []
    sources: list[LineSource] = []
    done: set[int] = set()
    position = 0
    for line, source in zip(record.visit.lines, record.sources, strict=True):
        if source.row_facts is None or line.visit_type is None or type_key(line.visit_type) != key:
            made: tuple[ServiceLine, ...] = (replace(line, position=max(position, line.position)),)
        elif source.place in done:
            continue
        else:
            done.add(source.place)
            old = [
                one.id for one, its in zip(record.visit.lines, record.sources, strict=True) if its.place == source.place
            ]
            ids = old + [new_id() for _ in range(type_size(meaning) - len(old))]
            made = lines_of_type(line.visit_type, meaning, source.row_facts, ids, max(position, line.position))
        position = made[-1].position + 1
        lines.extend(made)
        sources.extend([source] * len(made))
    return VisitRecord(replace(record.visit, lines=tuple(lines)), tuple(sources))
