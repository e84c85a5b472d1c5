"""Cursors: where the next page of a list begins, for the list that was asked and for no other."""

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")
MOST, USUAL = 200, 50
LONGEST_CURSOR = 400
_STAMP = 12


class BadCursorError(Exception):
    """A cursor was not made by the list that it is sent to."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list, and the place after which the next one begins; None: this is the last."""

    rows: tuple[Row, ...]
    after: tuple[str, ...] | None


def write_cursor(asked: str, place: Sequence[str]) -> str:
    """Write a cursor.

    Takes     what was asked (list and filters, as one text); the place of the last row, as texts.
    Returns   letters, digits, dashes and underscores. It holds ids and times of ours, and a digest of what was asked:
              with other filters it is refused. Whatever it says, a page shows only what is in sight.
    """
    content = json.dumps([_stamp(asked), *place], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def read_cursor(asked: str, cursor: str | None, parts: int) -> tuple[str, ...] | None:
    """Read a cursor of so many parts for what is asked; None for the first page. Raises BadCursorError."""
    if cursor is None:
        return None
    try:
        content = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        found = json.loads(content)
    except (binascii.Error, ValueError, RecursionError):
        raise BadCursorError from None
    if not isinstance(found, list) or len(found) != parts + 1 or not all(isinstance(part, str) for part in found):
        raise BadCursorError
    if found[0] != _stamp(asked):
        raise BadCursorError
    return tuple(found[1:])


def _stamp(asked: str) -> str:
    return hashlib.sha256(asked.encode()).hexdigest()[:_STAMP]
