"""Every single and every paired mismatch of an approval: the badge and the reason that the contract's order gives."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest

from app.authorizations.facts import Status
from app.clearance.facts.reasons import CHECK_ORDER, Badge, Check, Result
from app.values.insurance import Channel
from tests.support.judging import (
    DAY,
    OTHER_GROUP,
    OTHER_NPI,
    OTHER_SITE,
    SITE,
    a_count,
    a_coverage,
    a_file,
    a_line,
    a_visit,
    an_approval,
    around,
    found,
    lines_of,
    member,
)
from tests.support.make import GROUP_NPI, NPI

FAIL, UNKNOWN, WARN = Result.FAIL, Result.UNKNOWN, Result.WARN
NDC, SAME_PRODUCT, OTHER_PRODUCT = "00023114501", "00023114502", "00023392101"


@dataclass(frozen=True)
class Mismatch:
    """One thing that differs: the field that it changes, what the contract says of it, and what it leaves out."""

    name: str
    check: Check
    result: Result
    changes: dict[str, Any]
    leaves_out: frozenset[Check] = field(default_factory=frozenset)


UNDECIDED = frozenset({Check.DATES, Check.UNITS})
UNNAMED = frozenset({Check.UNITS})
OF_ANY_LINE = (
    Mismatch("payer", Check.PLAN, FAIL, {"payer": "zenith"}),
    Mismatch("member", Check.PLAN, FAIL, {"member": member("W000000000")}),
    Mismatch("plan id", Check.PLAN, FAIL, {"plan_id": "P-2"}),
    Mismatch("plan's group", Check.PLAN, FAIL, {"group_number": "G2"}),
    Mismatch("no member, decided before", Check.PLAN, UNKNOWN, {"member": None, "decided_on": date(2025, 12, 31)}),
    Mismatch("plan's name", Check.PLAN, WARN, {"plan": "Silver"}),
    Mismatch("begins after", Check.DATES, FAIL, {"begins": DAY + timedelta(days=1)}),
    Mismatch("ends before", Check.DATES, FAIL, {"ends": DAY - timedelta(days=1)}),
    Mismatch("no begin", Check.DATES, UNKNOWN, {"begins": None}),
    Mismatch("no end", Check.DATES, UNKNOWN, {"ends": None}),
    Mismatch("diagnosis", Check.DIAGNOSIS, FAIL, {"diagnoses": ("C44.1", "L20.9")}),
    Mismatch("near diagnosis", Check.DIAGNOSIS, WARN, {"diagnoses": ("L40.1",)}),
    Mismatch("bound person", Check.PROVIDER, FAIL, {"provider_npi": OTHER_NPI, "provider_binds": True}),
    Mismatch("colleague", Check.PROVIDER, WARN, {"provider_npi": OTHER_NPI, "provider_group": GROUP_NPI}),
    Mismatch("person of no known group", Check.PROVIDER, WARN, {"provider_npi": OTHER_NPI, "provider_group": None}),
    Mismatch("person of another group", Check.PROVIDER, FAIL, {"provider_npi": OTHER_NPI, "provider_group": "9"}),
    Mismatch("group", Check.PROVIDER, FAIL, {"provider_npi": None, "provider_group": OTHER_GROUP}),
    Mismatch("same person, other group", Check.PROVIDER, FAIL, {"provider_group": OTHER_GROUP}),
    Mismatch("site", Check.PLACE, FAIL, {"site_id": OTHER_SITE}),
    Mismatch("place", Check.PLACE, FAIL, {"places": ("22", "24")}),
    Mismatch("channel", Check.CHANNEL, FAIL, {"channel": Channel.PHARMACY}),
    Mismatch("denied", Check.APPROVAL, FAIL, {"status": Status.DENIED}),
    Mismatch("in appeal", Check.APPROVAL, FAIL, {"status": Status.IN_APPEAL}),
    Mismatch("dismissed", Check.APPROVAL, FAIL, {"status": Status.DISMISSED}),
    Mismatch("submitted", Check.APPROVAL, UNKNOWN, {"status": Status.SUBMITTED}, UNDECIDED),
    Mismatch("more info asked", Check.APPROVAL, UNKNOWN, {"status": Status.MORE_INFO}, UNDECIDED),
    Mismatch("no number", Check.APPROVAL, UNKNOWN, {"number": None}),
)
OF_A_SERVICE = (
    *OF_ANY_LINE,
    Mismatch("units", Check.UNITS, FAIL, {"items": (a_count(count=1),)}),
    Mismatch("code", Check.CODE, FAIL, {"items": (a_count("96912", "96921"),)}, UNNAMED),
)
OF_A_DRUG = (
    *OF_ANY_LINE,
    Mismatch("units", Check.UNITS, FAIL, {"items": (a_count("J0585", count=1),)}),
    Mismatch("drug", Check.DRUG, FAIL, {"items": (a_count("J0586"),), "ndc": OTHER_PRODUCT}, UNNAMED),
    Mismatch("ndc", Check.DRUG, FAIL, {"ndc": OTHER_PRODUCT}, UNNAMED),
    Mismatch("ndc on one side", Check.DRUG, WARN, {"ndc": None}),
)
SERVICE = an_approval(
    plan="Gold",
    plan_id="P1",
    group_number="G1",
    diagnoses=("L40.0",),
    provider_npi=NPI,
    provider_group=GROUP_NPI,
    site_id=SITE,
    places=("11",),
    channel=Channel.MEDICAL,
)
COVERAGE = a_coverage(plan="gold", plan_id="p-1", group_number="g 1")


def judged(case, *mismatches):
    changes: dict[str, Any] = {}
    for one in mismatches:
        changes |= one.changes
    if case == "drug":
        approval, line = {"items": (a_count("J0585"),), "ndc": SAME_PRODUCT}, a_line("J0585", units=2, ndc=NDC)
    else:
        approval, line = {}, a_line(units=2)
    row = an_approval(1, **{**_stated(SERVICE), **approval, **changes})
    (verdict,) = lines_of(a_file(a_visit(line), coverages=(COVERAGE,), authorizations=(row,)), around())
    return verdict


def _stated(row):
    names = ("plan", "plan_id", "group_number", "diagnoses", "provider_npi", "provider_group", "site_id", "places")
    return {name: getattr(row, name) for name in (*names, "channel")}


def expected(mismatches):
    """Work out badge and reason from the contract's table and its one sentence on badges."""
    left_out = frozenset().union(*(one.leaves_out for one in mismatches))
    results = {}
    for one in mismatches:
        worst = results.get(one.check)
        if one.check not in left_out and (worst is None or _rank(one.result) < _rank(worst)):
            results[one.check] = one.result
    for result, badge in ((FAIL, Badge.BLOCKED), (UNKNOWN, Badge.NOT_CHECKED), (WARN, Badge.AT_RISK)):
        checks = [check for check, one in results.items() if one is result]
        if result is UNKNOWN and checks == [Check.APPROVAL]:
            return Badge.WAITING, Check.APPROVAL
        if result is UNKNOWN:
            checks = [check for check in checks if check is not Check.APPROVAL]
        if checks:
            return badge, min(checks, key=CHECK_ORDER.__getitem__)
    return Badge.CLEARED, None


