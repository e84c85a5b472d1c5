"""Requests to payers about coverage: the only queries over them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, insert, or_, select, update
from sqlalchemy.orm import Session

from app.eligibility.facts.asking import OPEN, WITHOUT_ANSWER, Ask, AskState, Batch, Reply, Route
from app.eligibility.models.asking import EligibilityAskRow, EligibilityBatchRow, PayerRouteRow
from app.platform.db import keyring_of
from app.platform.rows import chunks

_A, _B, _R = EligibilityAskRow, EligibilityBatchRow, PayerRouteRow
_ASK = tuple(getattr(_A, name) for name in Ask.__dataclass_fields__)
_BATCH = tuple(getattr(_B, name) for name in Batch.__dataclass_fields__)
_PIECE = 500
_CONTENT, _REPLY = "eligibility_batch.content", "eligibility_batch.reply"


def routes(session: Session, practice_id: UUID) -> Mapping[str, Route]:
    """Read how payers are asked, by the payer's key."""
    rows = session.scalars(select(_R).where(_R.practice_id == practice_id).order_by(_R.payer))
    return {
        row.payer: Route(row.payer, row.payer_id, row.clearinghouse, row.detail, row.procedures, row.version)
        for row in rows
    }


def save_route(session: Session, practice_id: UUID, route: Route) -> None:
    """Write how a payer is asked, new or known, and count the edit."""
    session.merge(PayerRouteRow(practice_id=practice_id, **asdict(route) | {"version": route.version + 1}))
    session.flush()


def next_control(session: Session, practice_id: UUID) -> int:
    """Give the number that the next file has in our envelopes: one more than the last, never one again."""
    last = session.scalar(select(func.max(_B.control)).where(_B.practice_id == practice_id))
    return (last or 0) + 1


def add_batch(session: Session, practice_id: UUID, batch: Batch, content: bytes, asks: Sequence[Ask]) -> None:
    """Keep a file of requests, sealed, with its requests. The database refuses a second one for a coverage and day."""
    sealed = keyring_of(session).seal_bytes(_CONTENT, practice_id, batch.id, content)
    session.add(_B(practice_id=practice_id, content=sealed, reply=None, claimed_at=None, **asdict(batch)))
    session.flush()
    session.execute(insert(_A), [asdict(one) | {"practice_id": practice_id} for one in asks])


def claim(session: Session, practice_id: UUID, now: datetime, before: datetime, limit: int) -> tuple[Batch, ...]:
    """Take files that are to be sent, oldest first; one that somebody took before `before` is taken again."""
    free = or_(_B.claimed_at.is_(None), _B.claimed_at < before)
    mine = (_B.practice_id == practice_id, _B.state == AskState.MADE, free)
    ids = session.scalars(select(_B.id).where(*mine).order_by(_B.control).limit(limit).with_for_update()).all()
    claimed = update(_B).where(_B.practice_id == practice_id, _B.id.in_(ids))
    session.execute(claimed.values(claimed_at=now, tries=_B.tries + 1).execution_options(synchronize_session=False))
    return tuple(batches(session, practice_id, ids).values())


def batches(session: Session, practice_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, Batch]:
    """Read files by their ids, without what is in them, in the order of their numbers."""
    statement = select(*_BATCH).where(_B.practice_id == practice_id, _B.id.in_(ids)).order_by(_B.control)
    return {one.id: one for one in (Batch(*row) for row in session.execute(statement))}


def content_of(session: Session, practice_id: UUID, batch_id: UUID) -> bytes:
    """Open what is in a file of requests."""
    sealed = session.scalars(select(_B.content).where(_B.practice_id == practice_id, _B.id == batch_id)).one()
    return keyring_of(session).unseal_bytes(_CONTENT, practice_id, batch_id, sealed)


