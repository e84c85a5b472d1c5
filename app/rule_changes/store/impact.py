"""Whom may a change of rules touch? Ids of patients by their visits, for the search that judging follows.

The tables of visits are named as text, as those in app/platform/sight.py are: only ids are read of them.
"""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, String, TableClause, column, select, table, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from app.platform.db import Uuid16
from app.platform.rows import CHUNK, as_uuid, rows_of
from app.schedule.facts import VisitStatus

VISITS: TableClause = table(
    "visit",
    column("practice_id", Uuid16()),
    column("id", Uuid16()),
    column("patient_id", Uuid16()),
    column("day", Date()),
    column("status", String()),
)
LINES: TableClause = table(
    "service_line", column("practice_id", Uuid16()), column("visit_id", Uuid16()), column("code", String())
)
_V, _L = VISITS.c, LINES.c
_PATIENT: Any = type_coerce(_V.patient_id, NullType()).label("c0")


def patients_booked_from(session: Session, practice_id: UUID, day: date) -> frozenset[UUID]:
    """Find the patients who have a booked visit on a day or later."""
    booked = (_V.practice_id == practice_id, _V.day >= day, _V.status == VisitStatus.BOOKED.value)
    return _ids(session, select(_PATIENT).where(*booked))


def patients_planned(session: Session, practice_id: UUID, codes: Collection[str]) -> frozenset[UUID]:
    """Find the patients who have a line with one of some codes, in a visit of any status and day."""
    found: set[UUID] = set()
    ordered = sorted(codes)
    joined = VISITS.join(LINES, (_L.practice_id == _V.practice_id) & (_L.visit_id == _V.id))
    for start in range(0, len(ordered), CHUNK):
        some = ordered[start : start + CHUNK]
        statement = select(_PATIENT).select_from(joined).where(_L.practice_id == practice_id, _L.code.in_(some))
        found |= _ids(session, statement)
    return frozenset(found)


def _ids(session: Session, statement: Select[Any]) -> frozenset[UUID]:
    return frozenset(as_uuid(row[0]) for row in rows_of(session, statement.distinct()))
