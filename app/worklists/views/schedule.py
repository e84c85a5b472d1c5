"""The schedule in words: groups by day, site and provider, the strip of counts, and where each link leads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from app.clearance.facts.reasons import Badge
from app.clearance.views.panel import Panel, instant_words, panel_of
from app.clearance.views.sentences import BADGE_WORDS
from app.practice.facts import Staff
from app.values.wording import counted, long_day
from app.worklists.facts import Schedule, ScheduleQuery, Span
from app.worklists.rules import may_own
from app.worklists.views.addresses import Address, Goes, write_query
from app.worklists.views.rows import SiteGroup, groups_of

STALE_HOURS = 24


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
    back: str
    tick_all: str
    untick_all: str
    people: tuple[tuple[str, str], ...]


def schedule_page(schedule: Schedule, address: Address, asking: Address) -> SchedulePage:
    """Put the schedule into words.

    Takes     the schedule; what makes the page's address of the parts of a query; what makes that of asking.
    """
    query = replace(schedule.query, visit=None)
    fresh = replace(query, after=None)
    go = Goes(address, asking)
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
        groups=groups_of(schedule, go),
        shown=_shown(schedule),
        first_page=go(fresh) if query.after is not None else None,
        next_page=go(query, after=schedule.next) if schedule.next is not None else None,
        empty=_empty(schedule) if not schedule.visits else None,
        empty_address=go(fresh, badge=None, site=None) if query.badge or query.site or query.after else None,
        stale=_stale(schedule),
        panel=panel_of(schedule.panel) if schedule.panel is not None else None,
        close=_close(schedule, query, go),
        printed=instant_words(schedule.now, zone),
        back=urlencode(write_query(query)),
        tick_all=address(**write_query(query), ticked="all"),
        untick_all=go(query),
        people=tuple((str(one.id), one.name) for one in sorted(schedule.staff, key=_by_name) if may_own(one)),
    )


def _by_name(person: Staff) -> str:
    return person.name.casefold()


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
