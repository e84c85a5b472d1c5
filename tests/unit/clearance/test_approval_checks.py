"""The checks from `approval` to `drug`: boundaries, and the ways in which each passes."""

from datetime import date, timedelta

import pytest

from app.authorizations.facts import Kind
from app.clearance.facts.reasons import Badge, Check, Reason
from app.policies.facts.answers import Need
from app.schedule.facts import Supply
from app.values.insurance import Benefit, Channel
from app.values.spans import DateSpan
from tests.support.judging import (
    DAY,
    NEEDS,
    OTHER_GROUP,
    OTHER_NPI,
    OTHER_SITE,
    PAYER,
    SECOND_PAYER,
    SITE,
    a_count,
    a_coverage,
    a_file,
    a_line,
    a_requirement,
    a_visit,
    an_approval,
    around,
    found,
    lines_of,
    member,
    needs,
)
from tests.support.make import GROUP_NPI, NPI


def check_of(check, approval, line=None, coverage=None, others=(), world=None):
    file = a_file(
        a_visit(line or a_line()),
        coverages=(coverage or a_coverage(),),
        authorizations=(approval, *others),
    )
    (verdict,) = lines_of(file, world)
    return found(verdict, check)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"begins": DAY, "ends": DAY}, Reason.DATES_INSIDE),
        ({"begins": DAY + timedelta(days=1)}, Reason.DATES_BEFORE),
        ({"ends": DAY}, Reason.DATES_INSIDE),
        ({"ends": DAY - timedelta(days=1)}, Reason.DATES_AFTER),
        ({"ends": None}, Reason.DATES_MISSING),
        ({"ends": None, "no_end": True}, Reason.DATES_INSIDE),
        ({"begins": None}, Reason.DATES_MISSING),
        ({"begins": None, "ends": None}, Reason.DATES_MISSING),
        ({"begins": None, "ends": None, "no_end": True}, Reason.DATES_MISSING),
        ({"begins": None, "ends": DAY - timedelta(days=1)}, Reason.DATES_AFTER),
        ({"begins": DAY + timedelta(days=1), "ends": None}, Reason.DATES_BEFORE),
    ],
)
def test_dates(changes, reason):
    assert check_of(Check.DATES, an_approval(**changes)) is reason


@pytest.mark.parametrize(
    ("changes", "badge", "reason"),
    [
        ({"number": None, "reference": "case 7"}, Badge.CLEARED, Reason.APPROVAL_APPROVED),
        ({"number": None, "reference": None}, Badge.WAITING, Reason.APPROVAL_NO_NUMBER),
    ],
)
def test_an_approval_needs_a_number_or_a_reference(changes, badge, reason):
    (verdict,) = lines_of(a_file(authorizations=(an_approval(**changes),)))
    assert (verdict.badge, found(verdict, Check.APPROVAL)) == (badge, reason)


@pytest.mark.parametrize(
    ("approved", "ours", "reason"),
    [
        ({"member": member("w123-456-789")}, {}, Reason.PLAN_SAME),
        ({"member": member("W123456789 01")}, {}, Reason.PLAN_SAME),
        ({"member": member("W123456789")}, {"member": member("W123456789-02")}, Reason.PLAN_SAME),
        ({"member": member("W123456788")}, {}, Reason.PLAN_MEMBER_DIFFERS),
        ({"plan_id": "P1"}, {}, Reason.PLAN_SAME),
        ({"group_number": "G1"}, {}, Reason.PLAN_SAME),
        ({}, {"plan_id": "P1", "group_number": "G1"}, Reason.PLAN_SAME),
        ({"plan": "GOLD ppo"}, {"plan": "Gold-PPO"}, Reason.PLAN_SAME),
        ({"plan": "Gold"}, {}, Reason.PLAN_SAME),
        ({"member": None, "decided_on": date(2026, 1, 1)}, {}, Reason.PLAN_SAME),
        ({"member": None, "decided_on": date(2025, 12, 31)}, {}, Reason.PLAN_BEFORE_COVERAGE),
        ({"member": None, "decided_on": date(2020, 1, 1)}, {"span": DateSpan(None, None)}, Reason.PLAN_SAME),
        ({"decided_on": date(2025, 12, 31)}, {}, Reason.PLAN_SAME),
    ],
)
def test_plan(approved, ours, reason):
    assert check_of(Check.PLAN, an_approval(**approved), coverage=a_coverage(**ours)) is reason


NEW_PAYER = a_coverage(payer=SECOND_PAYER, member=member("Z5"))
CONTINUITY = an_approval(7, kind=Kind.CONTINUITY, payer=SECOND_PAYER, member=member("Z5"), items=(a_count(count=0),))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, Reason.PLAN_CONTINUITY),
        ({"begins": DAY, "ends": DAY}, Reason.PLAN_CONTINUITY),
        ({"ends": DAY - timedelta(days=1)}, Reason.PLAN_PAYER_DIFFERS),
        ({"number": None}, Reason.PLAN_PAYER_DIFFERS),
        ({"payer": "third"}, Reason.PLAN_PAYER_DIFFERS),
        ({"member": member("Z6")}, Reason.PLAN_PAYER_DIFFERS),
        ({"items": (a_count("99213"),)}, Reason.PLAN_PAYER_DIFFERS),
    ],
)
def test_a_new_payer_may_confirm_continuity(changes, reason):
    confirmed = an_approval(7, **{**_all(CONTINUITY), **changes})
    # The continuity row itself has no units left, so the old approval is the better one where it may stand.
    assert check_of(Check.PLAN, an_approval(), coverage=NEW_PAYER, others=(confirmed,)) is reason


