"""The page on which a person says how to be told, as its template shows it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import available_timezones

from app.alerts.actions.preferences import Preferences
from app.alerts.facts.outbox import Way
from app.alerts.facts.people import Absence, Person
from app.alerts.facts.roster import Away
from app.alerts.rules.people import DEFAULT_STEPS, chosen_ways, thresholds
from app.alerts.views.events import EVENTS, GROUPS, event_name
from app.deadlines.facts import Reason
from app.practice.facts.practice import Site
from app.values.phones import phone_words
from app.values.times import time_words
from app.values.wording import listed, long_day

Differences = list[tuple[str, str, str]]
WAYS = {Way.BELL: "Bell", Way.EMAIL: "E-mail", Way.SMS: "Text"}
STEP_WORDS = {
    Reason.APPROVAL_ENDS: "Days before an approval ends",
    Reason.APPEAL: "Days before an appeal window closes",
}


@dataclass(frozen=True, slots=True)
class EventRow:
    """One reason: its key, name and what it means."""

    key: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class AwayRow:
    """One absence: its id, whose it is, when, and who covers."""

    id: str
    who: str
    when: str
    cover: str


@dataclass(frozen=True, slots=True)
class PreferencesPage:
    """All that the page shows; `values` and `ticks` are the fields as on file or as typed."""

    name: str
    email: str
    groups: Sequence[tuple[str, Sequence[EventRow]]]
    steps: Sequence[tuple[str, str, Sequence[int]]]
    zones: Sequence[tuple[str, str]]
    others: Sequence[tuple[str, str]]
    sites: Sequence[tuple[str, str]]
    absences: Sequence[AwayRow]
    stopped: bool
    has_phone: bool
    version: str
    values: Mapping[str, str]
    ticks: frozenset[str]


def preferences_page(
    found: Preferences, typed: Mapping[str, str] | None = None, ticks: frozenset[str] | None = None
) -> PreferencesPage:
    """Make the page, from what is on file or from what was typed."""
    person = found.person
    return PreferencesPage(
        person.name,
        person.email,
        [(title, [EventRow(reason.value, *EVENTS[reason]) for reason in reasons]) for title, reasons in GROUPS],
        [(reason.value, STEP_WORDS[reason], days) for reason, days in DEFAULT_STEPS.items()],
        [(name, name.replace("_", " ")) for name in zone_names(person.zone)],
        [(str(one.id), one.name) for one in found.others],
        [(str(site.id), site.name) for site in found.sites],
        [away_row(away, (person, *found.others)) for away in found.absences],
        person.stopped,
        person.phone is not None,
        found.version,
        _values(person) if typed is None else typed,
        _ticks(person, found.sites) if ticks is None else ticks,
    )


def zone_names(own: str) -> list[str]:
    """The zones of the United States first, as most work there, and the person's own; no others are offered."""
    known = available_timezones()
    return [name for name in dict.fromkeys((*_ZONES, own)) if name in known]


def away_row(away: Away, people: Iterable[Person]) -> AwayRow:
    """Tell of one absence."""
    names = {one.id: one.name for one in people}
    return AwayRow(
        str(away.id), names.get(away.staff_id, "Someone who left"), absence_words(away.absence), _cover(away, names)
    )


def absence_words(absence: Absence) -> str:
    """Write the days of an absence: Mon 03/02/2026 to Fri 03/06/2026."""
    begins, ends = absence.span.begins, absence.span.ends
    assert begins is not None and ends is not None
    return long_day(begins) if begins == ends else f"{long_day(begins)} to {long_day(ends)}"


def preference_differences(now: Person, typed: Person, others: Sequence[Person], sites: Sequence[Site]) -> Differences:
    """Compare what is on file with what was chosen, where they differ."""
    told, wanted = (dict(_told(one, others, sites)) for one in (now, typed))
    return [(label, told[label], wanted[label]) for label in told if told[label] != wanted[label]]


def _told(person: Person, others: Sequence[Person], sites: Sequence[Site]) -> list[tuple[str, str]]:
    names = {one.id: one.name for one in others}
    quiet = "None"
    if person.quiet_from != person.quiet_until:
        quiet = f"{time_words(person.quiet_from)} to {time_words(person.quiet_until)}"
    return [
        ("Mobile number", "None" if person.phone is None else phone_words(person.phone)),
        ("Time zone", person.zone),
        ("Quiet hours", quiet),
        ("Weekends", "Quiet" if person.quiet_weekends else "Not quiet"),
        ("Digest", "None" if person.digest_at is None else time_words(person.digest_at)),
        ("Backup", "Nobody" if person.backup_id is None else names.get(person.backup_id, "Someone who left")),
        ("Sites", listed([site.name for site in sites if site.id in person.sites]) or "All sites"),
        *((event_name(reason), _ways_words(person, reason)) for reason in EVENTS),
        *((STEP_WORDS[reason], listed([str(day) for day in thresholds(person, reason)])) for reason in DEFAULT_STEPS),
    ]


def _ways_words(person: Person, reason: Reason) -> str:
    chosen = chosen_ways(person, reason)
    return ", ".join(words for way, words in WAYS.items() if way in chosen)


def _values(person: Person) -> dict[str, str]:
    quiet = person.quiet_from != person.quiet_until
    return {
        "phone": "" if person.phone is None else phone_words(person.phone),
        "zone": person.zone,
        "quiet_from": time_words(person.quiet_from) if quiet else "",
        "quiet_until": time_words(person.quiet_until) if quiet else "",
        "digest": "" if person.digest_at is None else time_words(person.digest_at),
        "backup": "" if person.backup_id is None else str(person.backup_id),
    }


def _ticks(person: Person, sites: Sequence[Site]) -> frozenset[str]:
    ways = {f"{way}-{reason}" for reason in Reason for way in chosen_ways(person, reason)}
    steps = {f"{reason}-{day}" for reason in DEFAULT_STEPS for day in thresholds(person, reason)}
    of_sites = {f"site-{site.id}" for site in sites if site.id in person.sites}
    return frozenset(ways | steps | of_sites | ({"weekends"} if person.quiet_weekends else set()))


def _cover(away: Away, names: Mapping[UUID, str]) -> str:
    return "The backup" if away.absence.cover_id is None else names.get(away.absence.cover_id, "Someone who left")


_ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "Pacific/Guam",
)
