"""Claim a batch of messages: decided and committed before anything leaves the building."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.alerts.actions.braking import open_ways
from app.alerts.actions.outgoing import Hands, Numbers, Outgoing, Unwritable, Written
from app.alerts.actions.undelivered import raise_undelivered
from app.alerts.facts.delivery import Due
from app.alerts.facts.outbox import Message, State, To, Way
from app.alerts.rules.braking import MOST_TO_ONE
from app.alerts.store import claims, contacts
from app.audit.actions import record
from app.gateways.access import gateways_of
from app.platform.caller import Caller
from app.platform.ids import new_id
from app.platform.incidents import describe, new_incident
from app.platform.logs import log

BATCH = 50
CAP_WAIT = timedelta(hours=1)


@dataclass
class _Sorting:
    """One batch being sorted: what is to become of each message that is due."""

    caller: Caller
    hands: Hands
    base_url: str
    now: datetime
    numbers: Numbers
    sent: dict[Way, dict[UUID, int]]
    chosen: list[tuple[Due, Written]] = field(default_factory=list)
    waits: dict[UUID, tuple[datetime, str | None]] = field(default_factory=dict)
    ends: dict[UUID, tuple[State, str]] = field(default_factory=dict)
    unwritten: list[Message] = field(default_factory=list)

    def sort(self, due: Due) -> None:
        """Choose a message, or let it wait or end. One that breaks fails alone and is told of."""
        message = due.message
        counts = self.sent[message.way]
        try:
            if message.expires_at <= self.now:
                self.ends[message.id] = (State.EXPIRED, "stale")
            elif counts.get(message.recipient_id, 0) >= MOST_TO_ONE[message.to is To.STAFF]:
                self.waits[message.id] = (self.now + CAP_WAIT, "cap")
            elif self._may_go(message):
                self._write(due)
        except SQLAlchemyError:
            raise  # the transaction is not good any more
        except Exception as error:
            log().error("writing broke", incident=new_incident(), what=describe(error))
            self._fail(message, "broke")

    def _may_go(self, message: Message) -> bool:
        caller = self.caller
        gate = self.hands.gate(caller.session, caller.practice_id, message, self.now, self.numbers)
        if gate.go:
            return True
        if gate.until is not None:
            self.waits[message.id] = (max(gate.until, self.now + timedelta(seconds=1)), gate.why)
        else:
            self.ends[message.id] = (State.CANCELLED, gate.why or "gate")
        return False

    def _write(self, due: Due) -> None:
        caller, message = self.caller, due.message
        write = self.hands.write
        written = write(caller.session, caller.practice_id, message, self.base_url, due.reference, self.numbers)
        if isinstance(written, Unwritable):
            self._fail(message, written.why)
            return
        self.chosen.append((due, written))
        counts = self.sent[message.way]
        counts[message.recipient_id] = counts.get(message.recipient_id, 0) + 1

    def _fail(self, message: Message, why: str) -> None:
        self.ends[message.id] = (State.FAILED, why)
        self.unwritten.append(message)


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
    sorted_ = _sorted(caller, due, hands, gateways.base_url, now)
    outgoing = _write_down(caller, caller.session, batch_id, sorted_, now)
    return Batch(batch_id, outgoing, len(sorted_.ends), len(due))


def _set_up(caller: Caller) -> frozenset[Way]:
    gateways = gateways_of(caller.session)
    both = ((Way.SMS, gateways.sms), (Way.EMAIL, gateways.mail))
    return frozenset(way for way, gateway in both if gateway is not None)


def _write_down(
    caller: Caller, session: Session, batch_id: UUID, sorted_: _Sorting, now: datetime
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


def _sorted(caller: Caller, due: Sequence[Due], hands: Hands, base_url: str, now: datetime) -> _Sorting:
    """Sort what is due, with the numbers of staff and what each recipient was sent of late read at once."""
    session, practice_id = caller.session, caller.practice_id
    texts = [one.message for one in due if one.message.way is Way.SMS]
    staff = [one.recipient_id for one in texts if one.to is To.STAFF]
    numbers = contacts.staff_numbers(session, practice_id, staff)
    sent = {
        way: claims.sent_to_of_late(
            session, practice_id, way, [one.message.recipient_id for one in due if one.message.way is way], now
        )
        for way in Way
    }
    sorting = _Sorting(caller, hands, base_url, now, numbers, sent)
    for one in due:
        sorting.sort(one)
    return sorting


def content_of(written: Written) -> str:
    """What of a message is compared when it is looked for at the provider."""
    return written.text if written.text is not None else ""
