"""Clocks of a whole practice or of a site's day: tomorrow's visits, coverage, the last import, old rules."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.deadlines.facts import AT_ONCE, About, Basis, BasisKind, Clears, Deadline, Reason, Step, Subject
from app.deadlines.facts import SubjectKind as Kind
from app.deadlines.rules.calendar import (
    add_business_days,
    end_of_day,
    is_business_day,
    local_time,
    start_of_day,
    zone_of,
)
from app.deadlines.rules.making import MORNING, deadline


@dataclass(frozen=True, slots=True)
class SiteDay:
    """The booked visits of one site and day, by what they need before they can go ahead.

    `blocked` need our work (blocked or not checked), `waiting` wait for the payer; `at_risk` may go ahead as things
    stand. `first_at` is the start of the first visit that is blocked or waits. `unchecked` counts patients whose
    primary coverage was not checked within the site's days of freshness; `unanswered` those whose plan was asked and
    has not answered.
    """

    about: About
    day: date
    total: int
    blocked: int = 0
    waiting: int = 0
    at_risk: int = 0
    first_at: datetime | None = None
    unchecked: int = 0
    unanswered: int = 0


AFTERNOON, NOON, EARLY = time(15), time(12), time(7)
IMPORT_HOURS = timedelta(hours=26)
OURS = Basis(BasisKind.PRACTICE)


def tomorrow(site_day: SiteDay, now: datetime) -> Deadline | None:
    """Tell that visits of a site's day are not cleared.

    Takes     the booked visits of one site and day, counted; the time (UTC).
    Returns   steps at 3:00 PM on the last business day before and at 7:00 AM on the day, in the site's zone; due when
              the first such visit begins. Visits that need our work (`blocked`) are counted apart from those that wait
              for the payer. A visit at risk may go ahead as things stand: it is counted beside them and does not keep
              the deadline alive. None: every visit is cleared, accepted, at risk or self-pay, or the day is over.
    """
    zone, day = zone_of(site_day.about.zone), site_day.day
    over = end_of_day(day, zone)
    if now >= over or not site_day.blocked + site_day.waiting:
        return None
    before = add_business_days(day, -1)
    return deadline(
        site_day.about,
        Reason.TOMORROW,
        Clears.VISITS_CLEARED,
        OURS,
        [
            Step(f"{day.isoformat()}-day-before", local_time(before, AFTERNOON, zone)),
            Step(f"{day.isoformat()}-morning", local_time(day, EARLY, zone)),
        ],
        due_on=day if site_day.first_at is None else None,
        due_at=site_day.first_at,
        urgent=site_day.blocked > 0,
        counts={
            "blocked": site_day.blocked,
            "waiting": site_day.waiting,
            "at_risk": site_day.at_risk,
            "total": site_day.total,
        },
        again_at=over,
        subject=_of_day(site_day),
    )


def eligibility_stale(site_day: SiteDay, now: datetime) -> Deadline | None:
    """Tell that patients of a site's day have no eligibility check within the site's days of freshness.

    Returns   one step, in the morning of the last business day before the visits; None: all are checked, or the day is
              over.
    """
    zone, day = zone_of(site_day.about.zone), site_day.day
    over = end_of_day(day, zone)
    if now >= over or not site_day.unchecked:
        return None
    tell_at = local_time(add_business_days(day, -1), MORNING, zone)
    return deadline(
        site_day.about,
        Reason.ELIGIBILITY_STALE,
        Clears.CHECKED,
        OURS,
        [Step(f"{day.isoformat()}-check", tell_at)],
        due_on=day,
        counts={"count": site_day.unchecked, "total": site_day.total},
        again_at=over,
        subject=_of_day(site_day),
    )


def eligibility_unanswered(site_day: SiteDay, now: datetime) -> Deadline | None:
    """Tell that plans were asked about patients of a site's day and no answer came, or the request was refused.

    Returns   steps on the last business day before the visits, at noon, when the plan's own line still answers, and at
              7:00 AM on the day; None: every request has its answer, by whatever way it came, or the day is over.
    """
    zone, day = zone_of(site_day.about.zone), site_day.day
    over = end_of_day(day, zone)
    if now >= over or not site_day.unanswered:
        return None
    return deadline(
        site_day.about,
        Reason.ELIGIBILITY_UNANSWERED,
        Clears.CHECKED,
        OURS,
        [
            Step(f"{day.isoformat()}-unanswered", local_time(add_business_days(day, -1), NOON, zone)),
            Step(f"{day.isoformat()}-unanswered-morning", local_time(day, EARLY, zone)),
        ],
        due_on=day,
        counts={"count": site_day.unanswered, "total": site_day.total},
        again_at=over,
        subject=_of_day(site_day),
    )


def _of_day(site_day: SiteDay) -> Subject:
    return Subject(Kind.SITE_DAY, f"{site_day.about.id.hex}:{site_day.day.isoformat()}")


def coverage_changed(about: About, patients: int, first_day: date, changed_on: date, now: datetime) -> Deadline | None:
    """Tell that coverage changed for patients with booked visits.

    Takes     the practice; how many patients; the day of their first visit; the day on which the latest such change
              showed; the time (UTC).
    Returns   one step for the day of the latest change, so that a later change is told again and the same one is not;
              None: no patient is left, or the first visit's day is over (its facts are to be counted anew).
    """
    zone = zone_of(about.zone)
    over = end_of_day(first_day, zone)
    if not patients or now >= over:
        return None
    return deadline(
        about,
        Reason.COVERAGE_CHANGED,
        Clears.CHECKED,
        Basis(BasisKind.PAYER),
        [Step(f"{changed_on.isoformat()}-changed", start_of_day(changed_on, zone))],
        due_on=first_day,
        counts={"count": patients},
        again_at=over,
        subject=Subject(Kind.PRACTICE, about.id.hex),
    )


def import_stale(about: About, imported_at: datetime | None) -> Deadline | None:
    """Tell that the schedule was not brought in for 26 hours, hours of weekends and holidays not counted.

    Takes     the practice; when a schedule was last brought in (UTC), None: never, then nothing is stale yet.
    Returns   due when 26 hours of business days have passed (a file of Friday 8:00 AM: on Monday at 10:00 AM), told
              then and in the mornings of the first and third business day after it.
    """
    if imported_at is None:
        return None
    zone = zone_of(about.zone)
    due = _after_hours(imported_at, IMPORT_HOURS, about.zone)
    day = due.astimezone(zone).date()
    name = imported_at.strftime("%Y-%m-%dT%H:%MZ")
    later = [Step(f"{name}-{days}b", local_time(add_business_days(day, days), MORNING, zone)) for days in (1, 3)]
    return deadline(
        about,
        Reason.IMPORT_STALE,
        Clears.IMPORTED,
        OURS,
        [Step(f"{name}-26h", due), *later],
        due_at=due,
        subject=Subject(Kind.PRACTICE, about.id.hex),
    )


def _after_hours(instant: datetime, length: timedelta, name: str) -> datetime:
    """Let a time pass in which only business days count, each with all its hours."""
    zone = zone_of(name)
    day = instant.astimezone(zone).date()
    left = length
    while True:
        if is_business_day(day):
            begins = max(start_of_day(day, zone), instant)
            room = end_of_day(day, zone) - begins
            if left <= room:
                return begins + left
            left -= room
        day += timedelta(days=1)


def rules_unverified(about: About, payer: str, old: int, memory: int, latest: date | None) -> Deadline | None:
    """Ask that rules of a payer be verified on which booked visits or open cases rest.

    Takes     the practice; the payer's key; how many of those rules were verified over 180 days ago or on no known
              day, and how many are from memory and nobody verified them; the day on which the latest of them became
              so old, None: not known.
    Returns   one step for each month in which a rule became old, and one for rules that were never read; None: none.
    """
    if not old + memory:
        return None
    zone = zone_of(about.zone)
    if latest is None:
        step = Step("never-read", AT_ONCE)
    else:
        step = Step(f"{latest:%Y-%m}-old", local_time(latest, MORNING, zone))
    return deadline(
        about,
        Reason.RULES_UNVERIFIED,
        Clears.VERIFIED,
        OURS,
        [step],
        counts={"rules": old + memory, "memory": memory},
        subject=Subject(Kind.PAYER, payer),
    )
