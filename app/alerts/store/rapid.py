"""Writing many rows at once as the driver takes them: SQLAlchemy's own conversion costs more than the writing.

SQLite takes rows one by one, PostgreSQL a list of values for each column. Statements are made of names of tables and
columns of ours, never of anything that was typed.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, Enum, Integer
from sqlalchemy.orm import Session

from app.platform.db import JsonText, Model, UtcDateTime, Uuid16

BATCH = 5_000  # rows in one statement of PostgreSQL

Convert = Callable[[Any], Any]
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def insert(
    session: Session,
    practice_id: UUID,
    table: type[Model],
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    then: str = "",
) -> None:
    """Insert rows.

    Takes     the names of the columns after `practice_id`; a sequence of values in that order for each row; what comes
              at the end of the statement, such as `ON CONFLICT DO NOTHING`.
    """
    begin = f"INSERT INTO {table.__tablename__} ({', '.join(names)}, practice_id)"
    if _is_postgres(session):
        source = f"SELECT * FROM unnest({_arrays(table, names)}) AS new CROSS JOIN (SELECT %s::uuid) AS mine"  # noqa: S608
        _in_columns(session, f"{begin} {source} {then}", practice_id, table, names, rows)
    else:
        marks = ", ".join(["?"] * (1 + len(names)))
        _row_by_row(session, f"{begin} VALUES ({marks}) {then}", practice_id, table, names, rows)


def update(
    session: Session, practice_id: UUID, table: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Update rows by id: values in the order of the columns named, then the row's id. No id may come twice."""
    name, columns = table.__tablename__, (*names, "id")
    if _is_postgres(session):
        changes = ", ".join(f"{one} = new.{one}" for one in names)
        source = f"unnest({_arrays(table, columns)}) AS new ({', '.join(columns)})"
        where = f"{name}.id = new.id AND {name}.practice_id = %s::uuid"
        statement = f"UPDATE {name} SET {changes} FROM {source} WHERE {where}"  # noqa: S608
        _in_columns(session, statement, practice_id, table, columns, rows)
    else:
        changes = ", ".join(f"{one} = ?" for one in names)
        statement = f"UPDATE {name} SET {changes} WHERE id = ? AND practice_id = ?"  # noqa: S608
        _row_by_row(session, statement, practice_id, table, columns, rows)


def _row_by_row(
    session: Session,
    statement: str,
    practice_id: UUID,
    table: type[Model],
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> None:
    converts = [_for_sqlite(table.__table__.c[name].type) for name in names]
    mine = practice_id.bytes
    ready = [(*[one(value) for one, value in zip(converts, row, strict=True)], mine) for row in rows]
    if ready:
        session.connection().exec_driver_sql(statement, ready)


def _in_columns(
    session: Session,
    statement: str,
    practice_id: UUID,
    table: type[Model],
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> None:
    converts = [_for_postgres(table.__table__.c[name].type) for name in names]
    for some in _batches(rows):
        columns = [
            list(column) if one is _same else [one(value) for value in column]
            for one, column in zip(converts, zip(*some, strict=True), strict=True)
        ]
        session.connection().exec_driver_sql(statement, (*columns, practice_id))


def _batches(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    source = iter(rows)
    while some := list(islice(source, BATCH)):
        yield some


def _arrays(table: type[Model], names: Sequence[str]) -> str:
    """A mark for a list of values of each column, with its type."""
    return ", ".join(f"%s::{_postgres_name(table.__table__.c[name].type)}[]" for name in names)


def _postgres_name(kind: Any) -> str:
    return next((name for made, name in _POSTGRES if isinstance(kind, made)), "text")


def _for_postgres(kind: Any) -> Convert:
    """How a value of a column is handed to the driver of PostgreSQL."""
    if isinstance(kind, Enum):
        return _value
    return _json if isinstance(kind, JsonText) else _same


def _for_sqlite(kind: Any) -> Convert:
    """How a value of a column is handed to the driver of SQLite."""
    return next((convert for made, convert in _SQLITE if isinstance(kind, made)), _same)


def _same(value: Any) -> Any:
    return value


def _value(value: Any) -> Any:
    return None if value is None else value.value


def _json(value: Any) -> str | None:
    return None if value is None else _encode(value)


def _bytes(value: UUID | None) -> bytes | None:
    return None if value is None else value.int.to_bytes(16, "big")  # UUID.bytes at half of its own time


def _flag(value: bool | None) -> int | None:
    return None if value is None else int(value)


def _instant(value: datetime | None) -> str | None:
    return None if value is None else _instant_text(value)


@lru_cache(maxsize=20_000)
def _instant_text(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


_SQLITE: tuple[tuple[type, Convert], ...] = (
    (Enum, _value),
    (JsonText, _json),
    (Uuid16, _bytes),
    (UtcDateTime, _instant),
    (Boolean, _flag),
    (Date, _day),
)
_POSTGRES: tuple[tuple[type, str], ...] = (
    (Uuid16, "uuid"),
    (UtcDateTime, "timestamptz"),
    (Boolean, "boolean"),
    (Date, "date"),
    (Integer, "integer"),
)


def _is_postgres(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
