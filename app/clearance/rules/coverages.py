"""The coverage of the day, and the checks that ask about it: coverage, network, referral."""

from datetime import date, timedelta

from app.authorizations.facts import Authorization, Counting, Kind, Status
from app.clearance.facts.reasons import Reason
from app.clearance.facts.verdicts import Surroundings
from app.clearance.facts.work import Asked, Changes
from app.coverage.facts import CheckResult, Coverage, NetworkAnswer
from app.practice.facts.practice import Network
from app.schedule.facts import VisitStatus
from app.values.insurance import Benefit, Channel, Known, Line, PlanKind, Rank

CHECK_LASTS_DAYS = 90
MONTHLY_LINES = frozenset({Line.MEDICAID, Line.MEDICAID_MANAGED, Line.CHIP, Line.MARKETPLACE})
NETWORK_KINDS = frozenset({PlanKind.HMO, PlanKind.EPO, PlanKind.POS, PlanKind.PRIME})
NETWORK_LINES = frozenset({Line.MEDICARE_ADVANTAGE, Line.MEDICAID_MANAGED, Line.VA})
REFERRAL_KINDS = frozenset({PlanKind.HMO, PlanKind.PRIME})
APPROVED = frozenset({Status.APPROVED, Status.PARTLY_APPROVED})


def serves(coverage: Coverage, channel: Channel) -> bool:
    """Say whether a coverage holds the benefit under which a line is billed."""
    return coverage.benefit is Benefit.BOTH or coverage.benefit.value == channel.value


def coverage_of_day(coverages: tuple[Coverage, ...], channel: Channel, day: date) -> Coverage | None:
    """Choose the primary coverage that a line of a day is judged by.

    Takes     the patient's coverages; the line's benefit; the day of service.
    Returns   of the primary ones of that benefit the one whose dates hold the day, the latest begun; else the latest
              begun of all; None when there is none. An empty begin or end is open.
    """
    if len(coverages) == 1:
        (only,) = coverages
        return only if only.rank is Rank.PRIMARY and serves(only, channel) else None
    best: Coverage | None = None
    best_key: tuple[bool, date, bool, str] | None = None
    for coverage in coverages:
        if coverage.rank is not Rank.PRIMARY or not serves(coverage, channel):
            continue
        key = (day in coverage.span, coverage.span.begins or date.min, coverage.verified, coverage.id.hex)
        if best_key is None or key > best_key:
            best, best_key = coverage, key
    return best


def further_coverages(
    coverages: tuple[Coverage, ...], chosen: Coverage | None, channel: Channel, day: date
) -> list[Coverage]:
    """List the secondary and tertiary coverages that are active on the day for the line's benefit, in order of rank."""
    further = [
        coverage
        for coverage in coverages
        if coverage.rank is not Rank.PRIMARY
        and coverage is not chosen
        and serves(coverage, channel)
        and day in coverage.span
        and coverage.result is not CheckResult.INACTIVE
    ]
    if len(further) > 1:  # two of them may take units of one approval: the order given must not matter
        further.sort(key=lambda coverage: (coverage.rank is Rank.TERTIARY, coverage.id.hex))
    return further


def line_of(coverage: Coverage, around: Surroundings) -> Line | None:
    """The line of business of a coverage: its own, else its payer's only one, else not known."""
    if coverage.line is not None:
        return coverage.line
    only = around.only_line(coverage.payer)
    return only if isinstance(only, Line) else None


def check_coverage(asked: Asked, line: Line | None, fresh_days: int, changes: Changes) -> Reason:
    """Was coverage active on the day, by a check that is fresh enough?

    Takes     what is asked; the coverage's line; how many days before a visit a check must be made (a site's setting).
    Returns   the finding of check `coverage`; notes the days on which the check's age turns it.
    """
    coverage = asked.coverage
    if coverage is None:
        return Reason.COVERAGE_NONE
    day = asked.visit.day
    ended = _not_on_day(coverage, day)
    if ended is not None:
        return ended
    if coverage.checked_on is None or coverage.result is None:
        return Reason.COVERAGE_NEVER_CHECKED
    if coverage.result is CheckResult.UNKNOWN:
        return Reason.COVERAGE_ANSWER_UNKNOWN
    stale = _stale(coverage.checked_on, day, line, fresh_days, changes)
    if stale is not None:
        return stale
    if period_turns(coverage.checked_on, day, line):
        return Reason.COVERAGE_PERIOD_TURNS
    named_payer, named_member = asked.line.named_payer, asked.line.named_member
    other_payer = named_payer is not None and named_payer != coverage.payer
    if other_payer or (named_member is not None and not named_member.same_as(coverage.member)):
        return Reason.COVERAGE_SCHEDULE_DIFFERS
    return Reason.COVERAGE_ACTIVE


