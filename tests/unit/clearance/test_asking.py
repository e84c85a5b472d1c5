"""What is asked of the payer rules for a line: only what is known, with the right state, people and companions."""

import pytest

from app.policies.facts.answers import Need, Question
from app.practice.facts.practice import Site
from app.schedule.facts import Supply
from app.values.insurance import Benefit, Channel, Line, Rank
from tests.support.judging import (
    DAY,
    OTHER_GROUP,
    OTHER_NPI,
    PAYER,
    SECOND_PAYER,
    SITE,
    a_coverage,
    a_file,
    a_line,
    a_requirement,
    a_visit,
    around,
    lines_of,
)
from tests.support.make import GROUP_NPI, NPI


def questions(*lines, coverages=None, **changes):
    """Judge one visit and give every question that was put, in order."""
    asked: list[Question] = []

    def requirement(question, answers, patient):
        asked.append(question)
        return a_requirement(Need.NOT_REQUIRED)

    file = a_file(a_visit(*lines), coverages=coverages or (a_coverage(),), authorizations=())
    lines_of(file, around(requirement=requirement, **changes))
    return asked


def test_all_that_is_known_of_a_line_is_asked():
    line = a_line(place="22", documented=frozenset({"bleeding"}), supply=Supply.SAMPLE)
    (asked,) = questions(line, coverages=(a_coverage(plan="Gold"),))
    assert asked == Question(
        payer=PAYER,
        day=DAY,
        code="96910",
        line=Line.COMMERCIAL,
        plan="Gold",
        channel=Channel.MEDICAL,
        diagnoses=("L40.0",),
        place="22",
        state="NY",
        provider=NPI,
        group=GROUP_NPI,
        supply="sample",
        documented=frozenset({"bleeding"}),
    )


def test_the_other_codes_of_the_visit_are_companions():
    first, second = questions(a_line(), a_line("99213", 1), a_line(None, 2))
    assert (first.companions, second.companions) == (frozenset({"99213"}), frozenset({"96910"}))


@pytest.mark.parametrize(
    ("line", "site_state", "coverage_state", "state"),
    [
        (Line.COMMERCIAL, "NY", "NJ", "NY"),
        (Line.COMMERCIAL, None, "NJ", None),
        (Line.MEDICAID, "NY", "NJ", "NJ"),
        (Line.MEDICAID, "NY", None, None),
        (Line.MEDICAID_MANAGED, "NY", "NJ", "NJ"),
        (Line.MEDICARE, "NY", "NJ", "NY"),
    ],
)
def test_the_state_is_the_sites_and_for_medicaid_the_coverages(line, site_state, coverage_state, state):
    sites = {SITE: Site(SITE, "Main", None, "America/New_York", site_state)}
    (asked,) = questions(a_line(), coverages=(a_coverage(line=line, state=coverage_state),), sites=sites)
    assert asked.state == state


@pytest.mark.parametrize(
    ("changes", "provider", "group"),
    [
        ({}, NPI, GROUP_NPI),
        ({"provider_group": OTHER_GROUP}, NPI, OTHER_GROUP),
        ({"billing_npi": OTHER_NPI}, OTHER_NPI, None),
        ({"billing_npi": OTHER_NPI, "provider_group": GROUP_NPI}, OTHER_NPI, None),
        ({"billing_npi": NPI, "provider_group": OTHER_GROUP}, NPI, OTHER_GROUP),
    ],
)
def test_who_bills_is_asked_about_where_the_visit_names_one(changes, provider, group):
    (asked,) = questions(a_line(**changes))
    assert (asked.provider, asked.group) == (provider, group)


def test_the_group_of_the_practice_stands_in_for_one_that_is_not_known():
    (asked,) = questions(a_line(provider_npi=OTHER_NPI), practice_group=GROUP_NPI)
    assert asked.group == GROUP_NPI


@pytest.mark.parametrize(
    ("changes", "code", "drug", "channel"),
    [
        ({"code": "J0585"}, "J0585", "drug:botox", Channel.MEDICAL),
        ({"code": None, "drug": "drug:dupixent"}, None, "drug:dupixent", Channel.MEDICAL),
        ({"code": "J0585", "supply": Supply.SPECIALTY_PHARMACY}, "J0585", "drug:botox", Channel.PHARMACY),
        ({"code": "96910", "supply": Supply.SPECIALTY_PHARMACY}, "96910", None, Channel.MEDICAL),
        ({"code": "J0585", "channel": Channel.PHARMACY}, "J0585", "drug:botox", Channel.PHARMACY),
    ],
)
def test_a_drug_is_asked_by_its_key_and_benefit(changes, code, drug, channel):
    (asked,) = questions(a_line(**changes), coverages=(a_coverage(benefit=Benefit.BOTH),))
    assert (asked.code, asked.drug, asked.channel) == (code, drug, channel)


@pytest.mark.parametrize(("payer", "line"), [("only_medicaid", Line.MEDICAID), (PAYER, None)])
def test_an_empty_line_is_the_payers_only_one(payer, line):
    (asked,) = questions(a_line(), coverages=(a_coverage(line=None, payer=payer),))
    assert asked.line is line


def test_nothing_is_asked_without_a_coverage_or_a_procedure():
    assert questions(a_line(None)) == []
    assert lines_of(a_file(coverages=(), authorizations=()))[0].requirement.need is Need.UNKNOWN


def test_each_further_coverage_is_asked_too():
    second = a_coverage(2, rank=Rank.SECONDARY, payer=SECOND_PAYER, plan="Silver")
    first, other = questions(a_line(), coverages=(a_coverage(), second))
    assert (first.payer, other.payer, other.plan) == (PAYER, SECOND_PAYER, "Silver")