def _all(row):
    return {name: getattr(row, name) for name in ("kind", "payer", "member", "items")}


@pytest.mark.parametrize(
    ("items", "family", "reason"),
    [
        ((a_count("96910"),), (), Reason.CODE_NAMED),
        ((a_count("96912", "96910"),), (), Reason.CODE_NAMED),
        ((a_count("96900", last="96913"),), (), Reason.CODE_NAMED),
        ((a_count("96910", last="96912"),), (), Reason.CODE_NAMED),
        ((a_count("96900", last="96910"),), (), Reason.CODE_NAMED),
        ((a_count("96911", last="96913"),), (), Reason.CODE_DIFFERS),
        ((a_count("*"),), (), Reason.CODE_NAMED),
        ((a_count("96912"),), (), Reason.CODE_DIFFERS),
        ((a_count("96912"),), ("96910", "96912"), Reason.CODE_BY_FAMILY),
        ((a_count("96900"),), ("96910", "96900"), Reason.CODE_BY_FAMILY),
        ((a_count("96912"),), ("96912", "96913"), Reason.CODE_DIFFERS),
    ],
)
def test_code(items, family, reason):
    world = around(rules=needs({"96910": a_requirement(family=frozenset(family))}))
    assert check_of(Check.CODE, an_approval(items=items), world=world) is reason


def test_an_approval_of_another_service_is_no_candidate():
    (verdict,) = lines_of(a_file(authorizations=(an_approval(items=(a_count("99213"),)),)))
    assert (verdict.chosen, verdict.reason) == (None, Reason.APPROVAL_NONE)


@pytest.mark.parametrize(
    ("need", "items", "reason"),
    [
        (Need.REQUIRED, (a_count("96910"),), Reason.CODE_FAMILY_OPEN),
        (Need.REQUIRED, (a_count("96910"), a_count("96912")), Reason.CODE_NAMED),
        (Need.REQUIRED, (a_count("96910", last="96912"),), Reason.CODE_NAMED),
        (Need.NOT_REQUIRED, (a_count("96910"),), Reason.CODE_NAMED),
    ],
)
def test_the_day_may_end_with_another_code_of_the_family(need, items, reason):
    world = around(rules={**NEEDS, (PAYER, "96912"): a_requirement(need)})
    assert check_of(Check.CODE, an_approval(items=items), world=world) is reason


@pytest.mark.parametrize(
    ("approved", "planned", "reason"),
    [
        ((), ("L40.0",), None),
        (("L40.0",), ("L40.0",), Reason.DIAGNOSIS_LISTED),
        (("L40",), ("L40.0",), Reason.DIAGNOSIS_LISTED),
        (("L40.5",), ("L40.53",), Reason.DIAGNOSIS_LISTED),
        (("C44.1", "L40.0"), ("L20.9", "L40.0"), Reason.DIAGNOSIS_LISTED),
        (("L40.53",), ("L40.5",), Reason.DIAGNOSIS_CLOSE),
        (("L40.0",), ("L40.1",), Reason.DIAGNOSIS_CLOSE),
        (("L40.0",), ("L41.0",), Reason.DIAGNOSIS_DIFFERS),
        (("L40.0",), (), Reason.DIAGNOSIS_NONE),
    ],
)
def test_diagnosis(approved, planned, reason):
    line = a_line(diagnoses=planned)
    assert check_of(Check.DIAGNOSIS, an_approval(diagnoses=approved), line) is reason


@pytest.mark.parametrize(
    ("approved", "line", "groups", "reason"),
    [
        ({}, {}, {}, Reason.PROVIDER_ANY),
        ({"provider_npi": NPI}, {}, {}, Reason.PROVIDER_SAME),
        ({"provider_npi": OTHER_NPI}, {"billing_npi": OTHER_NPI}, {}, Reason.PROVIDER_SAME),
        ({"provider_npi": NPI}, {"billing_npi": OTHER_NPI}, {}, Reason.PROVIDER_COLLEAGUE),
        ({"provider_npi": NPI, "provider_binds": True}, {}, {}, Reason.PROVIDER_SAME),
        ({"provider_npi": NPI, "provider_group": GROUP_NPI}, {}, {}, Reason.PROVIDER_SAME),
        ({"provider_npi": OTHER_NPI}, {}, {}, Reason.PROVIDER_COLLEAGUE),
        ({"provider_npi": OTHER_NPI}, {}, {NPI: GROUP_NPI, OTHER_NPI: GROUP_NPI}, Reason.PROVIDER_COLLEAGUE),
        ({"provider_npi": OTHER_NPI}, {}, {NPI: GROUP_NPI, OTHER_NPI: OTHER_GROUP}, Reason.PROVIDER_OTHER_GROUP),
        ({"provider_npi": OTHER_NPI, "provider_binds": True}, {}, {}, Reason.PROVIDER_OTHER_PERSON),
        ({"provider_group": GROUP_NPI}, {}, {NPI: GROUP_NPI}, Reason.PROVIDER_GROUP),
        ({"provider_group": GROUP_NPI}, {"provider_group": GROUP_NPI}, {}, Reason.PROVIDER_GROUP),
        ({"provider_group": GROUP_NPI}, {"provider_group": OTHER_GROUP}, {}, Reason.PROVIDER_OTHER_GROUP),
        ({"provider_group": GROUP_NPI}, {}, {}, Reason.PROVIDER_GROUP_UNKNOWN),
    ],
)
def test_provider(approved, line, groups, reason):
    world = around(groups=groups)
    assert check_of(Check.PROVIDER, an_approval(**approved), a_line(**line), world=world) is reason


