"""The conditions by which a query keeps to what is in a caller's sight: of visits, and of patients.

Every list asks them inside its own query, so that nothing out of sight is read, counted or paged over. They name the
tables of visits as text, because stores of lower rooms ask them too. Whoever sees everything gets no condition at all.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, TableClause, and_, column, exists, or_, table

from app.platform.db import Uuid16
from app.values.scope import Scope

VISITS: TableClause = table(
    "visit",
    column("practice_id", Uuid16()),
    column("id", Uuid16()),
    column("patient_id", Uuid16()),
    column("site_id", Uuid16()),
)
LINES: TableClause = table(
    "service_line", column("practice_id", Uuid16()), column("visit_id", Uuid16()), column("provider_npi", String())
)
Column = Any
"""A column of the asking query, of the type of ids."""


def of_visits(
    practice_id: UUID, scope: Scope, visit: Column, site: Column, patient: Column
) -> tuple[ColumnElement[bool], ...]:
    """Make the condition that a row's visit is in sight.

    Takes     the row's columns that hold the visit's id, its site and its patient.
    Returns   none when nothing is out of sight, else one.
    """
    if not scope.limited:
        return ()
    ours = and_(*_within(practice_id, scope, visit, site))
    return (or_(ours, patient.in_(scope.opened)) if scope.opened else ours,)


def of_patients(practice_id: UUID, scope: Scope, patient: Column) -> tuple[ColumnElement[bool], ...]:
    """Make the condition that a row's patient is in sight: by a visit of any status, by having none, or opened.

    Takes     the row's column that holds the patient's id.
    """
    if not scope.limited:
        return ()
    booked = VISITS.alias()
    theirs = (booked.c.practice_id == practice_id, booked.c.patient_id == patient)
    ways: list[ColumnElement[bool]] = [
        exists().where(*theirs, *_within(practice_id, scope, booked.c.id, booked.c.site_id))
    ]
    if scope.unbooked:
        ways.append(and_(patient.is_not(None), ~exists().where(*theirs)))
    if scope.opened:
        ways.append(patient.in_(scope.opened))
    return (or_(*ways),)


def by_visit(practice_id: UUID, scope: Scope, visit: Column) -> tuple[ColumnElement[bool], ...]:
    """Make the condition that the visit whose id a row holds is in sight, where the row holds nothing else of it."""
    if not scope.limited:
        return ()
    one = VISITS.alias()
    seen = of_visits(practice_id, scope, one.c.id, one.c.site_id, one.c.patient_id)
    return (exists().where(one.c.practice_id == practice_id, one.c.id == visit, *seen),)


def of_sites(scope: Scope, site: Column) -> tuple[ColumnElement[bool], ...]:
    """Make the condition that a row's site is in sight, or that it has none."""
    return () if scope.sites is None else (or_(site.is_(None), site.in_(scope.sites)),)


def _within(practice_id: UUID, scope: Scope, visit: Column, site: Column) -> list[ColumnElement[bool]]:
    limits = [] if scope.sites is None else [site.in_(scope.sites)]
    if scope.provider_npi is not None:
        line = LINES.alias()
        rendered = (line.c.practice_id == practice_id, line.c.visit_id == visit)
        limits.append(exists().where(*rendered, line.c.provider_npi == scope.provider_npi))
    return limits
