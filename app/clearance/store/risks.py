"""Accepted risks: added, ended once, never changed otherwise."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from app.clearance.facts.history import AcceptedRisk, Standing
from app.clearance.models import AcceptedRiskRow
from app.platform.db import keyring_of
from app.platform.rows import chunks

_REASON = "accepted_risk.reason"


def add(session: Session, practice_id: UUID, risk: AcceptedRisk) -> None:
    """Keep an accepted risk, its reason sealed. A visit that has a standing one refuses another."""
    session.add(
        AcceptedRiskRow(
            practice_id=practice_id,
            id=risk.id,
            visit_id=risk.visit_id,
            patient_id=risk.patient_id,
            badge=risk.badge,
            digest=risk.digest,
            reason=keyring_of(session).seal(_REASON, practice_id, risk.id, risk.reason),
            accepted_at=risk.accepted_at,
            accepted_by=risk.accepted_by,
            name=risk.name,
            until=risk.until,
        )
    )
    session.flush()


def of_visits(session: Session, practice_id: UUID, visit_ids: Collection[UUID]) -> dict[UUID, tuple[AcceptedRisk, ...]]:
    """All risks that were ever accepted of some visits, by visit, the latest first; the reasons opened."""
    row = AcceptedRiskRow
    found: dict[UUID, tuple[AcceptedRisk, ...]] = {}
    for ids in chunks(list(visit_ids)):
        rows = session.scalars(select(row).where(row.practice_id == practice_id, row.visit_id.in_(ids)))
        for one in sorted(rows, key=_accepted_at, reverse=True):
            found[one.visit_id] = (*found.get(one.visit_id, ()), _risk(session, practice_id, one))
    return found


def standing_of(session: Session, practice_id: UUID, patient_ids: Collection[UUID]) -> dict[UUID, Standing]:
    """What the standing risks of some patients' visits cover, by visit."""
    row = AcceptedRiskRow
    found: dict[UUID, Standing] = {}
    for ids in chunks(list(patient_ids)):
        rows = session.execute(
            select(row.visit_id, row.digest, row.until).where(
                row.practice_id == practice_id, row.patient_id.in_(ids), row.ended_at.is_(None)
            )
        )
        found.update((one.visit_id, Standing(one.digest, one.until)) for one in rows)
    return found


def standing(session: Session, practice_id: UUID) -> dict[UUID, Standing]:
    """What all standing risks of the practice cover, by visit, for a run over the whole book."""
    row = AcceptedRiskRow
    rows = session.execute(
        select(row.visit_id, row.digest, row.until).where(row.practice_id == practice_id, row.ended_at.is_(None))
    )
    return {one.visit_id: Standing(one.digest, one.until) for one in rows}


def end(session: Session, practice_id: UUID, visit_ids: Collection[UUID], at: datetime, by: UUID | None) -> int:
    """End the standing risks of some visits; `by` None: a changed result made them void. Returns how many ended."""
    row = AcceptedRiskRow
    ended = 0
    for ids in chunks(list(visit_ids)):
        done = session.execute(
            update(row)
            .where(row.practice_id == practice_id, row.visit_id.in_(ids), row.ended_at.is_(None))
            .values(ended_at=case((row.accepted_at > at, row.accepted_at), else_=at), ended_by=by)
            .returning(row.id)
        )
        ended += len(done.all())
    return ended


def _accepted_at(row: AcceptedRiskRow) -> tuple[datetime, UUID]:
    return row.accepted_at, row.id


def _risk(session: Session, practice_id: UUID, row: AcceptedRiskRow) -> AcceptedRisk:
    return AcceptedRisk(
        row.id,
        row.visit_id,
        row.patient_id,
        row.badge,
        row.digest,
        keyring_of(session).unseal(_REASON, practice_id, row.id, row.reason),
        row.accepted_at,
        row.accepted_by,
        row.name,
        row.ended_at,
        row.ended_by,
        row.until,
    )
