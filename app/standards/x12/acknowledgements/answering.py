"""Decides what a 999 must say to each functional group of a file: which sets can be read, and why others cannot."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from app.standards.errors import ReadingError
from app.standards.reading import SETS, whole
from app.standards.x12.acknowledgements.facts import GroupAnswer, SegmentFault, SetAnswer
from app.standards.x12.envelopes import read_envelope
from app.standards.x12.facts import Group, Segment, Transaction
from app.standards.x12.reader import checked, transactions

NO_ANSWER = frozenset({"TA1", "997", "999"})
SEGMENTS_IN_ERROR = "5"
ELEMENT_ERRORS = "8"


def answers_to(stream: BinaryIO) -> Iterator[GroupAnswer]:
    """Give the answer to each functional group of a file.

    Takes     a file at its beginning, that can go back there.
    Returns   one answer for each group of an interchange whose envelope holds; acknowledgements are not acknowledged.
              An interchange whose envelope does not hold has no answers here: a TA1 refuses it as a whole.
    """
    sets = checked(stream).sets
    stream.seek(0)
    group: Group | None = None
    answers: list[SetAnswer] = []
    for _place, found in zip(range(sets), transactions(stream), strict=False):
        if found.group is not group:
            yield from _kept(group, answers)
            group, answers = found.group, []
        answers.append(_answer(found))
    yield from _kept(group, answers)


def _kept(group: Group | None, answers: list[SetAnswer]) -> Iterator[GroupAnswer]:
    kept = tuple(answer for answer in answers if answer.set_id not in NO_ANSWER)
    if group is not None and kept:
        yield GroupAnswer(group, kept)


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
