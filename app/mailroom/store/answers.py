"""Which clearinghouse brought a document and what it is answered: the only queries over them. Bytes are sealed here."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from app.mailroom.facts import Acknowledgement, AnswerState, MailState
from app.mailroom.models import MailAnswerRow, MailDocumentRow, MailSourceRow
from app.mailroom.rules.acknowledging import FIRST_CONTROL
from app.platform.db import keyring_of

_S, _A, _D = MailSourceRow, MailAnswerRow, MailDocumentRow
_ANSWER = tuple(getattr(_A, name) for name in Acknowledgement.__dataclass_fields__)
_CONTENT = "mail_answer.content"


def note_source(session: Session, practice_id: UUID, document_id: UUID, clearinghouse: str) -> None:
    """Note which clearinghouse brought a document, the first time; what it is to be told of it is owed from then on."""
    if session.get(_S, (practice_id, document_id)) is None:
        session.add(_S(practice_id=practice_id, document_id=document_id, clearinghouse=clearinghouse, answered_at=None))
        session.flush()


def unanswered(session: Session, practice_id: UUID, limit: int) -> tuple[tuple[UUID, str, MailState], ...]:
    """Name documents of clearinghouses to which nothing is answered yet, the oldest first: id, clearinghouse, state."""
    statement = (
        select(_S.document_id, _S.clearinghouse, _D.state)
        .join(_D, (_D.practice_id == _S.practice_id) & (_D.id == _S.document_id))
        .where(_S.practice_id == practice_id, _S.answered_at.is_(None), _D.state != MailState.RECEIVED)
        .order_by(_S.document_id)
        .limit(limit)
    )
    return tuple((row[0], row[1], row[2]) for row in session.execute(statement))


def hold_source(session: Session, practice_id: UUID, document_id: UUID) -> bool:
    """Keep others from answering a document at once. Returns whether it is still to be answered."""
    mine = (_S.practice_id == practice_id, _S.document_id == document_id)
    return session.execute(select(_S.answered_at).where(*mine).with_for_update()).scalar_one() is None


def note_answered(session: Session, practice_id: UUID, document_id: UUID, now: datetime) -> None:
    """Say that what a document is answered is on file, or that it needs no answer."""
    mine = update(_S).where(_S.practice_id == practice_id, _S.document_id == document_id)
    session.execute(mine.values(answered_at=now).execution_options(synchronize_session=False))


def next_control(session: Session, practice_id: UUID) -> int:
    """Give the number that the next interchange has: one behind the last, never one again."""
    last = session.scalar(select(func.max(_A.control + _A.interchanges)).where(_A.practice_id == practice_id))
    return max(last or 0, FIRST_CONTROL)


def add(session: Session, practice_id: UUID, one: Acknowledgement, content: bytes) -> None:
    """Keep an acknowledgement, sealed. The database refuses a second one of its kind for a document."""
    sealed = keyring_of(session).seal_bytes(_CONTENT, practice_id, one.id, content)
    session.add(_A(practice_id=practice_id, content=sealed, claimed_at=None, **asdict(one)))
    session.flush()


def claim(
    session: Session, practice_id: UUID, now: datetime, before: datetime, limit: int
) -> tuple[Acknowledgement, ...]:
    """Take files that are to be sent, oldest first; one that somebody took before `before` is taken again."""
    free = or_(_A.claimed_at.is_(None), _A.claimed_at < before)
    mine = (_A.practice_id == practice_id, _A.state == AnswerState.MADE, free)
    ids = session.scalars(select(_A.id).where(*mine).order_by(_A.control).limit(limit).with_for_update()).all()
    claimed = update(_A).where(_A.practice_id == practice_id, _A.id.in_(ids))
    session.execute(claimed.values(claimed_at=now, tries=_A.tries + 1).execution_options(synchronize_session=False))
    wanted = select(*_ANSWER).where(_A.practice_id == practice_id, _A.id.in_(ids)).order_by(_A.control)
    return tuple(Acknowledgement(*row) for row in session.execute(wanted))


def content_of(session: Session, practice_id: UUID, answer_id: UUID) -> bytes:
    """Open what is in an acknowledgement."""
    sealed = session.scalars(select(_A.content).where(_A.practice_id == practice_id, _A.id == answer_id)).one()
    return keyring_of(session).unseal_bytes(_CONTENT, practice_id, answer_id, sealed)


def note_state(
    session: Session, practice_id: UUID, answer_id: UUID, state: AnswerState, now: datetime, code: str | None
) -> None:
    """Say what became of sending: MADE keeps it for another try when its claim is over."""
    values: dict[str, object] = {"state": state, "code": code}
    if state is not AnswerState.MADE:
        values |= {"claimed_at": None, "sent_at": now if state is AnswerState.SENT else None}
    mine = update(_A).where(_A.practice_id == practice_id, _A.id == answer_id)
    session.execute(mine.values(values).execution_options(synchronize_session=False))


def of_document(session: Session, practice_id: UUID, document_id: UUID) -> tuple[Acknowledgement, ...]:
    """List what a document was answered, in the order of its numbers."""
    mine = (_A.practice_id == practice_id, _A.document_id == document_id)
    rows = session.execute(select(*_ANSWER).where(*mine).order_by(_A.control))
    return tuple(Acknowledgement(*row) for row in rows)
