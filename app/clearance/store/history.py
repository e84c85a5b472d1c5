"""Verdicts that were shown before: added when they are replaced, never changed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.clearance.facts.history import By, PastVerdict
from app.clearance.facts.stored import VisitVerdict
from app.clearance.models import PastVerdictRow, VisitVerdictRow
from app.platform.ids import new_id
from app.platform.rows import chunks


def keep(session: Session, practice_id: UUID, past: Sequence[PastVerdict]) -> None:
    """Keep verdicts that are replaced."""
    rows = [
        {
            "practice_id": practice_id,
            "id": new_id(),
            "visit_id": one.visit_id,
            "shown_since": one.shown_since,
            "shown_until": one.shown_until,
            "as_of": one.as_of,
            "badge": one.badge,
            "rules_version": one.rules_version,
            "content": one.content,
            "cause": one.by.cause,
            "user_id": one.by.user_id,
        }
        for one in past
    ]
    if rows:
        session.execute(insert(PastVerdictRow), rows)


def of_visit(session: Session, practice_id: UUID, visit_id: UUID, limit: int) -> tuple[PastVerdict, ...]:
    """The last verdicts that a visit showed and no longer shows, the latest first."""
    row = PastVerdictRow
    found = session.scalars(
        select(row)
        .where(row.practice_id == practice_id, row.visit_id == visit_id)
        .order_by(row.shown_until.desc(), row.shown_since.desc())
        .limit(limit)
    )
    return tuple(_past(one) for one in found)


def of_visits(session: Session, practice_id: UUID, visit_ids: Sequence[UUID], limit: int) -> tuple[PastVerdict, ...]:
    """The last verdicts that some visits, a few hundred at most, showed and no longer show, the latest first."""
    row = PastVerdictRow
    mine = (row.practice_id == practice_id, row.visit_id.in_(visit_ids))
    found = session.scalars(select(row).where(*mine).order_by(row.shown_until.desc(), row.id.desc()).limit(limit))
    return tuple(_past(one) for one in found)


def since(session: Session, practice_id: UUID, visit_ids: Sequence[UUID], instant: datetime) -> tuple[PastVerdict, ...]:
    """The verdicts that visits showed until an instant or later and no longer show, the first first."""
    row = PastVerdictRow
    found: list[PastVerdict] = []
    for chunk in chunks(visit_ids):
        mine = (row.practice_id == practice_id, row.visit_id.in_(chunk), row.shown_until >= instant)
        statement = select(row).where(*mine).order_by(row.shown_until, row.shown_since, row.id)
        found += (_past(one) for one in session.scalars(statement))
    return tuple(found)


def between(
    session: Session, practice_id: UUID, visit_id: UUID, begins: datetime, ends: datetime, limit: int
) -> tuple[PastVerdict, ...]:
    """The verdicts that a visit showed at some time from one instant until before another, the first first."""
    row = PastVerdictRow
    found = session.scalars(
        select(row)
        .where(
            row.practice_id == practice_id,
            row.visit_id == visit_id,
            row.shown_until > begins,
            row.shown_since < ends,
        )
        .order_by(row.shown_until, row.shown_since)
        .limit(limit)
    )
    return tuple(_past(one) for one in found)


def shown_now(session: Session, practice_id: UUID, visit_id: UUID) -> VisitVerdict | None:
    """The verdict that a visit shows now; None where it shows none."""
    row = VisitVerdictRow
    found = session.scalar(select(row).where(row.practice_id == practice_id, row.id == visit_id))
    if found is None:
        return None
    return VisitVerdict(
        found.id, found.patient_id, found.site_id, found.day, found.starts_at, found.badge, found.as_of,
        found.changes_on, found.rules_version, found.content, found.shown_since,
    )  # fmt: skip


def _past(row: PastVerdictRow) -> PastVerdict:
    return PastVerdict(
        row.visit_id,
        row.shown_since,
        row.shown_until,
        row.as_of,
        row.badge,
        row.rules_version,
        row.content,
        By(row.cause, row.user_id),
    )
