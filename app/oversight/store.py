"""The only queries over unusual reading, its reviews, and how far it was looked for."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, func, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.oversight.facts import Case, Review, Unusual
from app.oversight.models import OversightMarkRow, UnusualReadingRow
from app.platform.db import keyring_of
from app.platform.ids import new_id
from app.platform.sealed import Keyring

_NOTE = "unusual_reading.note"


def mark(session: Session, practice_id: UUID) -> int:
    """The number of the last audit line that was looked at; 0 before the first."""
    row = OversightMarkRow
    return session.scalar(select(row.sequence).where(row.practice_id == practice_id)) or 0


def move_mark(session: Session, practice_id: UUID, sequence: int) -> None:
    """Note up to which audit line was looked."""
    row = OversightMarkRow
    moved = session.execute(update(row).where(row.practice_id == practice_id).values(sequence=sequence))
    if not cast(CursorResult[Any], moved).rowcount:
        session.add(OversightMarkRow(practice_id=practice_id, id=new_id(), sequence=sequence))
        session.flush()


def add_unusual(session: Session, practice_id: UUID, found: Iterable[Unusual]) -> int:
    """Add what stands out; what is on file already stays as it is, but for a larger count. Returns how many are new."""
    insertion = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    new = 0
    for one in found:
        values = {
            "practice_id": practice_id,
            "id": one.id,
            "key": _key(one),
            "sign": one.sign,
            "by_id": one.by,
            "patient_id": one.patient_id,
            "day": one.day,
            "at": one.at,
            "sequence": one.sequence,
            "count": one.count,
        }
        added = session.execute(insertion(UnusualReadingRow).values(values).on_conflict_do_nothing())
        if cast(CursorResult[Any], added).rowcount:
            new += 1
        else:
            row = UnusualReadingRow
            same = (row.practice_id == practice_id, row.key == values["key"], row.count < one.count)
            session.execute(update(row).where(*same).values(count=one.count))
    return new


def _key(one: Unusual) -> str:
    """What makes it one: person, sign, patient and day; of many at once, person and hour."""
    when = one.day.isoformat() if one.patient_id is not None else f"{one.at:%Y-%m-%dT%H}"
    return f"{one.by.hex}:{one.sign}:{'' if one.patient_id is None else one.patient_id.hex}:{when}"


def cases(
    session: Session, practice_id: UUID, reviewed: bool, before: tuple[datetime, UUID] | None, limit: int
) -> list[Case]:
    """List unusual reading, the newest first: what waits for a look, or what somebody has looked at."""
    row = UnusualReadingRow
    state = row.finding.is_not(None) if reviewed else row.finding.is_(None)
    wanted = select(row).where(row.practice_id == practice_id, state)
    if before is not None:
        wanted = wanted.where(tuple_(row.at, row.id) < tuple_(*before))
    found = session.scalars(wanted.order_by(row.at.desc(), row.id.desc()).limit(limit))
    keyring = keyring_of(session)
    return [_case(keyring, practice_id, one) for one in found]


def case_of(session: Session, practice_id: UUID, case_id: UUID) -> Case | None:
    """Read one by its id, and hold it for writing."""
    row = UnusualReadingRow
    found = session.scalar(select(row).where(row.practice_id == practice_id, row.id == case_id).with_for_update())
    return None if found is None else _case(keyring_of(session), practice_id, found)


def waiting(session: Session, practice_id: UUID, most: int) -> int:
    """Count what waits for a look, up to so many."""
    row = UnusualReadingRow
    some = select(row.id).where(row.practice_id == practice_id, row.finding.is_(None)).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def save_review(session: Session, practice_id: UUID, case_id: UUID, review: Review) -> bool:
    """Write the review of one that has none. Returns False when somebody was quicker."""
    row = UnusualReadingRow
    values = {
        "finding": review.finding,
        "note": keyring_of(session).seal(_NOTE, practice_id, case_id, review.note),
        "reviewed_by": review.by,
        "reviewed_at": review.at,
    }
    mine = (row.practice_id == practice_id, row.id == case_id, row.finding.is_(None))
    return bool(cast(CursorResult[Any], session.execute(update(row).where(*mine).values(values))).rowcount)


def _case(keyring: Keyring, practice_id: UUID, row: UnusualReadingRow) -> Case:
    one = Unusual(row.id, row.sign, row.by_id, row.patient_id, row.day, row.at, row.sequence, row.count)
    if row.finding is None or row.note is None or row.reviewed_by is None or row.reviewed_at is None:
        return Case(one, None)
    note = keyring.unseal(_NOTE, practice_id, row.id, row.note)
    return Case(one, Review(row.reviewed_by, row.reviewed_at, row.finding, note))