def test_a_rule_may_bind_the_person():
    world = around(rules=needs({"96910": a_requirement(binds_person=True)}))
    row = an_approval(provider_npi=OTHER_NPI, provider_group=GROUP_NPI)
    assert check_of(Check.PROVIDER, row, world=world) is Reason.PROVIDER_OTHER_PERSON


@pytest.mark.parametrize(
    ("approved", "reason"),
    [
        ({}, None),
        ({"site_id": SITE}, Reason.PLACE_SAME),
        ({"places": ("11",)}, Reason.PLACE_SAME),
        ({"places": ("22", "11"), "site_id": SITE}, Reason.PLACE_SAME),
        ({"places": ("22",)}, Reason.PLACE_DIFFERS),
        ({"site_id": OTHER_SITE}, Reason.PLACE_SITE_DIFFERS),
        ({"site_id": OTHER_SITE, "places": ("11",)}, Reason.PLACE_SITE_DIFFERS),
    ],
)
def test_place(approved, reason):
    assert check_of(Check.PLACE, an_approval(**approved)) is reason


@pytest.mark.parametrize(
    ("approved", "line", "reason"),
    [
        (None, {}, None),
        (Channel.MEDICAL, {}, Reason.CHANNEL_SAME),
        (Channel.PHARMACY, {}, Reason.CHANNEL_DIFFERS),
        (Channel.PHARMACY, {"channel": Channel.PHARMACY}, Reason.CHANNEL_SAME),
        (Channel.MEDICAL, {"channel": Channel.PHARMACY}, Reason.CHANNEL_DIFFERS),
        (Channel.PHARMACY, {"supply": Supply.SPECIALTY_PHARMACY}, Reason.CHANNEL_DIFFERS),
    ],
)
def test_channel(approved, line, reason):
    row = an_approval(channel=approved)
    assert check_of(Check.CHANNEL, row, a_line(**line), a_coverage(benefit=Benefit.BOTH)) is reason


NDC, PACKAGE, OTHER = "00023114501", "00023114599", "00023114601"
BOTOX = (a_count("J0585"),)


@pytest.mark.parametrize(
    ("approved", "line", "reason"),
    [
        ({"items": BOTOX}, {}, Reason.DRUG_SAME),
        ({"items": BOTOX, "ndc": NDC}, {"ndc": PACKAGE}, Reason.DRUG_SAME),
        ({"items": BOTOX, "ndc": NDC}, {"ndc": OTHER}, Reason.DRUG_NDC_DIFFERS),
        ({"items": BOTOX, "ndc": NDC}, {}, Reason.DRUG_NDC_ONE_SIDE),
        ({"items": BOTOX}, {"ndc": NDC}, Reason.DRUG_NDC_ONE_SIDE),
        ({"items": (a_count("J0586"),)}, {}, Reason.DRUG_DIFFERS),
        ({"items": (), "drug": "drug:botox"}, {}, Reason.DRUG_SAME),
        ({"items": (), "drug": "drug:dupixent"}, {"code": None, "drug": "drug:dupixent"}, Reason.DRUG_SAME),
        ({"items": (), "ndc": NDC}, {"ndc": PACKAGE}, Reason.DRUG_SAME),
        ({"items": (a_count("J3590"),)}, {"code": "J3590", "drug": "drug:spevigo"}, Reason.DRUG_SAME),
        (
            {"items": (a_count("J3590"),), "drug": "drug:dupixent"},
            {"code": "J3590", "drug": "drug:spevigo"},
            Reason.DRUG_DIFFERS,
        ),
    ],
)
def test_drug(approved, line, reason):
    row, planned = an_approval(**approved), a_line(**{"code": "J0585", **line})
    assert check_of(Check.DRUG, row, planned) is reason
    code = check_of(Check.CODE, row, planned)
    differs = reason in (Reason.DRUG_DIFFERS, Reason.DRUG_NDC_DIFFERS)
    assert (code is None) == differs


def test_a_line_that_is_no_drug_has_no_drug_check():
    assert check_of(Check.DRUG, an_approval()) is None
