"""What messages tell, field by field: of each field the value told last counts, in whatever order messages come."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

Told = Mapping[str, Sequence[Any]]
"""By field: the instant (ISO 8601, UTC) and the control id of the message that told it last, and the value."""
SEEN = "seen"
"""The field under which the messages stand that told anything, each as instant and control id."""
MOST_SEEN = 60


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a message was sent (ISO 8601, UTC), and its control id; empty where it has none."""

    at: str
    control: str


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told after a message: the fields of which it has the last word, and those that it changes by that.

    `repeated`: the same message told it before.
    """

    told: Told
    won: frozenset[str]
    changed: frozenset[str]
    repeated: bool

    def value(self, field: str) -> Any:
        """Give the value of a field that was told last; None where nobody told one."""
        return value_of(self.told, field)


def value_of(told: Told, field: str) -> Any:
    """Give the value of a field; None where nobody told one."""
    return told[field][2] if field in told else None


def stamp_of(sent_at: Any, control: Any, now: datetime, zone: ZoneInfo) -> Stamp:
    """Say when a message was sent: as it says, in the practice's zone where it names none; else when it came."""
    try:
        sent = datetime.fromisoformat(sent_at) if isinstance(sent_at, str) else now
        at = (sent if sent.tzinfo else sent.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        at = now
    return Stamp(at.isoformat(timespec="microseconds"), control[:200] if isinstance(control, str) else "")


def tell(told: Told, stamp: Stamp, values: Mapping[str, Any]) -> Telling:
    """Let a message tell values; None is not told. A field goes to the later message, by instant, then control id."""
    after = dict(told)
    won, changed = set(), set()
    seen = [list(one) for one in told.get(SEEN, ())]
    for field, value in values.items():
        entry = [stamp.at, stamp.control, value]
        before = told.get(field)
        if value is None or (before is not None and _order(before) >= _order(entry)):
            continue
        after[field] = entry
        won.add(field)
        if before is None or before[2] != value:
            changed.add(field)
    mark = [stamp.at, stamp.control]
    repeated = mark in seen and not won
    after[SEEN] = sorted([*seen, mark] if mark not in seen else seen)[-MOST_SEEN:]
    return Telling(after, frozenset(won), frozenset(changed), repeated)


def joined(one: Told, other: Told) -> Told:
    """Put together what was told of two records that are one."""
    fields = (one.keys() | other.keys()) - {SEEN}
    both = {field: max((told[field] for told in (one, other) if field in told), key=_order) for field in fields}
    seen = {tuple(mark) for told in (one, other) for mark in told.get(SEEN, ())}
    return both | {SEEN: [list(mark) for mark in sorted(seen)][-MOST_SEEN:]}


def _order(entry: Sequence[Any]) -> tuple[str, str, str]:
    return (entry[0], entry[1], json.dumps(entry[2], sort_keys=True))
