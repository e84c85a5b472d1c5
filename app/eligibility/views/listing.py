"""The eligibility page in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.casework.views.words import age_words
from app.coverage.facts import CheckResult
from app.eligibility.facts.asking import OPEN, AskState, Made
from app.eligibility.facts.listing import DAYS, EligibilityList, EligibilityRow, Place, Standing
from app.eligibility.rules.differences import before_each, differences
from app.eligibility.views.asking import NOT_ASKED
from app.eligibility.views.checks import change_words, why_words
from app.eligibility.views.words import STANDINGS, refused_words
from app.values.wording import clock_time, counted, long_day, near_day, short_day

Address = Callable[..., str]
BAD = frozenset({Standing.NO_COVERAGE, Standing.INACTIVE, Standing.NOT_OF_THE_DAY, Standing.BEHIND})
OPEN_ENDED = frozenset({Standing.NOT_ASKED, Standing.NEVER, Standing.UNKNOWN})


@dataclass(frozen=True, slots=True)
class RowWords:
    """One visit: when, who, which coverage, how it stands, what changed, how old that is, and when it is asked next."""

    visit_id: UUID
    patient_id: UUID
    coverage_id: UUID | None
    when: str
    patient: str
    mrn: str
    coverage: str
    result: str
    look: str
    details: tuple[str, ...]
    changes: tuple[str, ...]
    age: str
    next: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """The page: its title, filters, rows and where to go."""

    title: str
    day: str
    days: int
    standing: str
    payer: str
    site: str
    spans: tuple[tuple[int, str], ...]
    standings: tuple[tuple[str, str], ...]
    payers: tuple[tuple[str, str], ...]
    sites: tuple[tuple[str, str], ...]
    rows: tuple[RowWords, ...]
    shown: str
    empty: str
    narrowed: bool
    upcoming: tuple[str, str] | None
    lacks: str
    everything: str
    before: str
    after: str
    place: str
    tick_all: str
    untick_all: str
    next_page: str | None


def write_place(place: Place) -> str:
    """Write where a page begins, for an address."""
    return f"{place.day:%Y%m%d}-{place.starts_at.astimezone(UTC):%Y%m%dT%H%M%S}-{place.visit_id.hex}"


def list_page(found: EligibilityList, address: Address) -> ListPage:
    """Put one page of the list into words."""
    query, kept = found.query, _kept(found)
    place = write_place(query.after) if query.after is not None else None
    narrowed = any((query.standing, query.payer, query.site))
    here = found.first.isoformat()
    span = timedelta(days=query.days)
    title = long_day(found.first) if query.days == 1 else f"{long_day(found.first)} to {long_day(found.last)}"
    zones = {one.id: ZoneInfo(one.zone) for one in found.sites}
    rows = tuple(_row(one, found, zones.get(one.visit.site_id, ZoneInfo(found.zone))) for one in found.rows)
    more = " The next page has more." if found.next is not None else ""
    return ListPage(
        title=title,
        day=short_day(found.first),
        days=query.days,
        standing=query.standing.value if query.standing else "",
        payer=query.payer or "",
        site=str(query.site or ""),
        spans=tuple((days, "One day" if days == 1 else f"{days} days") for days in DAYS),
        standings=tuple((one.value, STANDINGS[one]) for one in Standing),
        payers=tuple(found.payers.items()),
        sites=tuple((str(one.id), one.name) for one in found.sites),
        rows=rows,
        shown=f"{counted(len(rows), 'visit')} on this page.{more}",
        empty=_empty(found, title, narrowed),
        narrowed=narrowed,
        upcoming=None if narrowed else _upcoming(found, address, kept),
        lacks="" if found.can_ask else LACKS,
        everything=address(day=here, days=kept["days"]),
        before=address(**kept, day=(found.first - span).isoformat()),
        after=address(**kept, day=(found.first + span).isoformat()),
        place=place or "",
        tick_all=address(**kept, day=here, after=place, ticked="all"),
        untick_all=address(**kept, day=here, after=place),
        next_page=address(**kept, day=here, after=write_place(found.next)) if found.next is not None else None,
    )


def _kept(found: EligibilityList) -> dict[str, object]:
    """The part of an address that all links of the page keep."""
    query = found.query
    return {
        "days": query.days if query.days != 1 else None,
        "standing": query.standing.value if query.standing else None,
        "payer": query.payer,
        "site": query.site,
    }


def _upcoming(found: EligibilityList, address: Address, kept: Mapping[str, object]) -> tuple[str, str] | None:
    """Where the next booked visits stand: the address, and what its link says."""
    if found.upcoming is None:
        return None
    return address(**kept, day=found.upcoming.isoformat()), f"Show {long_day(found.upcoming)}"


LACKS = "No clearinghouse is set up, so plans are asked by portal or telephone: record each answer by hand."


def _empty(found: EligibilityList, title: str, narrowed: bool) -> str:
    if found.rows:
        return ""
    return f"No visit of {title} is like that." if narrowed else f"No visits are booked for {title}."


def _row(row: EligibilityRow, found: EligibilityList, zone: ZoneInfo) -> RowWords:
    visit, coverage = row.visit, row.coverage
    starts = visit.starts_at.astimezone(zone)
    day = "" if found.query.days == 1 else f"{near_day(visit.day, found.today)} "
    name = ", ".join(part for part in (row.patient.last_name, row.patient.first_name) if part)
    plan = f"{coverage.payer_name}, {coverage.plan}" if coverage and coverage.plan else ""
    return RowWords(
        visit_id=visit.id,
        patient_id=visit.patient_id,
        coverage_id=coverage.id if coverage is not None else None,
        when=f"{day}{clock_time(starts)}",
        patient=name or "Name not on file",
        mrn=row.patient.mrn,
        coverage=plan or (coverage.payer_name if coverage is not None else "None"),
        result=STANDINGS[row.standing],
        look="bad" if row.standing in BAD else "open" if row.standing in OPEN_ENDED else "good",
        details=_details(row, found.today),
        changes=_changes(row),
        age=_age(row, found.today),
        next=_next(row, found),
    )


def _details(row: EligibilityRow, today: date) -> tuple[str, ...]:
    """What stands below the result: why, and what was known before."""
    coverage, details = row.coverage, list[str]()
    if coverage is None:
        return ()
    if row.standing is Standing.BEHIND and coverage.other_payer:
        details.append(f"It names {coverage.other_payer}.")
    if row.standing is Standing.NOT_OF_THE_DAY:
        details.append(_dates(row))
    if row.standing is Standing.NOT_ASKED:
        details += _why_not(row)
        if coverage.result is CheckResult.ACTIVE and coverage.checked_on is not None:
            details.append(f"Its last answer was active, {age_words(coverage.checked_on, today)}.")
    elif row.checks and row.checks[-1].answered_on == coverage.checked_on:
        details += why_words(row.checks[-1])
    return tuple(details)


def _dates(row: EligibilityRow) -> str:
    assert row.coverage is not None
    span = row.coverage.span
    if span.ends is not None and span.ends < row.visit.day:
        return f"It ended {short_day(span.ends)}."
    return f"It begins {short_day(span.begins)}." if span.begins is not None else ""


def _why_not(row: EligibilityRow) -> list[str]:
    if row.checks and row.checks[-1].result == "not_asked":
        return list(why_words(row.checks[-1]))
    if row.ask is not None and row.ask.state is AskState.REFUSED:
        return [refused_words(row.ask.code)]
    return ["No answer came in a day."]


def _changes(row: EligibilityRow) -> tuple[str, ...]:
    if not row.checks:
        return ()
    before = before_each(row.checks)
    last = row.checks[-1]
    return change_words(differences(before[last], last))


def _age(row: EligibilityRow, today: date) -> str:
    checked = row.coverage.checked_on if row.coverage is not None else None
    return f"{age_words(checked, today).capitalize()}, {short_day(checked)}" if checked is not None else "No answer yet"


def _next(row: EligibilityRow, found: EligibilityList) -> str:
    if row.coverage is None:
        return "Add the coverage"
    if row.ask is not None and row.ask.state in OPEN:
        return f"Asked {short_day(row.ask.asked_on)}, the answer is to come"
    if not found.can_ask or row.coverage.payer not in found.routes:
        return "By hand"
    if row.next_ask is None:
        return "By hand: no day is left"
    return "Today" if row.next_ask == found.today else near_day(row.next_ask, found.today)


def asked_words(made: Made) -> str:
    """Say what asking about ticked visits did."""
    asked = (
        f"Asking the plans about {counted(made.asks, 'coverage')}; answers come in by themselves." if made.asks else ""
    )
    why: dict[str, int] = {}
    for one in made.cannot:
        why[NOT_ASKED[one.why]] = why.get(NOT_ASKED[one.why], 0) + 1
    cannot = [f"{counted(number, 'visit')} not asked: {sentence}" for sentence, number in why.items()]
    if not asked and not cannot:
        return "Nothing was asked: these plans were asked today, or their answers are still to come."
    return " ".join(filter(None, [asked, *cannot]))
