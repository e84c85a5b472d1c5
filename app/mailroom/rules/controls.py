"""By what a set is known again: the control numbers that its sender gave it, and what it says."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.mailroom.facts import Envelope

_NOT_SAID = frozenset({"file", "interchange", "transaction", "control_number"})
"""What of a reader's object is not what the set itself says."""


def control_text(envelope: Envelope) -> str | None:
    """Write the control numbers of a set as one text; None where it does not bear all that it is known by."""
    named = (envelope.set_id, envelope.sender, envelope.interchange or "", envelope.group or "", envelope.transaction)
    return "\x1f".join(map(str, named)) if envelope.sender and envelope.transaction else None


def said(read: Mapping[str, Any]) -> str:
    """Write what a set says as one text, whatever numbers and file it came under."""
    kept = {name: value for name, value in read.items() if name not in _NOT_SAID}
    return json.dumps(kept, sort_keys=True, ensure_ascii=False)


def enveloped(
    documents: Iterable[Mapping[str, Any]], envelopes: Iterable[Envelope]
) -> Iterator[tuple[Mapping[str, Any], Envelope | None]]:
    """Give each set that a reader gave its envelope, found by its numbers, in the order of the file."""
    waiting: dict[tuple[str | None, str | None], list[Envelope]] = {}
    for one in envelopes:
        waiting.setdefault((one.interchange, one.transaction), []).append(one)
    for read in documents:
        found = waiting.get((read.get("interchange"), read.get("transaction")))
        yield read, found.pop(0) if found else None
