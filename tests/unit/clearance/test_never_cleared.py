"""What must be on file before a line is cleared, read from the facts alone, and what happens when one is taken away."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.authorizations.facts import Kind, Status
from app.authorizations.rules.numbers import real_number
from app.clearance.facts.reasons import Badge
from app.clearance.rules.judge import judge
from app.coverage.facts import CheckResult, NetworkAnswer
from app.policies.facts.answers import Grounds, Need
from app.schedule.facts import BillTo
from app.values.insurance import Known, Line, PlanKind, Rank
from tests.support.any_file import CASES
from tests.support.judging import GRID, NEEDS, a_file, a_line, a_visit, around, lines_of

often = settings(max_examples=300, deadline=None)
APPROVED = (Status.APPROVED, Status.PARTLY_APPROVED)
KINDS = (Kind.INITIAL, Kind.RENEWAL, Kind.RETRO, Kind.EXTENSION, Kind.APPEAL, Kind.CONTINUITY)
MONTHLY = (Line.MEDICAID, Line.MEDICAID_MANAGED, Line.CHIP, Line.MARKETPLACE)


def holds(row, day):
    """Is a day inside an authorization whose begin and end are known?"""
    if row.begins is None or day < row.begins:
        return False
    return day <= row.ends if row.ends is not None else row.no_end


def decided(row, as_of):
    return row.status in APPROVED and all(on is None or on <= as_of for on in (row.decided_on, row.requested_on))


def sure_coverage(case, line):
    """Is a primary coverage active on the day by a check that is fresh enough on the day asked about?"""
    day, as_of = line.visit.day, case.as_of
    for one in case.file.coverages:
        if one.rank is not Rank.PRIMARY or one.other_primary or one.result is not CheckResult.ACTIVE:
            continue
        if day not in one.span or one.checked_on is None or one.checked_on > as_of:
            continue
        month = (one.checked_on.year, one.checked_on.month) if one.line in MONTHLY else (one.checked_on.year, 99)
        latest = max(day, as_of)
        stale = (day - as_of).days <= case.rules["fresh_days"] < (day - one.checked_on).days
        if not stale and (as_of - one.checked_on).days <= 90 and (latest.year, latest.month) <= month:
            return True
    return False


def fits(case, row, line, payers, members):
    """Does a row approve this very line: by payer, member, code or drug, day, place, benefit and person?"""
    planned, rule = line.line, line.requirement
    codes = {planned.code} | (rule.family if planned.code in rule.family else set())
    named = any(item.names(code) for item in row.items for code in codes if code is not None)
    named = named or (row.drug or row.ndc) is not None
    group = planned.provider_group or "unknown"
    checks = (
        row.kind in KINDS,
        decided(row, case.as_of),
        (row.number or row.reference) and not row.verbal,
        holds(row, line.visit.day),
        row.payer in payers,
        row.member is None or any(row.member.same_as(one) for one in members),
        named,
        row.site_id in (None, line.visit.site_id),
        not row.places or planned.place in row.places,
        row.channel in (None, planned.channel or row.channel),
        not row.provider_binds or row.provider_npi in (None, planned.billing_npi or planned.provider_npi),
        not row.diagnoses or any(code[:3] == one[:3] for code in planned.diagnoses for one in row.diagnoses),
        not (row.provider_group and planned.billing_npi is None and group not in ("unknown", row.provider_group)),
    )
    return all(checks)


@often
@given(CASES)
def test_a_cleared_line_has_all_that_the_contract_asks_on_file(case):
    for line in case.judged().lines:
        if line.badge is not Badge.CLEARED:
            continue
        planned, need = line.line, line.requirement.need
        assert planned.bill_to is not BillTo.SELF_PAY
        assert planned.code or planned.drug
        assert sure_coverage(case, line)
        assert planned.klass != "cosmetic"
        assert planned.klass is not None or planned.code != "15788"
        excluded = need in (Need.NOT_COVERED, Need.COSMETIC)
        assert not excluded or line.requirement.grounds is Grounds.CONTRADICTED
        if need is not Need.NOT_REQUIRED:
            rows = case.file.authorizations
            continuity = [row for row in rows if row.kind is Kind.CONTINUITY and decided(row, case.as_of)]
            payers = {row.payer for row in rows} if continuity else {line.coverage.payer}
            members = [row.member for row in rows if row.member] if continuity else [line.coverage.member]
            notified = need is Need.NOTIFICATION and any(row.status is Status.NOTIFIED for row in rows)
            assert notified or any(fits(case, row, line, payers, members) for row in rows)


@often
@given(CASES)
def test_a_cleared_line_of_a_plan_that_asks_for_network_or_referral_has_it(case):
    for line in case.judged().lines:
        if line.badge is not Badge.CLEARED:
            continue
        coverage, rows = line.coverage, case.file.authorizations
        approved = {row.kind for row in rows if decided(row, case.as_of) and holds(row, line.visit.day)}
        if coverage.referral_required is Known.YES:
            assert Kind.REFERRAL in approved
        if coverage.plan_kind is PlanKind.HMO and coverage.network in (NetworkAnswer.OUT, NetworkAnswer.UNKNOWN):
            assert Kind.NETWORK_EXCEPTION in approved


WITHOUT_A_CHECK = ("checked_on", "result")
CLEAR_ENOUGH = (Badge.CLEARED, Badge.AT_RISK)


def single(case):
    """The case cut down to the first line of its first visit, of a medical service that needs approval."""
    visit = case.file.visits[0]
    line = replace(visit.lines[0], code="96910", drug=None, klass=None, refused_row=None)
    rows = tuple(row for row in case.file.authorizations if row.status is not Status.NOT_REQUIRED)
    return replace(case.file, visits=(replace(visit, lines=(line,)),), authorizations=rows, answers=())


def world_of(case):
    """The case's surroundings, where both payers ask approval for that one code and nothing else is odd."""
    return around(as_of=case.as_of, **{**case.rules, "rules": NEEDS})


