"""Writing many rows at once as the driver takes them: SQLAlchemy's own conversion costs more than the writing.

Values are converted by the types of their columns, once for each distinct instant; statements are made of names of
tables and columns of ours, never of anything that was typed.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, Enum
from sqlalchemy.orm import Session

from app.platform.db import JsonText, Model, UtcDateTime, Uuid16

Convert = Callable[[Any], Any]


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
    postgres = _is_postgres(session)
    columns = ("practice_id", *names)
    mark = "%s" if postgres else "?"
    statement = (
        f"INSERT INTO {table.__tablename__} ({', '.join(columns)}) "  # noqa: S608
        f"VALUES ({', '.join(mark for _ in columns)}) {then}"
    )
    _run(session, statement, _converted(table, columns, ((practice_id, *row) for row in rows), postgres))


def update(
    session: Session, practice_id: UUID, table: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Update rows by id: values in the order of the columns named, then the row's id."""
    postgres = _is_postgres(session)
    mark = "%s" if postgres else "?"
    changes = ", ".join(f"{name} = {mark}" for name in names)
    statement = f"UPDATE {table.__tablename__} SET {changes} WHERE practice_id = {mark} AND id = {mark}"  # noqa: S608
    ordered = ((*row[:-1], practice_id, row[-1]) for row in rows)
    _run(session, statement, _converted(table, (*names, "practice_id", "id"), ordered, postgres))


def _run(session: Session, statement: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        session.connection().exec_driver_sql(statement, rows)


def _converted(
    table: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]], postgres: bool
) -> list[tuple[Any, ...]]:
    converts = [_convert(table.__table__.c[name].type, postgres) for name in columns]
    return [tuple([convert(value) for convert, value in zip(converts, row, strict=True)]) for row in rows]


def _convert(kind: Any, postgres: bool) -> Convert:
    """How a value of a column is handed to the driver."""
    if isinstance(kind, Enum):
        return _value
    if isinstance(kind, JsonText):
        return _json
    if postgres:
        return _same
    for made, convert in _SQLITE:
        if isinstance(kind, made):
            return convert
    return _same


def _same(value: Any) -> Any:
    return value


def _value(value: Any) -> Any:
    return None if value is None else value.value


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _bytes(value: UUID | None) -> bytes | None:
    return None if value is None else value.bytes


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
    (Uuid16, _bytes),
    (UtcDateTime, _instant),
    (Boolean, _flag),
    (Date, _day),
)


def _is_postgres(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
