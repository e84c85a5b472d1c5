"""Second factors and recovery codes of people: the only queries over them."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from app.platform.db import keyring_of
from app.platform.wall import finds_practice
from app.practice.facts.factors import RecoveryCode, StaffFactor
from app.practice.models.factors import RecoveryCodeRow, StaffFactorRow

_SECRET = "staff_factor.secret"  # noqa: S105  the name of a column


def factors_of(session: Session, practice_id: UUID, staff_id: UUID) -> tuple[StaffFactor, ...]:
    """List the factors of a person, oldest first, with those that are begun and not confirmed."""
    mine = (StaffFactorRow.practice_id == practice_id, StaffFactorRow.staff_id == staff_id)
    rows = session.scalars(select(StaffFactorRow).where(*mine).order_by(StaffFactorRow.id))
    return tuple(_factor(session, row) for row in rows)


def add_factor(session: Session, practice_id: UUID, factor: StaffFactor) -> None:
    """Write a new factor; the secret of an app is sealed. Two never share a passkey (the database refuses it)."""
    values = asdict(factor)
    if factor.secret is not None:
        values["secret"] = keyring_of(session).seal(_SECRET, practice_id, factor.id, factor.secret)
    session.add(StaffFactorRow(practice_id=practice_id, **values))
    session.flush()


def confirm_factor(session: Session, practice_id: UUID, factor_id: UUID, name: str, at: datetime) -> bool:
    """Let a factor that was begun open the door from now on. Returns False when it does so already, or is gone."""
    begun = (*_one(practice_id, factor_id), StaffFactorRow.confirmed_at.is_(None))
    changed = update(StaffFactorRow).where(*begun).values(confirmed_at=at, name=name)
    return session.execute(changed.returning(StaffFactorRow.id)).one_or_none() is not None


def take_step(session: Session, practice_id: UUID, factor_id: UUID, step: int, at: datetime) -> bool:
    """Note that the code of one step was taken. Returns False when it, or a later one, was taken already."""
    later = StaffFactorRow.last_step.is_(None) | (StaffFactorRow.last_step < step)
    taken = update(StaffFactorRow).where(*_one(practice_id, factor_id), later).values(last_step=step, used_at=at)
    return session.execute(taken.returning(StaffFactorRow.id)).one_or_none() is not None


def note_passkey(session: Session, practice_id: UUID, factor_id: UUID, sign_count: int, at: datetime) -> None:
    """Note that a passkey was used, and how often its authenticator says so."""
    used = update(StaffFactorRow).where(*_one(practice_id, factor_id))
    session.execute(used.values(sign_count=sign_count, used_at=at))


def rename_factor(session: Session, practice_id: UUID, factor_id: UUID, name: str) -> None:
    """Write the name of a factor."""
    session.execute(update(StaffFactorRow).where(*_one(practice_id, factor_id)).values(name=name))


def remove_factor(session: Session, practice_id: UUID, factor_id: UUID) -> None:
    """Remove one factor."""
    session.execute(delete(StaffFactorRow).where(*_one(practice_id, factor_id)))


def remove_factors_of(session: Session, practice_id: UUID, staff_id: UUID) -> None:
    """Remove every factor and recovery code of a person."""
    session.execute(
        delete(StaffFactorRow).where(StaffFactorRow.practice_id == practice_id, StaffFactorRow.staff_id == staff_id)
    )
    _forget_codes(session, practice_id, staff_id)


@finds_practice
def passkey(session: Session, credential: str) -> tuple[UUID, StaffFactor] | None:
    """Find a passkey by its id: it finds the practice itself. Returns the practice's id and the factor."""
    row = session.scalar(select(StaffFactorRow).where(StaffFactorRow.credential == credential))
    return None if row is None else (row.practice_id, _factor(session, row))


def write_recovery_codes(session: Session, practice_id: UUID, staff_id: UUID, codes: Iterable[RecoveryCode]) -> None:
    """Replace the recovery codes of a person."""
    _forget_codes(session, practice_id, staff_id)
    rows = [RecoveryCodeRow(practice_id=practice_id, staff_id=staff_id, **asdict(code)) for code in codes]
    session.add_all(rows)
    session.flush()


def recovery_code(session: Session, practice_id: UUID, staff_id: UUID, label: str) -> RecoveryCode | None:
    """Find a recovery code of a person by its first letters."""
    mine = (RecoveryCodeRow.practice_id == practice_id, RecoveryCodeRow.staff_id == staff_id)
    row = session.scalar(select(RecoveryCodeRow).where(*mine, RecoveryCodeRow.label == label))
    return None if row is None else RecoveryCode(row.id, row.label, row.code_hash, row.used_at)


def use_recovery_code(session: Session, practice_id: UUID, code_id: UUID, at: datetime) -> bool:
    """Use a recovery code up. Returns False when it was used already."""
    fresh = (RecoveryCodeRow.practice_id == practice_id, RecoveryCodeRow.id == code_id)
    used = update(RecoveryCodeRow).where(*fresh, RecoveryCodeRow.used_at.is_(None)).values(used_at=at)
    return session.execute(used.returning(RecoveryCodeRow.id)).one_or_none() is not None


def recovery_codes_left(session: Session, practice_id: UUID, staff_id: UUID) -> int:
    """Count the recovery codes of a person that are not used."""
    mine = (RecoveryCodeRow.practice_id == practice_id, RecoveryCodeRow.staff_id == staff_id)
    unused = select(func.count()).select_from(RecoveryCodeRow).where(*mine, RecoveryCodeRow.used_at.is_(None))
    return session.scalar(unused) or 0


def _forget_codes(session: Session, practice_id: UUID, staff_id: UUID) -> None:
    session.execute(
        delete(RecoveryCodeRow).where(RecoveryCodeRow.practice_id == practice_id, RecoveryCodeRow.staff_id == staff_id)
    )


def _one(practice_id: UUID, factor_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return StaffFactorRow.practice_id == practice_id, StaffFactorRow.id == factor_id


def _factor(session: Session, row: StaffFactorRow) -> StaffFactor:
    secret = row.secret and keyring_of(session).unseal(_SECRET, row.practice_id, row.id, row.secret)
    return StaffFactor(
        row.id,
        row.staff_id,
        row.kind,
        row.name,
        row.added_at,
        row.confirmed_at,
        row.used_at,
        secret or None,
        row.last_step,
        row.credential,
        row.public_key,
        row.sign_count,
    )
