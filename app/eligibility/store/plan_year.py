"""The first booked visit of each patient in a year, with what is known of its coverage since 1 January: one query."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, select, tuple_
from sqlalchemy.orm import Session

from app.eligibility.facts.asking import AskState
from app.eligibility.facts.listing import ListedVisit, Place
from app.eligibility.facts.plan_year import YearVisit
from app.eligibility.models.asking import EligibilityAskRow
from app.eligibility.models.sentinel import PlanChangeRow
from app.eligibility.store.visits import CHECKS, COVERAGES, VISITS, Wanted, booked, of_the_day
from app.schedule.facts import VisitStatus
from app.values.scope import Scope

_V, _C, _K, _A, _P = VISITS, COVERAGES, CHECKS, EligibilityAskRow, PlanChangeRow


def first_visits(
    session: Session, practice_id: UUID, days: tuple[date, date], scope: Scope, limit: int, behind: Place | None = None
) -> tuple[YearVisit, ...]:
    """List the first booked visit of each patient within some days, by day, start and id.

    Takes     the first and the last day of the year, or from today on where that is later; whose sight; how many at
              most; behind which place to begin. The cost grows with `limit`, not with the year.
    """
    chosen = of_the_day(practice_id)
    seen = select(_V.c.id, _V.c.patient_id, _V.c.site_id, _V.c.day, _V.c.starts_at, chosen.label("coverage_id"))
    seen = seen.where(_V.c.day.between(*days), *booked(practice_id, Wanted(days, scope=scope)))
    seen = seen.where(~_earlier(practice_id, days[0]))
    if behind is not None:
        order = tuple_(_V.c.day, _V.c.starts_at, _V.c.id)
        seen = seen.where(_V.c.day >= behind.day, order > (behind.day, behind.starts_at, behind.visit_id))
    stretch = seen.order_by(_V.c.day, _V.c.starts_at, _V.c.id).limit(limit).cte("stretch")
    since = date(days[1].year, 1, 1)
    statement = select(
        *stretch.c,
        _C.c.payer, _C.c.checked_on, _C.c.result, _C.c.other_primary,
        _last_check(practice_id, stretch, since), _last_ask(practice_id, stretch, since),
        _turned(practice_id, stretch, since),
    )  # fmt: skip
    covered = and_(_C.c.practice_id == practice_id, _C.c.id == stretch.c.coverage_id)
    statement = statement.select_from(stretch).outerjoin(_C, covered)
    statement = statement.order_by(stretch.c.day, stretch.c.starts_at, stretch.c.id)
    return tuple(_read(row) for row in session.execute(statement))


def _read(row: Any) -> YearVisit:
    visit = ListedVisit(*row[:6])
    payer, checked_on, result, other_primary, last_check, ask, turned = row[6:]
    state = None if ask is None else AskState(ask)
    return YearVisit(visit, payer, checked_on, result, bool(other_primary), last_check, state, bool(turned))


def _earlier(practice_id: UUID, first: date) -> Any:
    """An earlier booked visit of the same patient from the first day on: the index by patient answers it."""
    other = _V.alias("other")
    begins = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=1)
    return exists().where(
        other.c.practice_id == practice_id,
        other.c.patient_id == _V.c.patient_id,
        other.c.starts_at >= begins,
        other.c.starts_at <= _V.c.starts_at,
        other.c.day >= first,
        other.c.status == VisitStatus.BOOKED.value,
        tuple_(other.c.day, other.c.starts_at, other.c.id) < tuple_(_V.c.day, _V.c.starts_at, _V.c.id),
    )


def _last_check(practice_id: UUID, stretch: Any, since: date) -> Any:
    mine = (_K.c.practice_id == practice_id, _K.c.coverage_id == stretch.c.coverage_id)
    found = select(_K.c.result).where(*mine, _K.c.answered_on >= since, _K.c.taken_back_at.is_(None))
    newest = (_K.c.answered_on.desc(), _K.c.at.desc(), _K.c.id.desc())
    return found.order_by(*newest).limit(1).correlate(stretch).scalar_subquery()


def _last_ask(practice_id: UUID, stretch: Any, since: date) -> Any:
    mine = (_A.practice_id == practice_id, _A.coverage_id == stretch.c.coverage_id, _A.asked_on >= since)
    return select(_A.state).where(*mine).order_by(_A.asked_on.desc()).limit(1).correlate(stretch).scalar_subquery()


def _turned(practice_id: UUID, stretch: Any, since: date) -> Any:
    return exists().where(
        _P.practice_id == practice_id,
        _P.patient_id == stretch.c.patient_id,
        _P.coverage_id == stretch.c.coverage_id,
        _P.at >= datetime(since.year, 1, 1, tzinfo=UTC),
    )
