"""Open a document through the confined child process (opener.py): its envelopes, and its lines as they came."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.mailroom.facts import Envelope
from app.platform.confined import lines_from

OPENER = Path(__file__).with_name("opener.py")
MOST_BYTES = 200 * 2**20


class UnopenedError(Exception):
    """The document could not be opened to its end within the limits."""


def envelopes_in(content: bytes) -> tuple[Envelope, ...]:
    """Name the sets of a document with the control numbers that their sender gave them, in order.

    Returns   none for a document that has no envelopes, or that could not be opened to its end.
    """
    try:
        return tuple(Envelope(*message["set"]) for message in _messages("sets", content) if "set" in message)
    except UnopenedError:
        return ()


def lines_in(content: bytes, first: int, most: int) -> tuple[tuple[str, ...], int]:
    """Read some lines of a document as they came: X12 and HL7 by segment, JSON set out anew.

    Takes     how many lines are passed over; how many are wanted at most.
    Returns   the lines; how many there are in all.
    Raises    UnopenedError.
    """
    lines: list[str] = []
    total = 0
    for message in _messages(f"lines:{first}:{most}", content):
        if "line" in message:
            lines.append(message["line"])
        else:
            total = message["end"]
    return tuple(lines), total


def _messages(argument: str, content: bytes) -> Iterator[Any]:
    message: Any = {}
    for line in lines_from(OPENER, argument, content, MOST_BYTES):
        message = json.loads(line)
        yield message
    if "end" not in message:
        raise UnopenedError
