"""What a person does with alerts: acknowledge, snooze, hand over, take, undo; and what the bell and the list show.

Every step is one transaction with its audit line, and can be taken back for 24 hours. A form that carries the alert's
`version` is refused when somebody was quicker; the same step by the same person once more does nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.alerts.actions import steps
from app.alerts.actions.holding import discard_held, held_state, let_through
from app.alerts.actions.steps import (
    AlertNotFoundError,
    ChangedSinceError,
    NobodyToHandToError,
    SnoozeError,
)
from app.alerts.facts.alerts import Alert
from app.alerts.store import alerts as store
from app.alerts.store import inbox as inbox_store
from app.alerts.store import theirs
from app.alerts.store.inbox import Narrowed
from app.platform.caller import Caller
from app.platform.db import writing
from app.practice.facts.staff import Staff
from app.values.scope import EVERYTHING, Scope

__all__ = [
    "AlertNotFoundError",
    "ChangedSinceError",
    "Inbox",
    "Narrowed",
    "NobodyToHandToError",
    "SnoozeError",
    "discard_held",
    "held_state",
    "let_through",
]


def acknowledge(caller: Caller, alert_id: UUID, version: int | None = None) -> UUID:
    """Note that a person saw an alert. Returns the id by which `take_back` undoes it.

    Raises    AlertNotFoundError; ChangedSinceError when `version` is given and is not the alert's any more.
    """
    with writing(caller.session):
        return steps.acknowledge(caller, alert_id, version)


def snooze(caller: Caller, alert_id: UUID, until: date, version: int | None = None) -> UUID:
    """Be told of an alert again on a day, and not before. Returns the id by which `take_back` undoes it.

    Raises    as `acknowledge`; SnoozeError when the day is not after today, or lies after the alert's last day.
    """
    with writing(caller.session):
        return steps.snooze(caller, alert_id, until, version)


def hand_over(caller: Caller, alert_id: UUID, to: UUID | None, version: int | None = None) -> UUID:
    """Give an alert to another person, None: to the backup of whoever hands over, else to a manager.

    Returns   the id by which `take_back` undoes it.
    Raises    as `acknowledge`; NobodyToHandToError when there is nobody, or the person named may not sign in.
    """
    with writing(caller.session):
        return steps.hand_over(caller, alert_id, to, version)


def take(caller: Caller, alert_id: UUID, version: int | None = None) -> UUID:
    """Make an alert one's own, and acknowledge it. Returns the id by which `take_back` undoes it.

    Raises    as `acknowledge`.
    """
    with writing(caller.session):
        return steps.take(caller, alert_id, version)


def take_back(caller: Caller, undo_id: UUID) -> Alert:
    """Undo a step of a person: the alert stands as before it. Returns the alert.

    Raises    AlertNotFoundError when there is no such step; ChangedSinceError when it is older than 24 hours, or
              something else was done with the alert since.
    """
    with writing(caller.session):
        return steps.take_back(caller, undo_id)


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of alerts, the one told last first. `people`: to whom each is shown, by alert.

    `after` is the place from which the next page goes on, None: this is the last.
    """

    alerts: tuple[Alert, ...]
    people: Mapping[UUID, frozenset[UUID]]
    after: tuple[datetime, UUID] | None


def inbox(caller: Caller, which: Narrowed, after: tuple[datetime, UUID] | None = None) -> Inbox:
    """Read one page of alerts: two queries, however many there are."""
    which = replace(which, scope=caller.scope)
    found, more = inbox_store.listed(caller.session, caller.practice_id, which, after)
    people = theirs.people_of(caller.session, caller.practice_id, [one.id for one in found])
    return Inbox(found, people, (found[-1].told_at, found[-1].id) if more else None)


def bell_count(session: Session, practice_id: UUID, staff: Staff, scope: Scope = EVERYTHING) -> int:
    """Count the alerts in sight that a person has not dealt with: one query."""
    return theirs.count_shown(session, practice_id, staff.id, scope)


def alert_by_code(caller: Caller, code: str) -> Alert:
    """Find the alert that a short link names. Raises AlertNotFoundError."""
    found = store.by_code(caller.session, caller.practice_id, code, caller.scope)
    if found is None:
        raise AlertNotFoundError
    return found


def read_alerts(caller: Caller, alert_ids: Sequence[UUID]) -> Mapping[UUID, Alert]:
    """Read some alerts by their ids; one that is not there is left out."""
    return store.by_ids(caller.session, caller.practice_id, alert_ids, caller.scope)
