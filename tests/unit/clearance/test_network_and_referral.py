"""Checks `network` and `referral`."""

from datetime import date, timedelta

import pytest

from app.authorizations.facts import Counting, Item, Kind, Status
from app.clearance.facts.reasons import Check, Reason, Result
from app.coverage.facts import NetworkAnswer
from app.practice.facts.practice import Network, Participation
from app.schedule.facts import VisitStatus
from app.values.insurance import Known, Line, PlanKind
from app.values.spans import DateSpan
from tests.support.judging import (
    DAY,
    OTHER_NPI,
    PAYER,
    a_count,
    a_coverage,
    a_file,
    a_line,
    a_referral,
    a_visit,
    an_approval,
    around,
    found,
    lines_of,
    member,
)
from tests.support.make import NPI


def network(coverage, authorizations=(), visit=None, **changes):
    file = a_file(visit or a_visit(), coverages=(coverage,), authorizations=(an_approval(), *authorizations))
    (verdict,) = lines_of(file, around(**changes))
    return found(verdict, Check.NETWORK)


@pytest.mark.parametrize(
    ("kind", "line", "needed"),
    [
        (PlanKind.HMO, Line.COMMERCIAL, True),
        (PlanKind.EPO, Line.COMMERCIAL, True),
        (PlanKind.POS, Line.COMMERCIAL, True),
        (PlanKind.PRIME, Line.TRICARE, True),
        (PlanKind.PPO, Line.COMMERCIAL, False),
        (PlanKind.SELECT, Line.TRICARE, False),
        (PlanKind.OTHER, Line.COMMERCIAL, False),
        (None, Line.COMMERCIAL, False),
        (None, None, False),
        (None, Line.MEDICARE_ADVANTAGE, True),
        (None, Line.MEDICAID_MANAGED, True),
        (None, Line.VA, True),
        (PlanKind.PPO, Line.MEDICARE_ADVANTAGE, True),
        (None, Line.MEDICAID, False),
    ],
)
def test_some_plans_need_a_network(kind, line, needed):
    out = network(a_coverage(plan_kind=kind, line=line, network=NetworkAnswer.OUT))
    unknown = network(a_coverage(plan_kind=kind, line=line, network=NetworkAnswer.UNKNOWN))
    assert out is (Reason.NETWORK_OUT if needed else Reason.NETWORK_NOT_NEEDED)
    assert unknown is (Reason.NETWORK_UNKNOWN if needed else None)
    assert network(a_coverage(plan_kind=kind, line=line, network=NetworkAnswer.IN)) is Reason.NETWORK_IN
    assert network(a_coverage(plan_kind=kind, line=line)) is None


def word(answer=Network.OUT, **changes):
    stated = {"plan": None, "provider_npi": NPI, "span": DateSpan(DAY, DAY), **changes}
    return Participation(payer=PAYER, network=answer, **stated)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((word(),), Reason.NETWORK_OUT),
        ((word(Network.IN),), Reason.NETWORK_IN),
        ((word(span=DateSpan(None, None)),), Reason.NETWORK_OUT),
        ((word(span=DateSpan(None, DAY - timedelta(days=1))),), None),
        ((word(span=DateSpan(DAY + timedelta(days=1), None)),), None),
        ((word(provider_npi=OTHER_NPI),), None),
        ((word(plan="gold  hmo"),), Reason.NETWORK_OUT),
        ((word(plan="Silver"),), None),
        ((word(), word(Network.IN)), Reason.NETWORK_IN),
        ((word(Network.IN), word()), Reason.NETWORK_OUT),
    ],
)
def test_the_practice_says_who_takes_part_and_its_last_word_counts(words, reason):
    coverage = a_coverage(plan_kind=PlanKind.HMO, plan="Gold HMO")
    assert network(coverage, participations={PAYER: words}) is reason


def test_the_coverage_answers_before_the_practice():
    coverage = a_coverage(plan_kind=PlanKind.HMO, network=NetworkAnswer.OUT)
    assert network(coverage, participations={PAYER: (word(Network.IN),)}) is Reason.NETWORK_OUT
    unknown = a_coverage(plan_kind=PlanKind.HMO, network=NetworkAnswer.UNKNOWN)
    assert network(unknown, participations={PAYER: (word(Network.IN),)}) is Reason.NETWORK_UNKNOWN


def test_who_renders_and_who_bills_must_both_be_in_the_network():
    visit = a_visit(a_line(billing_npi=OTHER_NPI))
    words = (word(Network.IN), word(Network.OUT, provider_npi=OTHER_NPI))
    coverage = a_coverage(plan_kind=PlanKind.HMO)
    assert network(coverage, visit=visit, participations={PAYER: words}) is Reason.NETWORK_OUT