def _not_on_day(coverage: Coverage, day: date) -> Reason | None:
    if coverage.span.ends is not None and day > coverage.span.ends:
        return Reason.COVERAGE_ENDED
    if coverage.span.begins is not None and day < coverage.span.begins:
        return Reason.COVERAGE_NOT_BEGUN
    if coverage.result is CheckResult.INACTIVE:
        return Reason.COVERAGE_INACTIVE
    return Reason.COVERAGE_OTHER_PRIMARY if coverage.other_primary else None


def _stale(checked: date, day: date, line: Line | None, fresh_days: int, changes: Changes) -> Reason | None:
    as_of = changes.as_of
    if (day - checked).days > fresh_days:
        changes.on(day - timedelta(days=fresh_days))
        if (day - as_of).days <= fresh_days:
            return Reason.COVERAGE_CHECK_STALE
    changes.on(_next_period(checked, line))
    if period_turns(checked, as_of, line):
        return Reason.COVERAGE_PERIOD_TURNED
    changes.on(checked + timedelta(days=CHECK_LASTS_DAYS + 1))
    if (as_of - checked).days > CHECK_LASTS_DAYS:
        return Reason.COVERAGE_CHECK_OLD
    return None


def period_turns(checked: date, day: date, line: Line | None) -> bool:
    """Say whether a 1 January (for lines renewed by the month a first) lies after the check and up to the day."""
    if line in MONTHLY_LINES:
        return (day.year, day.month) > (checked.year, checked.month)
    return day.year > checked.year


def _next_period(checked: date, line: Line | None) -> date:
    if line in MONTHLY_LINES and checked.month < 12:
        return date(checked.year, checked.month + 1, 1)
    return date(checked.year + 1, 1, 1)


def check_network(
    asked: Asked, line: Line | None, around: Surroundings, rows: tuple[Authorization, ...]
) -> Reason | None:
    """Is the provider in the plan's network that day? None where nothing is on file."""
    coverage = asked.coverage
    if coverage is None:
        return None
    answer = coverage.network or _participation(asked, around)
    if answer is None:
        return None
    needed = coverage.plan_kind in NETWORK_KINDS or line in NETWORK_LINES
    if answer is NetworkAnswer.IN:
        return Reason.NETWORK_IN
    if not needed:
        return None if answer is NetworkAnswer.UNKNOWN else Reason.NETWORK_NOT_NEEDED
    if _excepted(asked, rows):
        return Reason.NETWORK_EXCEPTION
    return Reason.NETWORK_OUT if answer is NetworkAnswer.OUT else Reason.NETWORK_UNKNOWN


def _participation(asked: Asked, around: Surroundings) -> NetworkAnswer | None:
    """The practice's last word for who renders and for who bills: one of them out is out.

    A word on the plan goes before one on all plans of the payer.
    """
    coverage = asked.coverage
    assert coverage is not None
    people = {asked.line.provider_npi, asked.npi}
    general: dict[str, Network] = {}
    of_plan: dict[str, Network] = {}
    for row in around.participations.get(coverage.payer, ()):
        if row.provider_npi not in people or asked.visit.day not in row.span:
            continue
        if row.plan is None:
            general[row.provider_npi] = row.network
        elif _folded(row.plan) == _folded(coverage.plan or ""):
            of_plan[row.provider_npi] = row.network
    said = general | of_plan
    if not said:
        return None
    return NetworkAnswer.OUT if Network.OUT in said.values() else NetworkAnswer.IN


