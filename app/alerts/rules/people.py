"""By which way a person is told, when not, who covers for whom, and who is on call."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from app.alerts.facts.outbox import Way
from app.alerts.facts.people import Absence, Person
from app.deadlines.facts import Reason
from app.deadlines.rules.calendar import local_time, zone_of
from app.practice.facts.staff import Role

MIDNIGHT = time()
DAY = timedelta(days=1)

_BELL = frozenset({Way.BELL})
_MAIL = frozenset({Way.BELL, Way.EMAIL})
_ALL = frozenset({Way.BELL, Way.EMAIL, Way.SMS})

CLOCKS = frozenset(
    {
        Reason.ANSWER_OWED,
        Reason.INFORMATION_OWED,
        Reason.PEER_TO_PEER,
        Reason.RETRO_DUE,
        Reason.APPEAL,
        Reason.TOMORROW,
        Reason.DENIED,
    }
)
"""What runs in hours or few days."""
PLANS = frozenset(
    {
        Reason.APPROVAL_ENDS,
        Reason.UNITS_LOW,
        Reason.RENEWAL_DUE,
        Reason.COVERAGE_CHANGED,
        Reason.ELIGIBILITY_STALE,
        Reason.ELIGIBILITY_UNANSWERED,
        Reason.REPLY,
    }
)
"""What there are days or weeks for."""
SYSTEM = frozenset(
    {Reason.IMPORT_STALE, Reason.IMPORT_FAILED, Reason.JOB_LATE, Reason.RULES_UNVERIFIED, Reason.UNDELIVERED}
)
"""What is wrong with the program's own supply."""


def _each(reasons: Iterable[Reason], ways: frozenset[Way]) -> dict[Reason, frozenset[Way]]:
    return dict.fromkeys(reasons, ways)


DEFAULT_WAYS: Mapping[Role, Mapping[Reason, frozenset[Way]]] = {
    Role.COORDINATOR: {**_each(CLOCKS, _ALL), **_each(PLANS, _MAIL), Reason.IMPORT_FAILED: _MAIL},
    Role.MANAGER: {**_each(CLOCKS | SYSTEM, _MAIL), Reason.JOB_LATE: _ALL},
    Role.PROVIDER: {Reason.PEER_TO_PEER: _ALL, Reason.INFORMATION_OWED: _MAIL},
    Role.SCHEDULER: {Reason.TOMORROW: _MAIL, Reason.COVERAGE_CHANGED: _MAIL},
    Role.BILLER: {Reason.DENIED: _MAIL, Reason.APPEAL: _MAIL},
    Role.ADMINISTRATOR: {**_each(SYSTEM, _MAIL), Reason.JOB_LATE: _ALL},
}
"""How a role hears of a reason; of what is not named, by the bell alone. Someone with several roles has them all."""

DEFAULT_STEPS: Mapping[Reason, tuple[int, ...]] = {
    Reason.APPROVAL_ENDS: (60, 30, 14, 7, 1),
    Reason.APPEAL: (30, 7, 2),
}
"""Days ahead at which a person may choose to be told or not."""

BREAKS_THROUGH = CLOCKS | {Reason.APPROVAL_ENDS, Reason.UNITS_LOW, Reason.COVERAGE_CHANGED}
"""Reasons that can stop a visit within one business day or end within 24 hours. Nothing else ever wakes anybody."""

_DAYS_AHEAD = re.compile(r"(.*?)(\d+)d")


def default_ways(person: Person, reason: Reason) -> frozenset[Way]:
    """How a person hears of a reason without having said anything: by the roles; no text without a number on file."""
    ways = _BELL.union(*(DEFAULT_WAYS[role].get(reason, _BELL) for role in person.roles))
    return ways if person.phone else ways - {Way.SMS}


def chosen_ways(person: Person, reason: Reason) -> frozenset[Way]:
    """By which ways a person wants to hear of a reason: what the person chose, else the defaults; always the bell."""
    return person.ways.get(reason, default_ways(person, reason)) | _BELL


def ways_of(person: Person, reason: Reason) -> frozenset[Way]:
    """By which ways a person is told of a reason.

    Returns   what the person chose, else the defaults. The bell is always among them: nothing is kept from everyone.
              Someone whose number ended texts gets e-mail instead. A chosen text without a number stays: whoever sends
              it finds that no address is there, and makes a task of it.
    """
    ways = chosen_ways(person, reason)
    if person.stopped and Way.SMS in ways:
        return ways - {Way.SMS} | {Way.EMAIL}
    return ways


