"""Who is away, who covers, and who is on call: read, add, take back, and let hold again."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from app.alerts.facts.people import Person
from app.alerts.facts.roster import Away, OnCall
from app.alerts.rules.roster import absences_in, days_of, duties_during, duties_in
from app.alerts.store import people as store
from app.audit.actions import record
from app.deadlines.rules.calendar import zone_of
from app.platform.caller import Caller
from app.platform.db import writing
from app.practice.facts.staff import Permission
from app.practice.rules.roles import permissions_of
from app.practice.store import practice

MAY_CHANGE = frozenset({Permission.SETTINGS, Permission.ACCEPT_RISK})
"""Administrators and managers keep the absences of others, and the duties."""


class NotOnRosterError(Exception):
    """The person, absence or duty is not on file, or not the asker's to change."""


class ClashError(Exception):
    """An absence and a duty, or two of a kind, would hold the same time. `other` is the one on file."""

    def __init__(self, person: Person, other: Away | OnCall) -> None:
        super().__init__("an absence or a duty is on file for that time")
        self.person, self.other = person, other


@dataclass(frozen=True, slots=True)
class Roster:
    """Everyone who works here, the absences and duties to come, the practice's day and zone."""

    people: tuple[Person, ...]
    absences: tuple[Away, ...]
    duties: tuple[OnCall, ...]
    today: date
    zone: str


def read_roster(caller: Caller) -> Roster:
    """Read who is away and on call, from today on."""
    session, practice_id = caller.session, caller.practice_id
    zone = practice.practice_of(session, practice_id).zone
    today = caller.clock.today(zone_of(zone))
    return Roster(
        store.people(session, practice_id),
        store.absences(session, practice_id, today),
        store.duties(session, practice_id, caller.clock.now()),
        today,
        zone,
    )


def add_absence(caller: Caller, away: Away) -> None:
    """Note that a person is away. The same form once more changes nothing.

    Raises    NotOnRosterError; ClashError where the person is away or on call then.
    """
    with writing(caller.session) as session:
        record(caller, "alerts.absence_added", (away.staff_id,), absence=away.id)
        if store.absence_of(session, caller.practice_id, away.id) is not None:
            return
        person = _changeable(caller, away.staff_id)
        if (cover := away.absence.cover_id) is not None:
            _person(caller, cover)
        _here(person, away)
        store.add_absence(session, caller.practice_id, away)


def mark_absence(caller: Caller, absence_id: UUID, holds: bool) -> Away:
    """Take an absence back, or let it hold again. Raises NotOnRosterError; ClashError as for a new one."""
    with writing(caller.session) as session:
        away = store.absence_of(session, caller.practice_id, absence_id)
        if away is None:
            raise NotOnRosterError
        person = _changeable(caller, away.staff_id)
        if holds:
            _here(person, away)
        store.mark_absence(session, caller.practice_id, absence_id, None if holds else caller.clock.now())
        verb = "alerts.absence_restored" if holds else "alerts.absence_removed"
        record(caller, verb, (away.staff_id,), absence=absence_id)
    return away


def add_duty(caller: Caller, duty: OnCall) -> None:
    """Put a person on call. The same form once more changes nothing.

    Raises    NotOnRosterError; ClashError where the person is away or on call then.
    """
    with writing(caller.session) as session:
        record(caller, "alerts.duty_added", (duty.staff_id,), duty=duty.id)
        if store.duty_of(session, caller.practice_id, duty.id) is None:
            _free(caller, duty)
            store.add_duty(session, caller.practice_id, duty)


def mark_duty(caller: Caller, duty_id: UUID, holds: bool) -> OnCall:
    """Take a duty back, or let it hold again. Raises NotOnRosterError; ClashError as for a new one."""
    with writing(caller.session) as session:
        duty = store.duty_of(session, caller.practice_id, duty_id)
        if duty is None:
            raise NotOnRosterError
        if holds:
            _free(caller, duty)
        store.mark_duty(session, caller.practice_id, duty_id, None if holds else caller.clock.now())
        verb = "alerts.duty_restored" if holds else "alerts.duty_removed"
        record(caller, verb, (duty.staff_id,), duty=duty_id)
    return duty


def _here(person: Person, away: Away) -> None:
    span = away.absence.span
    if absences := absences_in(person, span):
        raise ClashError(person, Away(away.id, person.id, absences[0]))
    if duties := duties_in(person, span):
        raise ClashError(person, OnCall(away.id, person.id, duties[0]))


def _free(caller: Caller, duty: OnCall) -> None:
    person = _person(caller, duty.staff_id)
    if absences := absences_in(person, days_of(person, duty.duty)):
        raise ClashError(person, Away(duty.id, person.id, absences[0]))
    if duties := duties_during(person, duty.duty):
        raise ClashError(person, replace(duty, duty=duties[0]))


def _changeable(caller: Caller, staff_id: UUID) -> Person:
    """The person whose absences are to change: the asker's own, or anyone's for who keeps the roster."""
    person = _person(caller, staff_id)
    if staff_id != caller.user_id:
        asker = None if caller.user_id is None else _person(caller, caller.user_id)
        if asker is None or permissions_of(asker.roles).isdisjoint(MAY_CHANGE):
            raise NotOnRosterError
    return person


def _person(caller: Caller, staff_id: UUID) -> Person:
    people = store.people(caller.session, caller.practice_id)
    found = next((one for one in people if one.id == staff_id), None)
    if found is None:
        raise NotOnRosterError
    return found
