"""Claim a batch of messages: decided and committed before anything leaves the building."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

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
from app.platform.db import writing
from app.platform.ids import new_id

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
    """A committed claim: what goes out, and how many messages ended or wait instead. `seen` 0: nothing is due."""

    id: UUID
    outgoing: tuple[Outgoing, ...] = ()
    ended: int = 0
    seen: int = 0


def claim_batch(caller: Caller, hands: Hands) -> Batch:
    """Claim up to 50 messages that are due and may go, in one transaction that is committed when this returns.

    What is stale expires, what may not go ends or waits, and a way whose brake is on is left alone.
    """
    batch_id, gateways = new_id(), gateways_of(caller.session)
    set_up = {way for way, gateway in ((Way.SMS, gateways.sms), (Way.EMAIL, gateways.mail)) if gateway is not None}
    now = caller.clock.now()
    if not set_up or not claims.is_any_due(caller.session, caller.practice_id, set_up, now):
        return Batch(batch_id)
    with writing(caller.session) as session:
        ways, room = open_ways(caller, set_up, gateways.limits)
        due = claims.due(session, caller.practice_id, ways, now, min(BATCH, room)) if ways else ()
        sorted_ = _sort(caller, due, hands, gateways.base_url, now)
        outgoing = _write_down(caller, session, batch_id, sorted_, now)
    return Batch(batch_id, outgoing, len(sorted_.ends), len(due))


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
        elif _may_go(caller, one, hands, base_url, sorted_, now):
            counts = sent[message.way]
            counts[message.recipient_id] = counts.get(message.recipient_id, 0) + 1
    return sorted_


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
