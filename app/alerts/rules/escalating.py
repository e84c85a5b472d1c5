"""Who is told when nobody acknowledges: after four business hours the backup, after four more the manager."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from app.alerts.facts.people import Person
from app.alerts.rules.people import cover_of
from app.alerts.rules.routing import managers
from app.deadlines.facts import Reason
from app.deadlines.rules.calendar import add_business_hours, zone_of

PATIENCE = 4  # business hours
BACKUP, MANAGER = 1, 2
_NEEDS_NO_ANSWER = frozenset({Reason.APPROVED})


@dataclass(frozen=True, slots=True)
class Escalation:
    """The level that an alert rises to, and who is told; nobody where nobody is left."""

    level: int
    people: tuple[Person, ...]


def escalates_at(reason: Reason, level: int, told_at: datetime, zone: str) -> datetime | None:
    """When an alert that nobody acknowledges rises.

    Takes     its reason; the level it stands at; when its people were told last (UTC); the zone of its site.
    Returns   four business hours later (UTC); None for good news, and when the manager was told already.
    """
    if reason in _NEEDS_NO_ANSWER or level >= MANAGER:
        return None
    return _after(told_at, zone)


def escalate(level: int, told: Collection[UUID], people: Sequence[Person], day: date) -> Escalation:
    """Find whom to tell next.

    Takes     the level that an alert stands at; the ids of who was told of it; everyone who may sign in; the day.
    Returns   level 1: the backups (or who covers for them) of those told; where none is left that was not told, or
              from level 1 on, level 2: the managers who were not told.
    """
    if level < BACKUP:
        backups = _backups(told, people, day)
        if backups:
            return Escalation(BACKUP, backups)
    return Escalation(MANAGER, tuple(one for one in managers(people, day) if one.id not in told))


def _backups(told: Collection[UUID], people: Sequence[Person], day: date) -> tuple[Person, ...]:
    known = {person.id: person for person in people}
    found = {}
    for person in people:
        backup = known.get(person.backup_id) if person.id in told and person.backup_id is not None else None
        covering = None if backup is None else cover_of(backup, day, people)
        if covering is not None and covering.id not in told:
            found[covering.id] = covering
    return tuple(found.values())


@lru_cache(maxsize=2000)
def _after(told_at: datetime, zone: str) -> datetime:
    return add_business_hours(told_at, PATIENCE, zone_of(zone))
