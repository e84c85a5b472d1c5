"""The rows of one person, from the tables of every room, opened. Tables are named as text, as for undoing imports."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, Table, select
from sqlalchemy.orm import Session

from app.exports.facts import PARTS, Part, Row
from app.platform.db import SealedText, db, keyring_of
from app.platform.rows import chunks

_NOT_TOLD = frozenset({"practice_id"})


def record_of(session: Session, practice_id: UUID, patient_id: UUID) -> Mapping[str, Sequence[Row]]:
    """Read every row of a person's record, by table, in the order of their keys."""
    found: dict[str, list[Row]] = {}
    ids: dict[str, list[UUID]] = {}
    for part in PARTS:
        wanted = [patient_id] if part.of is None else ids[part.of]
        rows = _rows(session, practice_id, part, wanted)
        ids[part.table] = [row["reply_id"] if part.table == "text_reply_patient" else row["id"] for row in rows]
        found[part.table] = [_told(row) for row in rows]
    return found


def _rows(session: Session, practice_id: UUID, part: Part, wanted: Sequence[UUID]) -> list[dict[str, Any]]:
    table: Table = db.metadata.tables[part.table]
    told = [one for one in table.columns if one.name not in _NOT_TOLD and not isinstance(one.type, LargeBinary)]
    found = []
    for some in chunks(wanted):
        which = [table.c.practice_id == practice_id, table.c[part.column].in_(some)]
        if part.also is not None:
            which.append(table.c[part.also[0]] == part.also[1])
        asked = select(*told).where(*which).order_by(*table.primary_key.columns)
        found += [_opened(session, practice_id, table, dict(row)) for row in session.execute(asked).mappings()]
    return found


def _opened(session: Session, practice_id: UUID, table: Table, row: dict[str, Any]) -> dict[str, Any]:
    keyring = keyring_of(session)
    for column in table.columns:
        if isinstance(column.type, SealedText) and row[column.name] is not None:
            name = f"{table.name}.{column.name}"
            row[column.name] = keyring.unseal(name, practice_id, row["id"], row[column.name])
    return row


def _told(row: Mapping[str, Any]) -> Row:
    return {name: _value(value) for name, value in row.items()}


def _value(value: Any) -> Any:
    """A value as JSON has it: dates and instants (UTC) as ISO 8601, ids and choices as text."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
