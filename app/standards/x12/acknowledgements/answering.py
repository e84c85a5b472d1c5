"""Decides what a TA1 must say to the interchanges of a file and a 999 to its groups: what can be read, and what not."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from app.standards.errors import ReadingError
from app.standards.reading import SETS, whole
from app.standards.x12.acknowledgements.facts import GroupAnswer, InterchangeAnswer, SegmentFault, SetAnswer
from app.standards.x12.envelopes import read_envelope
from app.standards.x12.facts import Group, Interchange, Segment, Transaction
from app.standards.x12.reader import checked, transactions

NO_ANSWER = frozenset({"TA1", "997", "999"})
_NO_ANSWER_KINDS = frozenset(f"x12.{one.lower()}" for one in NO_ANSWER)
SEGMENTS_IN_ERROR = "5"
ELEMENT_ERRORS = "8"


def interchanges_to_answer(stream: BinaryIO) -> tuple[InterchangeAnswer, ...]:
    """Name the interchanges of a file that a TA1 answers.

    Takes     a file at its beginning, that can go back there.
    Returns   each whole one whose sender asks for it (ISA14), once; and the one whose envelope does not hold, asked or
              not, as far as its ISA can be read. One that holds nothing but acknowledgements is never answered: two
              programs that acknowledge acknowledgements never end.
    """
    seen = checked(stream)
    stream.seek(0)
    found: list[InterchangeAnswer] = []
    last: Interchange | None = None
    for _place, one in zip(range(seen.sets), transactions(stream), strict=False):
        if one.interchange is not last and one.interchange.acknowledge and one.set_id not in NO_ANSWER:
            last = one.interchange
            found.append(InterchangeAnswer(last))
    if seen.broken is not None and seen.fault is not None and seen.fault.kind not in _NO_ANSWER_KINDS:
        found.append(InterchangeAnswer(seen.broken, seen.fault))
    return tuple(found)


def answers_to(stream: BinaryIO) -> Iterator[GroupAnswer]:
    """Give the answer to each functional group of a file.

    Takes     a file at its beginning, that can go back there.
    Returns   one answer for each group of an interchange whose envelope holds; acknowledgements are not acknowledged.
              An interchange whose envelope does not hold has no answers here: a TA1 refuses it as a whole.
    """
    sets = checked(stream).sets
    stream.seek(0)
    group: Group | None = None
    within: Interchange | None = None
    answers: list[SetAnswer] = []
    for _place, found in zip(range(sets), transactions(stream), strict=False):
        if found.group is not group:
            yield from _kept(group, answers, within)
            group, answers, within = found.group, [], found.interchange
        answers.append(_answer(found))
    yield from _kept(group, answers, within)


def _kept(group: Group | None, answers: list[SetAnswer], within: Interchange | None) -> Iterator[GroupAnswer]:
    kept = tuple(answer for answer in answers if answer.set_id not in NO_ANSWER)
    if group is not None and kept:
        yield GroupAnswer(group, kept, within)


def _answer(transaction: Transaction) -> SetAnswer:
    """Read one set, and say what came of it."""
    begins, ids = transaction.number, ["ST"]
    transaction.segments = _noting(transaction, transaction.segments, ids)
    named = (transaction.set_id, transaction.control, transaction.version)
    try:
        _read(transaction)
    except ReadingError as fault:
        place = fault.where - begins if isinstance(fault.where, int) else 0
        if 0 < place < len(ids):
            return SetAnswer(*named, (SEGMENTS_IN_ERROR,), (SegmentFault(ids[place], place + 1, ELEMENT_ERRORS),))
        return SetAnswer(*named, (SEGMENTS_IN_ERROR,))
    return SetAnswer(*named)


def _read(transaction: Transaction) -> dict[str, Any]:
    document = whole(SETS.get(transaction.set_id, read_envelope)(transaction))
    for _rest in transaction.segments:
        pass
    return document


def _noting(transaction: Transaction, segments: Any, ids: list[str]) -> Iterator[Segment]:
    for segment in segments:
        ids.append(segment[0])
        yield segment
