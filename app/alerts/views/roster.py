"""Who is away and who is on call, as the pages show it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.alerts.actions.roster import ClashError, Roster
from app.alerts.facts.people import Duty, Person
from app.alerts.facts.roster import Away, OnCall
from app.alerts.views.preferences import AwayRow, absence_words, away_row
from app.deadlines.rules.calendar import zone_of
from app.practice.views.staff import role_words
from app.values.times import time_words
from app.values.wording import long_day


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty: its id, whose it is, from when to when, and whether it runs now."""

    id: str
    who: str
    begins: str
    ends: str
    now: bool


@dataclass(frozen=True, slots=True)
class RosterPage:
    """The page: who is on call and away, and who may be chosen."""

    duties: Sequence[DutyRow]
    absences: Sequence[AwayRow]
    people: Sequence[tuple[str, str]]
    zone: str
    on_call_now: str


def roster_page(found: Roster, now: datetime) -> RosterPage:
    """Make the page."""
    return RosterPage(
        [_duty_row(one, found.people, found.zone, now) for one in found.duties],
        [away_row(one, found.people) for one in found.absences],
        [(str(one.id), f"{one.name} ({role_words(one.roles)})") for one in sorted(found.people, key=_name)],
        found.zone,
        _on_call_now(found, now),
    )


def duty_words(duty: Duty, zone: str) -> str:
    """Write a duty: Mon 03/02/2026 7:00 PM to Tue 03/03/2026 7:00 AM."""
    return f"{_instant(duty.begins_at, zone)} to {_instant(duty.ends_at, zone)}"


def clash_words(clash: ClashError) -> str:
    """Say what is on file for the same time."""
    name = clash.person.name
    if isinstance(clash.other, Away):
        return f"{name} is away {absence_words(clash.other.absence)}. Take that back first, or choose other days"
    when = duty_words(clash.other.duty, clash.person.zone)
    return f"{name} is on call {when}. Give that duty to someone else first, or choose another time"


def _duty_row(one: OnCall, people: Iterable[Person], zone: str, now: datetime) -> DutyRow:
    names: dict[UUID, str] = {person.id: person.name for person in people}
    duty = one.duty
    return DutyRow(
        str(one.id),
        names.get(one.staff_id, "Someone who left"),
        _instant(duty.begins_at, zone),
        _instant(duty.ends_at, zone),
        duty.begins_at <= now < duty.ends_at,
    )


def _on_call_now(found: Roster, now: datetime) -> str:
    names = {person.id: person.name for person in found.people}
    here = [names[one.staff_id] for one in found.duties if _runs(one.duty, now) and one.staff_id in names]
    if here:
        return f"On call now: {', '.join(dict.fromkeys(here))}."
    return "Nobody is on call now: in quiet hours, what is urgent waits until they end."


def _runs(duty: Duty, now: datetime) -> bool:
    return duty.begins_at <= now < duty.ends_at


def _name(person: Person) -> str:
    return person.name.casefold()


def _instant(at: datetime, zone: str) -> str:
    local = at.astimezone(zone_of(zone))
    return f"{long_day(local.date())} {time_words(local.time())}"
