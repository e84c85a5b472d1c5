"""The schedule in words: groups by day, site and provider, the strip of counts, and where each link leads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from app.clearance.facts.opened import OpenedVisit
from app.clearance.facts.reasons import Badge
from app.clearance.views.panel import (
    Panel,
    ServiceWords,
    clock_time,
    instant_words,
    panel_of,
    patient_name,
    provider_name,
    service_words,
    units_words,
)
from app.clearance.views.sentences import BADGE_WORDS, visit_words
from app.schedule.facts import BillTo
from app.values.wording import counted, long_day
from app.worklists.facts import Schedule, ScheduleQuery, Span
from app.worklists.views.addresses import Address, Goes

STALE_HOURS = 24
_CALM = (Badge.CLEARED, Badge.SELF_PAY)
"""Badges after which nothing is to be done: their reasons stand back, so that open work stands out."""


@dataclass(frozen=True, slots=True)
class Row:
    """One visit of the list."""

    visit_id: UUID
    time: str
    patient: str
    mrn: str
    services: tuple[ServiceWords, ...]
    payer: str
    badge: str
    badge_words: str
    reason: str
    units: str
    why: str
    open: bool
    calm: bool


@dataclass(frozen=True, slots=True)
class ProviderGroup:
    """The visits of one provider, in order of time."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class SiteGroup:
    """The visits of one site on one day."""

    title: str
    caption: str
    providers: tuple[ProviderGroup, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """One entry of the summary strip: a filter with its count."""

    badge: str | None
    words: str
    visits: int
    address: str
    here: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One link among alternatives."""

    words: str
    address: str
    here: bool


@dataclass(frozen=True, slots=True)
class SchedulePage:
    """All that the template shows."""

    title: str
    day: str
    span: str
    site: str
    badge: str
    before: Choice
    after: Choice
    today: Choice
    spans: tuple[Choice, ...]
    sites: tuple[tuple[str, str], ...]
    strip: tuple[Count, ...]
    groups: tuple[SiteGroup, ...]
    shown: str
    first_page: str | None
    next_page: str | None
    empty: str | None
    empty_address: str | None
    stale: str | None
    panel: Panel | None
    close: str
    printed: str


def schedule_page(schedule: Schedule, address: Address) -> SchedulePage:
    """Put the schedule into words. `address` makes the page's address of the parts of a query."""
    query = replace(schedule.query, visit=None)
    fresh = replace(query, after=None)
    go = Goes(address)
    step = timedelta(days=1 if query.span is Span.DAY else 7)
    assert query.day is not None
    unit = query.span.value
    zone = ZoneInfo(schedule.zone)
    return SchedulePage(
        title=_title(schedule),
        day=f"{query.day:%m/%d/%Y}",
        span=query.span.value if query.span is not Span.DAY else "",
        site=str(query.site) if query.site else "",
        badge=query.badge.value if query.badge else "",
        before=Choice(f"Previous {unit}", go(fresh, day=query.day - step), False),
        after=Choice(f"Next {unit}", go(fresh, day=query.day + step), False),
        today=Choice("Today", go(fresh, day=None), schedule.days[0] <= schedule.today <= schedule.days[1]),
        spans=tuple(Choice(one.value.capitalize(), go(fresh, span=one), one is query.span) for one in Span),
        sites=tuple((str(one.id), one.name) for one in schedule.sites),
        strip=tuple(_strip(schedule.counts, fresh, go)),
        groups=tuple(_groups(schedule, go)),
        shown=_shown(schedule),
        first_page=go(fresh) if query.after is not None else None,
        next_page=go(query, after=schedule.next) if schedule.next is not None else None,
        empty=_empty(schedule) if not schedule.visits else None,
        empty_address=go(fresh, badge=None, site=None) if query.badge or query.site or query.after else None,
        stale=_stale(schedule),
        panel=panel_of(schedule.panel) if schedule.panel is not None else None,
        close=_close(schedule, query, go),
        printed=instant_words(schedule.now, zone),
    )


def _title(schedule: Schedule) -> str:
    first, last = schedule.days
    return long_day(first) if first == last else f"{long_day(first)} to {long_day(last)}"


def _close(schedule: Schedule, query: ScheduleQuery, go: Goes) -> str:
    return go(query, anchor=f"v-{schedule.panel.answer.lines[0].visit.id}") if schedule.panel is not None else go(query)


def _strip(counts: Mapping[Badge, int], query: ScheduleQuery, go: Goes) -> Iterator[Count]:
    yield Count(None, "All visits", sum(counts.values()), go(query, badge=None), query.badge is None)
    for badge in (
        Badge.BLOCKED,
        Badge.NOT_CHECKED,
        Badge.WAITING,
        Badge.AT_RISK,
        Badge.CLEARED,
        Badge.ACCEPTED_RISK,
        Badge.SELF_PAY,
    ):
        visits = counts.get(badge, 0)
        if visits or badge is not Badge.ACCEPTED_RISK:
            here = query.badge is badge
            yield Count(badge.value, BADGE_WORDS[badge], visits, go(query, badge=badge), here)


def _groups(schedule: Schedule, go: Goes) -> Iterator[SiteGroup]:
    """Group the page by day and site, in each by provider, in each by time."""
    ordered = sorted(schedule.visits, key=_order)
    for (day, site), found in groupby(ordered, _day_and_site):
        visits = tuple(found)
        title = site if schedule.query.span is Span.DAY else f"{long_day(day)}, {site}"
        providers = tuple(
            ProviderGroup(name, tuple(_row(one, schedule, go) for one in rows))
            for name, rows in groupby(visits, _provider)
        )
        yield SiteGroup(title, _caption(schedule, len(visits)), providers)


def _day_and_site(opened: OpenedVisit) -> tuple[date, str]:
    visit = opened.answer.lines[0].visit
    site = opened.answer.sites.get(visit.site_id)
    return visit.day, site.name if site is not None else "Site not known"


def _provider(opened: OpenedVisit) -> str:
    return provider_name(opened, opened.answer.lines[0])


def _order(opened: OpenedVisit) -> tuple[date, str, str, datetime, str]:
    visit = opened.answer.lines[0].visit
    return *_day_and_site(opened), _provider(opened), visit.starts_at, visit.reference


def _row(opened: OpenedVisit, schedule: Schedule, go: Goes) -> Row:
    answer = opened.answer
    visit = answer.lines[0].visit
    badge, _sentence, short = visit_words(answer.lines, answer.sites, answer.basis.as_of)
    units = next((words for one in answer.lines if (words := units_words(one))), "")
    return Row(
        visit_id=visit.id,
        time=clock_time(visit.starts_at.astimezone(answer.zone)),
        patient=patient_name(opened),
        mrn=opened.patient.mrn,
        services=tuple(service_words(opened, one) for one in answer.lines),
        payer=_payer(opened),
        badge=badge.value,
        badge_words=BADGE_WORDS[badge],
        reason=short,
        units=units,
        why=go(schedule.query, anchor="panel", visit=visit.id),
        open=visit.id == schedule.query.visit,
        calm=badge in _CALM,
    )


def _payer(opened: OpenedVisit) -> str:
    names = [one.coverage.payer_name for one in opened.answer.lines if one.coverage is not None]
    if names:
        return " and ".join(dict.fromkeys(names))
    insured = any(one.line.bill_to is BillTo.INSURANCE for one in opened.answer.lines)
    return "No coverage on file" if insured and not opened.patient.no_coverage else "Self-pay"


def _caption(schedule: Schedule, visits: int) -> str:
    zone = ZoneInfo(schedule.zone)
    source = f"schedule import {instant_words(schedule.imported_at, zone)}" if schedule.imported_at else "no import yet"
    return f"{counted(visits, 'visit')}. Source: {source}; judged {instant_words(schedule.now, zone)}."


def _shown(schedule: Schedule) -> str:
    badge = schedule.query.badge
    total = schedule.counts.get(badge, 0) if badge is not None else sum(schedule.counts.values())
    name = f"{BADGE_WORDS[badge].lower()} visit" if badge is not None else "visit"
    whole = len(schedule.visits) == total
    return counted(total, name) if whole else f"{counted(len(schedule.visits), name)} of {total:,} on this page"


def _empty(schedule: Schedule) -> str:
    days = _title(schedule)
    if schedule.query.after is not None:
        return f"No further visits on {days}."
    if sum(schedule.counts.values()) and schedule.query.badge is not None:
        return f"No {BADGE_WORDS[schedule.query.badge].lower()} visits on {days}."
    where = next((f" at {site.name}" for site in schedule.sites if site.id == schedule.query.site), "")
    return f"No visits are loaded for {days}{where}. Import the schedule: scripts/manage import schedule.csv."


def _stale(schedule: Schedule) -> str | None:
    if schedule.imported_at is None:
        return "No schedule has been imported yet."
    hours = int((schedule.now - schedule.imported_at).total_seconds() // 3600)
    return (
        f"The schedule is {hours:,} hours old. Import today's file before you rely on it."
        if hours >= STALE_HOURS
        else None
    )
