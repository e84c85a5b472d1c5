"""Whom may a change of rules touch? Ids of patients by their visits, for the search that judging follows.

The tables are named as text, as those in app/platform/sight.py are: ids are read of them, and the packed lines.
"""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, String, TableClause, case, column, func, select, table, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from app.clearance.rules.judge import COUNTED
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
    column("lines", String()),
)
FACTS: TableClause = table("clinical_fact", column("practice_id", Uuid16()), column("patient_id", Uuid16()))
LINES: TableClause = table(
    "service_line", column("practice_id", Uuid16()), column("visit_id", Uuid16()), column("code", String())
)
_V, _L = VISITS.c, LINES.c
_PATIENT: Any = type_coerce(_V.patient_id, NullType()).label("c0")


def planned(session: Session, practice_id: UUID, day: date) -> Iterator[tuple[bytes | UUID, bool, str]]:
    """Stream of every visit that counts: whose it is (as `as_uuid` takes it), whether it is booked on a day or later,
    and its packed lines."""
    ahead = (_V.status == VisitStatus.BOOKED.value) & (_V.day >= day)
    columns = (_PATIENT, case((ahead, 1), else_=0).label("c1"), type_coerce(_V.lines, NullType()).label("c2"))
    counted = _V.status.in_(sorted(one.value for one in COUNTED))
    for patient, booked, lines in rows_of(session, select(*columns).where(_V.practice_id == practice_id, counted)):
        yield patient, bool(booked), lines


def patients_charted(session: Session, practice_id: UUID) -> frozenset[UUID]:
    """Find the patients who have clinical facts on file, ended ones too."""
    patient: Any = type_coerce(FACTS.c.patient_id, NullType()).label("c0")
    return _ids(session, select(patient).where(FACTS.c.practice_id == practice_id))


def lines_planned(session: Session, practice_id: UUID, codes: Collection[str], most: int) -> int:
    """Count the lines with one of some codes, in visits of any status and day, up to a number."""
    found = 0
    ordered = sorted(codes)
    for start in range(0, len(ordered), CHUNK):
        some = ordered[start : start + CHUNK]
        named = select(_L.code).where(_L.practice_id == practice_id, _L.code.in_(some)).limit(most - found)
        found += session.scalar(select(func.count()).select_from(named.subquery())) or 0
        if found >= most:
            break
    return found


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
