"""What the other side said of a file of ours that asked for an approval: a 999 or a TA1 that refuses it."""

from collections.abc import Mapping
from typing import Any

_REFUSED = frozenset({"R", "M", "W", "X"})
"""What a 999 says of a group or a set, and a TA1 of an interchange, of which nothing was taken in."""


def refused_control(document: Mapping[str, Any]) -> int | None:
    """Give the number of the file that a receipt refuses; None where it refuses none, or one of another kind.

    A file of ours holds one request: where its only set is refused, all of it is.
    """
    content = document.get("content") or {}
    if document.get("kind") == "x12.ta1":
        return _number(content.get("acknowledged")) if content.get("status") in _REFUSED else None
    group = content.get("group") or {}
    if group.get("functional") not in (None, "HI"):
        return None
    said = [content.get("group_status"), *(one.get("status") for one in content.get("sets") or ())]
    return _number(group.get("control_number")) if any(one in _REFUSED for one in said) else None


def _number(text: Any) -> int | None:
    told = str(text or "").strip()
    return int(told) if told.isascii() and told.isdecimal() and len(told) <= 9 else None
