"""The audit log's only queries: add a line, find lines, and give them out as the text that their MACs are over."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Select, func, insert, literal_column, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.audit.facts import Asked, AuditEntry
from app.audit.models import LINE_TEXT, SUBJECTS_TEXT, AuditEntryRow, AuditHeadRow, AuditReasonRow, AuditSubjectRow
from app.audit.rules import ZERO_MAC
from app.platform.db import keyring_of
from app.platform.ids import new_id

PAGE, CHECKED = 1000, 4000  # lines read at a time
SMALLEST, LARGEST = -(2**63), 2**63 - 1
_AS_IS: Any = {"execution_options": {"synchronize_session": False}}


StoredLine: TypeAlias = tuple[int, bytes, bytes, int, Any, Any, int]
"""One line for a check, as the driver gives it: number, text, MAC, whether the table of subjects agrees, the line's id
where it has a reason, what binds the reason, and the id of the key that signed."""


def head(session: Session, practice_id: UUID) -> tuple[int, bytes]:
    """Read the last sequence number and MAC of a practice, and hold them until the transaction ends.

    The first line makes the head, so that two writers of a first line wait for each other too.
    """
    found = _held_head(session, practice_id)
    if found is None:
        insertion = postgresql.insert if _on_postgres(session) else sqlite.insert
        first = insertion(AuditHeadRow).values(practice_id=practice_id, id=new_id(), sequence=0, mac=ZERO_MAC)
        session.execute(first.on_conflict_do_nothing())
        found = _held_head(session, practice_id)
    assert found is not None
    return found


def head_as_is(session: Session, practice_id: UUID) -> tuple[int, bytes] | None:
    """Read the head and hold it as `head` does, but make none where there is none."""
    return _held_head(session, practice_id)


def _held_head(session: Session, practice_id: UUID) -> tuple[int, bytes] | None:
    row = session.execute(
        select(AuditHeadRow.sequence, AuditHeadRow.mac).where(AuditHeadRow.practice_id == practice_id).with_for_update()
    ).one_or_none()
    return None if row is None else (row.sequence, bytes(row.mac))


def append(session: Session, practice_id: UUID, entry: AuditEntry, mac: bytes, reason: str | None = None) -> None:
    """Write one line, whom it is about and why, and move the head to it. Four statements, however many subjects."""
    values = {
        "practice_id": practice_id,
        "id": entry.id,
        "sequence": entry.sequence,
        "at": entry.at,
        "user_id": entry.user_id,
        "via": entry.via,
        "action": entry.action,
        "subjects": [subject.hex for subject in entry.subjects],
        "details": dict(entry.details),
        "mac": mac,
        "form": entry.form,
        "key_id": entry.key_id,
        "source": entry.source,
        "under": entry.under,
        "reason_mac": entry.reason_mac,
    }
    session.execute(insert(AuditEntryRow), values)
    _add_subjects(session, practice_id, entry)
    if reason is not None:
        sealed = keyring_of(session).seal("audit_reason.reason", practice_id, entry.id, reason)
        why = {"practice_id": practice_id, "id": entry.id, "reason": sealed}
        session.execute(insert(AuditReasonRow), why)
    mine = AuditHeadRow.practice_id == practice_id
    session.execute(update(AuditHeadRow).where(mine).values(sequence=entry.sequence, mac=mac), **_AS_IS)


def _add_subjects(session: Session, practice_id: UUID, entry: AuditEntry) -> None:
    if not entry.subjects:
        return
    connection = session.connection()
    if _on_postgres(session):
        rows = "SELECT %s::uuid, %s, place - 1, subject FROM unnest(%s::uuid[]) WITH ORDINALITY AS a(subject, place)"
        connection.exec_driver_sql(
            f"INSERT INTO audit_subject (practice_id, sequence, place, subject) {rows}",
            (practice_id, entry.sequence, list(entry.subjects)),
        )
        return
    mine, number = practice_id.bytes, entry.sequence
    connection.exec_driver_sql(
        "INSERT INTO audit_subject (practice_id, sequence, place, subject) VALUES (?, ?, ?, ?)",
        [(mine, number, place, subject.bytes) for place, subject in enumerate(entry.subjects)],
    )


def entries(session: Session, practice_id: UUID) -> Iterator[tuple[AuditEntry, bytes]]:
    """Read the lines of a practice in order, each with its MAC; a thousand at a time, so that no cursor stays open."""
    after = 0
    while rows := _page(session, practice_id, after):
        after = rows[-1].sequence
        for row in rows:
            yield _entry(row), row.mac


def _page(session: Session, practice_id: UUID, after: int) -> Sequence[AuditEntryRow]:
    return session.scalars(
        select(AuditEntryRow)
        .where(AuditEntryRow.practice_id == practice_id, AuditEntryRow.sequence > after)
        .order_by(AuditEntryRow.sequence)
        .limit(PAGE)
    ).all()


def find(session: Session, practice_id: UUID, asked: Asked, limit: int) -> list[AuditEntry]:
    """Find lines, the newest first, at most `limit`. What follows a page is asked for by `Asked.before`."""
    row = AuditEntryRow
    statement: Select[Any] = select(row).where(row.practice_id == practice_id)
    if asked.user_id is not None:
        statement = statement.where(row.user_id == asked.user_id)
    if asked.action is not None:
        statement = statement.where(row.action == asked.action)
    if asked.begins is not None:
        statement = statement.where(row.at >= asked.begins)
    if asked.ends is not None:
        statement = statement.where(row.at < asked.ends)
    if asked.subjects is not None:
        about = select(AuditSubjectRow.sequence).where(
            AuditSubjectRow.practice_id == practice_id, AuditSubjectRow.subject.in_(sorted(asked.subjects))
        )
        statement = statement.where(row.sequence.in_(about))
    if asked.before is not None:
        statement = statement.where(tuple_(row.at, row.sequence) < tuple_(*asked.before))
    # A patient's lines are few: they are found first and sorted then, not sought along the order of time.
    at = row.at if asked.subjects is None else func.coalesce(row.at, row.at)
    newest = statement.order_by(at.desc(), row.sequence.desc()).limit(limit)
    return [_entry(found) for found in session.scalars(newest)]


def line_at(session: Session, practice_id: UUID, sequence: int) -> AuditEntry | None:
    """Read one line by its number."""
    row = AuditEntryRow
    found = session.scalar(select(row).where(row.practice_id == practice_id, row.sequence == sequence))
    return None if found is None else _entry(found)


def since(session: Session, practice_id: UUID, after: int, limit: int) -> list[AuditEntry]:
    """Read lines after a sequence number, in order, at most `limit`."""
    row = AuditEntryRow
    later = select(row).where(row.practice_id == practice_id, row.sequence > after).order_by(row.sequence).limit(limit)
    return [_entry(found) for found in session.scalars(later)]


def reasons_of(session: Session, practice_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Open the reasons of lines, by the lines' ids; a line without one is left out. Raises UnsealError."""
    keyring, row = keyring_of(session), AuditReasonRow
    if not ids:
        return {}
    found = session.scalars(select(row).where(row.practice_id == practice_id, row.id.in_(sorted(ids))))
    return {one.id: keyring.unseal("audit_reason.reason", practice_id, one.id, one.reason) for one in found}


