"""Messages to payers by FHIR and as X12 278: the only queries over them. What they say is sealed and opened here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from app.casework.facts.pas import PasAct, PasExchange, PasState
from app.casework.models.pas import PasExchangeRow
from app.platform.db import keyring_of

_E = PasExchangeRow
MOST = 200
"""Messages of a case that are read at most."""
FIRST_CONTROL = 500_000_001
"""Where the numbers of requests for approval by X12 begin: above those of eligibility requests."""
_STANDING = (
    "id", "case_id", "act", "system", "state", "at", "by_id", "done_at", "code", "document_id", "digest", "papers",
    "control",
)  # fmt: skip


def add(session: Session, practice_id: UUID, one: PasExchange) -> None:
    """Keep a message that is about to leave."""
    sealed = keyring_of(session).seal_bytes("pas_exchange.request", practice_id, one.id, one.request)
    session.add(
        _E(
            practice_id=practice_id,
            id=one.id,
            case_id=one.case_id,
            act=one.act,
            system=one.system,
            state=one.state,
            at=one.at,
            by_id=one.by_id,
            request=sealed,
            digest=one.digest,
            papers=one.papers,
            control=one.control,
        )
    )
    session.flush()


def exchange(session: Session, practice_id: UUID, exchange_id: UUID, hold: bool = False) -> PasExchange | None:
    """Read one message; `hold` keeps others from writing it meanwhile."""
    statement = _mine(practice_id).where(_E.id == exchange_id)
    return next(iter(_read(session, practice_id, statement.with_for_update() if hold else statement)), None)


def has_any(session: Session, practice_id: UUID, exchange_ids: Sequence[UUID]) -> bool:
    """Say whether a practice sent any of some messages, at most a few hundred."""
    known = select(_E.id).where(_E.practice_id == practice_id, _E.id.in_(exchange_ids)).limit(1)
    return session.scalar(known) is not None


def latest(session: Session, practice_id: UUID, case_id: UUID) -> Mapping[PasAct, PasExchange]:
    """Read where the latest message of each act of a case stands; what they say is left sealed."""
    return {one.act: one for one in reversed(messages(session, practice_id, case_id))}


def messages(session: Session, practice_id: UUID, case_id: UUID) -> tuple[PasExchange, ...]:
    """Read where the messages of a case stand, the latest first; what they say is left sealed."""
    own = [getattr(_E, name) for name in _STANDING]
    mine = select(*own).where(_E.practice_id == practice_id, _E.case_id == case_id)
    rows = session.execute(mine.order_by(_E.at.desc(), _E.id.desc()).limit(MOST))
    return tuple(PasExchange(**row._asdict(), request=b"") for row in rows)


def next_control(session: Session, practice_id: UUID) -> int:
    """Give the number of the next X12 file of requests. They begin far above those of files that ask about coverage."""
    highest = session.scalar(select(func.max(_E.control)).where(_E.practice_id == practice_id))
    return FIRST_CONTROL if highest is None else highest + 1


def of_control(session: Session, practice_id: UUID, control: int) -> PasExchange | None:
    """Find the message that left as the X12 file of a number."""
    statement = _mine(practice_id).where(_E.control == control)
    return next(iter(_read(session, practice_id, statement.with_for_update())), None)


def settle(
    session: Session,
    practice_id: UUID,
    exchange_id: UUID,
    state: PasState,
    now: datetime,
    code: str | None = None,
    answer: bytes | None = None,
) -> None:
    """Write down what became of a message."""
    sealed = None
    if answer is not None:
        sealed = keyring_of(session).seal_bytes("pas_exchange.answer", practice_id, exchange_id, answer)
    values: dict[str, Any] = {"state": state, "done_at": now, "code": code, "answer": sealed}
    session.execute(update(_E).where(_E.practice_id == practice_id, _E.id == exchange_id).values(values))


def note_filed(session: Session, practice_id: UUID, exchange_id: UUID, document_id: UUID) -> None:
    """Note that the mailroom has the answer of a message; its bytes lie there from now on."""
    mine = update(_E).where(_E.practice_id == practice_id, _E.id == exchange_id)
    session.execute(mine.values(document_id=document_id, answer=None))


def left_sending(session: Session, practice_id: UUID, before: datetime, limit: int) -> tuple[UUID, ...]:
    """Name messages that were about to leave before an instant, and of which nothing is known since."""
    left = (_E.practice_id == practice_id, _E.state == PasState.SENDING, _E.at < before)
    return tuple(session.scalars(select(_E.id).where(*left).order_by(_E.at, _E.id).limit(limit)))


def left_unfiled(session: Session, practice_id: UUID, limit: int) -> tuple[UUID, ...]:
    """Name messages whose answer the mailroom has not got yet."""
    left = (_E.practice_id == practice_id, _E.state == PasState.ANSWERED, _E.answer.is_not(None))
    return tuple(session.scalars(select(_E.id).where(*left).order_by(_E.at, _E.id).limit(limit)))


def _mine(practice_id: UUID) -> Select[PasExchangeRow]:
    return select(_E).where(_E.practice_id == practice_id)


def _read(session: Session, practice_id: UUID, statement: Select[PasExchangeRow]) -> tuple[PasExchange, ...]:
    keyring = keyring_of(session)

    def opened(row: PasExchangeRow) -> PasExchange:
        answer = row.answer
        return PasExchange(
            row.id,
            row.case_id,
            row.act,
            row.system,
            row.state,
            row.at,
            row.by_id,
            keyring.unseal_bytes("pas_exchange.request", practice_id, row.id, row.request),
            row.done_at,
            row.code,
            None if answer is None else keyring.unseal_bytes("pas_exchange.answer", practice_id, row.id, answer),
            row.document_id,
            row.digest,
            row.papers,
            row.control,
        )

    rows = session.scalars(statement.execution_options(populate_existing=True))
    return tuple(opened(row) for row in rows)