EXCEPTION = {"kind": Kind.NETWORK_EXCEPTION, "items": ()}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, Reason.NETWORK_EXCEPTION),
        ({"ends": DAY, "begins": DAY}, Reason.NETWORK_EXCEPTION),
        ({"ends": None, "no_end": True}, Reason.NETWORK_EXCEPTION),
        ({"number": None, "reference": "call 7"}, Reason.NETWORK_EXCEPTION),
        ({"provider_npi": NPI}, Reason.NETWORK_EXCEPTION),
        ({"ends": DAY - timedelta(days=1)}, Reason.NETWORK_OUT),
        ({"begins": DAY + timedelta(days=1)}, Reason.NETWORK_OUT),
        ({"ends": None}, Reason.NETWORK_OUT),
        ({"begins": None}, Reason.NETWORK_OUT),
        ({"number": None}, Reason.NETWORK_OUT),
        ({"status": Status.SUBMITTED}, Reason.NETWORK_OUT),
        ({"status": Status.DENIED}, Reason.NETWORK_OUT),
        ({"payer": "zenith"}, Reason.NETWORK_OUT),
        ({"member": member("X1")}, Reason.NETWORK_OUT),
        ({"provider_npi": OTHER_NPI}, Reason.NETWORK_OUT),
        ({"kind": Kind.REFERRAL}, Reason.NETWORK_OUT),
        ({"kind": Kind.STEP_EXCEPTION}, Reason.NETWORK_OUT),
    ],
)
def test_an_approved_network_exception_opens_the_network(changes, reason):
    exception = an_approval(5, **{**EXCEPTION, **changes})
    assert network(a_coverage(plan_kind=PlanKind.EPO, network=NetworkAnswer.OUT), (exception,)) is reason


def referral(known, rows=(), kind=PlanKind.HMO, *visits):
    file = a_file(
        *visits,
        coverages=(a_coverage(plan_kind=kind, referral_required=known),),
        authorizations=(an_approval(), *rows),
    )
    return tuple(found(verdict, Check.REFERRAL) for verdict in lines_of(file))


@pytest.mark.parametrize(
    ("known", "kind", "reason"),
    [
        (None, PlanKind.HMO, None),
        (Known.NO, PlanKind.HMO, Reason.REFERRAL_NOT_NEEDED),
        (Known.YES, PlanKind.HMO, Reason.REFERRAL_MISSING),
        (Known.YES, PlanKind.PPO, Reason.REFERRAL_MISSING),
        (Known.YES, None, Reason.REFERRAL_MISSING),
        (Known.UNKNOWN, PlanKind.HMO, Reason.REFERRAL_UNKNOWN),
        (Known.UNKNOWN, PlanKind.PRIME, Reason.REFERRAL_UNKNOWN),
        (Known.UNKNOWN, PlanKind.EPO, None),
        (Known.UNKNOWN, PlanKind.PPO, None),
        (Known.UNKNOWN, None, None),
    ],
)
def test_a_referral_where_the_plan_asks_one(known, kind, reason):
    assert referral(known, (), kind) == (reason,)


ON_FILE, MISSING = Reason.REFERRAL_ON_FILE, Reason.REFERRAL_MISSING


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, ON_FILE),
        ({"items": ()}, ON_FILE),
        ({"begins": DAY, "ends": DAY}, ON_FILE),
        ({"member": None}, ON_FILE),
        ({"member": member("W123456789-02")}, ON_FILE),
        ({"ends": DAY - timedelta(days=1)}, MISSING),
        ({"begins": DAY + timedelta(days=1)}, MISSING),
        ({"payer": "zenith"}, MISSING),
        ({"member": member("X99")}, MISSING),
        ({"status": Status.SUBMITTED}, MISSING),
        ({"status": Status.WITHDRAWN}, MISSING),
        ({"kind": Kind.INITIAL}, MISSING),
        ({"items": (a_count("*", count=6, used=6),)}, MISSING),
        ({"items": (a_count("*", count=6, used=5),)}, ON_FILE),
        ({"items": (a_count("99213", count=6),)}, MISSING),
    ],
)
def test_a_referral_must_fit_payer_member_date_and_visits_left(changes, reason):
    assert referral(Known.YES, (a_referral(**changes),)) == (reason,)


def test_each_visit_takes_one_from_a_referral_and_its_second_line_none():
    row = a_referral(items=(Item(("*",), None, Counting.VISITS, 2, None),))
    visits = (
        a_visit(a_line(), a_line(position=1), number=1),
        a_visit(number=2, hour=16, status=VisitStatus.CANCELED),
        a_visit(number=3, hour=17),
        a_visit(number=4, hour=18),
    )
    assert referral(Known.YES, (row,), PlanKind.HMO, *visits) == (ON_FILE, ON_FILE, ON_FILE, ON_FILE, MISSING)


def test_a_named_referral_that_no_row_has_is_unknown():
    visit = a_visit(a_line(referral="R777"))
    assert referral(Known.YES, (), PlanKind.HMO, visit) == (Reason.REFERRAL_NOT_ON_FILE,)
    assert referral(Known.YES, (a_referral(),), PlanKind.HMO, visit) == (Reason.REFERRAL_NOT_ON_FILE,)


def test_a_named_referral_on_file_passes_when_it_fits():
    visit = a_visit(a_line(referral=" r009 "))
    assert referral(Known.YES, (a_referral(),), PlanKind.HMO, visit) == (ON_FILE,)
    ended = a_referral(ends=date(2026, 3, 1))
    (reason,) = referral(Known.YES, (ended,), PlanKind.HMO, visit)
    assert reason.result is not Result.PASS