def thresholds(person: Person, reason: Reason) -> tuple[int, ...]:
    """The days ahead at which a person is told, most first; empty where a reason has none to choose from."""
    return tuple(sorted(person.thresholds.get(reason) or DEFAULT_STEPS.get(reason, ()), reverse=True))


def own_step(person: Person, reason: Reason, step: str) -> str | None:
    """Which of a person's own steps stands when an alert has reached a step.

    Takes     the name of the step reached, such as `2026-12-11-14d`.
    Returns   the name of the nearest step of the person's at or before it (`2026-12-11-30d` for someone told at 30 and
              7 days), so that after a missed step the next one makes it good and nobody is told twice; None while the
              first of them is ahead. Steps of other kinds, and reasons without a choice, stay as they are.
    """
    chosen, found = thresholds(person, reason), _DAYS_AHEAD.fullmatch(step)
    if found is None or set(chosen) == set(DEFAULT_STEPS.get(reason, ())):
        return step
    passed = [days for days in chosen if days >= int(found[2])]
    return f"{found[1]}{min(passed)}d" if passed else None


def may_tell_at(person: Person, reason: Reason, urgent: bool, now: datetime) -> datetime:
    """When a person may next be told by text or e-mail.

    Takes     whether it is urgent (a blocked visit within one business day, a deadline under 24 hours); the time (UTC).
    Returns   now, or the first instant (UTC) at which it is not quiet for the person. An urgent one of a reason that
              may break through reaches whoever is on call at once, or as soon as the duty begins.
    """
    allowed = after_quiet(person, now)
    if urgent and reason in BREAKS_THROUGH:
        duties = [max(duty.begins_at, now) for duty in person.on_call if duty.ends_at > now]
        return min([allowed, *duties])
    return allowed


def after_quiet(person: Person, now: datetime) -> datetime:
    """The first instant (UTC) from now on that lies in none of a person's quiet hours and weekends.

    Quiet hours run from one instant to another, so that an hour which clocks show twice is quiet or loud as a whole.
    Hours that begin when they end are none.
    """
    end = now
    while later := max((ends for begins, ends in _quiet_around(person, end) if begins <= end < ends), default=None):
        end = later
    return end


def next_digest(person: Person, now: datetime) -> datetime | None:
    """When a person's next daily digest is due, from now on; None: has none.

    Returns   its time on the next day on which it is not quiet then; for a time that is always quiet, the end of that.
    """
    if person.digest_at is None:
        return None
    zone = zone_of(person.zone)
    today = now.astimezone(zone).date()
    times = [local_time(today + day * DAY, person.digest_at, zone) for day in range(9)]
    coming = [at for at in times if at >= now]
    return next((at for at in coming if after_quiet(person, at) == at), after_quiet(person, coming[0]))


def away_on(person: Person, day: date) -> Absence | None:
    """The absence of a person that holds a day."""
    return next((absence for absence in person.absences if day in absence.span), None)


def cover_of(person: Person, day: date, people: Sequence[Person]) -> Person | None:
    """Who does a person's work on a day.

    Returns   the person when here; else who covers, else the backup, and for one who is away too whoever covers there,
              and so on; None when everyone on that way is away or no longer works here.
    """
    known = {one.id: one for one in people}
    waiting: list[UUID | None] = [person.id]
    seen: set[UUID] = set()
    while waiting:
        one = waiting.pop(0)
        if one is None or one in seen or one not in known:
            continue
        seen.add(one)
        absence = away_on(known[one], day)
        if absence is None:
            return known[one]
        waiting[:0] = [absence.cover_id, known[one].backup_id]
    return None


def on_call_at(people: Iterable[Person], instant: datetime) -> tuple[Person, ...]:
    """Who is on call at an instant; at the end of a duty it is over."""
    return tuple(one for one in people if any(duty.begins_at <= instant < duty.ends_at for duty in one.on_call))


def _quiet_around(person: Person, instant: datetime) -> list[tuple[datetime, datetime]]:
    """The quiet times that can hold an instant, as instants from and until."""
    zone = zone_of(person.zone)
    today = instant.astimezone(zone).date()
    found = []
    for day in (today - DAY, today):
        over_night = DAY if person.quiet_until <= person.quiet_from else 0 * DAY
        if person.quiet_from != person.quiet_until:
            until = local_time(day + over_night, person.quiet_until, zone)
            found.append((local_time(day, person.quiet_from, zone), until))
    if person.quiet_weekends:
        saturday = today - (today.weekday() - 5) * DAY
        found.append((local_time(saturday, MIDNIGHT, zone), local_time(saturday + 2 * DAY, MIDNIGHT, zone)))
    return found
