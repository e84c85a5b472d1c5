"""Practices, sites, providers, participation and staff: the only queries over them."""

import json
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.platform.db import keyring_of
from app.platform.ids import new_id
from app.practice.facts import (
    KeptForm,
    Look,
    Participation,
    Practice,
    Provider,
    Role,
    SignInState,
    Site,
    Staff,
    StaffSession,
)
from app.practice.models import (
    KeptFormRow,
    ParticipationRow,
    PracticeRow,
    ProviderRow,
    SiteRow,
    SkippedStepRow,
    StaffLookRow,
    StaffRow,
    StaffSessionRow,
)
from app.values.spans import DateSpan


class PracticeNotFoundError(Exception):
    """No practice with this id is in the database."""


def practice_of(session: Session, practice_id: UUID) -> Practice:
    """Read one practice. Raises PracticeNotFoundError."""
    row = session.get(PracticeRow, practice_id)
    if row is None:
        raise PracticeNotFoundError("no practice with this id is in the database")
    return Practice(row.id, row.name, row.zone, row.state, row.group_npi, row.sample, row.set_up)


def all_practices(session: Session) -> tuple[Practice, ...]:
    """List every practice of the database, for the jobs and the command line: it finds the practice itself."""
    ids = session.scalars(select(PracticeRow.id).order_by(PracticeRow.id)).all()
    return tuple(practice_of(session, practice_id) for practice_id in ids)


def save_practice(session: Session, practice_id: UUID, practice: Practice) -> None:
    """Write a practice as given, new or known."""
    assert practice.id == practice_id
    session.merge(PracticeRow(**asdict(practice)))
    session.flush()


def sites(session: Session, practice_id: UUID) -> tuple[Site, ...]:
    """List the sites of a practice by name."""
    rows = session.scalars(select(SiteRow).where(SiteRow.practice_id == practice_id).order_by(SiteRow.name))
    return tuple(Site(row.id, row.name, row.code, row.zone, row.state, row.fresh_days, row.unreviewed) for row in rows)


def add_site(session: Session, practice_id: UUID, site: Site) -> None:
    """Write a site, new or known. Two of one practice never share a name or a code (the database refuses it)."""
    session.merge(SiteRow(practice_id=practice_id, **asdict(site)))
    session.flush()


def providers(session: Session, practice_id: UUID) -> tuple[Provider, ...]:
    """List the providers of a practice by NPI."""
    rows = session.scalars(select(ProviderRow).where(ProviderRow.practice_id == practice_id).order_by(ProviderRow.npi))
    return tuple(Provider(row.id, row.npi, row.name, row.group_npi, row.unreviewed) for row in rows)


def add_provider(session: Session, practice_id: UUID, provider: Provider) -> None:
    """Write a provider, new or known. Two of one practice never share an NPI (the database refuses it)."""
    session.merge(ProviderRow(practice_id=practice_id, **asdict(provider)))
    session.flush()


def participations(session: Session, practice_id: UUID) -> tuple[Participation, ...]:
    """List the practice's word on its providers' networks, oldest word first: the last that holds a day counts."""
    rows = session.scalars(
        select(ParticipationRow).where(ParticipationRow.practice_id == practice_id).order_by(ParticipationRow.id)
    )
    return tuple(
        Participation(row.payer, row.plan, row.provider_npi, row.network, DateSpan(row.begins, row.ends))
        for row in rows
    )


def add_participation(session: Session, practice_id: UUID, participation: Participation) -> None:
    """Add a word on one provider in one payer's network."""
    session.add(
        ParticipationRow(
            practice_id=practice_id,
            id=new_id(),
            payer=participation.payer,
            plan=participation.plan,
            provider_npi=participation.provider_npi,
            network=participation.network,
            begins=participation.span.begins,
            ends=participation.span.ends,
        )
    )
    session.flush()


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


def add_staff_session(session: Session, practice_id: UUID, staff_session: StaffSession) -> None:
    """Note a signed-in browser."""
    session.add(
        StaffSessionRow(
            id=staff_session.id,
            practice_id=practice_id,
            staff_id=staff_session.staff_id,
            began_at=staff_session.began_at,
            seen_at=staff_session.seen_at,
        )
    )
    session.flush()


