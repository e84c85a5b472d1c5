"""How a person wants to be told: read it, save it, and send a test."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.alerts.facts.outbox import Message, To, Way
from app.alerts.facts.people import Person
from app.alerts.facts.roster import Away
from app.alerts.rules.roster import version_of
from app.alerts.store import outbox
from app.alerts.store import people as store
from app.audit.actions import record
from app.deadlines.rules.calendar import zone_of
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.ids import new_id
from app.practice.facts.practice import Site
from app.practice.store import practice

TEST_LASTS = timedelta(hours=1)


class StalePreferencesError(Exception):
    """The same person changed the page elsewhere after it was opened; nothing was saved."""


class NoAddressError(Exception):
    """The person has no number to text, or the number has ended texts. The text says what to do."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """A person's page: how they are told, who else works here, the sites, what absences are to come, and the day."""

    person: Person
    others: tuple[Person, ...]
    sites: tuple[Site, ...]
    absences: tuple[Away, ...]
    today: date
    version: str


def read_preferences(caller: Caller) -> Preferences:
    """Read the page of whoever asks."""
    session, practice_id = caller.session, caller.practice_id
    people = store.people(session, practice_id)
    person = next(one for one in people if one.id == caller.user_id)
    today = caller.clock.today(zone_of(practice.practice_of(session, practice_id).zone))
    return Preferences(
        person,
        tuple(one for one in people if one.id != person.id),
        practice.sites(session, practice_id),
        store.absences(session, practice_id, today, person.id),
        today,
        version_of(person),
    )


def save_preferences(caller: Caller, chosen: Person, version: str) -> bool:
    """Save how whoever asks wants to be told.

    Takes     the person with what was chosen; the version of the page that the form was filled from.
    Returns   whether anything changed. Raises StalePreferencesError.
    """
    assert chosen.id == caller.user_id
    with writing(caller.session) as session:
        record(caller, "alerts.preferences_saved", (chosen.id,))  # holds the log's head: one change at a time
        before = next(one for one in store.people(session, caller.practice_id) if one.id == chosen.id)
        if version_of(before) == version_of(chosen):
            return False
        if version != version_of(before):
            raise StalePreferencesError
        store.save_person(session, caller.practice_id, chosen)
    return True


def send_test(caller: Caller, way: Way, once: UUID) -> None:
    """Queue a test message to whoever asks, under the id that the form carried, so that it goes once.

    Raises    NoAddressError.
    """
    person = read_preferences(caller).person
    if way is Way.SMS and person.phone is None:
        raise NoAddressError("Enter a mobile number and save it first; there is none to send a text to.")
    if way is Way.SMS and person.stopped:
        raise NoAddressError("Your number has ended texts. Text START from that phone to get them again.")
    now = caller.clock.now()
    message = Message(
        new_id(),
        f"test:{way}:{person.id.hex}:{once.hex}",
        way,
        To.STAFF,
        person.id,
        "staff.test",
        now,
        now,
        now + TEST_LASTS,
    )
    with writing(caller.session) as session:
        if outbox.queue_once(session, caller.practice_id, message):
            record(caller, "alerts.test_queued", (person.id,), way=way)
