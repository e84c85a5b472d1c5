"""Rows of other rooms' tables that name a payer by its key: counted, moved to another key, and moved back.

Tables are named as text, as in `rows.py`: a payer's key stands in six rooms, and all of it moves or nothing does.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Table, func, select, update
from sqlalchemy.orm import Session

from app.authorizations import store as authorizations
from app.platform.db import Model
from app.platform.rows import chunks

KEYED = ("coverage", "authorization")
"""Tables whose natural key holds the payer."""
NAMING = ("practice_rule", "patient_answer", "participation")
"""Tables that hold the payer and nothing made of it."""


MOST_VISITS = 5_000
"""Visits beyond this are not counted: a person needs to know that they are many."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What is on file under a payer: coverages, authorizations, booked visits of their patients from today on.

    `visits` is counted up to one more than MOST_VISITS.
    """

    coverages: int = 0
    authorizations: int = 0
    visits: int = 0


@dataclass(frozen=True, slots=True)
class Payer:
    """A payer as rows name it."""

    key: str
    name: str


def coverages_of(session: Session, practice_id: UUID, keys: Collection[str]) -> dict[str, int]:
    """Count the coverages under payers, by key; a payer without any is left out."""
    return _by_payer(session, practice_id, _table("coverage"), keys)


def weight_of(session: Session, practice_id: UUID, key: str, today: date) -> Weight:
    """Count what is on file under one payer."""
    coverage, visit = _table("coverage"), _table("visit")
    joined = coverage.join(
        visit, (visit.c.practice_id == coverage.c.practice_id) & (visit.c.patient_id == coverage.c.patient_id)
    )
    some = (
        select(visit.c.id)
        .distinct()
        .select_from(joined)
        .where(coverage.c.practice_id == practice_id, coverage.c.payer == key)
        .where(visit.c.status == "booked", visit.c.day >= today)
        .limit(MOST_VISITS + 1)
    )
    visits = session.scalar(select(func.count()).select_from(some.subquery())) or 0
    covered = coverages_of(session, practice_id, [key]).get(key, 0)
    return Weight(covered, _by_payer(session, practice_id, _table("authorization"), [key]).get(key, 0), visits)


def rules_of(session: Session, practice_id: UUID, key: str) -> int:
    """Count the practice's own rules of a payer."""
    return _by_payer(session, practice_id, _table("practice_rule"), [key]).get(key, 0)


def move(session: Session, practice_id: UUID, old: Payer, new: Payer) -> dict[str, list[str]]:
    """Move all that names one payer to another.

    Returns   by table the ids that moved. A coverage or authorization that is on file under both names stays where it
              is: it would be there twice.
    """
    moved = {name: _move_keyed(session, practice_id, _table(name), old, new, None) for name in KEYED}
    for name in NAMING:
        moved[name] = _rename(session, practice_id, _table(name), old.key, new.key, None)
    moved["visit"] = _move_lines(session, practice_id, old.key, new.key, None)
    return {name: [one.hex for one in ids] for name, ids in moved.items() if ids}


def move_back(
    session: Session, practice_id: UUID, now: Payer, before: Payer, moved: Mapping[str, Sequence[str]]
) -> None:
    """Move rows back, as far as they still name the payer to which they were moved."""
    ids = {name: [UUID(one) for one in rows] for name, rows in moved.items()}
    for name in KEYED:
        _move_keyed(session, practice_id, _table(name), now, before, ids.get(name, []))
    for name in NAMING:
        _rename(session, practice_id, _table(name), now.key, before.key, ids.get(name, []))
    _move_lines(session, practice_id, now.key, before.key, ids.get("visit", []))


def patients_of(session: Session, practice_id: UUID, moved: Mapping[str, Sequence[str]]) -> frozenset[UUID]:
    """Name the patients whose rows were moved."""
    found: set[UUID] = set()
    for name in (*KEYED, "visit", "patient_answer"):
        table = _table(name)
        for chunk in chunks([UUID(one) for one in moved.get(name, ())]):
            found.update(session.scalars(select(table.c.patient_id).where(_among(table, practice_id, chunk))))
    return frozenset(found)


