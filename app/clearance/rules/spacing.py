"""Limits of a rule that count units, visits or days by visit, day, week, month or year."""

from datetime import date, timedelta
from uuid import UUID

from app.clearance.facts.reasons import Reason
from app.clearance.facts.work import Asked
from app.policies.facts.answers import Limit
from app.values.fact import fact
from app.values.spans import add_months


@fact
class Service:
    """One line of the past or planned before: its day, visit, code (else its drug) and units."""

    day: date
    visit_id: UUID
    name: str | None
    units: int


def check_spacing(asked: Asked, before: list[Service]) -> tuple[Reason, tuple[object, ...]] | None:
    """Is the line within the limits of its rule, the lines before it counted?

    Takes     what is asked; the patient's booked and done lines before it, in order of time.
    Returns   the finding and (limit, count with this line); None where the rule has no limit. A week, month or year is
              the one that ends on the day of the visit, so that no calendar hides a crowd.
    """
    limits = asked.requirement.limits
    if not limits:
        return None
    over: tuple[Limit, int] | None = None
    for limit in limits:
        if limit.counts is None:
            continue
        count = _count(limit, asked, before)
        if count > limit.most and (over is None or (limit.firm and not over[0].firm)):
            over = (limit, count)
    if over is None:
        return Reason.SPACING_INSIDE, ()
    return (Reason.SPACING_OVER_FIRM if over[0].firm else Reason.SPACING_OVER), over


def _count(limit: Limit, asked: Asked, before: list[Service]) -> int:
    name = asked.line.code or asked.drug
    day, visit_id = asked.visit.day, asked.visit.id
    if name is None or (limit.codes and name not in limit.codes):
        return 0
    names = limit.codes or frozenset({name})
    first = _first_day(limit, day)
    counted = [
        service
        for service in before
        if service.name in names
        and first <= service.day <= day
        and (limit.period != "visit" or service.visit_id == visit_id)
    ]
    counted.append(Service(day, visit_id, name, asked.line.units))
    if limit.counts == "units":
        return sum(service.units for service in counted)
    if limit.counts == "visits":
        return len({service.visit_id for service in counted})
    return len({service.day for service in counted})


def _first_day(limit: Limit, day: date) -> date:
    if limit.period == "week":
        return day - timedelta(days=7 * limit.every - 1)
    if limit.period in ("month", "year"):
        return add_months(day, -limit.every * (12 if limit.period == "year" else 1)) + timedelta(days=1)
    return day - timedelta(days=limit.every - 1)