def _folded(text: str) -> str:
    return "".join(text.split()).casefold()


def _excepted(asked: Asked, rows: tuple[Authorization, ...]) -> bool:
    coverage, day = asked.coverage, asked.visit.day
    assert coverage is not None
    return any(
        row.kind is Kind.NETWORK_EXCEPTION
        and row.status in APPROVED
        and (row.number is not None or row.reference is not None)
        and row.payer == coverage.payer
        and (row.member is None or row.member.same_as(coverage.member))
        and _holds(row, day)
        and row.provider_npi in (None, asked.npi, asked.line.provider_npi)
        and _of_service(row, asked)
        for row in rows
    )


def _of_service(row: Authorization, asked: Asked) -> bool:
    """An exception that names codes or a drug holds for those only."""
    code = asked.line.code
    if row.items:
        return code is not None and any(item.names(code) for item in row.items)
    return row.drug is None or row.drug == asked.drug


def _holds(row: Authorization, day: date) -> bool:
    """Both ends known (or no end by the payer's word) and the day inside."""
    if row.begins is None or day < row.begins:
        return False
    return row.no_end if row.ends is None else day <= row.ends


ReferralUse = dict[object, set[object]]


def check_referral(asked: Asked, rows: tuple[Authorization, ...], used: ReferralUse) -> Reason | None:
    """Is a referral on file where the plan asks one? None where nothing says whether it does.

    Takes     what is asked; the known authorizations; the visits that have taken from each referral so far, to which
              this visit is added when it takes from one.
    """
    coverage = asked.coverage
    if coverage is None:
        return None
    if coverage.referral_required is Known.NO:
        return Reason.REFERRAL_NOT_NEEDED
    named = asked.line.referral
    if named is not None and not any(row.kind is Kind.REFERRAL and _called(row, named) for row in rows):
        return Reason.REFERRAL_NOT_ON_FILE
    if coverage.referral_required is None:
        return None
    fitting = _fitting_referral(asked, rows, used)
    if coverage.referral_required is Known.UNKNOWN:
        if fitting is not None:
            _take(asked, fitting, used)
            return Reason.REFERRAL_ON_FILE
        return Reason.REFERRAL_UNKNOWN if coverage.plan_kind in REFERRAL_KINDS else None
    if fitting is None:
        return Reason.REFERRAL_MISSING
    _take(asked, fitting, used)
    return Reason.REFERRAL_ON_FILE


def _called(row: Authorization, name: str) -> bool:
    return _folded(name) in (_folded(row.number or ""), _folded(row.reference or ""))


def _take(asked: Asked, row: Authorization, used: ReferralUse) -> None:
    visit = asked.visit
    counted = visit.status is VisitStatus.DONE and row.used_on is not None and visit.day <= row.used_on
    if visit.status is VisitStatus.BOOKED or (visit.status is VisitStatus.DONE and not counted):
        used.setdefault(row.id, set()).add(visit.id)


def _fitting_referral(asked: Asked, rows: tuple[Authorization, ...], used: ReferralUse) -> Authorization | None:
    fitting = [row for row in rows if row.kind is Kind.REFERRAL and _referral_fits(asked, row, used)]
    named = asked.line.referral
    if named is not None:
        fitting = [row for row in fitting if _called(row, named)] or fitting
    fitting.sort(key=lambda row: (row.ends or date.max, row.id.hex))
    return fitting[0] if fitting else None


def _referral_fits(asked: Asked, row: Authorization, used: ReferralUse) -> bool:
    coverage, code = asked.coverage, asked.line.code
    assert coverage is not None
    if row.status not in APPROVED or row.payer != coverage.payer or not _holds(row, asked.visit.day):
        return False
    if row.number is None and row.reference is None:
        return False
    if row.member is not None and not row.member.same_as(coverage.member):
        return False
    items = [item for item in row.items if code is None or item.names(code)]
    if row.items and not items:
        return False
    takers = used.get(row.id, set()) - {asked.visit.id}
    counts = [
        item.count - (item.used or 0)
        for item in items
        if item.counting in (Counting.UNITS, Counting.VISITS) and item.count is not None
    ]
    return not counts or max(counts) - len(takers) >= 1
