"""The list of alerts and one alert with its story, as their templates show them."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from app.alerts.actions.reading import Around, Listing, Story
from app.alerts.facts.alerts import Alert, ClosedBy
from app.alerts.facts.inbox import Query, Shown, ToldOf, Whose
from app.alerts.facts.notices import AlertEvent
from app.alerts.facts.outbox import State, Way
from app.alerts.views.cases import case_words
from app.alerts.views.events import EVENTS, event_name
from app.alerts.views.marks import CLOSED, HAPPENED, OCCASIONS, STATES, WAY_WORDS
from app.alerts.views.words import (
    Target,
    due_words,
    is_late,
    said,
    source_words,
    target,
    title,
    work_apart,
)
from app.deadlines.rules.calendar import next_business_day, zone_of
from app.deadlines.views import CLEARS, basis_words
from app.values.wording import counted, listed, long_day, near_time

SHOWN_WORDS = {Shown.TODO: "To do", Shown.OPEN: "All open", Shown.DONE: "Done"}
WHOSE_WORDS = {Whose.MINE: "Mine", Whose.ALL: "Everyone's"}


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert of the list. `tick` names it with its version; `states` are words such as `Acknowledged`."""

    id: str
    tick: str
    title: str
    sentence: str
    patient: str
    case: str
    target: Target | None
    parts: Sequence[tuple[str, Sequence[Target]]]
    due: str
    relative: str
    late: bool
    basis: str
    clears: str
    owner: str
    told: str
    states: Sequence[str]
    open: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter: its words, what the address then holds, and whether it is chosen."""

    words: str
    values: Mapping[str, str]
    here: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """The list. `next` is what the address of the following page holds; `empty` a sentence where there is no row."""

    rows: Sequence[AlertRow]
    whose: Sequence[Choice]
    shown: Sequence[Choice]
    sites: Sequence[tuple[str, str]]
    reasons: Sequence[tuple[str, str]]
    site: str
    reason: str
    back: Mapping[str, str]
    people: Sequence[tuple[str, str]]
    next: Mapping[str, str] | None
    empty: str
    next_day: str
    count: str


@dataclass(frozen=True, slots=True)
class EventLine:
    """One thing that happened to an alert: when, what, and by whom."""

    when: str
    what: str


@dataclass(frozen=True, slots=True)
class StoryPage:
    """One alert: its row, more on its clock, whom it was told to, what happened, and until when it may be snoozed."""

    row: AlertRow
    reason: str
    source: str
    people: Sequence[tuple[str, str]]
    told: Sequence[tuple[str, str, str]]
    events: Sequence[EventLine]
    version: int
    mine: bool
    snooze: str
    next_day: str


def list_page(found: Listing) -> ListPage:
    """Make the list."""
    query, around = found.query, found.around
    nxt = None if found.next is None else {**address(query), "after": _place(found.next)}
    return ListPage(
        [
            alert_row(one, around, found.told.get(one.id, ()), found.shown_to.get(one.id, frozenset()))
            for one in found.alerts
        ],
        [Choice(words, address(query, whose=one), one is query.whose) for one, words in WHOSE_WORDS.items()],
        [Choice(words, address(query, shown=one), one is query.shown) for one, words in SHOWN_WORDS.items()],
        [(str(site.id), site.name) for site in around.sites],
        [(reason.value, event_name(reason)) for reason in EVENTS],
        "" if query.site is None else str(query.site),
        "" if query.reason is None else query.reason.value,
        address(query),
        _people(around),
        nxt,
        "" if found.alerts else _empty(found),
        long_day(next_business_day(around.today)),
        f"{counted(len(found.alerts), 'alert')} on this page" if found.alerts else "",
    )


def story_page(found: Story) -> StoryPage:
    """Make the page of one alert."""
    alert, around = found.alert, found.around
    row = alert_row(alert, around, found.told, found.shown_to)
    names = {one.id: one.name for one in around.people}
    first, last = found.snooze
    return StoryPage(
        row,
        event_name(alert.reason),
        source_words(alert.basis),
        _people(around),
        [_told_line(one, names, around) for one in found.told],
        [_event_line(one, names, around) for one in reversed(found.events)],
        alert.version,
        around.staff_id in found.shown_to,
        f"From {long_day(first)} to {long_day(last)}.",
        long_day(next_business_day(around.today)),
    )


def alert_row(alert: Alert, around: Around, told: Sequence[ToldOf], shown_to: frozenset[UUID]) -> AlertRow:
    """Make one row."""
    due, relative = due_words(alert, around.now)
    names = {one.id: one.name for one in around.people}
    return AlertRow(
        str(alert.id),
        f"{alert.id}.{alert.version}",
        title(alert, {site.id: site.name for site in around.sites}, around.payers),
        said(alert, around.now),
        around.patients.get(alert.patient_id, "") if alert.patient_id else "",
        case_words(alert.subject, around.cases),
        target(alert),
        work_apart(alert),
        due,
        relative,
        is_late(alert, around.now) and alert.closed_at is None,
        basis_words(alert.basis, alert.reason),
        CLEARS[alert.clears],
        _owner(alert, names, shown_to),
        _told_words(told, names),
        _states(alert, names, around),
        alert.closed_at is None,
    )


def address(query: Query, whose: Whose | None = None, shown: Shown | None = None) -> dict[str, str]:
    """What the address of a list holds; what is usual is left out. The page within the list is not kept."""
    held = {"whose": (whose or query.whose).value, "shown": (shown or query.shown).value}
    usual = {"whose": Whose.MINE.value, "shown": Shown.TODO.value}
    kept = {name: value for name, value in held.items() if value != usual[name]}
    kept |= {} if query.site is None else {"site": str(query.site)}
    return kept | ({} if query.reason is None else {"reason": query.reason.value})


def undo_token(undo_ids: Sequence[UUID]) -> str:
    """Name the steps that an undo takes back, for its address."""
    return urlsafe_b64encode(b"".join(one.bytes for one in undo_ids)).decode().rstrip("=")


def _place(after: tuple[datetime, UUID]) -> str:
    return f"{after[0].astimezone(UTC):%Y%m%dT%H%M%S%f}-{after[1].hex}"


def _people(around: Around) -> list[tuple[str, str]]:
    others = [one for one in around.people if one.id != around.staff_id]
    return [(str(one.id), one.name) for one in sorted(others, key=lambda one: one.name.casefold())]


def _owner(alert: Alert, names: Mapping[UUID, str], shown_to: frozenset[UUID]) -> str:
    if alert.owner_id is not None:
        return names.get(alert.owner_id, "Someone who left")
    told = sorted(names[one] for one in shown_to if one in names)
    if not told:
        return "Nobody"
    return listed(told) if len(told) < 4 else f"{', '.join(told[:2])} and {len(told) - 2} more"


def _told_words(told: Sequence[ToldOf], names: Mapping[UUID, str]) -> str:
    """Who is told by which ways; a way whose message has not gone yet says so."""
    by_person: dict[UUID, dict[Way, bool]] = {}
    for one in told:
        gone = one.state in (State.SENT, State.DELIVERED)
        ways = by_person.setdefault(one.recipient_id, {})
        ways[one.way] = ways.get(one.way, False) or gone
    return "; ".join(_by_ways(names.get(person, "Someone who left"), ways) for person, ways in by_person.items()) or (
        "at the bell only"
    )


def _by_ways(name: str, ways: Mapping[Way, bool]) -> str:
    gone = [WAY_WORDS[way] for way, went in ways.items() if went or way is Way.BELL]
    waiting = [WAY_WORDS[way] for way, went in ways.items() if not went and way is not Way.BELL]
    parts = [f"by {listed(gone)}"] if gone else []
    parts += [f"by {listed(waiting)} (not sent yet)"] if waiting else []
    return f"{name} {listed(parts)}"


def _states(alert: Alert, names: Mapping[UUID, str], around: Around) -> list[str]:
    found = []
    if alert.closed_at is not None:
        why = CLOSED[alert.closed_by] if alert.closed_by is not None else "Closed"
        found.append(f"{why} {_near(alert.closed_at, around)}")
    if alert.snoozed_until is not None:
        found.append(f"Snoozed until {long_day(alert.snoozed_until.astimezone(zone_of(alert.zone)).date())}")
    if alert.acknowledged_at is not None and alert.closed_by is not ClosedBy.ACKNOWLEDGED:
        who = names.get(alert.acknowledged_by, "someone who left") if alert.acknowledged_by else "someone"
        found.append(f"Acknowledged by {who} {_near(alert.acknowledged_at, around)}")
    if alert.level and alert.closed_at is None and alert.acknowledged_at is None:
        found.append("Risen to the backup" if alert.level == 1 else "Risen to the manager")
    return found


def _told_line(one: ToldOf, names: Mapping[UUID, str], around: Around) -> tuple[str, str, str]:
    way = WAY_WORDS[one.way].capitalize()
    if one.way is Way.BELL:
        how = "Shown"
    elif one.state is None:
        how = "Waits: quiet hours, or less than 30 minutes since the last"
    else:
        how = STATES[one.state]
    when = _near(one.sent_at or one.made_at, around)
    return names.get(one.recipient_id, "Someone who left"), f"{way}{OCCASIONS[one.occasion]}", f"{how}, {when}"


def _event_line(one: AlertEvent, names: Mapping[UUID, str], around: Around) -> EventLine:
    by = "" if one.by is None else f" by {names.get(one.by, 'someone who left')}"
    return EventLine(_near(one.at, around), f"{HAPPENED[one.kind]}{by}")


def _near(at: datetime, around: Around) -> str:
    return near_time(at.astimezone(zone_of(around.zone)), around.today)


def _empty(found: Listing) -> str:
    query = found.query
    narrowed = query.site is not None or query.reason is not None
    if narrowed:
        return "No alert matches. Clear the filters to see all."
    if query.shown is Shown.DONE:
        return "Nothing is done yet: no alert was closed."
    ahead = ""
    if found.coming is not None:
        deadline, at = found.coming
        sites = {site.id: site.name for site in found.around.sites}
        day = at.astimezone(zone_of(found.around.zone)).date()
        ahead = f" Next: {title(deadline, sites, found.around.payers)}, told on {_day(day, found.around.today)}."
    whose = "Nothing waits for you." if query.whose is Whose.MINE else "Nothing waits for anyone."
    return f"{whose}{ahead or ' No deadline is ahead.'}"


def _day(day: date, today: date) -> str:
    return f"{long_day(day)} (today)" if day <= today else long_day(day)
