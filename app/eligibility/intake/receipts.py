"""What the other side said of a file of ours: a 999 or a TA1, as the reading contract has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_REFUSED = frozenset({"R", "M", "W", "X"})
"""What a 999 says of a group or a set, and a TA1 of an interchange, of which nothing was taken in."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Which control number of ours is answered, whether all of it was refused, and else which sets of it by number."""

    kind: str
    control: int
    refused: bool
    sets: frozenset[int] = frozenset()


def read_receipt(document: Mapping[str, Any]) -> Receipt | None:
    """Read a document; None where it is about no file of eligibility requests, or names no control number."""
    content = document.get("content") or {}
    if document.get("kind") == "x12.ta1":
        control = _number(content.get("acknowledged"))
        return None if control is None else Receipt("ta1", control, content.get("status") in _REFUSED)
    group = content.get("group") or {}
    control = _number(group.get("control_number"))
    if control is None or group.get("functional") not in (None, "HS"):
        return None
    sets = (one for one in content.get("sets") or () if one.get("status") in _REFUSED)
    numbers = frozenset(number for one in sets if (number := _number(one.get("control_number"))) is not None)
    return Receipt("999", control, content.get("group_status") in _REFUSED, numbers)


def _number(text: Any) -> int | None:
    told = str(text or "").strip()
    return int(told) if told.isascii() and told.isdecimal() and len(told) <= 9 else None