def note_sent(session: Session, practice_id: UUID, batch_id: UUID, now: datetime, reply: bytes | None) -> None:
    """Say that a file is with its clearinghouse; `reply`: what came back at once, kept sealed until it is taken."""
    sealed = None if reply is None else keyring_of(session).seal_bytes(_REPLY, practice_id, batch_id, reply)
    _batch(session, practice_id, batch_id, state=AskState.SENT, sent_at=now, claimed_at=None, reply=sealed, code=None)
    _asks_of(session, practice_id, batch_id, {AskState.MADE}, AskState.SENT, None)


def note_tried(session: Session, practice_id: UUID, batch_id: UUID, code: str | None) -> None:
    """Say that a file may not have arrived: it goes again, under its name and number, when the claim is over."""
    _batch(session, practice_id, batch_id, code=code)


def note_refused(session: Session, practice_id: UUID, batch_id: UUID, now: datetime, code: str | None) -> int:
    """Say that a file was refused. Returns how many requests in it have no answer by that."""
    _batch(session, practice_id, batch_id, state=AskState.REFUSED, claimed_at=None, code=code)
    return _asks_of(session, practice_id, batch_id, OPEN, AskState.REFUSED, now, code)


def refuse_some(session: Session, practice_id: UUID, batch_id: UUID, codes: Mapping[int, str], now: datetime) -> int:
    """Say of some requests of a file that they were refused, and why, by their numbers. Returns how many waited."""
    waited = 0
    for code in sorted(set(codes.values())):
        numbers = [number for number, why in codes.items() if why == code]
        mine = (_A.practice_id == practice_id, _A.batch_id == batch_id, _A.number.in_(numbers), _A.state.in_(OPEN))
        refused = {"state": AskState.REFUSED, "ended_at": now, "code": code}
        statement = update(_A).where(*mine).values(refused).returning(_A.id)
        waited += len(session.scalars(statement.execution_options(synchronize_session=False)).all())
    return waited


def batch_of_control(session: Session, practice_id: UUID, control: int) -> Batch | None:
    """Find the file that has a number in our envelopes."""
    row = session.execute(select(*_BATCH).where(_B.practice_id == practice_id, _B.control == control)).one_or_none()
    return None if row is None else Batch(*row)


def replies(session: Session, practice_id: UUID, limit: int) -> Mapping[UUID, Reply]:
    """Open what came back at once and waits to be taken, by the id of its file of requests."""
    statement = select(_B.id, _B.clearinghouse, _B.reply).where(_B.practice_id == practice_id, _B.reply.is_not(None))
    rows = session.execute(statement.order_by(_B.id).limit(limit)).all()
    keyring = keyring_of(session)
    return {
        row.id: Reply(row.clearinghouse, keyring.unseal_bytes(_REPLY, practice_id, row.id, row.reply)) for row in rows
    }


def drop_reply(session: Session, practice_id: UUID, batch_id: UUID) -> None:
    """Forget what came back at once: the room of documents has it now."""
    _batch(session, practice_id, batch_id, reply=None)


def end_overdue(session: Session, practice_id: UUID, before: datetime, now: datetime) -> tuple[UUID, ...]:
    """Say of requests sent before an instant, and without an answer, that they are overdue. Returns the patients."""
    late = select(_B.id).where(_B.practice_id == practice_id, _B.state == AskState.SENT, _B.sent_at < before)
    mine = (_A.practice_id == practice_id, _A.state == AskState.SENT, _A.batch_id.in_(late))
    values = {"state": AskState.OVERDUE, "ended_at": now}
    statement = update(_A).where(*mine).values(values).returning(_A.patient_id)
    late_ones: list[UUID] = list(session.scalars(statement.execution_options(synchronize_session=False)))
    return tuple(sorted(set(late_ones)))


def asked_by_trace(session: Session, practice_id: UUID, traces: Iterable[str]) -> Mapping[str, Ask]:
    """Find requests by the traces of an answer; one that is not ours is left out."""
    found: dict[str, Ask] = {}
    wanted = sorted(set(traces))
    for start in range(0, len(wanted), _PIECE):
        mine = _of(practice_id).where(_A.trace.in_(wanted[start : start + _PIECE]))
        found |= {one.trace: one for one in _asks(session, mine)}
    return found


