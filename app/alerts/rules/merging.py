"""Which notices of one person and way go now, as one message; the others wait for a later sweep."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.alerts.facts.alerts import Alert
from app.alerts.facts.notices import Notice
from app.alerts.facts.outbox import Way
from app.alerts.facts.people import Person
from app.alerts.rules.people import may_tell_at, next_digest

APART = timedelta(minutes=30)
"""Between two messages to one person by one way."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice that no message tells yet, with its alert."""

    notice: Notice
    alert: Alert


def going(
    person: Person, way: Way, waiting: Sequence[Waiting], last: datetime | None, now: datetime
) -> tuple[Waiting, ...]:
    """Choose what goes to one person by one way now.

    Takes     the person; the way; what waits, in order of making; when the last message to this person by this way
              was, None: never.
    Returns   nothing within 30 minutes of the last message. What is not urgent waits for the end of quiet hours, and as
              e-mail for the daily digest of whoever has one; then all that may be told goes at once.
    """
    if last is not None and now - last < APART:
        return ()
    kinds = {(one.alert.reason, one.notice.urgent) for one in waiting}
    loud = {(reason, urgent) for reason, urgent in kinds if may_tell_at(person, reason, urgent, now) <= now}
    if way is Way.EMAIL and person.digest_at is not None:
        came = {made_at for made_at in {one.notice.made_at for one in waiting} if _digest_came(person, made_at, now)}
        waiting = [one for one in waiting if one.notice.urgent or one.notice.made_at in came]
    return tuple(one for one in waiting if (one.alert.reason, one.notice.urgent) in loud)


def latest(chosen: Iterable[Waiting]) -> tuple[Waiting, ...]:
    """Of several notices about one alert the last one: only the latest step is told. Takes them as they were made."""
    return tuple({one.notice.alert_id: one for one in chosen}.values())


def message_key(person: Person, way: Way, chosen: Iterable[Waiting]) -> str:
    """The key of the message that tells some notices: the same notices give the same message."""
    told = "\n".join(sorted(f"{one.notice.key}#{one.notice.turn}" for one in chosen))
    digest = hashlib.blake2b(told.encode(), digest_size=16).hexdigest()
    return f"msg:{way.value}:{person.id.hex}:{digest}"


def _digest_came(person: Person, made_at: datetime, now: datetime) -> bool:
    at = next_digest(person, made_at)
    return at is not None and at <= now