def _rank(result):
    return (FAIL, UNKNOWN, WARN).index(result)


def _fields(one):
    return frozenset(one.changes)


SINGLES = [("service", (one,)) for one in OF_A_SERVICE] + [("drug", (one,)) for one in OF_A_DRUG]
PAIRS = [
    (case, pair)
    for case, table in (("service", OF_A_SERVICE), ("drug", OF_A_DRUG))
    for pair in combinations(table, 2)
    if not _fields(pair[0]) & _fields(pair[1])
]


@pytest.mark.parametrize("case", ["service", "drug"])
def test_an_approval_that_fits_in_all_clears(case):
    assert judged(case).badge is Badge.CLEARED


@pytest.mark.parametrize(("case", "mismatches"), SINGLES, ids=lambda one: one if isinstance(one, str) else one[0].name)
def test_each_mismatch(case, mismatches):
    (one,) = mismatches
    verdict = judged(case, one)
    assert (verdict.badge, verdict.reason.check) == expected(mismatches)
    assert found(verdict, one.check).result is one.result
    for check in one.leaves_out:
        assert found(verdict, check) is None


def test_each_pair_of_mismatches():
    wrong = []
    for case, pair in PAIRS:
        verdict = judged(case, *pair)
        answer = verdict.badge, verdict.reason.check if verdict.reason else None
        # A candidate names the code or a code of the same service; else there is none to judge.
        if answer != expected(pair):
            wrong.append((case, pair[0].name, pair[1].name, answer, expected(pair)))
    assert len(PAIRS) > 600
    assert wrong == []


@pytest.mark.parametrize("status", [Status.DRAFT, Status.WITHDRAWN, Status.VOIDED])
def test_what_was_not_sent_or_taken_back_is_no_candidate(status):
    row = an_approval(status=status)
    (verdict,) = lines_of(a_file(authorizations=(row,)))
    assert (verdict.badge, verdict.reason.check, verdict.chosen) == (Badge.BLOCKED, Check.APPROVAL, None)
    assert verdict.reason.name == ("APPROVAL_NOT_SENT" if status is Status.DRAFT else "APPROVAL_NONE")
