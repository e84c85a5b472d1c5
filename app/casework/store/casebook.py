"""The list of cases: its queues, what is put aside, and steps to take back. The only queries over them."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy import update as update_rows
from sqlalchemy.orm import Session

from app.authorizations.facts import Status
from app.casework.facts.casebook import NOBODY as NO_OWNER
from app.casework.facts.casebook import CaseStep, Listed, Place, Queue, Which
from app.casework.models.casebook import CaseListingRow, CaseSnoozeRow, CaseStepRow
from app.platform import sight
from app.platform.db import Uuid16, keyring_of
from app.platform.rows import as_day, as_uuid, chunks, known_day, raw
from app.values.scope import EVERYTHING, Scope

_R = CaseListingRow
_NAMES = (
    "case_id", "patient_id", "queue", "due_on", "status", "payer", "owner_id", "hidden_until", "code", "again_on",
)  # fmt: skip
_READ = tuple(getattr(_R, name) for name in _NAMES)
_QUEUES = {one.value: one for one in Queue}
_STATUSES = {one.value: one for one in Status}


def page(
    session: Session,
    practice_id: UUID,
    which: Which,
    limit: int,
    after: Place | None = None,
    before: Place | None = None,
    scope: Scope = EVERYTHING,
) -> tuple[Listed, ...]:
    """List a queue by day and id: the first after one place, or the last before another, in that order."""
    statement = select(*raw(*_READ)).where(*_asked(practice_id, which, scope))
    order = (_R.due_on, _R.case_id)
    if before is not None:
        place = (before.due_on, before.case_id)
        statement = statement.where(_R.due_on <= place[0], tuple_(*order) < place)
        backwards = statement.order_by(*(one.desc() for one in order)).limit(limit)
        return tuple(reversed([_listed(row) for row in session.connection().execute(backwards)]))
    if after is not None:
        place = (after.due_on, after.case_id)
        statement = statement.where(_R.due_on >= place[0], tuple_(*order) > place)
    return tuple(_listed(row) for row in session.connection().execute(statement.order_by(*order).limit(limit)))


def capped(
    session: Session, practice_id: UUID, views: Mapping[str, Which], most: int, scope: Scope = EVERYTHING
) -> dict[str, int]:
    """Count several selections with one statement, each no further than one above `most`."""
    if scope.limited:
        statement = union_all(*(_count(name, _asked(practice_id, which, scope)) for name, which in views.items()))
    else:
        statement = _counting(tuple((name, *_shape(which)) for name, which in views.items()))
    values: dict[str, Any] = {"practice": practice_id, "most": most + 1}
    for name, which in views.items():
        first, last = which.due
        given = {"owner": which.owner, "payer": which.payer, "status": which.status, "first": first, "last": last}
        values |= {f"{name}_{part}": value for part, value in given.items()} | {f"{name}_awake": which.awake_on}
    return {row.name: row.cases for row in session.execute(statement, values)}


Shape = tuple[Queue, bool | None, bool, bool, bool, bool, bool]
"""Of a selection its queue, whether it names an owner (None: nobody), a payer, a status, a first and a last day, and a
day on which what is put aside is left out."""


def _shape(which: Which) -> Shape:
    owner = which.owner is not None if which.owner != NO_OWNER else None
    first, last = (day is not None for day in which.due)
    awake = which.awake_on is not None
    return which.queue, owner, which.payer is not None, which.status is not None, first, last, awake


@lru_cache(maxsize=64)
def _counting(views: tuple[tuple[Any, ...], ...]) -> CompoundSelect[Any]:
    """The statement that counts selections of some shapes: made once, since making it costs more than counting."""
    return union_all(*(_count(name, _bound(name, *shape)) for name, *shape in views))


def _bound(
    name: str, queue: Queue, owner: bool | None, payer: bool, status: bool, first: bool, last: bool, awake: bool
) -> list[ColumnElement[bool]]:
    asked = [_R.practice_id == bindparam("practice", type_=Uuid16()), _R.queue == queue]
    asked += [_R.owner_id.is_(None)] if owner is None else [_R.owner_id == bindparam(f"{name}_owner")] if owner else []
    asked += [_R.payer == bindparam(f"{name}_payer")] if payer else []
    asked += [_R.status == bindparam(f"{name}_status")] if status else []
    asked += [_R.due_on >= bindparam(f"{name}_first")] if first else []
    asked += [_R.due_on <= bindparam(f"{name}_last")] if last else []
    awake_on = bindparam(f"{name}_awake", type_=Date())
    return [*asked, *([func.coalesce(_R.hidden_until, date.min) <= awake_on] if awake else [])]


def _count(name: str, asked: Sequence[ColumnElement[bool]]) -> Select[str, int]:
    some = select(literal(1).label("one")).where(*asked).limit(bindparam("most", type_=Integer())).subquery()
    return select(literal(name).label("name"), func.count().label("cases")).select_from(some)


def _asked(practice_id: UUID, which: Which, scope: Scope) -> list[ColumnElement[bool]]:
    asked = [_R.practice_id == practice_id, _R.queue == which.queue]
    if which.owner is not None:
        asked.append(_R.owner_id.is_(None) if which.owner == NO_OWNER else _R.owner_id == which.owner)
    if which.payer is not None:
        asked.append(_R.payer == which.payer)
    if which.status is not None:
        asked.append(_R.status == which.status)
    first, last = which.due
    asked += [] if first is None else [_R.due_on >= first]
    asked += [] if last is None else [_R.due_on <= last]
    if which.awake_on is not None:
        asked.append(func.coalesce(_R.hidden_until, date.min) <= which.awake_on)
    return [*asked, *sight.of_patients(practice_id, scope, _R.patient_id)]


def of_patients(session: Session, practice_id: UUID, patient_ids: Collection[UUID]) -> frozenset[Listed]:
    """Read every row of some patients' cases."""
    return frozenset(
        _listed(row)
        for ids in chunks(list(patient_ids))
        for row in session.connection().execute(
            select(*raw(*_READ)).where(_R.practice_id == practice_id, _R.patient_id.in_(ids))
        )
    )


