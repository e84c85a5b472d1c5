"""Who is told of a deadline, and who may be woken for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from uuid import UUID

from app.alerts.facts.people import Person
from app.alerts.rules.people import cover_of, may_tell_at, on_call_at
from app.deadlines.facts import Deadline, Reason, SubjectKind
from app.deadlines.rules.calendar import end_of_day, next_business_day, zone_of
from app.deadlines.rules.steps import is_urgent
from app.practice.facts.staff import Role

_ADMINISTRATORS_ONLY = frozenset({Reason.IMPORT_FAILED, Reason.JOB_LATE})
_OF_THE_SYSTEM = frozenset({SubjectKind.STAFF, SubjectKind.JOB, SubjectKind.PRACTICE})


@dataclass(frozen=True, slots=True)
class Told:
    """One person to tell. `urgent`: on call, and told at once."""

    person: Person
    urgent: bool = False


def tell(deadline: Deadline, people: Sequence[Person], now: datetime) -> tuple[Told, ...]:
    """Find whom to tell of a deadline.

    Takes     the deadline; everyone who may sign in; the time (UTC).
    Returns   those whose it is (`responsible`), and whoever is on call where it may break through and it is quiet for
              all of them. Empty only where nobody at all has a role for it.
    """
    theirs = responsible(deadline, people, now)
    told = [Told(person) for person in theirs]
    if breaks_through(deadline, now) and all(
        may_tell_at(person, deadline.reason, False, now) > now for person in theirs
    ):
        on_call = {person.id: Told(person, urgent=True) for person in on_call_at(people, now)}
        told = [one for one in told if one.person.id not in on_call] + list(on_call.values())
    return tuple(told)


def responsible(deadline: Deadline, people: Sequence[Person], now: datetime) -> tuple[Person, ...]:
    """Find whose a deadline is: the owner, else the coordinators of its site, else managers, else administrators.

    What the program itself fails in belongs to administrators. Whoever is away is stood in for by who covers. Whoever
    does not see the site is told only where nobody is who does.
    """
    day = local_day(now, deadline.zone)
    if _is_of_the_system(deadline):
        return _first_that_answer([Role.ADMINISTRATOR, Role.MANAGER], None, people, day)
    seeing = [person for person in people if person.sees is None or deadline.site_id in person.sees]
    return _theirs(deadline, seeing, day) or _theirs(deadline, people, day)


def _theirs(deadline: Deadline, people: Sequence[Person], day: date) -> tuple[Person, ...]:
    owner = next((person for person in people if person.id == deadline.owner_id), None)
    covering = None if owner is None else cover_of(owner, day, people)
    if covering is not None:
        return (covering,)
    return _first_that_answer([Role.COORDINATOR, Role.MANAGER, Role.ADMINISTRATOR], deadline.site_id, people, day)


def managers(people: Sequence[Person], day: date) -> tuple[Person, ...]:
    """The managers of a practice, and who covers for those away; administrators where there is none."""
    return _first_that_answer([Role.MANAGER, Role.ADMINISTRATOR], None, people, day)


def breaks_through(deadline: Deadline, now: datetime) -> bool:
    """Say whether a deadline may wake whoever is on call.

    Returns   True only for one that is urgent and is a blocked visit within one business day, or ends within 24 hours.
    """
    if not is_urgent(deadline, now):
        return False
    return deadline.reason is not Reason.TOMORROW or _blocked_within_a_business_day(deadline, now)


def due_instant(due_on: date | None, due_at: datetime | None, zone: str) -> datetime | None:
    """The instant (UTC) from which something is late: after its whole last day, or at its time; None: it never is."""
    if due_at is not None:
        return due_at
    return None if due_on is None else _end_of(due_on, zone)


def local_day(now: datetime, zone: str) -> date:
    """The day that it is in a zone."""
    return now.astimezone(zone_of(zone)).date()


def _blocked_within_a_business_day(deadline: Deadline, now: datetime) -> bool:
    today = local_day(now, deadline.zone)
    visits = deadline.due_on or (None if deadline.due_at is None else local_day(deadline.due_at, deadline.zone))
    return bool(deadline.counts.get("blocked")) and visits is not None and today <= visits <= next_business_day(today)


def _is_of_the_system(deadline: Deadline) -> bool:
    if deadline.reason in _ADMINISTRATORS_ONLY:
        return True
    return deadline.reason is Reason.UNDELIVERED and deadline.subject.kind in _OF_THE_SYSTEM


def _first_that_answer(
    roles: Iterable[Role], site_id: UUID | None, people: Sequence[Person], day: date
) -> tuple[Person, ...]:
    """The people of the first role in which anybody is here; of a site, only who works there."""
    for role in roles:
        found = {}
        for person in people:
            of_site = site_id is None or not person.sites or site_id in person.sites or role is Role.ADMINISTRATOR
            covering = cover_of(person, day, people) if role in person.roles and of_site else None
            if covering is not None:
                found[covering.id] = covering
        if found:
            return tuple(found.values())
    return ()


@lru_cache(maxsize=4000)
def _end_of(day: date, zone: str) -> datetime:
    return end_of_day(day, zone_of(zone)).astimezone(UTC)
