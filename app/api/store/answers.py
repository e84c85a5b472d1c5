"""First answers under a key: the only queries over them."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, func, select
from sqlalchemy.orm import Session

from app.api.facts.once import Answered, Kept, Once
from app.api.models import ApiAnswerRow
from app.api.rules.once import pack, unpack
from app.platform.db import keyring_of
from app.platform.ids import new_id

_R = ApiAnswerRow
_COLUMN = "api_answer.answer"


def hold_key(session: Session, practice_id: UUID, once: Once) -> bool:
    """Keep others off a key until the transaction ends. Returns False when another request is at work under it.

    On SQLite a write transaction is alone anyway: whoever is second waited for the first, and finds its answer.
    """
    if session.get_bind().dialect.name != "postgresql":
        return True
    number = int.from_bytes(once.key[:8], "big", signed=True) ^ int.from_bytes(
        practice_id.bytes[8:], "big", signed=True
    )
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(number))))


def kept_answer(session: Session, practice_id: UUID, token_id: UUID, once: Once) -> Kept | None:
    """Read the first answer under a key of a token."""
    mine = (_R.practice_id == practice_id, _R.token_id == token_id, _R.key_index == once.key)
    row = session.scalars(select(_R).where(*mine)).one_or_none()
    if row is None:
        return None
    text = keyring_of(session).unseal(_COLUMN, practice_id, row.id, row.answer)
    return Kept(bytes(row.request_index), row.at, unpack(row.status, text))


def keep_answer(
    session: Session, practice_id: UUID, token_id: UUID, once: Once, answer: Answered, now: datetime
) -> None:
    """Keep the first answer under a key; the database refuses a second one."""
    row_id = new_id()
    session.add(
        ApiAnswerRow(
            practice_id=practice_id,
            id=row_id,
            token_id=token_id,
            key_index=once.key,
            request_index=once.request,
            at=now,
            status=answer.status,
            answer=keyring_of(session).seal(_COLUMN, practice_id, row_id, pack(answer)),
        )
    )
    session.flush()


def count_answers(session: Session, practice_id: UUID) -> int:
    """Count the answers that are kept."""
    return session.scalar(select(func.count()).select_from(_R).where(_R.practice_id == practice_id)) or 0


def forget_answer(session: Session, practice_id: UUID, token_id: UUID, once: Once) -> None:
    """Remove the answer under a key whose day is over, so that the key may be used anew."""
    mine = (_R.practice_id == practice_id, _R.token_id == token_id, _R.key_index == once.key)
    session.execute(delete(_R).where(*mine))


def forget_answers(session: Session, practice_id: UUID, before: datetime) -> int:
    """Remove the answers that were given before an instant. Returns how many."""
    old = delete(_R).where(_R.practice_id == practice_id, _R.at < before)
    return cast(CursorResult[Any], session.execute(old)).rowcount
