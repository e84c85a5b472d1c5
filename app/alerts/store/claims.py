"""Claiming messages, and writing down what came of each: the rows behind the protocol of `actions/delivering.py`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, case, func, insert, null, or_, select, update
from sqlalchemy.orm import Session

from app.alerts.facts.delivery import Claim, Due, Left, Turn
from app.alerts.facts.outbox import State, Way
from app.alerts.models.outbox import OutboxAttemptRow, OutboxMessageRow
from app.alerts.rules.ranks import ENDS, RANKS
from app.alerts.store.outbox import MESSAGE_COLUMNS, message_of
from app.platform.db import keyring_of
from app.platform.ids import new_id
from app.platform.rows import chunks

_ROW = OutboxMessageRow
_ADDRESS = "outbox_message.address"
_DIGEST = "outbox_message.text"
PROOFS = frozenset({State.SENT, State.DELIVERED, State.UNDELIVERED})
"""What a message becomes because the provider has it."""
WAYS_OUT = (Way.SMS, Way.EMAIL)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def due(session: Session, practice_id: UUID, ways: Collection[Way], now: datetime, limit: int) -> tuple[Due, ...]:
    """Read the pending messages of some ways whose time has come, oldest first, and hold their rows."""
    rows = session.execute(
        select(*MESSAGE_COLUMNS, _ROW.reference, _ROW.attempts, _ROW.first_claimed_at)
        .where(
            _ROW.practice_id == practice_id,
            _ROW.state == State.PENDING,
            _ROW.next_try_at <= now,
            _ROW.way.in_(sorted(ways)),
        )
        .order_by(_ROW.next_try_at, _ROW.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return tuple(Due(message_of(row), row.reference, row.attempts, row.first_claimed_at) for row in rows)


def is_any_due(session: Session, practice_id: UUID, ways: Collection[Way], now: datetime) -> bool:
    """Say whether any pending message of some ways has its time come."""
    first = select(_ROW.id).where(
        _ROW.practice_id == practice_id,
        _ROW.state == State.PENDING,
        _ROW.next_try_at <= now,
        _ROW.way.in_(sorted(ways)),
    )
    return session.scalar(first.limit(1)) is not None


def claim(
    session: Session,
    practice_id: UUID,
    batch_id: UUID,
    chosen: Sequence[tuple[Due, str, str]],
    now: datetime,
) -> tuple[Claim, ...]:
    """Make messages ours to send: each with the address and the text that it goes out with."""
    keyring = keyring_of(session)
    values = [
        {
            "b_id": one.message.id,
            "first_claimed_at": one.first_claimed_at or now,
            "attempts": one.attempts + 1,
            "address": keyring.seal(_ADDRESS, practice_id, one.message.id, address),
            "text_digest": keyring.blind(_DIGEST, practice_id, text),
        }
        for one, address, text in chosen
    ]
    if values:
        table = _table()
        session.connection().execute(
            update(table)
            .where(table.c.practice_id == practice_id, table.c.id == bindparam("b_id"))
            .values(state=State.CLAIMED, batch_id=batch_id, claimed_at=now, why=null()),
            values,
        )
    return tuple(
        Claim(one.message, one.reference, one.attempts + 1, now, one.first_claimed_at or now, batch_id)
        for one, _, _ in chosen
    )


def give_back(session: Session, practice_id: UUID, claims: Iterable[Claim], now: datetime) -> None:
    """Make claimed messages pending again that were never handed to anyone: this attempt does not count.

    One that another has claimed meanwhile is left alone.
    """
    by_batch: dict[UUID, list[UUID]] = {}
    for claim in claims:
        by_batch.setdefault(claim.batch_id, []).append(claim.message.id)
    for batch_id, part in ((batch_id, part) for batch_id, ids in by_batch.items() for part in chunks(ids)):
        session.execute(
            update(_ROW)
            .where(
                _ROW.practice_id == practice_id,
                _ROW.id.in_(part),
                _ROW.state == State.CLAIMED,
                _ROW.batch_id == batch_id,
            )
            .values(
                state=State.PENDING,
                batch_id=None,
                attempts=_ROW.attempts - 1,
                next_try_at=now,
                address=None,
                text_digest=None,
                claimed_at=case((_ROW.attempts > 1, _ROW.claimed_at), else_=None),
            )
            .execution_options(synchronize_session=False)
        )


def put_off(session: Session, practice_id: UUID, waits: Mapping[UUID, tuple[datetime, str | None]]) -> None:
    """Let pending messages wait until an instant each, and say why in one word."""
    _each(
        session,
        practice_id,
        [{"b_id": message, "next_try_at": until, "why": why} for message, (until, why) in waits.items()],
        {},
        State.PENDING,
    )


def end_pending(session: Session, practice_id: UUID, ends: Mapping[UUID, tuple[State, str]], now: datetime) -> None:
    """End pending messages that are never sent: stale, not allowed, or not to be written."""
    for state in {state for state, _ in ends.values()}:
        values = [{"b_id": message, "why": why} for message, (to, why) in ends.items() if to is state]
        _each(session, practice_id, values, {"state": state, "rank": RANKS[state], "ended_at": now}, State.PENDING)


def record(session: Session, practice_id: UUID, turns: Sequence[Turn], now: datetime) -> None:
    """Write down what came of attempts. What a report has said meanwhile stands above it.

    That the provider has a message is true whoever holds it now; anything else says nothing of another's claim.
    """
    if not turns:
        return
    session.connection().execute(
        insert(OutboxAttemptRow).returning(OutboxAttemptRow.id),  # so that all rows go in one statement
        [
            {
                "practice_id": practice_id,
                "id": new_id(),
                "message_id": turn.message_id,
                "at": now,
                "outcome": turn.outcome,
                "code": turn.code,
            }
            for turn in turns
        ],
    )
    for state in dict.fromkeys(turn.state for turn in turns):
        _move(session, practice_id, state, [turn for turn in turns if turn.state is state], now)


def _move(session: Session, practice_id: UUID, state: State, turns: Sequence[Turn], now: datetime) -> None:
    fixed: dict[str, Any] = {"state": state, "rank": RANKS[state]}
    names: tuple[str, ...] = ("code", "why")
    if state is State.PENDING:
        fixed |= {"batch_id": null(), "address": null(), "text_digest": null()}
        names = ("code", "why", "next_try_at")
    elif state is not State.CLAIMED:
        fixed |= {"address": null(), "text_digest": null()}
        names = ("code", "why", "provider_id", "segments")
    if state in (State.SENT, State.DELIVERED, State.UNDELIVERED):
        fixed["sent_at"] = now
    if state in ENDS:
        fixed["ended_at"] = now
    values = [{"b_id": turn.message_id} | {name: getattr(turn, name) for name in names} for turn in turns]
    if state in PROOFS:
        changed = _each(session, practice_id, values, fixed, State.PENDING, State.CLAIMED)
    else:
        values = [one | {"b_batch": turn.batch_id} for one, turn in zip(values, turns, strict=True)]
        changed = _each(session, practice_id, values, fixed, State.CLAIMED)
    if changed < len(values) and "segments" in names:
        _fill_in(session, practice_id, turns)


def _fill_in(session: Session, practice_id: UUID, turns: Sequence[Turn]) -> None:
    """Keep the size of messages of which a report came before our own answer."""
    table = _table()
    session.connection().execute(
        update(table).where(
            table.c.practice_id == practice_id, table.c.id == bindparam("b_id"), table.c.segments.is_(None)
        ),
        [{"b_id": turn.message_id, "segments": turn.segments} for turn in turns],
    )


def _each(
    session: Session, practice_id: UUID, values: Sequence[dict[str, Any]], fixed: dict[str, Any], *were: State
) -> int:
    """Change messages that are in one of some states, each to its own values. Returns how many were.

    With `b_batch` among the values, only those that this batch still holds.
    """
    if not values:
        return 0
    table = _table()
    stood = or_(*(table.c.state == state for state in were))  # a list would not do for several rows at once
    which = [table.c.practice_id == practice_id, table.c.id == bindparam("b_id"), stood]
    if "b_batch" in values[0]:
        which.append(table.c.batch_id == bindparam("b_batch"))
    result = session.connection().execute(update(table).where(*which).values(fixed), list(values))
    return int(result.rowcount)


def left_over(session: Session, practice_id: UUID, limit: int) -> tuple[Left, ...]:
    """Read claimed messages, oldest claim first: under the sender's lock nobody is at work on them."""
    keyring = keyring_of(session)
    rows = session.scalars(
        select(_ROW)
        .where(_ROW.practice_id == practice_id, _ROW.state == State.CLAIMED)
        .order_by(_ROW.next_try_at, _ROW.id)
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return tuple(
        Left(
            message=message_of(row),
            batch_id=row.batch_id or row.id,
            reference=row.reference,
            attempts=row.attempts,
            claimed_at=row.claimed_at or row.next_try_at,
            first_claimed_at=row.first_claimed_at or row.next_try_at,
            address=None if row.address is None else keyring.unseal(_ADDRESS, practice_id, row.id, row.address),
            text_digest=row.text_digest,
        )
        for row in rows
    )


def digest_of(session: Session, practice_id: UUID, text: str) -> bytes:
    """The blind index of a text, as a claim keeps it."""
    return keyring_of(session).blind(_DIGEST, practice_id, text)


def attributed(session: Session, practice_id: UUID, provider_ids: Sequence[str]) -> frozenset[str]:
    """Which of some messages of the provider are known to be one of ours."""
    found = session.scalars(
        select(_ROW.provider_id).where(_ROW.practice_id == practice_id, _ROW.provider_id.in_(provider_ids[:500]))
    )
    return frozenset(one for one in found if one is not None)


def sent_of_late(session: Session, practice_id: UUID, now: datetime) -> dict[Way, tuple[int, int]]:
    """Count what was claimed by each way in the last hour and the last day; a way without any is missing."""
    found = session.execute(
        select(_ROW.way, func.sum(case((_ROW.claimed_at > now - HOUR, 1), else_=0)), func.count())
        .where(_ROW.practice_id == practice_id, _ROW.way.in_(WAYS_OUT), _ROW.claimed_at > now - DAY)
        .group_by(_ROW.way)
    )
    return {row[0]: (int(row[1]), row[2]) for row in found}


def sent_to_of_late(
    session: Session, practice_id: UUID, way: Way, recipients: Sequence[UUID], now: datetime
) -> dict[UUID, int]:
    """Count what was claimed for each of some recipients by one way in the last day; nothing: missing."""
    counts: dict[UUID, int] = {}
    for part in chunks(recipients):
        found = session.execute(
            select(_ROW.recipient_id, func.count())
            .where(
                _ROW.practice_id == practice_id,
                _ROW.recipient_id.in_(part),
                _ROW.way == way,
                _ROW.claimed_at > now - DAY,
            )
            .group_by(_ROW.recipient_id)
        )
        counts.update((row[0], row[1]) for row in found)
    return counts


def _table() -> Table:
    table = _ROW.__table__
    assert isinstance(table, Table)
    return table
