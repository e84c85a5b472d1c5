"""A change of a request that a payer has: what it says, what is wrong with it, and what is asked for after it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from app.authorizations.facts import Item, RequestedLine
from app.casework.facts.pas import GoesAlong
from app.standards.fhir.pas_facts import LineChange, SentLine
from app.values.wording import counted, short_day

NOTHING = "Nothing is changed. Change a count or a day, take a line back, add a document or write to the payer."
ALL_AWAY = "Every line would be taken back. Cancel the whole request in place of that."


@dataclass(frozen=True, slots=True)
class PasChange:
    """What a person wants to be otherwise. `urgent` None: as it was. `papers`: ids of documents that are added."""

    lines: tuple[LineChange, ...] = ()
    urgent: bool | None = None
    note: str | None = None
    papers: tuple[UUID, ...] = ()


def faults_of(sent: Sequence[SentLine], change: PasChange) -> tuple[str, ...]:
    """Say what keeps a change from going, a sentence each."""
    if not (change.lines or change.papers or change.note or change.urgent is not None):
        return (NOTHING,)
    by_sequence = {one.sequence: one for one in sent}
    found = [
        f"{by_sequence[one.sequence].code}: the last day comes before the first."
        for one in change.lines
        if not one.canceled and _backwards(by_sequence[one.sequence], one)
    ]
    away = {one.sequence for one in change.lines if one.canceled}
    if sent and all(one.canceled or one.sequence in away for one in sent):
        found.append(ALL_AWAY)
    return tuple(found)


def _backwards(line: SentLine, change: LineChange) -> bool:
    begins, ends = change.begins or line.begins, change.ends or line.ends
    return begins is not None and ends is not None and ends < begins


def cancels(sent: Sequence[SentLine]) -> tuple[LineChange, ...]:
    """Take back every line that is still asked for."""
    return tuple(LineChange(one.sequence, canceled=True) for one in sent if not one.canceled)


def told(sent: Sequence[SentLine], change: PasChange, papers: Sequence[GoesAlong]) -> tuple[str, ...]:
    """Tell a change, a sentence each: for whoever confirms it, and for the history of the case."""
    by_sequence = {one.sequence: one for one in sent}
    made = [text for one in change.lines for text in _line_told(by_sequence[one.sequence], one)]
    if change.urgent is not None:
        made.append("The request is marked as urgent." if change.urgent else "The request is no longer urgent.")
    made += [f"Document added: {one.title}." for one in papers]
    if change.note:
        made.append(f"Words to the payer: {change.note}")
    return tuple(made)


def _line_told(line: SentLine, change: LineChange) -> Iterator[str]:
    if change.canceled:
        yield f"{line.code} is taken back."
        return
    if change.quantity is not None:
        yield f"{line.code}: {_many(change.quantity, line.unit)} in place of {line.quantity or 'none named'}."
    for name, new, old in (("first", change.begins, line.begins), ("last", change.ends, line.ends)):
        if new is not None:
            yield f"{line.code}: {name} day {short_day(new)}{f' in place of {short_day(old)}' if old else ''}."


def _many(count: int, unit: str | None) -> str:
    return counted(count, "visit" if unit == "VS" else "unit")


def asked_after(
    requested: tuple[RequestedLine, ...], before: Sequence[SentLine], after: Sequence[SentLine]
) -> tuple[RequestedLine, ...] | None:
    """Say what a case asks for once a change has gone.

    Takes     what it asked for, line by line; the lines as the payer had them, and as it has them now.
    Returns   None where the case and what was sent do not have the same lines: then a person looks.
    """
    live = [one for one in before if not one.canceled]
    now = {one.sequence: one for one in after}
    if len(live) != len(requested):
        return None
    if any((line.code or line.ndc) != one.code for line, one in zip(requested, live, strict=True)):
        return None
    pairs = [(line, now[one.sequence]) for line, one in zip(requested, live, strict=True)]
    return tuple(
        replace(line, count=one.count if line.count is not None else None, begins=one.begins, ends=one.ends)
        for line, one in pairs
        if not one.canceled
    )


def is_asked(requested: Sequence[RequestedLine], after: Sequence[SentLine]) -> bool:
    """Say whether a case asks for exactly what the payer has."""
    live = [(one.code, one.count, one.begins, one.ends) for one in after if not one.canceled]
    return [(line.code or line.ndc, line.count, line.begins, line.ends) for line in requested] == live


def items_after(items: tuple[Item, ...], requested: Sequence[RequestedLine]) -> tuple[Item, ...]:
    """The codes of a request that is not decided, once a change has gone: those that are still asked for."""
    counts = {(line.code, line.last): line for line in requested}
    return tuple(
        replace(item, counting=line.counting, count=line.count)
        for item in items
        if len(item.codes) == 1 and (line := counts.get((item.codes[0], item.last))) is not None
    )


def span_after(requested: Sequence[RequestedLine]) -> tuple[date | None, date | None]:
    """The days that a request asks for as a whole: from its first to its last."""
    begins = [line.begins for line in requested if line.begins is not None]
    ends = [line.ends for line in requested if line.ends is not None]
    return min(begins, default=None), max(ends, default=None)
