"""Claim a batch of messages: decided and committed before anything leaves the building."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.alerts.actions.braking import open_ways
from app.alerts.actions.outgoing import Hands, Outgoing, Unwritable, Written
from app.alerts.actions.undelivered import raise_undelivered
from app.alerts.facts.delivery import Due
from app.alerts.facts.outbox import Message, State, To, Way
from app.alerts.rules.braking import MOST_TO_ONE
from app.alerts.store import claims
from app.audit.actions import record
from app.gateways.access import gateways_of
from app.platform.caller import Caller
from app.platform.ids import new_id
from app.platform.incidents import describe, new_incident
from app.platform.logs import log

BATCH = 50
CAP_WAIT = timedelta(hours=1)


@dataclass
class _Sorted:
    """What is to become of the messages that are due."""

    chosen: list[tuple[Due, Written]] = field(default_factory=list)
    waits: dict[UUID, tuple[datetime, str | None]] = field(default_factory=dict)
    ends: dict[UUID, tuple[State, str]] = field(default_factory=dict)
    unwritten: list[Message] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Batch:
    """A claim: what goes out, and how many messages ended instead. `seen` 0: nothing is due."""

    id: UUID
    outgoing: tuple[Outgoing, ...] = ()
    ended: int = 0
    seen: int = 0


NOTHING = Batch(UUID(int=0))
"""No batch: nothing was due."""


def is_any_due(caller: Caller) -> bool:
    """Say whether anything waits that may be claimed, without taking the lock of writers."""
    ways = _set_up(caller)
    found = bool(ways) and claims.is_any_due(caller.session, caller.practice_id, ways, caller.clock.now())
    caller.session.rollback()
    return found


def claim_batch(caller: Caller, hands: Hands) -> Batch:
    """Claim up to 50 messages that are due and may go, inside the transaction that is open.

    What is stale expires, what may not go ends or waits, and a way whose brake is on is left alone. Nothing of it may
    leave before the transaction is committed.
    """
    batch_id, gateways, now = new_id(), gateways_of(caller.session), caller.clock.now()
    ways, room = open_ways(caller, _set_up(caller), gateways.limits)
    due = claims.due(caller.session, caller.practice_id, ways, now, min(BATCH, room)) if ways else ()
    sorted_ = _sort(caller, due, hands, gateways.base_url, now)
    outgoing = _write_down(caller, caller.session, batch_id, sorted_, now)
    return Batch(batch_id, outgoing, len(sorted_.ends), len(due))


def _set_up(caller: Caller) -> frozenset[Way]:
    gateways = gateways_of(caller.session)
    both = ((Way.SMS, gateways.sms), (Way.EMAIL, gateways.mail))
    return frozenset(way for way, gateway in both if gateway is not None)


def _write_down(
    caller: Caller, session: Session, batch_id: UUID, sorted_: _Sorted, now: datetime
) -> tuple[Outgoing, ...]:
    claims.put_off(session, caller.practice_id, sorted_.waits)
    claims.end_pending(session, caller.practice_id, sorted_.ends, now)
    raise_undelivered(caller, [(message, None) for message in sorted_.unwritten], now)
    chosen = [(due, written.address, content_of(written)) for due, written in sorted_.chosen]
    claimed = claims.claim(session, caller.practice_id, batch_id, chosen, now)
    if claimed or sorted_.ends:
        ids = [one.message.id for one in claimed]
        record(caller, "alerts.sending", ids, batch=batch_id, count=len(claimed), ended=len(sorted_.ends))
    return tuple(Outgoing(claim, written) for claim, (_, written) in zip(claimed, sorted_.chosen, strict=True))


def _sort(caller: Caller, due: Sequence[Due], hands: Hands, base_url: str, now: datetime) -> _Sorted:
    sorted_ = _Sorted()
    sent = _sent_of_late(caller, due, now)
    for one in due:
        message = one.message
        if message.expires_at <= now:
            sorted_.ends[message.id] = (State.EXPIRED, "stale")
        elif sent[message.way].get(message.recipient_id, 0) >= MOST_TO_ONE[message.to is To.STAFF]:
            sorted_.waits[message.id] = (now + CAP_WAIT, "cap")
        elif _may_go_unbroken(caller, one, hands, base_url, sorted_, now):
            counts = sent[message.way]
            counts[message.recipient_id] = counts.get(message.recipient_id, 0) + 1
    return sorted_


def _may_go_unbroken(caller: Caller, due: Due, hands: Hands, base_url: str, sorted_: _Sorted, now: datetime) -> bool:
    """As `_may_go`; a message that breaks fails alone and is told of, so that it never holds up the others."""
    try:
        return _may_go(caller, due, hands, base_url, sorted_, now)
    except SQLAlchemyError:
        raise  # the transaction is not good any more
    except Exception as error:
        log().error("writing broke", incident=new_incident(), what=describe(error))
        sorted_.ends[due.message.id] = (State.FAILED, "broke")
        sorted_.unwritten.append(due.message)
        return False


def _may_go(caller: Caller, due: Due, hands: Hands, base_url: str, sorted_: _Sorted, now: datetime) -> bool:
    message = due.message
    gate = hands.gate(caller.session, caller.practice_id, message, now)
    if not gate.go:
        if gate.until is not None:
            sorted_.waits[message.id] = (max(gate.until, now + timedelta(seconds=1)), gate.why)
        else:
            sorted_.ends[message.id] = (State.CANCELLED, gate.why or "gate")
        return False
    written = hands.write(caller.session, caller.practice_id, message, base_url, due.reference)
    if isinstance(written, Unwritable):
        sorted_.ends[message.id] = (State.FAILED, written.why)
        sorted_.unwritten.append(message)
        return False
    sorted_.chosen.append((due, written))
    return True


def _sent_of_late(caller: Caller, due: Sequence[Due], now: datetime) -> dict[Way, dict[UUID, int]]:
    """How many messages each recipient was sent in the last day, by way; counted on as this batch is chosen."""
    by_way: dict[Way, list[UUID]] = {}
    for one in due:
        by_way.setdefault(one.message.way, []).append(one.message.recipient_id)
    return {
        way: claims.sent_to_of_late(caller.session, caller.practice_id, way, recipients, now)
        for way, recipients in by_way.items()
    }


def content_of(written: Written) -> str:
    """What of a message is compared when it is looked for at the provider."""
    return written.text if written.text is not None else ""
