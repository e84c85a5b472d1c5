"""Writes a 999 (005010X231A1), our answer to a functional group, and reads it back before it is given out."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from app.standards.errors import ReadingError
from app.standards.x12.acknowledgements.facts import GroupAnswer, SetAnswer
from app.standards.x12.acknowledgements.reading import read_999
from app.standards.x12.facts import Segment
from app.standards.x12.reader import transactions
from app.standards.x12.writing import Cover, WritingError, exact, interchange

VERSION = "005010X231A1"


def write_999(answer: GroupAnswer, cover: Cover) -> bytes:
    """Write the answer to one group as an interchange of its own.

    Takes     the group and what came of its sets; who answers whom (the sender of the group receives), under which
              control number.
    Returns   the bytes: what `read_999` reads out of them is what was to be said.
    Raises    WritingError where a control number or code of the group has a sign that X12 cannot carry.
    """
    content = interchange(cover, "FA", VERSION, [("999", list(_segments(answer)))])
    if _read_back(content) != [_expected(answer)]:
        raise WritingError("acknowledgement", "what was written does not read back as what was to be said.")
    return content


def _segments(answer: GroupAnswer) -> Iterator[Segment]:
    group = answer.group
    functional, version = exact("group", group.functional, 2, 2), exact("version of the group", group.version, 12)
    yield ["AK1", functional, exact("control number of the group", group.control, 9, 1), version]
    for one in answer.sets:
        yield from _set(one)
    received = str(len(answer.sets))
    yield ["AK9", answer.status, received, received, str(answer.accepted)]


def _set(answer: SetAnswer) -> Iterator[Segment]:
    set_id = exact("set", answer.set_id, 3, 3)
    control, version = exact("control number of the set", answer.control, 9, 1), exact("version", answer.version, 35)
    yield ["AK2", set_id, control, version]
    for fault in answer.faults:
        yield [
            "IK3",
            exact("segment", fault.segment_id, 3, 2),
            str(fault.position),
            "",
            exact("code", fault.code, 3, 1),
        ]
    yield ["IK5", "A" if answer.accepted else "R", *(exact("reason", reason, 3, 1) for reason in answer.reasons[:5])]


def _read_back(content: bytes) -> list[dict[str, Any]]:
    try:
        return [read_999(transaction)["content"] for transaction in transactions(BytesIO(content))]
    except ReadingError:
        return []


def _expected(answer: GroupAnswer) -> dict[str, Any]:
    group, received = answer.group, len(answer.sets)
    return {
        "version": VERSION,
        "group": {"functional": group.functional, "control_number": group.control, "version": group.version or None},
        "group_status": answer.status,
        "counts": {"included": received, "received": received, "accepted": answer.accepted},
        "reasons": [],
        "sets": [_expected_set(one) for one in answer.sets],
    }


def _expected_set(answer: SetAnswer) -> dict[str, Any]:
    return {
        "control_number": answer.control,
        "status": "A" if answer.accepted else "R",
        "errors": [
            {"segment": one.segment_id, "position": str(one.position), "code": one.code} for one in answer.faults
        ],
        "set_id": answer.set_id,
        "version": answer.version or None,
        "reasons": list(answer.reasons[:5]),
    }