def signed_in(session: Session, session_id: UUID) -> tuple[Staff, StaffSession] | None:
    """Find who is signed in with a browser: it finds the practice itself."""
    found = session.execute(
        select(StaffRow, StaffSessionRow, StaffLookRow)
        .join(StaffSessionRow, StaffSessionRow.staff_id == StaffRow.id)
        .outerjoin(StaffLookRow, StaffLookRow.staff_id == StaffRow.id)
        .where(StaffSessionRow.id == session_id)
    ).one_or_none()
    if found is None:
        return None
    staff, row, look = found
    return _staff(staff, look), StaffSession(row.id, row.practice_id, row.staff_id, row.began_at, row.seen_at)


def see_staff_session(session: Session, practice_id: UUID, session_id: UUID, seen_at: datetime) -> None:
    """Note that a signed-in browser was used."""
    mine = (StaffSessionRow.practice_id == practice_id, StaffSessionRow.id == session_id)
    session.execute(update(StaffSessionRow).where(*mine).values(seen_at=seen_at))


def end_staff_session(session: Session, practice_id: UUID, session_id: UUID) -> None:
    """End one signed-in browser."""
    session.execute(
        delete(StaffSessionRow).where(StaffSessionRow.practice_id == practice_id, StaffSessionRow.id == session_id)
    )


def end_sessions_before(session: Session, practice_id: UUID, began: datetime, seen: datetime) -> int:
    """Remove the browsers that began, or were last used, at these instants or before. Returns how many."""
    ended = session.execute(
        delete(StaffSessionRow)
        .where(
            StaffSessionRow.practice_id == practice_id,
            (StaffSessionRow.began_at <= began) | (StaffSessionRow.seen_at <= seen),
        )
        .returning(StaffSessionRow.id)
    )
    return len(ended.all())


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


def add_kept_form(session: Session, practice_id: UUID, form: KeptForm) -> None:
    """Keep a form; what was typed is sealed."""
    typed = json.dumps(form.values)
    session.add(
        KeptFormRow(
            practice_id=practice_id,
            id=form.id,
            staff_id=form.staff_id,
            path=form.path,
            typed=keyring_of(session).seal("kept_form.typed", practice_id, form.id, typed),
            files=form.files,
            saved_at=form.saved_at,
        )
    )
    session.flush()


def kept_forms(session: Session, practice_id: UUID, staff_id: UUID) -> tuple[KeptForm, ...]:
    """List the forms kept for a person, newest first."""
    mine = (KeptFormRow.practice_id == practice_id, KeptFormRow.staff_id == staff_id)
    rows = session.scalars(select(KeptFormRow).where(*mine).order_by(KeptFormRow.id.desc()))
    return tuple(_kept(session, row) for row in rows)


def forget_kept_form(session: Session, practice_id: UUID, staff_id: UUID, form_id: UUID) -> bool:
    """Remove one form kept for a person. Returns whether it was there."""
    mine = (KeptFormRow.practice_id == practice_id, KeptFormRow.staff_id == staff_id, KeptFormRow.id == form_id)
    return session.execute(delete(KeptFormRow).where(*mine).returning(KeptFormRow.id)).one_or_none() is not None


def forget_kept_before(session: Session, practice_id: UUID, saved_at: datetime) -> int:
    """Remove the forms kept at this instant or before. Returns how many."""
    old = (KeptFormRow.practice_id == practice_id, KeptFormRow.saved_at <= saved_at)
    return len(session.execute(delete(KeptFormRow).where(*old).returning(KeptFormRow.id)).all())


def skipped_steps(session: Session, practice_id: UUID) -> frozenset[str]:
    """Name the steps of the first hour that the practice goes without."""
    return frozenset(session.scalars(select(SkippedStepRow.step).where(SkippedStepRow.practice_id == practice_id)))


def skip_step(session: Session, practice_id: UUID, step: str, skipped_at: datetime) -> None:
    """Note that the practice goes without a step of the first hour."""
    session.merge(SkippedStepRow(practice_id=practice_id, step=step, skipped_at=skipped_at))
    session.flush()


def _kept(session: Session, row: KeptFormRow) -> KeptForm:
    typed = json.loads(keyring_of(session).unseal("kept_form.typed", row.practice_id, row.id, row.typed))
    values = tuple((name, value) for name, value in typed)
    return KeptForm(row.id, row.staff_id, row.path, values, row.files, row.saved_at)


def _staff(row: StaffRow, look: StaffLookRow | None = None) -> Staff:
    wanted = Look() if look is None else Look(look.theme, look.density, look.single_keys)
    return Staff(row.id, row.practice_id, row.email, row.name, frozenset(map(Role, row.roles)), row.active, wanted)
