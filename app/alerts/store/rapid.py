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
    postgres = _is_postgres(session)
    practice, *converts = _converts(table, ("practice_id", *names), postgres)
    mine, mark = practice(practice_id), "%s" if postgres else "?"
    statement = (
        f"INSERT INTO {table.__tablename__} (practice_id, {', '.join(names)}) "  # noqa: S608
        f"VALUES ({', '.join([mark] * (1 + len(names)))}) {then}"
    )
    _run(session, statement, [(mine, *[one(value) for one, value in zip(converts, row, strict=True)]) for row in rows])


def update(
    session: Session, practice_id: UUID, table: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Update rows by id: values in the order of the columns named, then the row's id."""
    postgres = _is_postgres(session)
    practice, *converts = _converts(table, ("practice_id", *names, "id"), postgres)
    mine, mark = practice(practice_id), "%s" if postgres else "?"
    changes = ", ".join(f"{name} = {mark}" for name in names)
    statement = f"UPDATE {table.__tablename__} SET {changes} WHERE id = {mark} AND practice_id = {mark}"  # noqa: S608
    _run(session, statement, [(*[one(value) for one, value in zip(converts, row, strict=True)], mine) for row in rows])


def _run(session: Session, statement: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        session.connection().exec_driver_sql(statement, rows)


def _converts(table: type[Model], columns: Sequence[str], postgres: bool) -> list[Convert]:
    return [_convert(table.__table__.c[name].type, postgres) for name in columns]


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
    (Uuid16, _bytes),
    (UtcDateTime, _instant),
    (Boolean, _flag),
    (Date, _day),
)


def _is_postgres(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
