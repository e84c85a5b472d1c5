"""What clinical facts change of a verdict: a class, steps that are shown, a criterion that is contradicted."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.clearance.facts.reasons import Badge, Check, Reason
from app.clearance.views.context import Told
from app.clearance.views.coverage_words import TELLERS
from app.clinical.facts import FactKind, Source, SourceKind
from app.policies.facts.answers import Grounds, Need
from app.policies.rules.chart import proves
from app.policies.rules.compiling import compile_book
from app.policies.rules.determine import determine
from tests.support.judging import DAY, TODAY, a_coverage, a_file, a_line, a_visit, around, found, lines_of, verdict_of
from tests.unit.clinical.charts import NOTE, SAID, a_fact
from tests.unit.clinical.test_chart import CHARTS
from tests.unit.policies.books import policy_set, rule

CODE = "96910"
PROVIDER = Source(SourceKind.PROVIDER, person=NOTE.document_id)


def bleeding(value="yes", **said):
    return a_fact(FactKind.FINDING, "bleeding", **{"on": TODAY} | said, value=value)


def wart(*facts, **changes):
    """A file of one line that is medical only with a reason."""
    line = a_line(code="17110", diagnoses=("L82.1",), **changes)
    return a_file(a_visit(lines=(line,)), authorizations=(), facts=facts)


def asking(**said):
    """The surroundings in which a payer has one rule for the code."""
    book = compile_book(policy_set(rule(**said)), "test")
    return replace(around(), requirement=lambda question, answers, _patient: determine(book, (), answers, question))


def lamp(*facts):
    """A file of one line of the code without an approval."""
    return a_file(
        a_visit(lines=(a_line(code=CODE),)), coverages=(a_coverage(payer="p"),), authorizations=(), facts=facts
    )


def bsa(value, **said):
    return a_fact(FactKind.MEASURE, "bsa_percent", **{"on": TODAY} | said, value=value)


def tried(**said):
    values = {"outcome": "inadequate_response", "duration": "6 weeks"}
    return a_fact(FactKind.TRIAL, "tcs", **{"on": TODAY} | said | values)


def test_a_reason_that_a_source_shows_makes_a_conditional_service_medical_and_is_told():
    (verdict,) = lines_of(wart(bleeding()))
    assert (verdict.badge, found(verdict, Check.CLASS)) == (Badge.CLEARED, Reason.CLASS_DOCUMENTED)
    words = TELLERS[Reason.CLASS_DOCUMENTED](Told(verdict, {}, TODAY))
    assert words.has == "The chart holds a medical reason of 03/02/2026."
    assert words.source == "A clinical fact on file, shown by a document."


@pytest.mark.parametrize(
    "fact",
    [
        bleeding("no"),
        bleeding(on=None),
        bleeding(source=SAID),
        bleeding(source=Source(SourceKind.PATIENT)),
        bleeding(source=Source(SourceKind.DOCUMENT)),
        bleeding(on=TODAY + timedelta(days=1)),
    ],
)
def test_without_a_day_that_has_come_and_a_source_nothing_becomes_medical(fact):
    (verdict,) = lines_of(wart(fact))
    assert (verdict.badge, found(verdict, Check.CLASS)) == (Badge.NOT_CHECKED, Reason.CLASS_WEAK)


def test_a_fact_of_a_later_day_counts_from_that_day_on_and_the_verdict_says_when():
    tomorrow = TODAY + timedelta(days=1)
    verdict = verdict_of(wart(bleeding(on=tomorrow)))
    assert verdict.changes_on == tomorrow
    assert lines_of(wart(bleeding(on=tomorrow)), around(tomorrow))[0].badge is Badge.CLEARED


def test_a_fact_of_a_day_after_the_visit_says_nothing_of_it():
    late = around(DAY + timedelta(days=3))
    assert found(lines_of(wart(bleeding(on=DAY)), late)[0], Check.CLASS) is Reason.CLASS_DOCUMENTED
    assert found(lines_of(wart(bleeding(on=DAY + timedelta(days=1))), late)[0], Check.CLASS) is Reason.CLASS_WEAK


STEPS = {
    "approval": "step_edit",
    "criteria": {"trial": {"of": ["tcs"], "count": "1", "accept": ["inadequate_response"]}},
}
COVERED = {"approval": "not_required", "criteria": {"bsa_percent": {"gte": "10"}}}


def test_steps_that_are_shown_need_no_approval():
    (without,), (shown,) = lines_of(lamp(), asking(**STEPS)), lines_of(lamp(tried()), asking(**STEPS))
    assert (without.badge, found(without, Check.RULE)) == (Badge.NOT_CHECKED, Reason.RULE_UNMET)
    assert (shown.badge, shown.requirement.need, shown.requirement.grounds) == (
        Badge.CLEARED, Need.NOT_REQUIRED, Grounds.STEPS_SHOWN,
    )  # fmt: skip
    (said,) = lines_of(lamp(tried(source=SAID)), asking(**STEPS))
    assert said.badge is Badge.NOT_CHECKED


@pytest.mark.parametrize(
    ("facts", "need"),
    [
        ((), Need.NOT_REQUIRED),
        ((bsa("12"),), Need.NOT_REQUIRED),
        ((bsa("4"),), Need.NOT_COVERED),
        ((bsa("4", on=TODAY - timedelta(days=9)), bsa("12")), Need.NOT_REQUIRED),
        ((bsa("4"), bsa("12")), Need.NOT_REQUIRED),
        ((bsa("4", source=SAID),), Need.NOT_REQUIRED),
        ((bsa("4", source=PROVIDER),), Need.NOT_COVERED),
    ],
)
def test_a_proven_fact_that_contradicts_a_criterion_makes_it_not_covered(facts, need):
    (verdict,) = lines_of(lamp(*facts), asking(**COVERED))
    assert verdict.requirement.need is need
    assert verdict.badge is (Badge.BLOCKED if need is Need.NOT_COVERED else Badge.CLEARED)


def test_the_length_of_the_disease_is_that_on_the_day_of_the_visit():
    criteria = {"disease_duration": {"gte": "6", "unit": "month"}}
    onset = (DAY - timedelta(days=180)).isoformat()
    diagnosis = a_fact(FactKind.DIAGNOSIS, "L40.0", on=TODAY, onset=onset)
    (verdict,) = lines_of(lamp(diagnosis), asking(approval="step_edit", criteria=criteria))
    assert verdict.badge is Badge.CLEARED
    later = a_fact(FactKind.DIAGNOSIS, "L40.0", on=TODAY, onset=(DAY - timedelta(days=179)).isoformat())
    assert lines_of(lamp(later), asking(approval="step_edit", criteria=criteria))[0].badge is Badge.NOT_CHECKED


RULES = st.sampled_from(
    [
        STEPS,
        COVERED,
        {"approval": "step_edit", "criteria": {"not": {"documented": "bleeding"}}},
        {
            "approval": "step_edit",
            "criteria": {"any": [{"lab": {"name": "tb_screen", "result": "negative"}}, STEPS["criteria"]]},
        },
        {"approval": "not_required", "criteria": {"not_combined_with": ["tcs"]}},
        {"approval": "required", "criteria": {"bsa_percent": {"gte": "10"}}},
    ]
)


@settings(max_examples=150)
@given(CHARTS, RULES)
def test_facts_that_prove_nothing_never_change_a_verdict(facts, said):
    world = asking(**said)
    on = world.as_of
    proven = [one for one in facts if proves(one, on)]
    for file in (lamp, wart):
        whole, part = verdict_of(file(*facts), world), verdict_of(file(*proven), world)
        assert [(one.badge, one.reasons) for one in whole.lines] == [(one.badge, one.reasons) for one in part.lines]


@settings(max_examples=150)
@given(CHARTS, st.integers(0, 5))
def test_a_verdict_stays_as_it_is_until_the_day_that_it_names(facts, days):
    world = asking(**STEPS)
    first = verdict_of(lamp(*facts), world)
    day = world.as_of + timedelta(days=days)
    if first.changes_on is None or day < first.changes_on:
        later = verdict_of(lamp(*facts), replace(world, as_of=day))
        assert [one.reasons for one in later.lines] == [one.reasons for one in first.lines]


def test_patients_without_facts_cost_nothing():
    with patch("app.clearance.rules.asking.chart_known", side_effect=AssertionError):
        assert lines_of(wart())[0].badge is Badge.NOT_CHECKED
        with pytest.raises(AssertionError):
            lines_of(wart(bleeding()))