def _by_payer(session: Session, practice_id: UUID, table: Table, keys: Collection[str]) -> dict[str, int]:
    statement = select(table.c.payer, func.count()).where(table.c.practice_id == practice_id, table.c.payer.in_(keys))
    return {row[0]: row[1] for row in session.execute(statement.group_by(table.c.payer))}


def _move_keyed(
    session: Session, practice_id: UUID, table: Table, old: Payer, new: Payer, only: Sequence[UUID] | None
) -> list[UUID]:
    """Move rows whose natural key holds the payer: second in it, after the rank; or blind, of an authorization."""
    columns = select(table.c.id, table.c.patient_id, table.c.natural_key)
    found = [
        row
        for where in _wanted(table, practice_id, old.key, only)
        for row in session.execute(columns.where(where).with_for_update())
    ]
    taken = {
        (row.patient_id, row.natural_key)
        for chunk in chunks([row.patient_id for row in found])
        for row in session.execute(
            columns.where(table.c.practice_id == practice_id, table.c.patient_id.in_(chunk), table.c.payer == new.key)
        )
    }
    moving: list[UUID] = []
    blind = table.name == "authorization"
    keys = authorizations.keys_under(session, practice_id, [row.id for row in found], new.key) if blind else {}
    for row in found:
        key = keys.get(row.id) or _replaced(row.natural_key, old.key, new.key)
        if (row.patient_id, key) not in taken:
            values = {"payer": new.key, "payer_name": new.name, "natural_key": key, "version": table.c.version + 1}
            session.execute(update(table).where(_among(table, practice_id, [row.id])).values(**values))
            moving.append(row.id)
    return moving


def _replaced(natural_key: str, old: str, new: str) -> str:
    return "|".join(new if part == old else part for part in natural_key.split("|", 2))


def _rename(
    session: Session, practice_id: UUID, table: Table, old: str, new: str, only: Sequence[UUID] | None
) -> list[UUID]:
    moving: list[UUID] = []
    for where in _wanted(table, practice_id, old, only):
        moving += session.scalars(select(table.c.id).where(where)).all()
        session.execute(update(table).where(where).values(payer=new))
    return moving


def _move_lines(session: Session, practice_id: UUID, old: str, new: str, only: Sequence[UUID] | None) -> list[UUID]:
    """Move what the lines of visits say of the payer. A visit whose lines name both payers stays as it is."""
    visit, line = _table("visit"), _table("service_line")
    named, other = f'"{old}"', f'"{new}"'
    wanted = visit.c.lines.contains(named, autoescape=True) & ~visit.c.lines.contains(other, autoescape=True)
    scopes: list[ColumnElement[bool]] = [visit.c.practice_id == practice_id]
    if only is not None:
        scopes = [_among(visit, practice_id, chunk) for chunk in chunks(only)]
    moving = [one for scope in scopes for one in session.scalars(select(visit.c.id).where(scope, wanted))]
    for chunk in chunks(moving):
        lines = func.replace(visit.c.lines, named, other)
        where = _among(visit, practice_id, chunk)
        session.execute(update(visit).where(where).values(lines=lines, version=visit.c.version + 1))
        for row in session.execute(
            select(line.c.id, line.c.row_facts).where(
                line.c.practice_id == practice_id, line.c.visit_id.in_(chunk), line.c.row_facts.is_not(None)
            )
        ).all():
            if row.row_facts.get("named_payer") == old:
                facts: dict[str, Any] = {**row.row_facts, "named_payer": new}
                session.execute(update(line).where(_among(line, practice_id, [row.id])).values(row_facts=facts))
    return moving


def _wanted(table: Table, practice_id: UUID, payer: str, only: Sequence[UUID] | None) -> list[ColumnElement[bool]]:
    mine = (table.c.practice_id == practice_id) & (table.c.payer == payer)
    return [mine] if only is None else [mine & table.c.id.in_(chunk) for chunk in chunks(only)]


def _among(table: FromClause, practice_id: UUID, ids: Sequence[UUID]) -> ColumnElement[bool]:
    return (table.c.practice_id == practice_id) & table.c.id.in_(ids)


def _table(name: str) -> Table:
    return Model.metadata.tables[name]
