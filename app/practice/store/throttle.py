"""Counts of failed sign-ins, and comparisons of passwords under way: the only queries over them.

They belong to no practice, because they begin before anybody is known; the keys are blind indexes.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.platform.db import keyring_of
from app.practice.facts.factors import FailureCount
from app.practice.models.factors import PasswordCheckRow, SignInCountRow

_NO_PRACTICE = UUID(int=0)


def index_of(session: Session, *parts: str) -> bytes:
    """Make the key of a count, 16 bytes that tell nobody what was counted. It belongs to no practice."""
    return keyring_of(session).blind("sign_in", _NO_PRACTICE, "\0".join(parts))


def counts_of(session: Session, keys: Iterable[bytes], now: datetime) -> dict[bytes, FailureCount]:
    """Read counts by key, each held until the transaction ends, so that many at once count as many.

    A key that has no count gets one of no failures. They belong to no practice.
    """
    wanted = sorted(keys)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = [{"key": key, "failures": 0, "last_at": now, "locked_until": None} for key in wanted]
    session.execute(insert(SignInCountRow).values(rows).on_conflict_do_nothing(index_elements=["key"]))
    found = session.execute(
        select(SignInCountRow.key, SignInCountRow.failures, SignInCountRow.last_at, SignInCountRow.locked_until)
        .where(SignInCountRow.key.in_(wanted))
        .order_by(SignInCountRow.key)
        .with_for_update()
    )
    return {key: FailureCount(failures, last_at, locked) for key, failures, last_at, locked in found}


def save_counts(session: Session, counts: Mapping[bytes, FailureCount]) -> None:
    """Write counts that were read. They belong to no practice."""
    for key, one in counts.items():
        counted = update(SignInCountRow).where(SignInCountRow.key == key)
        if one.last_at is not None:
            counted = counted.values(last_at=one.last_at)
        session.execute(counted.values(failures=one.failures, locked_until=one.locked_until))


def forget_counts_before(session: Session, last: datetime) -> int:
    """Forget the counts that last failed at this instant or before. Returns how many. They belong to no practice."""
    old = delete(SignInCountRow).where(SignInCountRow.last_at <= last)
    return len(session.execute(old.returning(SignInCountRow.key)).all())


def places_taken(session: Session, now: datetime) -> dict[int, tuple[bool, bytes]]:
    """Read which places passwords are compared in, with whether each browser is known and the index of its network.

    Places whose time is over are freed. They belong to no practice.
    """
    session.execute(delete(PasswordCheckRow).where(PasswordCheckRow.ends_at <= now))
    rows = session.execute(select(PasswordCheckRow.place, PasswordCheckRow.known, PasswordCheckRow.source))
    return {place: (known, source) for place, known, source in rows}


def take_place(session: Session, place: int, holder: UUID, known: bool, source: bytes, ends_at: datetime) -> bool:
    """Take a place. Returns False when another process was first. It belongs to no practice."""
    try:
        with session.begin_nested():
            session.add(PasswordCheckRow(place=place, holder=holder, known=known, source=source, ends_at=ends_at))
    except IntegrityError:
        return False
    return True


def free_place_of(session: Session, holder: UUID) -> None:
    """Give a place back. It belongs to no practice."""
    session.execute(delete(PasswordCheckRow).where(PasswordCheckRow.holder == holder))