def badge(file, world):
    return judge(file, world).lines[0].badge


@often
@given(CASES)
def test_without_an_authorization_no_line_becomes_good(case):
    file, world = single(case), world_of(case)
    before = badge(file, world)
    for gone in file.authorizations:
        after = badge(replace(file, authorizations=tuple(row for row in file.authorizations if row is not gone)), world)
        if after in CLEAR_ENOUGH:
            assert before in CLEAR_ENOUGH
            assert after is Badge.AT_RISK or before is Badge.CLEARED


@often
@given(CASES)
def test_without_the_facts_that_make_it_good_no_line_is_good(case):
    file, world = single(case), world_of(case)
    if badge(file, world) not in CLEAR_ENOUGH:
        return
    for name in WITHOUT_A_CHECK:
        coverages = tuple(replace(one, **{name: None}) for one in file.coverages)
        assert badge(replace(file, coverages=coverages), world) not in CLEAR_ENOUGH
    said = {"verbal": True}
    for changes in ({"number": None, "reference": None}, said, {"begins": None}, {"ends": None, "no_end": False}):
        rows = tuple(replace(row, **changes) for row in file.authorizations)
        assert badge(replace(file, authorizations=rows), world) not in CLEAR_ENOUGH
    assert badge(replace(file, authorizations=()), world) is Badge.BLOCKED
    if not file.patient.no_coverage:
        assert badge(replace(file, coverages=()), world) not in CLEAR_ENOUGH


@often
@given(CASES, st.text(alphabet="TBDtbd-. /xna", max_size=8) | st.text(alphabet="0- ", max_size=8))
def test_an_approval_that_was_only_said_or_has_a_word_for_a_number_clears_nothing(case, word):
    file, world = single(case), world_of(case)
    assert real_number(word) is None
    for changes in ({"verbal": True}, {"number": real_number(word), "reference": real_number(word)}):
        rows = tuple(replace(row, **changes) for row in file.authorizations)
        assert badge(replace(file, authorizations=rows), world) not in CLEAR_ENOUGH


@pytest.mark.parametrize("code", sorted(GRID))
def test_a_trigger_that_is_not_in_the_chart_never_makes_a_class_better(code):
    order = (Badge.BLOCKED, Badge.NOT_CHECKED, Badge.WAITING, Badge.AT_RISK, Badge.CLEARED)
    for diagnoses in ((), ("L82.1",), ("B07.0",), ("L57.0",)):
        plain = a_line(code, diagnoses=diagnoses)
        shown = replace(plain, documented=frozenset({"bleeding"}))
        ours, theirs = (lines_of(a_file(a_visit(line)))[0].badge for line in (plain, shown))
        assert order.index(ours) <= order.index(theirs)
