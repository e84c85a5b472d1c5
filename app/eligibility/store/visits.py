"""The booked visits of some days with the coverage of each: the query of the eligibility page.

The tables of visits and coverages are named as text, since they belong to rooms below.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Select,
    String,
    and_,
    column,
    desc,
    exists,
    func,
    or_,
    select,
    table,
    tuple_,
)
from sqlalchemy.orm import Session

from app.coverage.facts import Answered, CheckResult
from app.eligibility.facts.asking import WITHOUT_ANSWER
from app.eligibility.facts.listing import ListedVisit, Place, Standing
from app.eligibility.models.asking import EligibilityAskRow
from app.platform import sight
from app.platform.db import UtcDateTime, Uuid16
from app.schedule.facts import VisitStatus
from app.values.insurance import Benefit, Rank
from app.values.scope import EVERYTHING, Scope

VISITS = table(
    "visit",
    column("practice_id", Uuid16()), column("id", Uuid16()), column("patient_id", Uuid16()),
    column("site_id", Uuid16()), column("day", Date()), column("starts_at", UtcDateTime()), column("status", String()),
)  # fmt: skip
COVERAGES = table(
    "coverage",
    column("practice_id", Uuid16()), column("id", Uuid16()), column("patient_id", Uuid16()), column("rank", String()),
    column("benefit", String()), column("begins", Date()), column("ends", Date()), column("verified", Boolean()),
    column("payer", String()), column("checked_on", Date()), column("result", String()),
    column("other_primary", Boolean()),
)  # fmt: skip
CHECKS = table(
    "eligibility_check",
    column("practice_id", Uuid16()), column("id", Uuid16()), column("coverage_id", Uuid16()),
    column("answered_on", Date()), column("at", UtcDateTime()), column("result", String()),
    column("taken_back_at", UtcDateTime()),
)  # fmt: skip
_A = EligibilityAskRow
_EARLIEST = date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which visits: of days (both included), of a site, of a payer, of a standing, in sight by a scope."""

    days: tuple[date, date]
    site_id: UUID | None = None
    payer: str | None = None
    standing: Standing | None = None
    scope: Scope = EVERYTHING


def listed(
    session: Session, practice_id: UUID, wanted: Wanted, limit: int, after: Place | None = None
) -> tuple[ListedVisit, ...]:
    """List booked visits by day, start and id, with the coverage that a line of the medical benefit is judged by."""
    chosen = of_the_day(practice_id)
    statement = select(
        VISITS.c.id,
        VISITS.c.patient_id,
        VISITS.c.site_id,
        VISITS.c.day,
        VISITS.c.starts_at,
        chosen.label("coverage_id"),
    )
    statement = statement.where(VISITS.c.day.between(*wanted.days), *booked(practice_id, wanted))
    if after is not None:
        order = tuple_(VISITS.c.day, VISITS.c.starts_at, VISITS.c.id)
        statement = statement.where(VISITS.c.day >= after.day, order > (after.day, after.starts_at, after.visit_id))
    if wanted.payer is not None or wanted.standing is not None:
        statement = _narrowed(practice_id, statement, wanted)
    else:
        statement = statement.order_by(VISITS.c.day, VISITS.c.starts_at, VISITS.c.id)
    return tuple(_visit(row) for row in session.execute(statement.limit(limit)))


def next_booked_day(session: Session, practice_id: UUID, wanted: Wanted) -> date | None:
    """Find the first day behind those wanted on which a visit of the site and in sight is booked."""
    behind = select(VISITS.c.day).where(VISITS.c.day > wanted.days[1], *booked(practice_id, wanted))
    found: date | None = session.scalar(behind.order_by(VISITS.c.day).limit(1))
    return found


