"""Who pays for a visit: all of it taken to the patient, and brought back exactly as it was."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, TypeAlias
from uuid import UUID

from app.schedule.facts import BillTo, LineSource, ServiceLine, VisitRecord

Payers: TypeAlias = Mapping[str, list[str | None]]
"""By a line's id (hex): who paid, and what the row that names only a visit type said of it (None: nothing)."""

_SAID = "bill_to"


def as_self_pay(record: VisitRecord) -> tuple[VisitRecord, Payers]:
    """Let the patient pay for every line of a visit.

    What the rows of visit types say is changed too, so that a file with an empty cell, or another meaning of the type,
    does not bring insurance back.
    Returns   the visit, and what `restored` needs; equal to the visit given, and empty, where nothing changed.
    """
    before: dict[str, list[str | None]] = {}
    lines, sources = [], []
    for line, source in zip(record.visit.lines, record.sources, strict=True):
        facts = source.row_facts
        said = None if facts is None else facts.get(_SAID)
        silent = facts is not None and said is not BillTo.SELF_PAY
        if line.bill_to is not BillTo.SELF_PAY or silent:
            before[line.id.hex] = [line.bill_to.value, None if said is None else BillTo(said).value]
        lines.append(replace(line, bill_to=BillTo.SELF_PAY))
        sources.append(source if facts is None else _saying(source, BillTo.SELF_PAY))
    if all(line.bill_to is BillTo.SELF_PAY for line in record.visit.lines):
        return record, {}
    return VisitRecord(replace(record.visit, lines=tuple(lines)), tuple(sources)), before


def lines_as_self_pay(record: VisitRecord, line_ids: Collection[UUID]) -> tuple[VisitRecord, Payers]:
    """Let the patient pay for some lines of a visit that insurance would be asked for; lines billed outside stay.

    What the row of a visit type says is changed only where every line of that row is named, so that another meaning of
    the type never takes a line out of insurance that nobody named.
    Returns   as `as_self_pay` does.
    """
    named = [line.id in line_ids for line in record.visit.lines]
    others = {source.place for source, mine in zip(record.sources, named, strict=True) if not mine}
    before: dict[str, list[str | None]] = {}
    lines, sources = [], []
    for line, source, mine in zip(record.visit.lines, record.sources, named, strict=True):
        if mine and line.bill_to is BillTo.INSURANCE:
            said = None if source.row_facts is None else source.row_facts.get(_SAID)
            before[line.id.hex] = [line.bill_to.value, None if said is None else BillTo(said).value]
            line = replace(line, bill_to=BillTo.SELF_PAY)
            source = source if source.place in others else _saying(source, BillTo.SELF_PAY)
        lines.append(line)
        sources.append(source)
    return VisitRecord(replace(record.visit, lines=tuple(lines)), tuple(sources)), before


def restored(record: VisitRecord, before: Payers) -> VisitRecord:
    """Bring back who paid, line by line. What was changed since by someone else, and new lines, stay as they are."""
    lines, sources = [], []
    for line, source in zip(record.visit.lines, record.sources, strict=True):
        was = before.get(line.id.hex)
        if was is None or line.bill_to is not BillTo.SELF_PAY:
            lines.append(line)
            sources.append(source)
            continue
        lines.append(_paid(line, was[0]))
        sources.append(_saying(source, None if was[1] is None else BillTo(was[1])))
    return VisitRecord(replace(record.visit, lines=tuple(lines)), tuple(sources))


def _paid(line: ServiceLine, by: str | None) -> ServiceLine:
    return line if by is None else replace(line, bill_to=BillTo(by))


def _saying(source: LineSource, bill_to: BillTo | None) -> LineSource:
    if source.row_facts is None:
        return source
    facts: dict[str, Any] = {name: value for name, value in source.row_facts.items() if name != _SAID}
    return replace(source, row_facts=facts if bill_to is None else facts | {_SAID: bill_to})
