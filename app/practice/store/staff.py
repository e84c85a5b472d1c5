"""The people who sign in: the only queries over them."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.practice.facts.staff import Look, Role, SignInState, Staff
from app.practice.models.staff import StaffLookRow, StaffRow, StaffSessionRow


def staff_of(session: Session, practice_id: UUID) -> tuple[Staff, ...]:
    """List the people of a practice who may sign in, by address."""
    rows = session.scalars(select(StaffRow).where(StaffRow.practice_id == practice_id).order_by(StaffRow.email))
    return tuple(_staff(row) for row in rows)


def add_staff(session: Session, practice_id: UUID, staff: Staff, password_hash: str) -> None:
    """Add a person who may sign in. Two never share an address (the database refuses it)."""
    session.add(
        StaffRow(
            id=staff.id,
            practice_id=practice_id,
            email=staff.email.lower(),
            name=staff.name,
            roles=sorted(staff.roles),
            active=staff.active,
            password_hash=password_hash,
            failures=0,
            locked_until=None,
        )
    )
    session.flush()


def set_password(session: Session, practice_id: UUID, staff_id: UUID, password_hash: str) -> None:
    """Replace a person's password, forget the failures, and end every browser signed in with the old one."""
    mine = (StaffRow.practice_id == practice_id, StaffRow.id == staff_id)
    session.execute(update(StaffRow).where(*mine).values(password_hash=password_hash, failures=0, locked_until=None))
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.staff_id == staff_id))


def sign_in_state(session: Session, email: str) -> SignInState | None:
    """Find a person by address for sign-in: it finds the practice itself."""
    row = session.scalar(select(StaffRow).where(StaffRow.email == email.strip().lower()))
    return None if row is None else SignInState(_staff(row), row.password_hash, row.failures, row.locked_until)


def save_failures(
    session: Session, practice_id: UUID, staff_id: UUID, failures: int, locked_until: datetime | None
) -> None:
    """Write how often sign-in failed in a row, and the lock that follows from it."""
    mine = (StaffRow.practice_id == practice_id, StaffRow.id == staff_id)
    session.execute(update(StaffRow).where(*mine).values(failures=failures, locked_until=locked_until))


def save_staff(session: Session, practice_id: UUID, staff: Staff) -> None:
    """Write a person's name, roles and whether they may sign in; who may not loses every browser at once."""
    mine = (StaffRow.practice_id == practice_id, StaffRow.id == staff.id)
    values = {"name": staff.name, "roles": sorted(staff.roles), "active": staff.active}
    session.execute(update(StaffRow).where(*mine).values(values))
    if not staff.active:
        session.execute(delete(StaffSessionRow).where(StaffSessionRow.staff_id == staff.id))


def save_look(session: Session, practice_id: UUID, staff_id: UUID, look: Look) -> None:
    """Write how a person wants the pages."""
    session.merge(StaffLookRow(practice_id=practice_id, staff_id=staff_id, **asdict(look)))
    session.flush()


def _staff(row: StaffRow, look: StaffLookRow | None = None) -> Staff:
    wanted = Look() if look is None else Look(look.theme, look.density, look.single_keys)
    return Staff(row.id, row.practice_id, row.email, row.name, frozenset(map(Role, row.roles)), row.active, wanted)
