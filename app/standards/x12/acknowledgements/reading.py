"""Reads what answers an envelope: 999 and 997 (a functional group was taken in or not), TA1 (an interchange was)."""

from typing import Any

from app.standards.x12.amounts import whole
from app.standards.x12.facts import Segment, Transaction
from app.standards.x12.loops import heading, said
from app.standards.x12.periods import iso_day

FIRST_REASON = {"IK5": 2, "AK5": 2, "AK9": 5}


def read_999(transaction: Transaction) -> dict[str, Any]:
    """Read a 999, or a 997 of the versions before it.

    Takes     the transaction set; its segments are read through.
    Returns   `content`: `group_status` (AK901), `counts` (whole numbers, None where they are none), `reasons` of the
              group, and `sets`, each with its status (IK501), its `reasons` and `errors`: segment, its position in the
              set as sent, code, and where an element is meant, which (IK401); `context` (CTX) where there is one.
    Raises    ReadingError: what the envelope raises.
    """
    reader = _Reader()
    for segment in transaction:
        reader.take(segment)
    content = {"version": transaction.version} | reader.content
    return heading(transaction, f"x12.{transaction.set_id}") | {"content": content}


def read_ta1(transaction: Transaction) -> dict[str, Any]:
    """Read a TA1: which interchange it answers (TA101), of which day, and its status and reason (TA104, TA105)."""
    segment = next(iter(transaction), [])
    content = {
        "acknowledged": said(segment, 1),
        "date": iso_day(said(segment, 2)),
        "time": said(segment, 3),
        "status": said(segment, 4),
        "code": said(segment, 5),
    }
    return heading(transaction, "x12.ta1") | {"content": content}


class _Reader:
    """The place in a 999: which set and which segment of it is spoken of."""

    def __init__(self) -> None:
        self.content: dict[str, Any] = {
            "group": {"functional": None, "control_number": None, "version": None},
            "group_status": None,
            "counts": {"included": None, "received": None, "accepted": None},
            "reasons": [],
            "sets": [],
        }
        self._set: dict[str, Any] | None = None
        self._at: dict[str, Any] = {"segment": None, "position": None}
        self._error: dict[str, Any] | None = None
        self._steps = {
            "AK1": self._group,
            "AK2": self._begin_set,
            "AK3": self._segment,
            "IK3": self._segment,
            "AK4": self._element,
            "IK4": self._element,
            "CTX": self._context,
            "AK5": self._end_set,
            "IK5": self._end_set,
            "AK9": self._end,
        }

    def take(self, segment: Segment) -> None:
        """Take in the next segment; those that say nothing of this kind are passed over."""
        step = self._steps.get(segment[0])
        if step is not None:
            step(segment)

    def _group(self, segment: Segment) -> None:
        names = ("functional", "control_number", "version")
        self.content["group"] = {name: said(segment, place) for place, name in enumerate(names, 1)}

    def _begin_set(self, segment: Segment) -> None:
        self._set = {"control_number": said(segment, 2), "status": None, "errors": []}
        self._set |= {"set_id": said(segment, 1), "version": said(segment, 3), "reasons": []}
        self._error = None
        self.content["sets"].append(self._set)

    def _segment(self, segment: Segment) -> None:
        self._at = {"segment": said(segment, 1), "position": said(segment, 2)}
        self._add(self._at | {"code": said(segment, 4)})

    def _element(self, segment: Segment) -> None:
        self._add(self._at | {"code": said(segment, 3), "element": said(segment, 1)})

    def _context(self, segment: Segment) -> None:
        if self._error is not None:
            self._error["context"] = [*self._error.get("context", []), *filter(None, segment[1:])]

    def _end_set(self, segment: Segment) -> None:
        if self._set is not None:
            self._set |= {"status": said(segment, 1), "reasons": reasons_of(segment)}
        self._set = self._error = None

    def _end(self, segment: Segment) -> None:
        counts = {
            name: whole(said(segment, place)) for place, name in enumerate(("included", "received", "accepted"), 2)
        }
        self.content |= {"group_status": said(segment, 1), "counts": counts, "reasons": reasons_of(segment)}
        self._set = self._error = None

    def _add(self, error: dict[str, Any]) -> None:
        if self._set is not None:
            self._error = error
            self._set["errors"].append(error)


def reasons_of(segment: Segment) -> list[str]:
    """Give the codes at the end of an IK5, AK5 or AK9."""
    return [code for code in map(str.strip, segment[FIRST_REASON[segment[0]] :]) if code]
