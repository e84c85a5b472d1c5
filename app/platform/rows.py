"""Reading many rows at little cost: columns as the driver gives them, made into values once for each distinct one.

SQLAlchemy's own conversion calls a function for every cell; over a million rows that costs more than the reading.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any, Protocol, TypeVar
from uuid import UUID, SafeUUID

from sqlalchemy import Select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.types import NullType

CHUNK = 400  # ids in one IN list
BATCH = 4000  # rows fetched at a time

_set = object.__setattr__
_UNKNOWN = SafeUUID.unknown
_days: dict[str | date, date] = {}
_instants: dict[str | datetime, datetime] = {}
_LARGEST_CACHE = 200_000


def raw(*columns: InstrumentedAttribute[Any]) -> list[Any]:
    """Select columns without SQLAlchemy's conversion of results."""
    return [type_coerce(column, NullType()).label(f"c{place}") for place, column in enumerate(columns)]


def batches(session: Session, statement: Select[Any]) -> Iterator[Sequence[Any]]:
    """Run a statement and give its rows out in batches, with a cursor on the server where there is one."""
    result = session.connection().execute(statement, execution_options={"yield_per": BATCH})
    yield from result.partitions()


def rows_of(session: Session, statement: Select[Any]) -> Iterator[Any]:
    """Run a statement and give its rows out one by one."""
    return chain.from_iterable(batches(session, statement))


def chunks(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    """Cut a list of ids for IN lists, in order, without repeats."""
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


class _HasId(Protocol):
    @property
    def id(self) -> UUID: ...


F = TypeVar("F", bound=_HasId)


def in_order(group: list[F]) -> tuple[F, ...]:
    """Put the few rows of one patient in the order of their ids, which is that of their making."""
    if len(group) > 1:
        group.sort(key=_id_of)
    return tuple(group)


def _id_of(one: _HasId) -> int:
    return one.id.int


def as_uuid(value: bytes | UUID) -> UUID:
    """Make an id of what the driver gave; on SQLite in half of UUID's own time."""
    if isinstance(value, UUID):
        return value
    made = UUID.__new__(UUID)
    _set(made, "int", int.from_bytes(value, "big"))
    _set(made, "is_safe", _UNKNOWN)
    return made


def as_day(value: str | date | None) -> date | None:
    """Make a date of what the driver gave."""
    return None if value is None else known_day(value)


def known_day(value: str | date) -> date:
    """Make a date of what the driver gave for a column that is never empty."""
    day = _days.get(value)
    if day is None:
        if len(_days) > _LARGEST_CACHE:
            _days.clear()
        day = _days[value] = date.fromisoformat(value) if isinstance(value, str) else value
    return day


def known_instant(value: str | datetime) -> datetime:
    """Make an instant in UTC of what the driver gave."""
    instant = _instants.get(value)
    if instant is None:
        if len(_instants) > _LARGEST_CACHE:
            _instants.clear()
        read = datetime.fromisoformat(value) if isinstance(value, str) else value
        instant = read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
        _instants[value] = instant
    return instant
