"""Texts that came in: the only queries over them. Numbers and words are sealed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, not_, select, update
from sqlalchemy.orm import Session

from app.alerts.facts.texts import Meaning, Reply
from app.alerts.models.texts import TextReplyPatientRow, TextReplyRow
from app.alerts.store.texts import number_key
from app.platform import sight
from app.platform.db import keyring_of
from app.values.scope import EVERYTHING, Scope

PAGE = 50
_R, _P = TextReplyRow, TextReplyPatientRow


def add_reply(session: Session, practice_id: UUID, reply: Reply) -> None:
    """Keep a text that came in, sealed. One of the same `sid` is refused by the database."""
    keyring = keyring_of(session)
    session.add(
        _R(
            practice_id=practice_id,
            id=reply.id,
            sid=reply.sid,
            number_key=number_key(session, practice_id, reply.number),
            number=keyring.seal("text_reply.number", practice_id, reply.id, reply.number),
            body=keyring.seal("text_reply.body", practice_id, reply.id, reply.body),
            at=reply.at,
            meaning=reply.meaning,
            staff_id=reply.staff_id,
            patients=[patient.hex for patient in reply.patients],
            held=reply.held,
        )
    )
    session.flush()
    session.add_all(
        TextReplyPatientRow(practice_id=practice_id, reply_id=reply.id, patient_id=patient)
        for patient in dict.fromkeys(reply.patients)
    )
    session.flush()


def reply_of_sid(session: Session, practice_id: UUID, sid: str) -> Reply | None:
    """Read a text that came in by the provider's id."""
    row = session.scalar(select(_R).where(_R.practice_id == practice_id, _R.sid == sid))
    return None if row is None else _reply(session, row)


def reply_of(session: Session, practice_id: UUID, reply_id: UUID) -> Reply | None:
    """Read a text that came in."""
    row = session.get(_R, (practice_id, reply_id), populate_existing=True)
    return None if row is None else _reply(session, row)


def mark_read(session: Session, practice_id: UUID, reply_id: UUID, now: datetime | None, by: UUID | None) -> bool:
    """Note that a person read a held text; `now` None: nobody did after all. Returns whether that changed anything."""
    unread = _R.read_at.is_(None) if now is not None else _R.read_at.is_not(None)
    mine = (_R.practice_id == practice_id, _R.id == reply_id, _R.held.is_(True), unread)
    changed = session.execute(
        update(_R).where(*mine).values(read_at=now, read_by=by if now is not None else None).returning(_R.id)
    )
    return changed.first() is not None


def holds(session: Session, practice_id: UUID, number: str) -> bool:
    """Say whether a text that nobody has read yet holds further texts to a number."""
    key = number_key(session, practice_id, number)
    return bool(
        session.scalar(
            select(
                exists().where(
                    _R.practice_id == practice_id, _R.number_key == key, _R.held.is_(True), _R.read_at.is_(None)
                )
            )
        )
    )


def replies(
    session: Session,
    practice_id: UUID,
    read: bool,
    before: UUID | None = None,
    limit: int = PAGE,
    scope: Scope = EVERYTHING,
) -> tuple[Reply, ...]:
    """Read the texts that a person must read, or has read; newest first, from one id on, at most so many.

    Under a limited scope only those of which every patient whose number it is, and at least one, is in sight.
    """
    which = [_R.practice_id == practice_id, _R.held.is_(True), *_in_sight(practice_id, scope)]
    which.append(_R.read_at.is_not(None) if read else _R.read_at.is_(None))
    if before is not None:
        which.append(_R.id < before)
    rows = session.scalars(select(_R).where(*which).order_by(_R.id.desc()).limit(limit))
    return tuple(_reply(session, row) for row in rows)


def in_sight(session: Session, practice_id: UUID, reply_id: UUID, scope: Scope) -> bool:
    """Say whether a text that came in is on file and in sight."""
    mine = (_R.practice_id == practice_id, _R.id == reply_id, *_in_sight(practice_id, scope))
    return bool(session.scalar(select(exists().where(*mine))))


def _in_sight(practice_id: UUID, scope: Scope) -> tuple[Any, ...]:
    if not scope.limited:
        return ()
    theirs = (_P.practice_id == practice_id, _P.reply_id == _R.id)
    seen = sight.of_patients(practice_id, scope, _P.patient_id)
    return exists().where(*theirs), ~exists().where(*theirs, not_(*seen))


def came_before(session: Session, practice_id: UUID, number: str, meaning: Meaning, since: datetime) -> bool:
    """Say whether a text that asks for the same came in from a number since an instant."""
    key = number_key(session, practice_id, number)
    mine = (_R.practice_id == practice_id, _R.number_key == key, _R.at >= since, _R.meaning == meaning)
    return bool(session.scalar(select(exists().where(*mine))))


def _reply(session: Session, row: Any) -> Reply:
    keyring = keyring_of(session)
    number, body = (
        keyring.unseal(f"text_reply.{name}", row.practice_id, row.id, getattr(row, name)) for name in ("number", "body")
    )
    patients = tuple(UUID(hex=text) for text in row.patients)
    return Reply(
        row.id,
        row.sid,
        number,
        body,
        row.at,
        row.meaning,
        row.staff_id,
        patients,
        row.held,
        row.read_at,
        row.read_by,
    )