def queues_of(session: Session, practice_id: UUID, case_ids: Sequence[UUID]) -> dict[UUID, frozenset[Queue]]:
    """Tell in which queues the cases named stand."""
    found: dict[UUID, set[Queue]] = {}
    for ids in chunks(case_ids):
        mine = (_R.practice_id == practice_id, _R.case_id.in_(ids))
        for row in session.execute(select(_R.case_id, _R.queue).where(*mine)):
            found.setdefault(row.case_id, set()).add(row.queue)
    return {one: frozenset(queues) for one, queues in found.items()}


def by_code(session: Session, practice_id: UUID, code: str, scope: Scope = EVERYTHING) -> tuple[UUID, ...]:
    """Find the cases in sight that people call by a code (six digits of 0-9 and A-F); two may share one."""
    mine = (
        _R.practice_id == practice_id,
        _R.code == code.upper(),
        *sight.of_patients(practice_id, scope, _R.patient_id),
    )
    return tuple(session.scalars(select(_R.case_id).where(*mine).limit(50)))


def payers(session: Session, practice_id: UUID, queue: Queue, most: int) -> tuple[str, ...]:
    """List the payers of a queue by their keys, at most so many: one statement, one look-up in an index for each."""
    mine = (_R.practice_id == practice_id, _R.queue == queue)
    found = select(func.min(_R.payer).label("payer")).where(*mine).cte("found", recursive=True)
    further = select(func.min(_R.payer)).where(*mine, _R.payer > found.c.payer).scalar_subquery()
    found = found.union_all(select(further).where(found.c.payer.is_not(None)))
    return tuple(session.scalars(select(found.c.payer).where(found.c.payer.is_not(None)).limit(most)))


def put(session: Session, practice_id: UUID, rows: Iterable[Listed]) -> None:
    """Add rows."""
    new = [{name: getattr(one, name) for name in _NAMES} | {"practice_id": practice_id} for one in rows]
    if new:
        session.connection().execute(insert(_R), new)


