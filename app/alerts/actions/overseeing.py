"""The Outbox as administrators see it: what waits, what went, what failed, and how a message reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.alerts.actions.outgoing import Unwritable, Written
from app.alerts.actions.writing import written
from app.alerts.facts.delivery import Attempt, Brake
from app.alerts.facts.notices import SweepState
from app.alerts.facts.outbox import Delivery, State, To, Way
from app.alerts.store import brakes, outbox, sweeps, told
from app.audit.actions import record
from app.deadlines.rules.calendar import zone_of
from app.gateways.access import gateways_of
from app.platform.caller import Caller
from app.platform.db import writing
from app.practice.store import practice
from app.practice.store import staff as staffing

MOST_COUNTED = 1000
"""Where a state has so many messages or more, the page says no more than that."""


class MessageNotFoundError(Exception):
    """There is no such message."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How sending stands: the ways that are not set up, brakes that are on, what a sweep held back, and the time.

    `restored`: the practice came from a backup and was not released yet.
    """

    missing: frozenset[Way]
    brakes: tuple[Brake, ...]
    held: SweepState
    sample: bool
    names: Mapping[UUID, str]
    now: datetime
    today: date
    zone: str
    restored: bool = False


@dataclass(frozen=True, slots=True)
class OutboxListing:
    """One page of messages, newest first, with the counts of all states; `next`: the id from which it goes on."""

    standing: Standing
    state: State | None
    counts: Mapping[State, int]
    deliveries: tuple[Delivery, ...]
    next: UUID | None


@dataclass(frozen=True, slots=True)
class MessageStory:
    """One message, every attempt at it, and how it reads; `reads` None: a patient's, which is not shown filled in."""

    standing: Standing
    delivery: Delivery
    attempts: tuple[Attempt, ...]
    reads: Written | Unwritable | None


def read_outbox(caller: Caller, state: State | None, before: UUID | None) -> OutboxListing:
    """Read one page of the outbox with a fixed number of queries."""
    session, practice_id = caller.session, caller.practice_id
    found = outbox.page(session, practice_id, state, before)
    more = found[-1].message.id if len(found) == outbox.PAGE else None
    counts = told.counts_up_to(session, practice_id, MOST_COUNTED)
    return OutboxListing(_standing(caller), state, counts, found, more)


def read_message(caller: Caller, message_id: UUID) -> MessageStory:
    """Read one message. Raises MessageNotFoundError."""
    session, practice_id = caller.session, caller.practice_id
    found = outbox.delivery(session, practice_id, message_id)
    if found is None:
        raise MessageNotFoundError
    reads: Written | Unwritable | None = None
    if found.message.to is To.STAFF:
        base_url = gateways_of(session).base_url
        reads = written(session, practice_id, found.message, base_url, found.reference or "", to_read=True)
    return MessageStory(_standing(caller), found, outbox.attempts_of(session, practice_id, message_id), reads)


def cancel_message(caller: Caller, message_id: UUID) -> bool:
    """Cancel a message that has not gone. Returns whether it had not. Raises MessageNotFoundError."""
    with writing(caller.session) as session:
        if outbox.delivery(session, caller.practice_id, message_id) is None:
            raise MessageNotFoundError
        cancelled = outbox.cancel(session, caller.practice_id, message_id, caller.clock.now())
        if cancelled:
            record(caller, "alerts.message_cancelled", (message_id,))
    return cancelled


def _standing(caller: Caller) -> Standing:
    session, practice_id = caller.session, caller.practice_id
    gateways = gateways_of(session)
    ways = {Way.SMS: gateways.sms, Way.EMAIL: gateways.mail}
    home = practice.practice_of(session, practice_id)
    return Standing(
        frozenset(way for way, gateway in ways.items() if gateway is None),
        tuple(one for one in brakes.brakes(session, practice_id) if one.on_since is not None),
        sweeps.state_of(session, practice_id),
        home.sample,
        {one.id: one.name for one in staffing.staff_of(session, practice_id)},
        caller.clock.now(),
        caller.clock.today(zone_of(home.zone)),
        home.zone,
        home.restored_at is not None,
    )