def note_answered(session: Session, practice_id: UUID, ask_id: UUID, now: datetime) -> bool:
    """Say that a request has its answer, however late. Returns False where it had one before."""
    mine = (_A.practice_id == practice_id, _A.id == ask_id, _A.state != AskState.ANSWERED)
    values = {"state": AskState.ANSWERED, "ended_at": now}
    statement = update(_A).where(*mine).values(values).returning(_A.id)
    return session.scalars(statement.execution_options(synchronize_session=False)).one_or_none() is not None


def last_asks(session: Session, practice_id: UUID, coverage_ids: Collection[UUID]) -> Mapping[UUID, Ask]:
    """Read the last request about each coverage; one that was never asked about is left out."""
    found: dict[UUID, Ask] = {}
    for chunk in chunks(sorted(set(coverage_ids))):
        statement = _of(practice_id).where(_A.coverage_id.in_(chunk)).order_by(_A.asked_on)
        found |= {one.coverage_id: one for one in _asks(session, statement)}
    return found


def held(session: Session, practice_id: UUID, today: date) -> frozenset[UUID]:
    """Name the coverages that were asked about today, or whose answer is still to come."""
    busy = or_(_A.asked_on >= today, _A.state.in_(OPEN))
    return frozenset(session.scalars(select(_A.coverage_id).where(_A.practice_id == practice_id, busy)))


def unanswered(session: Session, practice_id: UUID, since: date) -> frozenset[UUID]:
    """Name the coverages whose last request, made since a day, brought no answer."""
    statement = _of(practice_id).where(_A.asked_on >= since).order_by(_A.asked_on)
    last = {one.coverage_id: one.state for one in _asks(session, statement)}
    return frozenset(coverage for coverage, state in last.items() if state in WITHOUT_ANSWER)


def latest_batches(session: Session, practice_id: UUID, limit: int) -> tuple[Batch, ...]:
    """List the files made last, newest first."""
    statement = select(*_BATCH).where(_B.practice_id == practice_id).order_by(_B.control.desc()).limit(limit)
    return tuple(Batch(*row) for row in session.execute(statement))


def counts(session: Session, practice_id: UUID, batch_ids: Collection[UUID]) -> Mapping[UUID, Mapping[AskState, int]]:
    """Count the requests of files by where they stand."""
    statement = (
        select(_A.batch_id, _A.state, func.count())
        .where(_A.practice_id == practice_id, _A.batch_id.in_(batch_ids))
        .group_by(_A.batch_id, _A.state)
    )
    found: dict[UUID, dict[AskState, int]] = {}
    for batch_id, state, number in session.execute(statement):
        found.setdefault(batch_id, {})[state] = number
    return found


def counts_between(session: Session, practice_id: UUID, first: date, last: date) -> Mapping[AskState, int]:
    """Count the requests that were made on some days, both included, by where they stand."""
    mine = (_A.practice_id == practice_id, _A.asked_on.between(first, last))
    statement = select(_A.state, func.count()).where(*mine).group_by(_A.state)
    return {row[0]: row[1] for row in session.execute(statement)}


def _of(practice_id: UUID) -> Select[Any]:
    return select(*_ASK).where(_A.practice_id == practice_id)


def _asks(session: Session, statement: Select[Any]) -> Iterator[Ask]:
    return (Ask(*row) for row in session.execute(statement))


def _batch(session: Session, practice_id: UUID, batch_id: UUID, **values: Any) -> None:
    mine = update(_B).where(_B.practice_id == practice_id, _B.id == batch_id)
    session.execute(mine.values(values).execution_options(synchronize_session=False))


def _asks_of(
    session: Session,
    practice_id: UUID,
    batch_id: UUID,
    states: Collection[AskState],
    to: AskState,
    at: datetime | None,
    code: str | None = None,
) -> int:
    mine = (_A.practice_id == practice_id, _A.batch_id == batch_id, _A.state.in_(states))
    statement = update(_A).where(*mine).values(state=to, ended_at=at, code=code).returning(_A.id)
    return len(session.scalars(statement.execution_options(synchronize_session=False)).all())