def booked(practice_id: UUID, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Give the conditions that a visit is booked, in sight, and of the site that is wanted; its day is another's."""
    in_sight = sight.of_visits(practice_id, wanted.scope, VISITS.c.id, VISITS.c.site_id, VISITS.c.patient_id)
    mine = [VISITS.c.practice_id == practice_id, VISITS.c.status == VisitStatus.BOOKED.value, *in_sight]
    return mine if wanted.site_id is None else [*mine, VISITS.c.site_id == wanted.site_id]


def _visit(row: Sequence[Any]) -> ListedVisit:
    return ListedVisit(*row)


def of_the_day(practice_id: UUID) -> Any:
    """The id of the coverage of a visit's day, as `coverage_of_day` chooses it: of those that hold it, else of all."""
    one, other = COVERAGES.alias("one"), COVERAGES.alias("other")
    begun = or_(one.c.begins.is_(None), one.c.begins <= VISITS.c.day)
    holds = and_(begun, or_(one.c.ends.is_(None), one.c.ends >= VISITS.c.day))
    return func.coalesce(_latest(practice_id, one, holds), _latest(practice_id, other), type_=Uuid16())


def _latest(practice_id: UUID, one: Any, *conditions: Any) -> Any:
    """The id of the primary medical coverage of a visit's patient that began last. SQLite sorts by no outer column."""
    mine = (one.c.practice_id == practice_id, one.c.patient_id == VISITS.c.patient_id, one.c.rank == Rank.PRIMARY.value)
    order = (func.coalesce(one.c.begins, _EARLIEST), one.c.verified, one.c.id)
    found = select(one.c.id).where(*mine, one.c.benefit != Benefit.PHARMACY.value, *conditions)
    return found.order_by(*(desc(part) for part in order)).limit(1).correlate(VISITS).scalar_subquery()


def _narrowed(practice_id: UUID, statement: Select[Any], wanted: Wanted) -> Select[Any]:
    """Keep to a payer and a standing, of the coverage that each visit has."""
    seen = statement.cte("seen").prefix_with("MATERIALIZED")  # else the coverage is looked up once for each condition
    narrowed = select(*seen.c).outerjoin_from(
        seen, COVERAGES, and_(COVERAGES.c.practice_id == practice_id, COVERAGES.c.id == seen.c.coverage_id)
    )
    if wanted.payer is not None:
        narrowed = narrowed.where(COVERAGES.c.payer == wanted.payer)
    if wanted.standing is not None:
        narrowed = narrowed.where(_stands(practice_id, seen, wanted.standing))
    return narrowed.order_by(seen.c.day, seen.c.starts_at, seen.c.id)


def _stands(practice_id: UUID, seen: Any, standing: Standing) -> Any:
    """The condition that `standing_of` is this: its own, and none of those that go before it."""
    own: dict[Standing, Any] = {
        Standing.NO_COVERAGE: seen.c.coverage_id.is_(None),
        Standing.INACTIVE: _is(COVERAGES.c.result == CheckResult.INACTIVE.value),
        Standing.NOT_OF_THE_DAY: or_(_is(COVERAGES.c.begins > seen.c.day), _is(COVERAGES.c.ends < seen.c.day)),
        Standing.NOT_ASKED: _could_not_ask(practice_id),
        Standing.NEVER: or_(COVERAGES.c.checked_on.is_(None), COVERAGES.c.result.is_(None)),
        Standing.BEHIND: COVERAGES.c.other_primary.is_(True),
        Standing.UNKNOWN: _is(COVERAGES.c.result == CheckResult.UNKNOWN.value),
        Standing.ACTIVE: _is(COVERAGES.c.result == CheckResult.ACTIVE.value),
    }
    order = list(own)
    before = [~own[one] for one in order[: order.index(standing)]]
    return and_(own[standing], *before)


def _is(condition: Any) -> Any:
    """Not known is no: a condition that may be negated."""
    return func.coalesce(condition, False)


def _could_not_ask(practice_id: UUID) -> Any:
    """The last check was rejected since the last answer, or our last request brought none."""
    check, later = CHECKS.alias("last"), CHECKS.alias("later")
    order = (check.c.answered_on, check.c.at, check.c.id)
    newer = exists().where(
        later.c.practice_id == practice_id,
        later.c.coverage_id == check.c.coverage_id,
        later.c.taken_back_at.is_(None),
        tuple_(later.c.answered_on, later.c.at, later.c.id) > tuple_(*order),
    )
    rejected = exists().where(
        check.c.practice_id == practice_id,
        check.c.coverage_id == COVERAGES.c.id,
        check.c.taken_back_at.is_(None),
        check.c.result == Answered.NOT_ASKED.value,
        check.c.answered_on >= func.coalesce(COVERAGES.c.checked_on, _EARLIEST),
        ~newer,
    )
    ask, since = _A.__table__.alias("ask"), _A.__table__.alias("since")
    again = exists().where(
        since.c.practice_id == practice_id, since.c.coverage_id == ask.c.coverage_id, since.c.asked_on > ask.c.asked_on
    )
    unanswered = exists().where(
        ask.c.practice_id == practice_id,
        ask.c.coverage_id == COVERAGES.c.id,
        ask.c.state.in_(WITHOUT_ANSWER),
        ask.c.asked_on > func.coalesce(COVERAGES.c.checked_on, _EARLIEST),
        ~again,
    )
    return or_(rejected, unanswered)


def coverage_patient(session: Session, practice_id: UUID, coverage_id: UUID) -> UUID | None:
    """Find whose coverage it is."""
    found: UUID | None = session.scalar(
        select(COVERAGES.c.patient_id).where(COVERAGES.c.practice_id == practice_id, COVERAGES.c.id == coverage_id)
    )
    return found


def next_visit_day(session: Session, practice_id: UUID, patient_id: UUID, today: date) -> date | None:
    """Find the day of a patient's next booked visit, from today on."""
    found: date | None = session.scalar(
        select(func.min(VISITS.c.day)).where(
            VISITS.c.practice_id == practice_id,
            VISITS.c.patient_id == patient_id,
            VISITS.c.day >= today,
            VISITS.c.status == VisitStatus.BOOKED.value,
        )
    )
    return found