def last_line(session: Session, practice_id: UUID) -> int:
    """The number of the last line on file, whatever the head says; 0 without any."""
    found = select(func.max(AuditEntryRow.sequence)).where(AuditEntryRow.practice_id == practice_id)
    return session.scalar(found) or 0


def mac_at(session: Session, practice_id: UUID, sequence: int) -> bytes | None:
    """The MAC that is stored with one line; None when there is no such line."""
    row = AuditEntryRow
    wanted = select(row.mac).where(row.practice_id == practice_id, row.sequence == sequence)
    found = session.scalars(wanted.limit(1)).first()
    return None if found is None else bytes(found)


def stored(session: Session, practice_id: UUID, after: int, until: int | None) -> Iterator[StoredLine]:
    """Give out lines for a check, in order, from after one number (0: from the very first) up to another, or all.

    A piece at a time, past SQLAlchemy's conversion of rows, which would cost more than the check itself.
    """
    postgres = _on_postgres(session)
    dialect, mark = ("postgresql", "%s") if postgres else ("sqlite", "?")
    agree = f"e.subjects = coalesce('[\"' || {SUBJECTS_TEXT[dialect]} || '\"]', '[]')"
    statement = (
        f"SELECT e.sequence, {LINE_TEXT[dialect]}, e.mac, {agree}, "  # noqa: S608
        f"CASE WHEN e.reason_mac IS NOT NULL THEN e.id END, e.reason_mac, e.key_id FROM audit_entry e "
        f"WHERE e.practice_id = {mark} AND e.sequence > {mark} AND e.sequence <= {mark} "
        f"ORDER BY e.sequence LIMIT {CHECKED}"
    )
    driver: Any = session.connection().connection.dbapi_connection
    cursor = driver.cursor(binary=True) if postgres else driver.cursor()
    mine: Any = practice_id if postgres else practice_id.bytes
    begin, end = after if after else SMALLEST, until if until is not None else LARGEST
    while rows := cursor.execute(statement, (mine, begin, end)).fetchall():
        yield from rows
        begin = max(rows[-1][0], begin + 1)
    cursor.close()


def lost_subjects(session: Session, practice_id: UUID) -> int | None:
    """The number of the first line that only the table of subjects knows; None when there is none."""
    line, row = AuditEntryRow, AuditSubjectRow
    mine = (row.practice_id == practice_id, row.sequence)
    known: Select[Any] = select(literal_column("1")).where(
        line.practice_id == practice_id, line.sequence == row.sequence
    )
    return session.scalar(select(func.min(mine[1])).where(mine[0], ~known.exists()))


def unasked_reason(session: Session, practice_id: UUID) -> int | None:
    """The number of the first line that has a reason on file and says that it has none; None when there is none."""
    line, row = AuditEntryRow, AuditReasonRow
    same = (line.practice_id == row.practice_id) & (line.id == row.id)
    wrong = select(func.min(line.sequence)).join(row, same)
    return session.scalar(wrong.where(line.practice_id == practice_id, line.reason_mac.is_(None)))


def _entry(row: AuditEntryRow) -> AuditEntry:
    subjects = tuple(UUID(hex=subject) for subject in row.subjects)
    return AuditEntry(
        row.id,
        row.sequence,
        row.at,
        row.user_id,
        row.via,
        row.action,
        subjects,
        row.details,
        row.source,
        row.under,
        row.reason_mac,
        row.key_id,
        row.form,
    )


def _on_postgres(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
