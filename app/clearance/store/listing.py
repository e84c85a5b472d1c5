"""Stored verdicts as lists show them: counted by badge, and page by page, forwards and backwards."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session

from app.clearance.facts.reasons import Badge
from app.clearance.facts.stored import VisitVerdict
from app.clearance.models import VisitVerdictRow
from app.platform import sight
from app.platform.rows import as_day, as_uuid, known_day, known_instant, raw, rows_of
from app.values.scope import EVERYTHING, Scope

_R = VisitVerdictRow
_BADGES = {one.value: one for one in Badge}
_LISTED = (
    _R.id, _R.patient_id, _R.site_id, _R.day, _R.starts_at, _R.badge, _R.as_of, _R.changes_on, _R.rules_version,
    _R.content,
)  # fmt: skip
Place = tuple[date, datetime, UUID]
"""Where a visit stands in the order of a list: its day, start and id."""


@dataclass(frozen=True, slots=True)
class Which:
    """Which visits: of days of service (both included), of a site, of some badges, of a patient, in sight by a scope.

    `among` and `but`: ids of visits that other rooms select, to keep to and to leave out.
    """

    days: tuple[date, date]
    site_id: UUID | None = None
    badges: tuple[Badge, ...] = ()
    patient_id: UUID | None = None
    among: tuple[Select[UUID], ...] = ()
    but: tuple[Select[UUID], ...] = ()
    scope: Scope = EVERYTHING


def badge_counts(session: Session, practice_id: UUID, which: Which) -> dict[Badge, int]:
    """Count visits by badge."""
    statement = _filtered(select(_R.badge, func.count().label("visits")), practice_id, which).group_by(_R.badge)
    return {found.badge: found.visits for found in session.execute(statement)}


def site_counts(session: Session, practice_id: UUID, which: Which) -> dict[UUID, dict[Badge, int]]:
    """Count visits by site and badge."""
    statement = _filtered(select(_R.site_id, _R.badge, func.count()), practice_id, which)
    found: dict[UUID, dict[Badge, int]] = {}
    for site_id, badge, visits in session.execute(statement.group_by(_R.site_id, _R.badge)):
        found.setdefault(site_id, {})[badge] = visits
    return found


def page(
    session: Session,
    practice_id: UUID,
    which: Which,
    limit: int,
    after: Place | None = None,
    before: Place | None = None,
) -> tuple[VisitVerdict, ...]:
    """List verdicts by day, start and id: the first after one place, or the last before another, in that order."""
    statement = _filtered(select(*raw(*_LISTED)), practice_id, which)
    order = (_R.day, _R.starts_at, _R.id)
    if before is not None:
        statement = statement.where(_R.day <= before[0], tuple_(*order) < before)
        backwards = statement.order_by(*(column.desc() for column in order)).limit(limit)
        return tuple(reversed([_verdict(row) for row in session.connection().execute(backwards)]))
    if after is not None:
        statement = statement.where(_R.day >= after[0], tuple_(*order) > after)
    return tuple(_verdict(row) for row in session.connection().execute(statement.order_by(*order).limit(limit)))


def findings(session: Session, practice_id: UUID, which: Which) -> Iterator[tuple[Any, ...]]:
    """Give what is stored of visits, in no order, for counting what their lines found.

    Returns   of each visit its patient, site, day, start, badge, the day on which it may change (None: none), packed
              lines, and since when it is shown.
    """
    columns = (_R.patient_id, _R.site_id, _R.day, _R.starts_at, _R.badge, _R.changes_on, _R.content, _R.shown_since)
    for row in rows_of(session, _filtered(select(*raw(*columns)), practice_id, which)):
        patient, site, day, starts_at, badge, changes_on, content, since = row
        yield (
            as_uuid(patient), as_uuid(site), known_day(day), known_instant(starts_at), _BADGES[badge],
            as_day(changes_on), bytes(content), known_instant(since),
        )  # fmt: skip


def next_day(
    session: Session,
    practice_id: UUID,
    after: date,
    until: date,
    badges: Sequence[Badge] = (),
    scope: Scope = EVERYTHING,
) -> date | None:
    """Find the first day after one, up to another (included), that has visits in sight, or such of some badges."""
    statement = select(_R.day).where(_R.practice_id == practice_id, _R.day > after, _R.day <= until)
    statement = statement.where(*_in_sight(practice_id, scope))
    if badges:
        statement = statement.where(_R.badge.in_(badges))
    return session.scalar(statement.order_by(_R.day).limit(1))


def _in_sight(practice_id: UUID, scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """Make the condition that the visit of a stored verdict is in sight."""
    return sight.of_visits(practice_id, scope, _R.id, _R.site_id, _R.patient_id)


def _filtered(statement: Any, practice_id: UUID, which: Which) -> Any:
    statement = statement.where(_R.practice_id == practice_id, _R.day.between(*which.days))
    statement = statement.where(*_in_sight(practice_id, which.scope))
    if which.site_id is not None:
        statement = statement.where(_R.site_id == which.site_id)
    if which.badges:
        statement = statement.where(_R.badge.in_(which.badges))
    if which.patient_id is not None:
        statement = statement.where(_R.patient_id == which.patient_id)
    for ids in which.among:
        statement = statement.where(_R.id.in_(ids))
    for ids in which.but:
        statement = statement.where(_R.id.not_in(ids))
    return statement


def _verdict(row: Sequence[Any]) -> VisitVerdict:
    visit, patient, site, day, starts_at, badge, as_of, changes_on, rules, content = row
    return VisitVerdict(
        as_uuid(visit),
        as_uuid(patient),
        as_uuid(site),
        known_day(day),
        known_instant(starts_at),
        _BADGES[badge],
        known_day(as_of),
        as_day(changes_on),
        rules,
        bytes(content),
    )
