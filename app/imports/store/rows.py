"""Rows of other rooms' tables as they stand, for undoing an import: read, put back byte by byte, removed.

Undoing works on rows, not on records: what comes back is what was there, sealed texts and columns of later versions
included, whatever the record of a room holds. Tables are named as text; no other room's models are imported.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Table,
    case,
    column,
    delete,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy import table as table_clause
from sqlalchemy.orm import Session

from app.imports.rules.undoing import Image, Piece, Row
from app.imports.store.hanging import HANGING
from app.platform.db import Model, UtcDateTime, Uuid16, keyring_of
from app.platform.ids import new_id
from app.platform.rows import chunks
from app.platform.sealed import Sealed

OWNED: Mapping[str, tuple[tuple[str, str], ...]] = {"visit": (("service_line", "visit_id"),)}
"""Rows that are part of another row: read, put back and removed with it."""


def versions(session: Session, practice_id: UUID, name: str, ids: Collection[UUID]) -> dict[UUID, int]:
    """Read the versions of rows, and hold the rows for writing; one that is gone is left out.

    A site or provider that someone has reviewed since counts as edited; a row without a version is never edited.
    """
    table = _table(name)
    version: ColumnElement[int] = table.c.version if "version" in table.c else literal(1)
    if "unreviewed" in table.c:
        version = case((table.c.unreviewed.is_(True), 1), else_=2)
    found: dict[UUID, int] = {}
    for chunk in chunks(list(ids)):
        statement = select(table.c.id, version).where(_among(table, "id", practice_id, chunk))
        found.update((row[0], row[1]) for row in session.execute(statement.with_for_update()))
    return found


def images(session: Session, practice_id: UUID, name: str, ids: Collection[UUID]) -> tuple[Image, ...]:
    """Read rows whole, with the rows that they own."""
    if not ids:
        return ()
    owned: dict[UUID, dict[str, list[Row]]] = {}
    for part, by in OWNED.get(name, ()):
        for row in _rows(session, practice_id, part, by, ids):
            owned.setdefault(row[by], {}).setdefault(part, []).append(row)
    return tuple(
        Image(row, {part: tuple(rows) for part, rows in owned.get(row["id"], {}).items()})
        for row in _rows(session, practice_id, name, "id", ids)
    )


def held(session: Session, practice_id: UUID, name: str, ids: Collection[UUID]) -> frozenset[UUID]:
    """Name the rows on which something hangs that does not go with them."""
    found: set[UUID] = set()
    for one in HANGING.get(name, ()):
        if one.goes:
            continue
        table = one.clause()
        for chunk in chunks(list(ids)):
            statement = select(table.c[one.column]).where(_among(table, one.column, practice_id, chunk))
            found.update(session.scalars(statement.distinct()))
    return frozenset(found)


NAMED: Mapping[str, tuple[str, str, tuple[tuple[str, str], ...]]] = {
    "provider": ("npi", '"{}"', (("participation", "provider_npi"), ("authorization", "provider_npi"))),
    "payer": (
        "key",
        '"{}"',
        (
            ("coverage", "payer"),
            ("authorization", "payer"),
            ("participation", "payer"),
            ("practice_rule", "payer"),
            ("patient_answer", "payer"),
            ("payer_choice", "payer"),
            ("payer_match", "local"),
        ),
    ),
}
"""Rows that others name by a word instead of an id: its column, how it stands in the lines of visits, who names it."""


def named(session: Session, practice_id: UUID, name: str, ids: Collection[UUID]) -> frozenset[UUID]:
    """Name the rows that others still name by their word."""
    if name not in NAMED or not ids:
        return frozenset()
    word, written, users = NAMED[name]
    table, visit = _table(name), _table("visit")
    found: set[UUID] = set()
    for row_id, said in session.execute(
        select(table.c.id, table.c[word]).where(_among(table, "id", practice_id, list(ids)))
    ).all():
        asked = [_uses(*one, practice_id, said) for one in users]
        in_lines = visit.c.lines.contains(written.format(said), autoescape=True)
        asked.append(select(literal(1)).where(visit.c.practice_id == practice_id, in_lines).limit(1))
        if any(session.scalar(one) for one in asked):
            found.add(row_id)
    return frozenset(found)


def _uses(name: str, word: str, practice_id: UUID, said: str) -> Select[Any]:
    table = table_clause(name, column("practice_id", Uuid16()), column(word))
    return (
        select(literal(1)).select_from(table).where(table.c.practice_id == practice_id, table.c[word] == said).limit(1)
    )


def remove(session: Session, practice_id: UUID, name: str, ids: Collection[UUID]) -> None:
    """Remove rows and what goes with them."""
    for chunk in chunks(list(ids)):
        for one in HANGING.get(name, ()):
            if one.goes:
                part = one.clause()
                session.execute(delete(part).where(_among(part, one.column, practice_id, chunk)))
        table = _table(name)
        session.execute(delete(table).where(_among(table, "id", practice_id, chunk)))


def forget_turns(session: Session, practice_id: UUID, coverage_ids: Collection[UUID], since: datetime) -> None:
    """Drop changes of plans since then at which nobody has looked, of coverages that become what they were."""
    of = column("practice_id", Uuid16()), column("coverage_id", Uuid16())
    turns = table_clause("plan_change", *of, column("at", UtcDateTime()), column("worked_at", UtcDateTime()))
    at, worked_at = turns.c["at"], turns.c["worked_at"]
    for chunk in chunks(list(coverage_ids)):
        mine = _among(turns, "coverage_id", practice_id, chunk)
        session.execute(delete(turns).where(mine, worked_at.is_(None), at >= since))


def restore(session: Session, practice_id: UUID, name: str, rows: Sequence[Image]) -> None:
    """Write rows as they were, and what they own; each counts one more edit, so that an open form notices."""
    table = _table(name)
    if rows and "natural_key" in table.c:
        for one in rows:  # two rows may change places: first out of each other's way
            mine = _among(table, "id", practice_id, [one.row["id"]])
            session.execute(update(table).where(mine).values(natural_key=one.row["id"].hex))
    for one in rows:
        values = {key: value for key, value in one.row.items() if key not in ("practice_id", "id", "version")}
        mine = _among(table, "id", practice_id, [one.row["id"]])
        session.execute(update(table).where(mine).values(**values, version=table.c.version + 1))
    for part, by in OWNED.get(name, ()):
        owned = _table(part)
        for chunk in chunks([one.row["id"] for one in rows]):
            session.execute(delete(owned).where(_among(owned, by, practice_id, chunk)))
        _insert(session, owned, [row for one in rows for row in one.owned.get(part, ())])


def add_again(session: Session, practice_id: UUID, name: str, rows: Sequence[Image]) -> None:
    """Add rows that were removed, with what they owned."""
    mine = [one for one in rows if one.row["practice_id"] == practice_id]
    _insert(session, _table(name), [one.row for one in mine])
    for part, _by in OWNED.get(name, ()):
        _insert(session, _table(part), [row for one in mine for row in one.owned.get(part, ())])


def key_taken(
    session: Session, practice_id: UUID, name: str, rows: Sequence[Image], going: Collection[UUID]
) -> frozenset[UUID]:
    """Name the rows whose natural key another row has now; those among them and those `going` make room."""
    wanted = {
        (one.row["patient_id"], one.row["natural_key"]): one.row["id"] for one in rows if "natural_key" in one.row
    }
    if not wanted:
        return frozenset()
    table, room, taken = _table(name), {*wanted.values(), *going}, set()
    for chunk in chunks([patient_id for patient_id, _ in wanted]):
        statement = select(table.c.id, table.c.patient_id, table.c.natural_key)
        for row in session.execute(statement.where(_among(table, "patient_id", practice_id, chunk))):
            owner = wanted.get((row.patient_id, row.natural_key))
            if owner is not None and row.id not in room:
                taken.add(owner)
    return frozenset(taken)


def set_aside(session: Session, practice_id: UUID, visit_ids: Collection[UUID]) -> dict[UUID, str]:
    """Cancel visits that are about to be removed, without counting an edit: what is derived of them ends by itself.

    Returns   the status that each had.
    """
    table = _table("visit")
    had: dict[UUID, str] = {}
    for chunk in chunks(list(visit_ids)):
        mine = _among(table, "id", practice_id, chunk)
        had.update(
            (row.id, row.status.value) for row in session.execute(select(table.c.id, table.c.status).where(mine))
        )
        session.execute(update(table).where(mine).values(status="canceled"))
    return had


def take_up_again(session: Session, practice_id: UUID, had: Mapping[UUID, str]) -> None:
    """Give visits that were set aside and stay the status that they had."""
    table = _table("visit")
    for visit_id, status in had.items():
        session.execute(update(table).where(_among(table, "id", practice_id, [visit_id])).values(status=status))


def patients_of(session: Session, practice_id: UUID, piece: Piece) -> frozenset[UUID]:
    """Name the patients of a piece who are on file."""
    found = {*piece.made.get("patient", ()), *(one.row["id"] for one in piece.changed.get("patient", ()))}
    for name in ("visit", "coverage", "authorization"):
        replaced = (*piece.changed.get(name, ()), *piece.removed.get(name, ()))
        found.update(one.row["patient_id"] for one in replaced)
        table = _table(name)
        for chunk in chunks(list(piece.made.get(name, ()))):
            found.update(session.scalars(select(table.c.patient_id).where(_among(table, "id", practice_id, chunk))))
    return frozenset(versions(session, practice_id, "patient", found))


def opened(session: Session, practice_id: UUID, name: str, row: Row) -> Row:
    """The same row with its sealed values opened: sealed twice, one text is two values."""
    keyring = keyring_of(session)
    return {
        column: keyring.unseal(f"{name}.{column}", practice_id, row["id"], value)
        if isinstance(value, Sealed)
        else value
        for column, value in row.items()
    }


def add_events(
    session: Session,
    practice_id: UUID,
    name: str,
    now: Mapping[UUID, Row],
    changes: Mapping[UUID, Mapping[str, Any]],
    when: tuple[datetime, UUID | None],
) -> None:
    """Add what undoing changed to what happened to coverages or authorizations."""
    table, keyring = _table(f"{name}_event"), keyring_of(session)
    of_patient = "patient_id" in table.c
    made = []
    for row_id, changed in changes.items():
        event: dict[str, Any] = {
            "practice_id": practice_id,
            "id": new_id(),
            f"{name}_id": row_id,
            "at": when[0],
            "user_id": when[1],
        }
        sealed = keyring.seal(f"{name}_event.changes", practice_id, event["id"], json.dumps(dict(changed)))
        event |= {"via": "undo", "changes": sealed}
        made.append(event | ({"patient_id": now[row_id]["patient_id"]} if of_patient else {}))
    _insert(session, table, made)


def _rows(session: Session, practice_id: UUID, name: str, by: str, ids: Collection[UUID]) -> list[Row]:
    table = _table(name)
    return [
        dict(row._mapping)
        for chunk in chunks(list(ids))
        for row in session.execute(select(table).where(_among(table, by, practice_id, chunk)))
    ]


def _insert(session: Session, table: Table, rows: Sequence[Row]) -> None:
    if rows:
        session.execute(insert(table), [dict(row) for row in rows])


def _among(table: FromClause, name: str, practice_id: UUID, ids: Sequence[UUID]) -> ColumnElement[bool]:
    return (table.c.practice_id == practice_id) & table.c[name].in_(ids)


def _table(name: str) -> Table:
    return Model.metadata.tables[name]
