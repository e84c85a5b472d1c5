"""The audit log's only queries: add a line, read lines, read and move the head."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.audit.facts import AuditEntry
from app.audit.models import AuditEntryRow, AuditHeadRow
from app.audit.rules import ZERO_MAC
from app.platform.ids import new_id


def head(session: Session, practice_id: UUID) -> tuple[int, bytes]:
    """Read the last sequence number and MAC of a practice, and hold them until the transaction ends.

    The first line makes the head, so that two writers of a first line wait for each other too.
    """
    found = _held_head(session, practice_id)
    if found is None:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        first = insert(AuditHeadRow).values(practice_id=practice_id, id=new_id(), sequence=0, mac=ZERO_MAC)
        session.execute(first.on_conflict_do_nothing())
        found = _held_head(session, practice_id)
    assert found is not None
    return found.sequence, found.mac


def _held_head(session: Session, practice_id: UUID) -> AuditHeadRow | None:
    return session.scalar(
        select(AuditHeadRow)
        .where(AuditHeadRow.practice_id == practice_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def append(session: Session, practice_id: UUID, entry: AuditEntry, mac: bytes) -> None:
    """Write one line and move the head to it."""
    session.add(
        AuditEntryRow(
            practice_id=practice_id,
            id=entry.id,
            sequence=entry.sequence,
            at=entry.at,
            user_id=entry.user_id,
            via=entry.via,
            action=entry.action,
            subjects=[subject.hex for subject in entry.subjects],
            details=dict(entry.details),
            mac=mac,
        )
    )
    session.flush()
    mine = AuditHeadRow.practice_id == practice_id
    session.execute(update(AuditHeadRow).where(mine).values(sequence=entry.sequence, mac=mac))


def entries(session: Session, practice_id: UUID) -> Iterator[tuple[AuditEntry, bytes]]:
    """Read the lines of a practice in order, each with its MAC; a thousand at a time, so that no cursor stays open."""
    after = 0
    while rows := _page(session, practice_id, after):
        after = rows[-1].sequence
        for row in rows:
            subjects = tuple(UUID(hex=subject) for subject in row.subjects)
            entry = AuditEntry(row.id, row.sequence, row.at, row.user_id, row.via, row.action, subjects, row.details)
            yield entry, row.mac


def _page(session: Session, practice_id: UUID, after: int) -> Sequence[AuditEntryRow]:
    return session.scalars(
        select(AuditEntryRow)
        .where(AuditEntryRow.practice_id == practice_id, AuditEntryRow.sequence > after)
        .order_by(AuditEntryRow.sequence)
        .limit(1000)
    ).all()
