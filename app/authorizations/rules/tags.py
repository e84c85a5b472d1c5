"""The tags of a case: what its state and its dates say beside its status. Derived, never typed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.authorizations.facts import AuthorizationRecord, Kind, Tag
from app.authorizations.rules.moves import GRANTED, OPEN

EXPIRING_DAYS = 60
FEW_LEFT = 5


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of the item with the fewest: approved less used, and how many of these are booked. Whole units."""

    left: int
    booked: int = 0


def is_open(record: AuthorizationRecord) -> bool:
    """Say whether somebody must do something next: it is not decided, or the payer's yes has no number."""
    return record.status in OPEN or (record.status in GRANTED and record.verbal)


def tags_of(
    record: AuthorizationRecord, today: date, left: Left | None = None, due_on: date | None = None
) -> tuple[Tag, ...]:
    """Derive the tags of a case, in the order in which they are shown.

    Takes     the practice's day; what is left and booked, None where nothing is counted; the next deadline, if any
              (the day of the next action counts as one).
    """
    return tuple(_tags(record, today, left, due_on))


def _tags(record: AuthorizationRecord, today: date, left: Left | None, due_on: date | None) -> Iterator[Tag]:
    if is_open(record) and any(day is not None and day < today for day in (due_on, record.next_action_on)):
        yield Tag.OVERDUE
    if record.urgent and record.status in OPEN:
        yield Tag.URGENT
    if record.status in GRANTED and (record.verbal or not (record.number or record.reference)):
        yield Tag.VERBAL
    if record.status in OPEN and record.too_early_until is not None and today < record.too_early_until:
        yield Tag.TOO_EARLY
    yield from _of_grant(record, today, left)
    if record.kind is Kind.RETRO:
        yield Tag.RETRO
    if record.kind is Kind.RENEWAL:
        yield Tag.RENEWAL


def _of_grant(record: AuthorizationRecord, today: date, left: Left | None) -> Iterator[Tag]:
    if record.status not in GRANTED:
        return
    if record.ends is not None and record.ends < today:
        yield Tag.ENDED
    elif record.ends is not None and record.ends <= today + timedelta(days=EXPIRING_DAYS):
        yield Tag.EXPIRING
    if left is not None and left.left <= 0:
        yield Tag.USED_UP
    elif left is not None and (left.left <= FEW_LEFT or left.booked > left.left):
        yield Tag.UNITS_LOW
