"""The schedule in words: groups by day, site and provider, the strip of counts, and where each link leads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import itemgetter
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from app.clearance.facts.reasons import Badge
from app.clearance.views.panel import Panel, instant_words, panel_of
from app.clearance.views.sentences import BADGE_WORDS
from app.practice.facts.staff import Staff
from app.questions.views.listing import QuestionStrip, strip_of
from app.values.wording import counted, long_day
from app.worklists.facts import Schedule, ScheduleQuery, Span
from app.worklists.rules import may_own
from app.worklists.views.addresses import NOBODYS, Address, Goes, RowAddresses, write_query
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
class Filters:
    """The filters as the form shows them: what is chosen, as the address writes it, and what can be."""

    day: str
    exact_day: str
    span: str
    badge: str
    site: str
    sites: tuple[tuple[str, str], ...]
    provider: str
    providers: tuple[tuple[str, str], ...]
    owner: str
    owners: tuple[tuple[str, str], ...]
    patient: str
    whose: Choice | None


@dataclass(frozen=True, slots=True)
class SchedulePage:
    """All that the template shows."""

    title: str
    filters: Filters
    before: Choice
    after: Choice
    today: Choice
    spans: tuple[Choice, ...]
    strip: tuple[Count, ...]
    groups: tuple[SiteGroup, ...]
    shown: str
    previous_page: str | None
    next_page: str | None
    empty: str | None
    empty_address: str | None
    stale: str | None
    panel: Panel | None
    close: str
    printed: str
    back: str
    questions: QuestionStrip
    tick_all: str
    untick_all: str
    people: tuple[tuple[str, str], ...]


def schedule_page(schedule: Schedule, address: Address, asking: Address, chart: str | None) -> SchedulePage:
    """Put the schedule into words.

    Takes     the schedule; what makes the page's address of the parts of a query, and that of asking about a visit; the
              address of a patient's page with NOBODYS as its id, None where the person may not open it.
    """
    query = replace(schedule.query, visit=None)
    fresh = replace(query, after=None, before=None)
    go = Goes(address)
    back = urlencode(write_query(query))
    rows = RowAddresses(go(query), asking(visit_id=NOBODYS, back=back), chart)
    before, after = _steps(fresh, go)
    return SchedulePage(
        title=_title(schedule),
        filters=_filters(schedule, fresh, go),
        before=before,
        after=after,
        today=Choice("Today", go(fresh, day=None), schedule.days[0] <= schedule.today <= schedule.days[1]),
        spans=tuple(Choice(one.value.capitalize(), go(fresh, span=one), one is query.span) for one in Span),
        strip=tuple(_strip(schedule.counts, fresh, go)),
        groups=groups_of(schedule, rows),
        shown=_shown(schedule),
        previous_page=go(fresh, before=schedule.previous) if schedule.previous is not None else None,
        next_page=go(fresh, after=schedule.next) if schedule.next is not None else None,
        empty=_empty(schedule) if not schedule.visits else None,
        empty_address=go(fresh.plain()) if query.narrowed or query.badge or query.after or query.before else None,
        stale=stale_words(schedule.imported_at, schedule.stopped_at, schedule.now),
        panel=panel_of(schedule.panel) if schedule.panel is not None else None,
        close=_close(schedule, query, go),
        printed=instant_words(schedule.now, ZoneInfo(schedule.zone)),
        back=back,
        questions=strip_of(schedule.questions.asked, schedule.questions.count),
        tick_all=address(**write_query(query), ticked="all"),
        untick_all=go(query),
        people=tuple((str(one.id), one.name) for one in sorted(schedule.staff, key=_by_name) if may_own(one)),
    )


def _steps(query: ScheduleQuery, go: Goes) -> tuple[Choice, Choice]:
    """The day or week before, and the one after."""
    assert query.day is not None
    step, unit = timedelta(days=1 if query.span is Span.DAY else 7), query.span.value
    before, after = go(query, day=query.day - step), go(query, day=query.day + step)
    return Choice(f"Previous {unit}", before, False), Choice(f"Next {unit}", after, False)


def _filters(schedule: Schedule, query: ScheduleQuery, go: Goes) -> Filters:
    written = write_query(query)
    assert query.day is not None
    people = [(one.npi, one.name or f"NPI {one.npi}") for one in schedule.providers]
    return Filters(
        day=f"{query.day:%m/%d/%Y}",
        exact_day=query.day.isoformat(),
        span=written.get("span", ""),
        badge=written.get("badge", ""),
        site=written.get("site", ""),
        sites=tuple((str(one.id), one.name) for one in schedule.sites),
        provider=written.get("provider", ""),
        providers=tuple(sorted(people, key=itemgetter(1))),
        owner=written.get("owner", ""),
        owners=(("nobody", "Nobody"), *((str(one.id), one.name) for one in sorted(schedule.staff, key=_by_name))),
        patient=written.get("patient", ""),
        whose=_whose(schedule, query, go),
    )


def _whose(schedule: Schedule, query: ScheduleQuery, go: Goes) -> Choice | None:
    if query.patient is None:
        return None
    patient = schedule.patient
    words = f"{patient.last_name}, {patient.first_name}, MRN {patient.mrn}" if patient else "a patient not on file"
    return Choice(words, go(query, patient=None), False)


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
    days, query = _title(schedule), schedule.query
    if query.after is not None or query.before is not None:
        return f"No further visits on {days}."
    where = next((f" at {site.name}" for site in schedule.sites if site.id == query.site), "")
    filtered = any((query.provider, query.owner is not None, query.patient))
    fit = " fit the filters" if filtered else ""
    if query.badge is not None and sum(schedule.counts.values()) > 0:
        return f"No {BADGE_WORDS[query.badge].lower()} visits on {days}{where}{fit}."
    if filtered:
        return f"No visits on {days}{where}{fit}."
    return f"No visits are loaded for {days}{where}."


def stale_words(imported_at: datetime | None, stopped_at: int | None, now: datetime) -> str | None:
    """Say that the schedule is old, and where its last import broke off; None where it is fresh."""
    stopped = "" if stopped_at is None else f" The last import stopped at row {stopped_at + 1:,}."
    if imported_at is None:
        return f"No schedule has been imported yet.{stopped}"
    hours = int((now - imported_at).total_seconds() // 3600)
    if hours >= STALE_HOURS:
        return f"The schedule is {hours:,} hours old.{stopped or ' Import the newest file before you rely on it.'}"
    return stopped.strip() or None
