"""One row of any table, made of nothing but what its columns take: for tests that need something to be there."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, Enum, Integer, LargeBinary, Table
from sqlalchemy.orm import Session

from app.platform.db import JsonText, SealedText, UtcDateTime, Uuid16
from app.platform.ids import new_id
from app.platform.sealed import Sealed
from app.web.models import all_tables

Ground = Mapping[str, Mapping[str, Any]]
"""By table, the key columns of a row that is there and that foreign keys name."""
_USUAL = ("practice_id", "id")
"""The key of nearly every table; others have texts of their own."""


def add_row(session: Session, ground: Ground, name: str, **fixed: Any) -> UUID:
    """Add one row to a table, and the rows that its foreign keys ask for and `ground` does not have.

    Takes     rows that are there; the table; the values that matter.
    Returns   its id.
    """
    table = all_tables().tables[name]
    row_id: UUID = fixed.pop("id", None) or new_id()
    row = {column.name: _value(column, row_id) for column in table.columns} | {"id": row_id}
    _tie(session, ground, table, row, fixed)
    row |= fixed
    session.execute(table.insert().values({key: value for key, value in row.items() if key in table.columns}))
    return row_id


def _tie(session: Session, ground: Ground, table: Table, row: dict[str, Any], fixed: Mapping[str, Any]) -> None:
    for key in table.foreign_key_constraints:
        target = key.referred_table.name
        ours = {element.parent.name: element.column.name for element in key.elements}
        if target == table.name or any(name in fixed for name in ours if name != "practice_id"):
            row.update({name: None for name in ours if table.columns[name].nullable and name not in fixed})
            continue
        if target in ground:
            row.update({name: ground[target][theirs] for name, theirs in ours.items()})
        else:
            own = {one.name: new_id().hex for one in key.referred_table.primary_key if one.name not in _USUAL}
            made = add_row(session, ground, target, **own)
            there = {"id": made, "practice_id": ground["practice"]["id"], **own}
            row.update({name: there[theirs] for name, theirs in ours.items()})
    if "practice_id" in row:
        row["practice_id"] = ground["practice"]["id"]


def _value(column: Any, row_id: UUID) -> Any:
    if isinstance(column.type, UtcDateTime) and column.name.startswith(("expires", "ends")):
        return datetime(2026, 4, 2, tzinfo=UTC)
    kinds: list[tuple[type, Any]] = [
        (Uuid16, row_id),
        (UtcDateTime, datetime(2026, 3, 2, tzinfo=UTC)),
        (SealedText, Sealed(b"sealed")),
        (JsonText, []),
        (Boolean, False),
        (Date, date(2026, 3, 2)),
        (LargeBinary, row_id.bytes),
        (Integer, 1),
    ]
    if isinstance(column.type, Enum):
        return column.type.enum_class(column.type.enums[0]) if column.type.enum_class else column.type.enums[0]
    return next((value for kind, value in kinds if isinstance(column.type, kind)), f"x{row_id.hex}")
