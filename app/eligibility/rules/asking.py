"""Who needs asking: pure, so that the same day and the same file always ask for the same."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from app.clearance.rules.coverages import CHECK_LASTS_DAYS, coverage_of_day, further_coverages, period_turns
from app.coverage.facts import CheckResult, Coverage
from app.eligibility.facts.asking import AskingDay, CannotAsk, NotAsked, Route, ToAsk, Wanted
from app.schedule.facts import BillTo, Visit, VisitStatus
from app.values.insurance import Channel

DAYS_BEFORE = (14, 7, 2, 1, 0)
"""How many days before a visit its coverages are asked about."""
AHEAD = max(DAYS_BEFORE)
JANUARY_AHEAD = 90
"""Days ahead over which the January list looks."""
ANSWERS_FROM = 2
"""The day of January from which payers can be asked about the new year."""
Coverages = Mapping[UUID, tuple[Coverage, ...]]


def who_needs_asking(visits: Sequence[Visit], coverages: Coverages, day: AskingDay) -> Wanted:
    """Say for which coverages payers are to be asked today.

    Takes     visits of any days; the coverages by patient, each with its last answer; what asking rests on.
    Returns   for each coverage of a booked visit 14, 7, 2, 1 or 0 days ahead whose last answer is not fresh enough one
              request, for the first such visit; in January, from the 2nd, also for visits up to 90 days ahead whose
              last answer is of the year before. Coverages that were asked about without an answer are asked again on
              any day. Who cannot be asked about is listed with the reason.
    """
    asks: dict[UUID, ToAsk] = {}
    cannot: list[CannotAsk] = []
    for visit in sorted(visits, key=lambda one: (one.starts_at, one.id)):
        if visit.status is not VisitStatus.BOOKED or not _is_near(visit, day.today(visit.site_id)):
            continue
        found, why = _of_visit(visit, coverages.get(visit.patient_id, ()), day)
        cannot += why
        for coverage in found:
            if coverage.id not in asks and coverage.id not in day.held:
                asks[coverage.id] = ToAsk(coverage, visit, _codes(visit))
    return Wanted(tuple(asks.values()), tuple(cannot))


def chosen(visits: Sequence[Visit], coverages: Coverages, day: AskingDay) -> Wanted:
    """Say whom a person's choice of visits asks about: each of their coverages, fresh or not, as far as it can be."""
    asks: dict[UUID, ToAsk] = {}
    cannot: list[CannotAsk] = []
    for visit in sorted(visits, key=lambda one: (one.starts_at, one.id)):
        theirs, why = _paying(visit, coverages.get(visit.patient_id, ()))
        cannot += why
        for coverage in theirs:
            fault = _fault(coverage, visit, day.today(visit.site_id))
            if fault is not None:
                cannot.append(CannotAsk(visit, fault, coverage))
            elif coverage.id not in asks and coverage.id not in day.held:
                asks[coverage.id] = ToAsk(coverage, visit, _codes(visit))
    return Wanted(tuple(asks.values()), tuple(cannot))


def _is_near(visit: Visit, today: date) -> bool:
    ahead = (visit.day - today).days
    return 0 <= ahead <= (JANUARY_AHEAD if in_january(today) else AHEAD)


def in_january(today: date) -> bool:
    """Say whether coverages are being asked about anew for the year that has begun."""
    return today.month == 1 and today.day >= ANSWERS_FROM


def _of_visit(visit: Visit, coverages: tuple[Coverage, ...], day: AskingDay) -> tuple[list[Coverage], list[CannotAsk]]:
    today = day.today(visit.site_id)
    theirs, why = _paying(visit, coverages)
    on_its_day = (visit.day - today).days in DAYS_BEFORE
    found: list[Coverage] = []
    cannot = why if on_its_day else []
    for coverage in theirs:
        needs = (
            coverage.id in day.again or of_last_year(coverage, today) or (on_its_day and _needs(coverage, visit, day))
        )
        if not needs:
            continue
        fault = _fault(coverage, visit, today)
        if fault is None:
            found.append(coverage)
        else:
            cannot.append(CannotAsk(visit, fault, coverage))
    return found, cannot


def of_last_year(coverage: Coverage, today: date) -> bool:
    """Say whether a coverage is on the January list: asked about before, but not since 1 January."""
    return in_january(today) and (coverage.checked_on is None or coverage.checked_on.year < today.year)


def _paying(visit: Visit, coverages: tuple[Coverage, ...]) -> tuple[list[Coverage], list[CannotAsk]]:
    """The coverages that pay for a visit on its day, in order of rank, or why there is none."""
    channels = {line.channel or Channel.MEDICAL: None for line in visit.lines if line.bill_to is BillTo.INSURANCE}
    if not channels:
        return [], [CannotAsk(visit, NotAsked.SELF_PAY)]
    found: dict[UUID, Coverage] = {}
    for channel in channels:
        first = coverage_of_day(coverages, channel, visit.day)
        for one in (first, *further_coverages(coverages, first, channel, visit.day)):
            if one is not None:
                found[one.id] = one
    return list(found.values()), [] if found else [CannotAsk(visit, NotAsked.NO_COVERAGE)]


def _needs(coverage: Coverage, visit: Visit, day: AskingDay) -> bool:
    """Is the last answer too old, of another period, or none? A change of payer or member has taken it away."""
    today, fresh = day.today(visit.site_id), day.fresh_days(visit.site_id)
    checked = coverage.checked_on
    if checked is None or coverage.result is None or coverage.result is CheckResult.UNKNOWN:
        return True
    if period_turns(checked, today, day.line_of(coverage)) or (today - checked).days > CHECK_LASTS_DAYS:
        return True
    seen_from = visit.day if (visit.day - today).days <= fresh else today
    return (seen_from - checked).days > fresh


def _fault(coverage: Coverage, visit: Visit, today: date) -> NotAsked | None:
    if not coverage.verified:
        return NotAsked.UNVERIFIED
    return NotAsked.NEW_YEAR if waits_for_january(visit.day, today) else None


def waits_for_january(service_day: date, today: date) -> bool:
    """Say whether a day lies in a year for which payers cannot answer yet: they can from 2 January."""
    return today < date(service_day.year, 1, ANSWERS_FROM)


def _codes(visit: Visit) -> tuple[str, ...]:
    """The procedures of a visit that insurance pays for, each once, in their order."""
    named = (line.code for line in visit.lines if line.bill_to is BillTo.INSURANCE and line.code)
    return tuple(dict.fromkeys(named))


def routed(
    wanted: Wanted, routes: Mapping[str, Route], clearinghouses: Sequence[str], with_npi: bool
) -> tuple[dict[str, list[tuple[ToAsk, Route]]], list[CannotAsk]]:
    """Sort requests by the clearinghouse that they go to, and list those for which the settings lack something."""
    sorted_out: dict[str, list[tuple[ToAsk, Route]]] = {}
    cannot = list(wanted.cannot)
    for one in wanted.asks:
        route = routes.get(one.coverage.payer)
        name = (route.clearinghouse if route else None) or (clearinghouses[0] if clearinghouses else None)
        if route is None:
            cannot.append(CannotAsk(one.visit, NotAsked.NO_PAYER_ID, one.coverage))
        elif name is None or name not in clearinghouses:
            cannot.append(CannotAsk(one.visit, NotAsked.NO_CLEARINGHOUSE, one.coverage))
        elif not with_npi:
            cannot.append(CannotAsk(one.visit, NotAsked.NO_NPI, one.coverage))
        else:
            sorted_out.setdefault(name, []).append((one, route))
    return sorted_out, cannot
