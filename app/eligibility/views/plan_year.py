"""The page of a plan year in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from app.coverage.facts import CheckResult
from app.eligibility.facts.plan_year import YearList, YearRow, YearState
from app.eligibility.views.listing import LACKS, write_place
from app.values.wording import clock_time, counted, long_day, short_day

Address = Callable[..., str]
STATES = {
    YearState.NOT_ASKED: "Not asked",
    YearState.ASKED: "Asked, answer to come",
    YearState.SAME: "Answered, the same",
    YearState.CHANGED: "Answered, changed",
    YearState.COULD_NOT: "Could not ask",
}
_LOOKS = {YearState.CHANGED: "bad", YearState.SAME: "good"}


@dataclass(frozen=True, slots=True)
class CountWords:
    """One state: its words, how many, the address of its list, and whether it is the one shown."""

    words: str
    number: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class YearRowWords:
    """One patient: first visit, who, which coverage, how it stands, and why."""

    visit_id: UUID
    patient_id: UUID
    coverage_id: UUID | None
    when: str
    patient: str
    mrn: str
    coverage: str
    state: str
    look: str
    details: str
    answered: str


@dataclass(frozen=True, slots=True)
class YearPage:
    """The page."""

    year: int
    counts: tuple[CountWords, ...]
    counted: str
    state: str
    payer: str
    payers: tuple[tuple[str, str], ...]
    rows: tuple[YearRowWords, ...]
    shown: str
    empty: str
    lacks: str
    open: str
    begins: str
    after: str
    next_page: str | None
    next_stretch: str | None
    whole: str
    everything: str
    narrowed: bool
    tick_all: str
    untick_all: str


def year_page(found: YearList, address: Address) -> YearPage:
    """Put the page into words."""
    query, year = found.query, found.year
    kept = {"year": year, "payer": query.payer, "begins": write_place(query.begins) if query.begins else None}
    here = {**kept, "state": query.state.value if query.state else None}
    page = {**here, "after": write_place(query.after) if query.after else None}
    return YearPage(
        year=year,
        counts=_counts(found, address, kept),
        counted=_counted(found),
        state=query.state.value if query.state else "",
        payer=query.payer or "",
        payers=tuple(found.payers.items()),
        rows=tuple(_row(one, found) for one in found.rows),
        shown=f"{counted(len(found.rows), 'patient')} on this page."
        + (" The next page has more." if found.next else ""),
        empty=_empty(found),
        lacks="" if found.can_ask else LACKS,
        open="" if found.today >= found.open_from else f"Plans answer for {year} from {long_day(found.open_from)}.",
        begins=str(kept["begins"] or ""),
        after=str(page["after"] or ""),
        next_page=address(**here, after=write_place(found.next)) if found.next else None,
        next_stretch=_next_stretch(found, address),
        whole=address(**here, whole="1"),
        everything=address(year=year),
        narrowed=query.state is not None or query.payer is not None,
        tick_all=address(**page, ticked="all"),
        untick_all=address(**page),
    )


def _counts(found: YearList, address: Address, kept: Mapping[str, object]) -> tuple[CountWords, ...]:
    query = found.query
    every = CountWords("All", found.looked, address(**kept), query.state is None)
    return (
        every,
        *(
            CountWords(STATES[one], found.counts.get(one, 0), address(**kept, state=one.value), query.state is one)
            for one in YearState
        ),
    )


def _counted(found: YearList) -> str:
    """Say of whom the numbers are: of the year, or of a stretch of it."""
    if found.last is None:
        return ""
    if found.query.begins is None and found.next_stretch is None:
        return f"Every patient with a visit to come in {found.year}, by the first one."
    return (
        f"Counted: {counted(found.looked, 'patient')} whose first visit is up to {long_day(found.last)}. More follow."
    )


def _next_stretch(found: YearList, address: Address) -> str | None:
    if found.next_stretch is None:
        return None
    state = found.query.state.value if found.query.state else None
    return address(year=found.year, payer=found.query.payer, state=state, begins=write_place(found.next_stretch))


def _empty(found: YearList) -> str:
    if found.rows:
        return ""
    if found.looked or found.query.state or found.query.payer:
        return "No patient of this list is like that."
    return f"No visits are booked for {found.year} from today on."


def _row(row: YearRow, found: YearList) -> YearRowWords:
    visit, coverage = row.one.visit, row.coverage
    starts = visit.starts_at.astimezone(ZoneInfo(found.zones.get(visit.site_id, found.zone)))
    name = ", ".join(part for part in (row.patient.last_name, row.patient.first_name) if part)
    plan = f"{coverage.payer_name}, {coverage.plan}" if coverage and coverage.plan else ""
    checked = row.one.checked_on
    return YearRowWords(
        visit_id=visit.id,
        patient_id=visit.patient_id,
        coverage_id=visit.coverage_id,
        when=f"{long_day(visit.day)} {clock_time(starts)}",
        patient=name or "Name not on file",
        mrn=row.patient.mrn,
        coverage=plan or (coverage.payer_name if coverage is not None else "None"),
        state=STATES[row.state],
        look=_LOOKS.get(row.state, "open"),
        details=_why(row, found.year),
        answered=short_day(checked) if checked is not None else "Never",
    )


def _why(row: YearRow, year: int) -> str:
    """Say what stands behind a state, where the state alone does not."""
    one = row.one
    if one.visit.coverage_id is None:
        return "No coverage is on file. Add it."
    if row.state is YearState.CHANGED:
        if one.result == CheckResult.INACTIVE.value:
            return "The plan says inactive."
        return "It names another plan that pays first." if one.other_primary else "The coverage names another plan."
    if row.state is not YearState.COULD_NOT:
        return ""
    if one.checked_on is not None and one.checked_on.year >= year and one.result == CheckResult.UNKNOWN.value:
        return "The plan gave no clear answer."
    return "The request was refused, or no answer came. Ask by portal or phone."