def drop(session: Session, practice_id: UUID, rows: Iterable[Listed]) -> None:
    """Take rows away."""
    gone = [{"its_queue": one.queue, "its_day": one.due_on, "its_case": one.case_id} for one in rows]
    if gone:
        mine = and_(
            _R.practice_id == practice_id,
            _R.queue == bindparam("its_queue"),
            _R.due_on == bindparam("its_day"),
            _R.case_id == bindparam("its_case"),
        )
        session.connection().execute(delete(_R).where(mine), gone)


def overtaken(session: Session, practice_id: UUID, today: date, limit: int) -> tuple[UUID, ...]:
    """Name patients of whom the calendar alone may have moved a case."""
    mine = (_R.practice_id == practice_id, _R.again_on <= today)
    return tuple(dict.fromkeys(session.scalars(select(_R.patient_id).where(*mine).limit(limit))))


def in_sight(session: Session, practice_id: UUID, case_ids: Collection[UUID], scope: Scope) -> list[UUID]:
    """Keep to the cases named that are listed and in sight."""
    return list(rows_of(session, practice_id, case_ids, scope))


def rows_of(
    session: Session, practice_id: UUID, case_ids: Collection[UUID], scope: Scope = EVERYTHING
) -> dict[UUID, Listed]:
    """Read the row of the queue `all` of the cases named, in sight, by case; one that is not there is left out."""
    return {
        one.case_id: one
        for ids in chunks(list(case_ids))
        for one in map(
            _listed,
            session.connection().execute(
                select(*raw(*_READ)).where(*_asked(practice_id, Which(Queue.ALL), scope), _R.case_id.in_(ids))
            ),
        )
    }


def snoozes(session: Session, practice_id: UUID, case_ids: Select[UUID] | Sequence[UUID]) -> dict[UUID, date]:
    """Tell until when cases are put aside; one that is not is left out."""
    row = CaseSnoozeRow
    found = session.execute(select(row.id, row.until).where(row.practice_id == practice_id, row.id.in_(case_ids)))
    return {one.id: one.until for one in found}


def save_snoozes(
    session: Session, practice_id: UUID, until: Mapping[UUID, date | None], by_id: UUID | None, at: datetime
) -> None:
    """Put cases aside until a day, or bring them back (None)."""
    row = CaseSnoozeRow
    for ids in chunks(list(until)):
        session.execute(delete(row).where(row.practice_id == practice_id, row.id.in_(ids)))
    new = [
        {"practice_id": practice_id, "id": one, "until": day, "by_id": by_id, "at": at}
        for one, day in until.items()
        if day is not None
    ]
    if new:
        session.execute(insert(row), new)


def add_step(session: Session, practice_id: UUID, step: CaseStep) -> None:
    """Note what an action did, what it was before sealed."""
    before = keyring_of(session).seal("case_step.before", practice_id, step.id, json.dumps(dict(step.before)))
    session.add(
        CaseStepRow(practice_id=practice_id, id=step.id, kind=step.kind, at=step.at, by_id=step.by_id, before=before)
    )
    session.flush()


def step_of(session: Session, practice_id: UUID, step_id: UUID) -> CaseStep | None:
    """Read what an action did."""
    row = session.get(CaseStepRow, (practice_id, step_id))
    if row is None:
        return None
    before = json.loads(keyring_of(session).unseal("case_step.before", practice_id, row.id, row.before))
    return CaseStep(row.id, row.kind, row.at, row.by_id, before, row.undone_at)


def end_step(session: Session, practice_id: UUID, step_id: UUID, at: datetime) -> None:
    """Note that what an action did was taken back."""
    mine = (CaseStepRow.practice_id == practice_id, CaseStepRow.id == step_id)
    session.execute(update_rows(CaseStepRow).where(*mine).values(undone_at=at))


def _listed(row: Sequence[Any]) -> Listed:
    case, patient, queue, due, status, payer, owner, hidden, code, again = row
    return Listed(
        as_uuid(case),
        as_uuid(patient),
        _QUEUES[queue],
        known_day(due),
        _STATUSES[status],
        payer,
        None if owner is None else as_uuid(owner),
        as_day(hidden),
        code,
        as_day(again),
    )
