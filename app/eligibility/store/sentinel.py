"""Changes of plans, the visits that they touch and the approvals that they void: the only queries over them."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, insert, or_, select, update
from sqlalchemy.orm import Session

from app.clearance.facts.reasons import BY_NUMBER, Badge
from app.coverage.facts import PlanTurn
from app.eligibility.facts.sentinel import PlanChange, PlanSeen, TouchedVisit, VoidApproval
from app.eligibility.models.sentinel import PlanChangeApprovalRow, PlanChangeRow, PlanChangeVisitRow
from app.platform import sight
from app.platform.db import keyring_of
from app.platform.rows import chunks
from app.values.insurance import Line
from app.values.scope import EVERYTHING, Scope

_C, _V, _A = PlanChangeRow, PlanChangeVisitRow, PlanChangeApprovalRow
_CONTENT = "plan_change.content"


def add_changes(session: Session, practice_id: UUID, changes: Sequence[PlanChange]) -> None:
    """Keep changes that are not on file yet: what changed on a coverage on one day is kept once."""
    keyring = keyring_of(session)
    new: dict[tuple[UUID, bytes], tuple[PlanChange, str]] = {}
    for one in changes:
        packed = _packed(one)
        told = f"{packed} {one.at:%Y-%m-%d}"
        new.setdefault((one.coverage_id, keyring.blind("plan change", practice_id, told)), (one, packed))
    known: set[tuple[UUID, bytes]] = set()
    for chunk in chunks([coverage_id for coverage_id, _digest in new]):
        statement = select(_C.coverage_id, _C.digest).where(_C.practice_id == practice_id, _C.coverage_id.in_(chunk))
        known |= {(row[0], bytes(row[1])) for row in session.execute(statement)}
    rows = [
        {
            "practice_id": practice_id,
            "id": one.id,
            "patient_id": one.patient_id,
            "coverage_id": one.coverage_id,
            "at": one.at,
            "turns": ",".join(one.turns),
            "content": keyring.seal(_CONTENT, practice_id, one.id, packed),
            "digest": digest,
            "worked_at": None,
            "tells": False,
        }
        for (coverage_id, digest), (one, packed) in new.items()
        if (coverage_id, digest) not in known
    ]
    if rows:
        session.execute(insert(_C), rows)


def waiting(session: Session, practice_id: UUID, after: UUID | None, limit: int) -> tuple[PlanChange, ...]:
    """Read changes at which nobody has looked, in the order of their ids, after one of them."""
    statement = select(_C).where(_C.practice_id == practice_id, _C.worked_at.is_(None)).order_by(_C.id).limit(limit)
    if after is not None:
        statement = statement.where(_C.id > after)
    return tuple(_changes(session, practice_id, statement))


def note_worked(session: Session, practice_id: UUID, change_id: UUID, now: datetime, tells: bool) -> bool:
    """Say that a change was looked at. Returns False where somebody has done so meanwhile."""
    mine = (_C.practice_id == practice_id, _C.id == change_id, _C.worked_at.is_(None))
    statement = update(_C).where(*mine).values(worked_at=now, tells=tells).returning(_C.id)
    return session.scalars(statement.execution_options(synchronize_session=False)).one_or_none() is not None


def add_touched(
    session: Session, practice_id: UUID, visits: Sequence[TouchedVisit], approvals: Sequence[VoidApproval]
) -> None:
    """Keep what changes touch and void."""
    if visits:
        rows = [
            asdict(one) | {"practice_id": practice_id, "reason": one.reason.number if one.reason is not None else None}
            for one in visits
        ]
        session.execute(insert(_V), rows)
    if approvals:
        session.execute(insert(_A), [asdict(one) | {"practice_id": practice_id} for one in approvals])


def changes_by_ids(session: Session, practice_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, PlanChange]:
    """Read changes by their ids."""
    statement = select(_C).where(_C.practice_id == practice_id, _C.id.in_(ids))
    return {one.id: one for one in _changes(session, practice_id, statement)}


def listed(
    session: Session, practice_id: UUID, scope: Scope, after: tuple[datetime, UUID] | None, limit: int
) -> tuple[PlanChange, ...]:
    """Read a page of the changes in sight that are worth a look, newest first, after the last of the page before."""
    statement = select(_C).where(_C.practice_id == practice_id, _C.tells)
    statement = statement.where(*sight.of_patients(practice_id, scope, _C.patient_id))
    if after is not None:
        at, last = after
        statement = statement.where(or_(_C.at < at, and_(_C.at == at, _C.id < last)))
    return tuple(_changes(session, practice_id, statement.order_by(_C.at.desc(), _C.id.desc()).limit(limit)))


def of_patient(session: Session, practice_id: UUID, patient_id: UUID, limit: int) -> tuple[PlanChange, ...]:
    """Read the last changes of a patient that are worth a look, newest first."""
    statement = select(_C).where(_C.practice_id == practice_id, _C.patient_id == patient_id, _C.tells)
    return tuple(_changes(session, practice_id, statement.order_by(_C.at.desc(), _C.id.desc()).limit(limit)))


def visits_of(
    session: Session, practice_id: UUID, ids: Collection[UUID], scope: Scope = EVERYTHING
) -> Mapping[UUID, tuple[TouchedVisit, ...]]:
    """Read which visits changes touch, by the change, in order of their days."""
    found: dict[UUID, list[TouchedVisit]] = {}
    statement = select(_V).where(_V.practice_id == practice_id, _V.change_id.in_(ids))
    statement = statement.where(*sight.by_visit(practice_id, scope, _V.visit_id)).order_by(_V.day, _V.visit_id)
    for row in session.scalars(statement):
        reason = BY_NUMBER[row.reason] if row.reason is not None else None
        one = TouchedVisit(row.change_id, row.visit_id, row.day, Badge(row.before), Badge(row.after), reason)
        found.setdefault(row.change_id, []).append(one)
    return {change_id: tuple(visits) for change_id, visits in found.items()}


def approvals_of(session: Session, practice_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, tuple[VoidApproval, ...]]:
    """Read which approvals changes void, by the change, in order of the first visits that they served."""
    found: dict[UUID, list[VoidApproval]] = {}
    statement = select(_A).where(_A.practice_id == practice_id, _A.change_id.in_(ids))
    for row in session.scalars(statement):
        found.setdefault(row.change_id, []).append(_void(row))
    return {change_id: tuple(sorted(rows, key=_turn)) for change_id, rows in found.items()}


def unopened(session: Session, practice_id: UUID, limit: int) -> tuple[VoidApproval, ...]:
    """Read the approvals for which a continuity request is still to be opened, those of the first visits first."""
    mine = (_A.practice_id == practice_id, _A.settled_at.is_(None))
    statement = select(_A).where(*mine).order_by(_A.first_day, _A.change_id, _A.approval_id).limit(limit)
    return tuple(_void(row) for row in session.scalars(statement))


def note_opened(
    session: Session, practice_id: UUID, void: VoidApproval, request_id: UUID | None, now: datetime
) -> None:
    """Say which continuity request was opened for an approval; None: none can be."""
    mine = (_A.practice_id == practice_id, _A.change_id == void.change_id, _A.approval_id == void.approval_id)
    values = {"request_id": request_id, "settled_at": now}
    session.execute(update(_A).where(*mine).values(values).execution_options(synchronize_session=False))


def of_request(session: Session, practice_id: UUID, request_id: UUID) -> VoidApproval | None:
    """Find for which approval and change a continuity request was opened."""
    statement = select(_A).where(_A.practice_id == practice_id, _A.request_id == request_id)
    row = session.scalars(statement.limit(1)).one_or_none()
    return None if row is None else _void(row)


def voided(session: Session, practice_id: UUID, approval_ids: Collection[UUID]) -> Mapping[UUID, VoidApproval]:
    """Find by which change approvals were voided last; one that none voids is left out."""
    statement = select(_A).where(_A.practice_id == practice_id, _A.approval_id.in_(approval_ids))
    return {row.approval_id: _void(row) for row in session.scalars(statement.order_by(_A.change_id))}


def _turn(one: VoidApproval) -> tuple[date, UUID]:
    return one.first_day or date.max, one.approval_id


def _void(row: PlanChangeApprovalRow) -> VoidApproval:
    return VoidApproval(row.change_id, row.approval_id, row.first_day, row.request_id, row.settled_at)


def _packed(change: PlanChange) -> str:
    told = {"turns": list(change.turns), "before": _told(change.before), "after": _told(change.after)}
    return json.dumps(told, separators=(",", ":"), sort_keys=True)


def _told(plan: PlanSeen) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(plan).items()
        if value is not None
    }


def _plan(told: Mapping[str, Any]) -> PlanSeen:
    days = {name: date.fromisoformat(told[name]) for name in ("begins", "ends") if name in told}
    line = {"line": Line(told["line"])} if "line" in told else {}
    return PlanSeen(**{**told, **days, **line})


def _changes(session: Session, practice_id: UUID, statement: Any) -> Iterator[PlanChange]:
    keyring = keyring_of(session)
    for row in session.scalars(statement.execution_options(populate_existing=True)):
        told = json.loads(keyring.unseal(_CONTENT, practice_id, row.id, row.content))
        turns = tuple(PlanTurn(word) for word in row.turns.split(","))
        plans = _plan(told["before"]), _plan(told["after"])
        yield PlanChange(row.id, row.patient_id, row.coverage_id, row.at, turns, *plans, row.worked_at, row.tells)
