"""Every reason has words: what is needed or there, where it was read, what fixes it, and a short form for lists."""

import re
from dataclasses import replace

import pytest

from app.clearance.facts.reasons import BY_NUMBER, Badge, Check, Reason, Result
from app.clearance.facts.verdicts import LineVerdict
from app.clearance.rules.badges import badge_of_line
from app.clearance.rules.packing import pack, unpack
from app.clearance.views.context import Told
from app.clearance.views.sentences import BADGE_WORDS, CHECK_WORDS, TELLERS, line_sentence, visit_words, words_of
from app.clearance.views.shapes import line_shape
from app.policies.facts.answers import Cite, Criterion, Limit, Need, ServiceClass, Truth
from app.values.insurance import Channel, Line
from tests.support import judging as make

NOT_SAID = re.compile(r"\b(?i:please|sorry|oops|invalid|forbidden)\b|[a-z,:] None\b|  ")
SITES = make.around().sites
REQUIREMENT = make.a_requirement(
    Need.REQUIRED,
    cite=Cite("Phototherapy policy", "https://payer.example/policy", make.TODAY),
    criteria=(Criterion("three topicals failed", Truth.UNKNOWN),),
    unmet=("place of service",),
    limits=(Limit("at most 1 visit a day", "visits", 1, "day"),),
)
SPEAK_OF_APPROVAL = (Check.APPROVAL, Check.PLAN, Check.CODE, Check.DATES, Check.PROVIDER)
DETAILS = {
    Check.SPACING: (REQUIREMENT.limits[0], 2),
    Check.SECONDARY: (make.a_coverage(2, payer_name="Second Health"), Need.REQUIRED, None),
    Check.RENEWAL: (make.DAY, make.DAY, "last unit"),
}


def told(reason: Reason, **changes: object) -> Told:
    line = make.a_line(visit_type="NBUVB", referral="R7", ndc="00024591401", documented=frozenset({"bleeding"}))
    if reason is Reason.RULE_ROW_REFUSED:
        line = make.a_line(None, refused_row=42)
    verdict = LineVerdict(
        make.a_visit(line),
        line,
        badge_of_line((reason,)),
        ServiceClass.MEDICAL,
        (reason,),
        REQUIREMENT,
        make.a_coverage(plan="Silver"),
        make.an_approval(plan="Gold", diagnoses=("L40.0",), provider_npi=make.NPI, places=("11",)),
        3,
        DETAILS,
    )
    return Told(verdict, SITES, make.TODAY)


@pytest.mark.parametrize("reason", Reason, ids=lambda reason: reason.name)
def test_every_reason_has_words_and_a_reason_that_stops_has_a_fix(reason):
    words = words_of(reason, told(reason))
    said = [text for text in (words.needs, words.has, words.source, words.fix) if text]
    assert words.has
    assert len(words.short.split()) <= 8
    assert not any(NOT_SAID.search(text) for text in [*said, words.short]), said
    if reason.result is not Result.PASS:
        assert words.fix
        assert words.short
    sentence, short = line_sentence(told(reason).verdict, SITES, make.TODAY)
    assert sentence.endswith(".") and short == (words.short if reason.result is not Result.PASS else short)


def test_no_reason_is_without_a_teller_and_no_teller_without_a_reason():
    assert set(TELLERS) == set(Reason)
    assert set(CHECK_WORDS) == set(Check)
    assert set(BADGE_WORDS) == set(Badge)


def test_reasons_are_numbered_once_and_in_the_order_of_the_checks():
    assert len(BY_NUMBER) == len(Reason)
    in_order = sorted(Reason, key=lambda reason: reason.number)
    checks = [reason.check for reason in in_order]
    assert [check for place, check in enumerate(checks) if place == 0 or checks[place - 1] is not check] == list(Check)
    assert max(BY_NUMBER) < 256


@pytest.mark.parametrize("need", Need)
@pytest.mark.parametrize("reason", [reason for reason in Reason if reason.check is Check.RULE])
def test_the_rule_is_said_for_every_need(need, reason):
    one = told(reason)
    changed = make.replace(one.verdict, requirement=make.replace(REQUIREMENT, need=need))
    words = words_of(reason, Told(changed, SITES, make.TODAY))
    assert words.has and not NOT_SAID.search(words.has)


def test_words_stand_without_coverage_approval_dates_or_numbers():
    bare = make.an_approval(number=None, reference=None, begins=None, ends=None, decided_on=None, member=None, items=())
    for reason in Reason:
        if reason.check in SPEAK_OF_APPROVAL and reason is not Reason.PLAN_NAME_DIFFERS:
            one = told(reason)
            verdict = make.replace(one.verdict, chosen=bare)
            words = words_of(reason, Told(verdict, SITES, make.TODAY))
            assert words.has and not NOT_SAID.search(words.has)


def test_a_cleared_visit_says_on_what_it_rests():
    (line,) = make.lines_of(make.a_file())
    badge, sentence, short = visit_words([line], SITES, make.TODAY)
    assert badge is Badge.CLEARED
    assert sentence == "Cleared. A001 of Acme Health covers 96910, 35 left after this visit."
    assert len(short.split()) <= 8


def test_the_shape_of_a_line_has_the_keys_of_the_contract():
    (line,) = make.lines_of(make.a_file())
    shape = line_shape(line, SITES, make.TODAY)
    assert list(shape) == [
        "code",
        "drug",
        "units",
        "badge",
        "class",
        "reason",
        "requirement",
        "authorization",
        "units_left_after",
        "checks",
    ]
    assert list(shape["requirement"]) == ["need", "confidence", "rule", "why", "cite"]
    assert {tuple(check) for check in shape["checks"]} == {("id", "result", "needs", "has", "source", "fix")}


def test_what_is_packed_comes_back():
    lines = make.lines_of(make.a_file(make.a_visit(make.a_line(), make.a_line("99213", 1), make.a_line(None, 2))))
    for line, stored in zip(lines, unpack(pack(lines)), strict=True):
        assert stored.badge is line.badge and stored.reasons == line.reasons and stored.klass is line.klass
        assert stored.chosen == (line.chosen.id if line.chosen else None)
        assert stored.units_left_after == line.units_left_after
        requirement = line.requirement
        assert requirement is not None
        assert (stored.need, stored.rule) == (requirement.need, requirement.rule)


@pytest.mark.parametrize("reason", [Reason.PLAN_PAYER_DIFFERS, Reason.PLAN_ID_DIFFERS])
@pytest.mark.parametrize(
    ("line", "channel", "named"),
    [
        (Line.MEDICARE_ADVANTAGE, None, True),
        (Line.MEDICARE_ADVANTAGE, Channel.PHARMACY, False),
        (Line.COMMERCIAL, None, False),
        (None, None, False),
    ],
)
def test_the_duty_of_medicare_advantage_to_go_on_is_named_where_it_holds(reason, line, channel, named):
    known = told(reason).verdict
    planned = replace(known.line, channel=channel)
    verdict = replace(known, coverage=make.a_coverage(line=line), line=planned)
    fix = words_of(reason, Told(verdict, SITES, make.TODAY)).fix
    assert ("422.112(b)(8)" in fix and "90 days" in fix and "not Part D" in fix) is named
