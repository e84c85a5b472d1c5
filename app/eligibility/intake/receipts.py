"""What the other side said of a file of ours: a 999 or a TA1, as the reading contract has it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_REFUSED = frozenset({"R", "M", "W", "X"})
"""What a 999 says of a group or a set, and a TA1 of an interchange, of which nothing was taken in."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Which control number of ours is answered, whether all of it was refused, and else which sets of it by number.

    `code` says why all of it was refused, the values of `sets` why each of these: `ta1:022`, `group:2`, `set:5` (the
    first code of TA105, AK905 or IK502, none behind the colon where none was sent).
    """

    kind: str
    control: int
    refused: bool
    sets: Mapping[int, str] = field(default_factory=dict)
    code: str = ""


def read_receipt(document: Mapping[str, Any]) -> Receipt | None:
    """Read a document; None where it is about no file of eligibility requests, or names no control number."""
    content = document.get("content") or {}
    if document.get("kind") == "x12.ta1":
        control = _number(content.get("acknowledged"))
        told = f"ta1:{_code(content.get('code'))}"
        return None if control is None else Receipt("ta1", control, content.get("status") in _REFUSED, code=told)
    group = content.get("group") or {}
    control = _number(group.get("control_number"))
    if control is None or group.get("functional") not in (None, "HS"):
        return None
    sets = (one for one in content.get("sets") or () if one.get("status") in _REFUSED)
    numbers = {
        number: f"set:{_first(one)}" for one in sets if (number := _number(one.get("control_number"))) is not None
    }
    refused = content.get("group_status") in _REFUSED
    first = next(iter(numbers.values()), "group:")
    told = _first(content)
    return Receipt("999", control, refused, numbers, f"group:{told}" if told else first)


def _first(said: Mapping[str, Any]) -> str:
    return next((code for one in said.get("reasons") or () if (code := _code(one))), "")


def _code(text: Any) -> str:
    """A code as sent, where it may be one: what a stranger writes there is kept short and plain."""
    told = str(text or "").strip()
    return told if told.isascii() and told.isalnum() and len(told) <= 3 else ""


def _number(text: Any) -> int | None:
    told = str(text or "").strip()
    return int(told) if told.isascii() and told.isdecimal() and len(told) <= 9 else None
