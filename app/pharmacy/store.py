"""How drugs come to visits: the only queries over plans of supply and their steps."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import Select, and_, select, update
from sqlalchemy.orm import Session

from app.pharmacy.facts import Supply, SupplyMark, SupplyPlan
from app.pharmacy.models import DrugSupplyRow, SupplyMarkRow
from app.platform.db import keyring_of
from app.platform.rows import chunks

_S, _M = DrugSupplyRow, SupplyMarkRow
_LOT = "supply_mark.lot"


def of_patients(session: Session, practice_id: UUID, patient_ids: Sequence[UUID]) -> Mapping[UUID, tuple[Supply, ...]]:
    """Read how the drugs of some patients come, for judging: lots stay sealed. One query; who has none is left out."""
    return {
        patient_id: found
        for chunk in chunks(patient_ids)
        for patient_id, found in _grouped(session, _joined(practice_id).where(_S.patient_id.in_(chunk)))
    }


def in_patient_order(
    session: Session, practice_id: UUID, after: UUID | None = None, until: UUID | None = None
) -> Iterator[tuple[UUID, tuple[Supply, ...]]]:
    """Stream how the drugs of the patients after one id up to another (included) come, patient by patient."""
    statement = _joined(practice_id)
    if after is not None:
        statement = statement.where(_S.patient_id > after)
    if until is not None:
        statement = statement.where(_S.patient_id <= until)
    return _grouped(session, statement)


def of_case(session: Session, practice_id: UUID, case_id: UUID, hold: bool = False) -> Supply | None:
    """Read how the drug of one case comes, lots opened; None: nobody said. `hold` keeps others from writing it."""
    statement = select(_S).where(_S.practice_id == practice_id, _S.id == case_id)
    if hold:
        statement = statement.with_for_update()
    row = session.scalar(statement.execution_options(populate_existing=True))
    if row is None:
        return None
    marks = session.scalars(
        select(_M)
        .where(_M.practice_id == practice_id, _M.supply_id == case_id)
        .order_by(_M.id)
        .execution_options(populate_existing=True)
    )
    opened = tuple(_mark(one, _lot(session, practice_id, one)) for one in marks)
    return Supply(row.id, row.patient_id, row.plan, row.set_at, opened, row.version)


def save_plan(
    session: Session,
    practice_id: UUID,
    case_id: UUID,
    patient_id: UUID,
    plan: SupplyPlan,
    by: tuple[datetime, UUID | None],
) -> None:
    """Write who brings the drug of a case, in place of what was said before."""
    row = session.get(_S, (practice_id, case_id))
    if row is None:
        row = _S(practice_id=practice_id, id=case_id, patient_id=patient_id)
        session.add(row)
    row.plan = plan
    row.set_at, row.set_by = by
    session.flush()


def add_mark(session: Session, practice_id: UUID, case_id: UUID, mark: SupplyMark) -> None:
    """Add one step that was done. One of the same id is refused by the database."""
    lot = None if mark.lot is None else keyring_of(session).seal(_LOT, practice_id, mark.id, mark.lot)
    session.add(
        _M(
            practice_id=practice_id,
            id=mark.id,
            supply_id=case_id,
            step=mark.step,
            done_on=mark.on,
            recorded_at=mark.recorded_at,
            recorded_by=mark.recorded_by,
            lot=lot,
            ndc=mark.ndc,
            doses=mark.doses,
            for_visit=mark.for_visit,
        )
    )
    session.flush()


def take_back(session: Session, practice_id: UUID, mark_id: UUID, at: datetime, by: UUID | None) -> bool:
    """Take one step back. Returns False where it is not there or was taken back already."""
    done = session.execute(
        update(_M)
        .where(_M.practice_id == practice_id, _M.id == mark_id, _M.taken_back_at.is_(None))
        .values(taken_back_at=at, taken_back_by=by)
        .returning(_M.id)
    )
    return done.first() is not None


def _joined(practice_id: UUID) -> Select[DrugSupplyRow, SupplyMarkRow]:
    stands = and_(_M.practice_id == _S.practice_id, _M.supply_id == _S.id, _M.taken_back_at.is_(None))
    return select(_S, _M).outerjoin(_M, stands).where(_S.practice_id == practice_id).order_by(_S.patient_id)


def _grouped(
    session: Session, statement: Select[DrugSupplyRow, SupplyMarkRow]
) -> Iterator[tuple[UUID, tuple[Supply, ...]]]:
    rows = session.execute(statement.execution_options(yield_per=1000))
    for patient_id, found in groupby(rows, key=lambda row: row[0].patient_id):
        plans: dict[UUID, tuple[DrugSupplyRow, list[SupplyMark]]] = {}
        for plan, mark in found:
            marks = plans.setdefault(plan.id, (plan, []))[1]
            if mark is not None:
                marks.append(_mark(mark, None))
        yield patient_id, tuple(_supply(*plans[key]) for key in sorted(plans))


def _supply(row: DrugSupplyRow, marks: list[SupplyMark]) -> Supply:
    ordered = tuple(sorted(marks, key=lambda mark: mark.id.int))
    return Supply(row.id, row.patient_id, row.plan, row.set_at, ordered, row.version)


def _lot(session: Session, practice_id: UUID, row: SupplyMarkRow) -> str | None:
    return None if row.lot is None else keyring_of(session).unseal(_LOT, practice_id, row.id, row.lot)


def _mark(row: SupplyMarkRow, lot: str | None) -> SupplyMark:
    return SupplyMark(
        row.id,
        row.step,
        row.done_on,
        row.recorded_at,
        row.recorded_by,
        lot,
        row.ndc,
        row.doses,
        row.for_visit,
        row.taken_back_at,
    )
