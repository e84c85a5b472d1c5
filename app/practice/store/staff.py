"""The people who sign in: the only queries over them."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.platform.wall import finds_practice
from app.practice.facts.staff import Look, Role, SignInState, Staff
from app.practice.models.factors import SignInStepRow
from app.practice.models.staff import StaffLookRow, StaffRow, StaffSessionRow, StaffSightRow


def staff_of(session: Session, practice_id: UUID) -> tuple[Staff, ...]:
    """List the people of a practice who may sign in, by address."""
    rows = session.scalars(select(StaffRow).where(StaffRow.practice_id == practice_id).order_by(StaffRow.email)).all()
    sights = _sights(session, practice_id)
    return tuple(_of(row, Look(), sights.get(row.id, frozenset())) for row in rows)


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
            all_sites=staff.sites is None,
            provider_npi=staff.provider_npi,
            must_change=staff.must_change,
            signed_in_at=None,
        )
    )
    session.flush()
    _save_sight(session, practice_id, staff)


def set_password(
    session: Session, practice_id: UUID, staff_id: UUID, password_hash: str, must_change: bool = False
) -> None:
    """Replace a person's password, forget the failures, and end every browser signed in with the old one.

    `must_change`: another person knows the new one, so that it only opens the page where it is changed.
    """
    mine = (StaffRow.practice_id == practice_id, StaffRow.id == staff_id)
    values = {"password_hash": password_hash, "failures": 0, "must_change": must_change}
    session.execute(update(StaffRow).where(*mine).values(values))
    end_sessions_of(session, practice_id, staff_id)


@finds_practice
def sign_in_state(session: Session, email: str) -> SignInState | None:
    """Find a person by address for sign-in: it finds the practice itself.

    Whoever does not see every site is given none here: it is one statement, whoever the address belongs to.
    """
    row = session.scalar(select(StaffRow).where(StaffRow.email == email.strip().lower()))
    return None if row is None else SignInState(_of(row, Look(), frozenset()), row.password_hash, row.failures)


def set_failures(session: Session, practice_id: UUID, staff_id: UUID, right: bool) -> None:
    """Count one more failed sign-in of a person, or begin anew after one that was right. A nobody changes nothing."""
    mine = (StaffRow.practice_id == practice_id, StaffRow.id == staff_id)
    session.execute(update(StaffRow).where(*mine).values(failures=0 if right else StaffRow.failures + 1))


def save_staff(session: Session, practice_id: UUID, staff: Staff) -> None:
    """Write a person's name, address, roles, sight and whether they may sign in; who may not loses every browser."""
    mine = (StaffRow.practice_id == practice_id, StaffRow.id == staff.id)
    values: dict[str, Any] = {"name": staff.name, "email": staff.email.lower()}
    values |= {"roles": sorted(staff.roles), "active": staff.active}
    values |= {"all_sites": staff.sites is None, "provider_npi": staff.provider_npi}
    session.execute(update(StaffRow).where(*mine).values(values))
    _save_sight(session, practice_id, staff)
    if not staff.active:
        end_sessions_of(session, practice_id, staff.id)


def save_look(session: Session, practice_id: UUID, staff_id: UUID, look: Look) -> None:
    """Write how a person wants the pages."""
    session.merge(StaffLookRow(practice_id=practice_id, staff_id=staff_id, **asdict(look)))
    session.flush()


def _save_sight(session: Session, practice_id: UUID, staff: Staff) -> None:
    mine = (StaffSightRow.practice_id == practice_id, StaffSightRow.staff_id == staff.id)
    session.execute(delete(StaffSightRow).where(*mine))
    for site_id in sorted(staff.sites or ()):
        session.add(StaffSightRow(practice_id=practice_id, staff_id=staff.id, site_id=site_id))
    session.flush()


def let_sign_in(session: Session, practice_id: UUID, staff_id: UUID) -> None:
    """Write that a person may sign in, who has accepted an invitation."""
    mine = (StaffRow.practice_id == practice_id, StaffRow.id == staff_id)
    session.execute(update(StaffRow).where(*mine).values(active=True))


def note_sign_in(session: Session, practice_id: UUID, staff_id: UUID, now: datetime) -> None:
    """Write when a person last signed in."""
    mine = (StaffRow.practice_id == practice_id, StaffRow.id == staff_id)
    session.execute(update(StaffRow).where(*mine).values(signed_in_at=now))


def end_sessions_of(session: Session, practice_id: UUID, staff_id: UUID) -> None:
    """End every browser of a person, and every sign-in of theirs that is under way."""
    for row in (StaffSessionRow, SignInStepRow):
        session.execute(delete(row).where(row.practice_id == practice_id, row.staff_id == staff_id))


def person(session: Session, practice_id: UUID, staff_id: UUID) -> Staff | None:
    """Read one person; None when nobody of the practice has this id."""
    mine = (StaffRow.practice_id == practice_id, StaffRow.id == staff_id)
    row = session.scalar(select(StaffRow).where(*mine))
    return None if row is None else _staff(session, row)


def hold(session: Session, practice_id: UUID, staff_id: UUID) -> None:
    """Let nobody else change what belongs to a person until this transaction ends."""
    mine = (StaffRow.practice_id == practice_id, StaffRow.id == staff_id)
    session.execute(select(StaffRow.id).where(*mine).with_for_update(key_share=True)).all()


def _staff(session: Session, row: StaffRow, look: StaffLookRow | None = None) -> Staff:
    wanted = Look() if look is None else Look(look.theme, look.density, look.single_keys)
    return _of(row, wanted, frozenset() if row.all_sites else _sight(session, row))


def _of(row: StaffRow, look: Look, sight: frozenset[UUID]) -> Staff:
    roles, sites = frozenset(map(Role, row.roles)), None if row.all_sites else sight
    after = (row.provider_npi, row.must_change, row.signed_in_at)
    return Staff(row.id, row.practice_id, row.email, row.name, roles, row.active, look, sites, *after)


def _sights(session: Session, practice_id: UUID) -> dict[UUID, frozenset[UUID]]:
    """The sites of everybody who does not see them all, by person."""
    found: dict[UUID, set[UUID]] = {}
    rows = session.execute(
        select(StaffSightRow.staff_id, StaffSightRow.site_id).where(StaffSightRow.practice_id == practice_id)
    )
    for staff_id, site_id in rows:
        found.setdefault(staff_id, set()).add(site_id)
    return {staff_id: frozenset(sites) for staff_id, sites in found.items()}


def _sight(session: Session, row: StaffRow) -> frozenset[UUID]:
    mine = (StaffSightRow.practice_id == row.practice_id, StaffSightRow.staff_id == row.id)
    return frozenset(session.scalars(select(StaffSightRow.site_id).where(*mine)))
