"""Signed-in browsers, and forms kept for their people: the only queries over them."""

import json
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.platform.db import keyring_of
from app.platform.wall import finds_practice
from app.practice.facts.staff import KeptForm, Staff, StaffSession
from app.practice.models.staff import KeptFormRow, StaffLookRow, StaffRow, StaffSessionRow
from app.practice.store.staff import _staff


def add_staff_session(session: Session, practice_id: UUID, staff_session: StaffSession) -> None:
    """Note a signed-in browser."""
    session.add(
        StaffSessionRow(
            id=staff_session.id,
            practice_id=practice_id,
            staff_id=staff_session.staff_id,
            began_at=staff_session.began_at,
            seen_at=staff_session.seen_at,
            fresh_at=staff_session.fresh_at,
            factor=staff_session.factor,
            agent=staff_session.agent,
            source=staff_session.source,
        )
    )
    session.flush()


@finds_practice
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
    return _staff(session, staff, look), _browser(row)


def _browser(row: StaffSessionRow) -> StaffSession:
    times = (row.began_at, row.seen_at, row.fresh_at)
    return StaffSession(row.id, row.practice_id, row.staff_id, *times, row.factor, row.agent, row.source)


def see_staff_session(session: Session, practice_id: UUID, session_id: UUID, seen_at: datetime) -> None:
    """Note that a signed-in browser was used."""
    mine = (StaffSessionRow.practice_id == practice_id, StaffSessionRow.id == session_id)
    session.execute(update(StaffSessionRow).where(*mine).values(seen_at=seen_at))


def sessions_of(session: Session, practice_id: UUID, staff_id: UUID) -> tuple[StaffSession, ...]:
    """List the browsers of a person that are not forgotten, the last used first; some may have ended by themselves."""
    mine = (StaffSessionRow.practice_id == practice_id, StaffSessionRow.staff_id == staff_id)
    rows = session.scalars(select(StaffSessionRow).where(*mine).order_by(StaffSessionRow.seen_at.desc()))
    return tuple(_browser(row) for row in rows)


def end_staff_session(session: Session, practice_id: UUID, session_id: UUID) -> None:
    """End one signed-in browser."""
    session.execute(
        delete(StaffSessionRow).where(StaffSessionRow.practice_id == practice_id, StaffSessionRow.id == session_id)
    )


def end_all_sessions(session: Session, practice_id: UUID) -> None:
    """End every signed-in browser of a practice."""
    mine = delete(StaffSessionRow).where(StaffSessionRow.practice_id == practice_id)
    session.execute(mine.execution_options(synchronize_session=False))


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


def _kept(session: Session, row: KeptFormRow) -> KeptForm:
    typed = json.loads(keyring_of(session).unseal("kept_form.typed", row.practice_id, row.id, row.typed))
    values = tuple((name, value) for name, value in typed)
    return KeptForm(row.id, row.staff_id, row.path, values, row.files, row.saved_at)
