"""Seal what is on file under the key that seals now, a few hundred rows at a time, while the program runs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from app.platform.db import Model, SealedText, keyring_of, writing
from app.platform.sealed import Keyring, Sealed, UnsealError

PIECE = 300
"""Rows in one transaction: a few hundredths of a second of SQLite's only writer."""


@dataclass(frozen=True)
class SealedTable:
    """A table that holds sealed values. What is sealed is bound to `table.column`, practice and the row's own id.

    That id stands in `owner`: `id`, or the one column of the key beside the practice.
    """

    table: Table

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns that are sealed."""
        return tuple(one.name for one in self.table.columns if isinstance(one.type, SealedText))

    @cached_property
    def owner(self) -> str:
        """The column of the id to which a row's values are bound."""
        if "id" in self.table.c:
            return "id"
        (own,) = (one.name for one in self.table.primary_key if one.name != "practice_id")
        return own

    @property
    def at_once(self) -> int:
        """How many rows at most may lie in memory together: those of a table with large ones are fewer."""
        return int(self.table.info.get("rows_at_once", PIECE))

    @property
    def key(self) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        """What rows are told apart and read in the order of."""
        return self.table.c.practice_id, self.table.c[self.owner]


def sealed_tables() -> tuple[SealedTable, ...]:
    """Every table that holds sealed values, by name."""
    return tuple(
        SealedTable(table)
        for table in sorted(Model.metadata.tables.values(), key=lambda table: table.name)
        if any(isinstance(one.type, SealedText) for one in table.columns)
    )


def sealed_under(session: Session) -> dict[int, int]:
    """Count the sealed values of a database by the id of their key."""
    counts: dict[int, int] = {}
    for one in sealed_tables():
        for name in one.columns:
            first = func.substr(one.table.c[name], 1, 1)
            there = select(first, func.count()).where(one.table.c[name].is_not(None)).group_by(first)
            for key_id, count in session.execute(there):
                counts[bytes(key_id)[0]] = counts.get(bytes(key_id)[0], 0) + count
    return counts


def reseal(session: Session, piece: int = PIECE) -> Iterator[int]:
    """Seal every value anew that is under another key than the current one. Gives the rows of each transaction.

    Safe to stop at any moment and to begin again; whoever writes meanwhile is not overwritten.
    Raises    UnsealError for a value that opens under none of the keys: nothing is lost, and the key stays needed.
    """
    for one in sealed_tables():
        after: tuple[UUID, UUID] | None = None
        while rows := _waiting(session, one, after, min(piece, one.at_once)):
            with writing(session):
                done = _sealed_again(session, one, rows)
            yield done
            after = rows[-1]


def _waiting(
    session: Session, one: SealedTable, after: tuple[UUID, UUID] | None, piece: int
) -> Sequence[tuple[UUID, UUID]]:
    """Name the next rows with a value under another key."""
    current = bytes([keyring_of(session).current])
    others = or_(*(func.substr(one.table.c[name], 1, 1) != current for name in one.columns))
    wanted: Select[Any] = select(*one.key).where(others).order_by(*one.key).limit(piece)
    if after is not None:
        wanted = wanted.where(tuple_(*one.key) > after)
    found = [(row[0], row[1]) for row in session.execute(wanted)]
    session.rollback()
    return found


def _sealed_again(session: Session, one: SealedTable, rows: Sequence[tuple[UUID, UUID]]) -> int:
    keyring, done = keyring_of(session), 0
    columns = [one.table.c[name] for name in one.columns]
    for practice_id, ids in _by_practice(rows).items():
        mine = (one.key[0] == practice_id) & one.key[1].in_(ids)
        for row in session.execute(select(one.key[1], *columns).where(mine).with_for_update()).all():
            values = _anew(keyring, one, practice_id, row)
            if values:
                this = (one.key[0] == practice_id) & (one.key[1] == row[0])
                session.execute(update(one.table).where(this).values(**values))
                done += 1
    return done


def _anew(keyring: Keyring, one: SealedTable, practice_id: UUID, row: Any) -> dict[str, Sealed]:
    """Seal the values of a row that are under another key. What does not open is named, never shown."""
    anew: dict[str, Sealed] = {}
    for name, value in zip(one.columns, row[1:], strict=True):
        if value is not None and value[0] != keyring.current:
            column = f"{one.table.name}.{name}"
            try:
                opened = keyring.unseal_bytes(column, practice_id, row[0], value)
            except UnsealError:
                raise UnsealError(f"a value of {column} in the row {row[0]} does not open with any key") from None
            anew[name] = keyring.seal_bytes(column, practice_id, row[0], opened)
    return anew


def _by_practice(rows: Sequence[tuple[UUID, UUID]]) -> Mapping[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    for practice_id, row_id in rows:
        found.setdefault(practice_id, []).append(row_id)
    return found
