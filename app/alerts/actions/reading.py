"""Read the pages of alerts: the list, one alert with its story, and what a link in a message leads to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.alerts.actions.handling import AlertNotFoundError, Narrowed
from app.alerts.facts.alerts import Alert
from app.alerts.facts.inbox import Query, Shown, ToldOf, Whose
from app.alerts.facts.notices import AlertEvent
from app.alerts.facts.people import Person
from app.alerts.rules.handling import snooze_span
from app.alerts.store import alerts as store
from app.alerts.store import events, inbox, theirs, told
from app.alerts.store.people import people as everyone
from app.audit.actions import record
from app.authorizations import store as approvals
from app.authorizations.facts import Authorization
from app.deadlines.facts import Deadline
from app.deadlines.rules.calendar import zone_of
from app.patients import store as patients
from app.platform.caller import Caller
from app.platform.db import writing
from app.policies.actions.library import current_book
from app.policies.actions.payers import library_names
from app.practice.facts.practice import Site
from app.practice.facts.staff import Permission
from app.practice.store import practice


class SiteNotFoundError(Exception):
    """The site that the address names is not one of the practice's."""


@dataclass(frozen=True, slots=True)
class Around:
    """What the words of alerts need: the people and sites of the practice, patients by id, the time and its day.

    `cases` are the authorizations of those patients, by id in hex; `payers` the names of the library's payers, by key.
    """

    people: tuple[Person, ...]
    sites: tuple[Site, ...]
    patients: Mapping[UUID, str]
    cases: Mapping[str, Authorization]
    now: datetime
    today: date
    zone: str
    staff_id: UUID
    payers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of alerts. `next` is the place from which the following page goes on; `coming` what is due next."""

    query: Query
    around: Around
    alerts: tuple[Alert, ...]
    shown_to: Mapping[UUID, frozenset[UUID]]
    told: Mapping[UUID, tuple[ToldOf, ...]]
    next: tuple[datetime, UUID] | None
    coming: tuple[Deadline, datetime] | None


@dataclass(frozen=True, slots=True)
class Story:
    """One alert with how people were told of it, what happened to it, and until when it may be snoozed."""

    around: Around
    alert: Alert
    shown_to: frozenset[UUID]
    told: tuple[ToldOf, ...]
    events: tuple[AlertEvent, ...]
    snooze: tuple[date, date]


def read_listing(caller: Caller, query: Query, permissions: Collection[Permission]) -> Listing:
    """Read one page of alerts with a fixed number of queries, and note whom it shows. Raises SiteNotFoundError."""
    session, practice_id = caller.session, caller.practice_id
    assert caller.user_id is not None
    sites = _sites(caller)
    if query.site is not None and query.site not in {site.id for site in sites}:
        raise SiteNotFoundError
    which = Narrowed(
        caller.user_id if query.whose is Whose.MINE else None,
        query.site,
        query.reason,
        closed=query.shown is Shown.DONE,
        waiting=query.shown is Shown.TODO,
        scope=caller.scope,
    )
    found, more = inbox.listed(session, practice_id, which, query.after)
    ids = [one.id for one in found]
    shown_to = theirs.people_of(session, practice_id, ids)
    how = told.told_of(session, practice_id, ids)
    coming = None if found else told.coming(session, practice_id, caller.scope)
    return Listing(
        query,
        around_of(caller, found, sites, permissions),
        found,
        shown_to,
        how,
        (found[-1].told_at, found[-1].id) if more else None,
        coming,
    )


def read_story(caller: Caller, alert_id: UUID, permissions: Collection[Permission]) -> Story:
    """Read one alert, and note whom it shows. Raises AlertNotFoundError."""
    session, practice_id = caller.session, caller.practice_id
    alert = store.by_ids(session, practice_id, [alert_id], caller.scope).get(alert_id)
    if alert is None:
        raise AlertNotFoundError
    shown_to = theirs.people_of(session, practice_id, [alert_id]).get(alert_id, frozenset())
    how = told.told_of(session, practice_id, [alert_id]).get(alert_id, ())
    happened = events.of_alert(session, practice_id, alert_id)
    span = snooze_span(alert, caller.clock.now())
    sites = practice.sites(session, practice_id)
    return Story(around_of(caller, (alert,), sites, permissions), alert, shown_to, how, happened, span)


def open_link(caller: Caller, code: str) -> Alert:
    """Find the alert that a short link of a message names, and note who opened it. Raises AlertNotFoundError."""
    with writing(caller.session) as session:
        found = store.by_code(session, caller.practice_id, code, caller.scope)
        if found is None:
            raise AlertNotFoundError
        record(caller, "alerts.link_opened", (found.id,), reason=found.reason)
    return found


def _sites(caller: Caller) -> tuple[Site, ...]:
    """The practice's sites in the caller's sight, by which the list may be narrowed."""
    seen = caller.scope.sites
    return tuple(one for one in practice.sites(caller.session, caller.practice_id) if seen is None or one.id in seen)


def around_of(
    caller: Caller, alerts: Collection[Alert], sites: tuple[Site, ...], permissions: Collection[Permission]
) -> Around:
    """Read what the words of alerts need, and note whose names they show to whom may see cases."""
    session, practice_id = caller.session, caller.practice_id
    assert caller.user_id is not None
    zone = practice.practice_of(session, practice_id).zone
    shown = [one.patient_id for one in alerts if one.patient_id is not None and Permission.SEE_CASES in permissions]
    found = patients.details(session, practice_id, shown)
    names = {one.id: f"{one.last_name}, {one.first_name}" for one in found.values()}
    around = Around(
        everyone(session, practice_id),
        sites,
        names,
        {row.id.hex: row for rows in approvals.of_patients(session, practice_id, shown).values() for row in rows},
        caller.clock.now(),
        caller.clock.today(zone_of(zone)),
        zone,
        caller.user_id,
        library_names(current_book(session, practice_id)),
    )
    if names:
        with writing(session):
            record(caller, "alerts.seen", list(names))
    return around
