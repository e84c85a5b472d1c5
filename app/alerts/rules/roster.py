"""Whether absences and duties can stand beside each other, and how a form knows that a person's page is old."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta

from app.alerts.facts.people import Absence, Duty, Person
from app.deadlines.rules.calendar import end_of_day, start_of_day, zone_of
from app.values.spans import DateSpan


def version_of(person: Person) -> str:
    """Name the state of what a person chose, so that a form can tell whether somebody was quicker: 16 characters."""
    told = (
        person.zone,
        person.phone,
        sorted(person.sites),
        sorted((reason, sorted(ways)) for reason, ways in person.ways.items()),
        sorted(person.thresholds.items()),
        (person.quiet_from, person.quiet_until, person.quiet_weekends, person.digest_at, person.backup_id),
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def absences_in(person: Person, span: DateSpan) -> tuple[Absence, ...]:
    """The absences of a person that share a day with a span."""
    return tuple(one for one in person.absences if one.span.overlaps(span))


def duties_in(person: Person, span: DateSpan) -> tuple[Duty, ...]:
    """The duties of a person that lie in part in the days of a span, both included, of the person's zone."""
    assert span.begins is not None and span.ends is not None
    zone = zone_of(person.zone)
    days = Duty(start_of_day(span.begins, zone), end_of_day(span.ends, zone))
    return _shared(person.on_call, days)


def duties_during(person: Person, duty: Duty) -> tuple[Duty, ...]:
    """The duties of a person that share time with another."""
    return _shared(person.on_call, duty)


def days_of(person: Person, duty: Duty) -> DateSpan:
    """The days, of a person's zone, on which a duty lies; one that ends at midnight leaves the day after out."""
    zone = zone_of(person.zone)
    begins, ends = (at.astimezone(zone).date() for at in (duty.begins_at, duty.ends_at))
    if ends > begins and start_of_day(ends, zone) == duty.ends_at:
        ends -= timedelta(days=1)
    return DateSpan(begins, ends)


def _shared(duties: Iterable[Duty], other: Duty) -> tuple[Duty, ...]:
    return tuple(one for one in duties if one.begins_at < other.ends_at and other.begins_at < one.ends_at)
