"""Who is believed, what a rule's two axes mean, and what happens when a fact is missing."""

from datetime import date

import pytest

from app.policies.facts.answers import Confidence, Grounds, Need, PatientAnswer, Question, Truth
from app.policies.rules.determine import determine
from app.values.insurance import Channel, Line
from app.values.spans import DateSpan
from tests.unit.policies.books import DAY, ask, book, practice_rule, rule

MILD = {"approval": "not_required", "coverage": "covered"}
BSA = {"bsa_percent": {"gte": "10"}}


@pytest.mark.parametrize(
    ("approval", "seen", "memory"),
    [
        ("required", Need.REQUIRED, Need.REQUIRED),
        ("not_required", Need.NOT_REQUIRED, Need.UNKNOWN),
        ("notification", Need.NOTIFICATION, Need.UNKNOWN),
        ("step_edit", Need.REQUIRED_WHEN_UNMET, Need.UNKNOWN),
        ("voluntary_else_prepayment_review", Need.VOLUNTARY, Need.UNKNOWN),
        ("not_applicable", Need.NOT_COVERED, Need.NOT_COVERED),
        ("unknown", Need.UNKNOWN, Need.UNKNOWN),
    ],
)
def test_the_approval_axis_and_memory_which_is_never_mild(approval, seen, memory):
    assert ask(rule(approval=approval)).need is seen
    answer = ask(rule(approval=approval, confidence="memory"))
    assert (answer.need, answer.confidence) == (memory, Confidence.MEMORY)


def test_a_rule_of_procedure_answers_nothing():
    assert ask(rule(approval="rule", coverage="rule")).grounds is Grounds.NO_RULE


@pytest.mark.parametrize(
    ("place", "need"),
    [("22", Need.REQUIRED), ("19", Need.REQUIRED), ("11", Need.NOT_REQUIRED), (None, Need.REQUIRED_WHEN_UNMET)],
)
def test_required_when_follows_its_condition(place, need):
    assert ask(rule(approval="required_when", when={"settings": ["hospital_outpatient"]}), place=place).need is need


def test_days_already_used_are_never_known():
    answer = ask(rule(approval="required_when", when={"after_free_days": "90", "per": "12 months"}))
    assert (answer.need, answer.unmet) == (Need.REQUIRED_WHEN_UNMET, ("days already used",))


@pytest.mark.parametrize(
    ("facts", "need"),
    [
        ({"bsa_percent": "12"}, Need.NOT_REQUIRED),
        ({"bsa_percent": "9"}, Need.REQUIRED_WHEN_UNMET),
        ({}, Need.REQUIRED_WHEN_UNMET),
    ],
)
def test_a_step_edit_needs_approval_until_its_steps_are_shown(facts, need):
    assert ask(rule(approval="step_edit", criteria=BSA), facts=facts).need is need


@pytest.mark.parametrize(
    ("coverage", "facts", "need"),
    [
        ("criteria", {"bsa_percent": "9"}, Need.NOT_COVERED),
        ("criteria", {"bsa_percent": "10"}, Need.NOT_REQUIRED),
        ("criteria", {}, Need.NOT_REQUIRED),
        ("cosmetic_unless", {"bsa_percent": "9"}, Need.COSMETIC),
        ("cosmetic_unless", {}, Need.NOT_REQUIRED),
    ],
)
def test_a_contradicted_coverage_criterion_beside_not_required(coverage, facts, need):
    assert ask(rule(approval="not_required", coverage=coverage, criteria=BSA), facts=facts).need is need


def test_criteria_of_a_required_service_are_shown_and_change_nothing():
    answer = ask(rule(criteria={"all": [BSA, {"age": {"gte": "12", "unit": "year"}}]}), age_months=143)
    assert answer.need is Need.REQUIRED
    assert [entry.result for entry in answer.criteria] == [Truth.UNKNOWN, Truth.NOT_MET]


@pytest.mark.parametrize(
    ("begins", "until", "day", "answers"),
    [
        ("2026-03-02", None, date(2026, 3, 1), False),
        ("2026-03-02", None, date(2026, 3, 2), True),
        ("unknown", "2026-03-02", date(2026, 3, 2), True),
        ("unknown", "2026-03-02", date(2026, 3, 3), False),
    ],
)
def test_the_first_and_the_last_day_of_a_rule_count(begins, until, day, answers):
    dated = {"from": begins} | ({"until": until} if until else {})
    assert (ask(rule(**dated), day=day).need is Need.REQUIRED) is answers


def test_a_replaced_rule_ends_the_day_before_its_replacement():
    old = rule("old", replaced_by="new")
    new = rule("new", **{"from": "2026-03-02"}, **MILD)
    assert ask(old, new, day=date(2026, 3, 1)).need is Need.REQUIRED
    assert ask(old, new, day=date(2026, 3, 2)).need is Need.NOT_REQUIRED


def test_an_inactive_rule_answers_nothing():
    assert ask(rule(inactive="yes")).grounds is Grounds.NO_RULE


@pytest.mark.parametrize(
    ("bound", "missing"),
    [
        ({"diagnoses": ["L40.0"]}, "diagnosis"),
        ({"applies": {"places": ["11"]}}, "place"),
        ({"applies": {"age": {"lt": "18"}}}, "age"),
        ({"applies": {"plans": ["Gold"]}}, "plan"),
        ({"applies": {"supply": ["sample"]}}, "supply"),
        ({"applies": {"providers": ["1003000126"]}}, "provider"),
        ({"pairing": {"any_of": ["96910"], "with_any_of": ["96912"]}}, "companions"),
    ],
)
def test_a_missing_fact_never_drops_a_required_rule_and_never_lets_a_mild_one_answer(bound, missing):
    strict = ask(rule(**bound))
    assert (strict.need, strict.unmet) == (Need.REQUIRED_WHEN_UNMET, (missing,))
    mild = ask(rule(**bound, **MILD))
    assert (mild.need, mild.unmet) == (Need.UNKNOWN, (missing,))


@pytest.mark.parametrize("approval", ["required", "notification", "voluntary_else_prepayment_review"])
def test_a_strict_rule_outlives_an_unknown_state_or_line_as_it_is(approval):
    outright = ask(rule(approval=approval)).need
    assert ask(rule(approval=approval, applies={"states": ["TX"]})).need is outright
    assert ask(rule(approval=approval), rule("other", product="ma", codes=["17000"])).need is outright


@pytest.mark.parametrize(
    ("said", "need", "rule_named"),
    [
        ({}, Need.REQUIRED, "p/t#full"),
        ({"program": "notification"}, Need.NOTIFICATION, "p/t#light"),
        ({"program": "medical_necessity"}, Need.REQUIRED, "p/t#full"),
    ],
)
def test_of_two_programs_the_stricter_holds_until_the_plan_says_which(said, need, rule_named):
    light = rule("light", approval="notification", program="notification")
    answer = ask(light, rule("full", program="medical_necessity"), facts=said)
    assert (answer.need, answer.rule) == (need, rule_named)


def test_a_notification_of_a_program_that_may_be_another_answers_unknown():
    light = rule(approval="notification", program="notification")
    answer = ask(light)
    assert (answer.need, answer.grounds, answer.unmet) == (Need.UNKNOWN, Grounds.CONDITION_UNKNOWN, ("program",))
    assert ask(light, facts={"program": "notification"}).need is Need.NOTIFICATION
    assert ask(light, facts={"program": "medical_necessity"}).grounds is Grounds.NO_RULE


def test_a_mild_rule_does_not_answer_for_an_unknown_state_or_line():
    assert ask(rule(**MILD, applies={"states": ["TX"]})).unmet == ("state",)
    assert ask(rule(**MILD), rule("other", product="ma", codes=["17000"])).unmet == ("line",)
    assert (
        ask(rule(**MILD), rule("other", product="ma", codes=["17000"]), line=Line.COMMERCIAL).need is Need.NOT_REQUIRED
    )


def test_an_empty_line_is_the_payers_only_line_and_mixed_is_every_line():
    assert ask(rule(**MILD)).need is Need.NOT_REQUIRED
    assert ask(rule(**MILD), line=Line.MEDICAID).need is Need.UNKNOWN
    assert ask(rule(**MILD, product="any"), line=Line.MEDICAID).need is Need.NOT_REQUIRED


def test_a_rule_of_one_benefit_answers_for_that_channel_only():
    drug = rule(product="rx", service="drug:xolair", codes=["J2357"])
    assert ask(drug, code="J2357", channel=Channel.MEDICAL).need is Need.UNKNOWN
    assert ask(drug, code="J2357", channel=Channel.PHARMACY).need is Need.REQUIRED
    assert ask(drug, code=None, drug="drug:xolair").need is Need.REQUIRED


def test_a_pair_counts_only_beside_its_other_half():
    paired = rule(codes=["96910", "96912"], pairing={"any_of": ["96910"], "with_any_of": ["96912"]})
    assert ask(paired, companions=frozenset({"96912"})).need is Need.REQUIRED
    assert ask(paired, code="96912", companions=frozenset({"96910"})).need is Need.REQUIRED
    assert ask(paired, companions=frozenset({"99213"})).need is Need.UNKNOWN


def test_the_more_specific_scope_first_then_the_stricter_and_the_rest_are_alternatives():
    general = rule("general")
    special = rule("special", **MILD, diagnoses=["L40.*"])
    answer = ask(general, special, diagnoses=("L40.0",))
    assert answer.rule == "p/t#special"
    assert [other.rule for other in answer.alternatives] == ["p/t#general"]
    sideways = rule("sideways", approval="notification", applies={"places": ["11"]})
    assert ask(special, sideways, diagnoses=("L40.0",), place="11").rule == "p/t#sideways"


CLOSED = rule("list", codes=[], closed_list="yes", approval="not_required", applies={"places": ["11"]})


def test_a_closed_list_answers_for_codes_that_no_rule_names_at_its_places():
    assert ask(CLOSED, place="11").grounds is Grounds.CLOSED_LIST
    assert ask(CLOSED, place="22").need is Need.UNKNOWN
    assert ask(CLOSED).unmet == ("place",)
    assert ask(CLOSED, code=None, drug="drug:xolair", place="11").need is Need.UNKNOWN


@pytest.mark.parametrize(
    ("other", "need"),
    [
        ({}, Need.REQUIRED),
        ({"approval": "unknown"}, Need.UNKNOWN),
        ({"confidence": "memory"}, Need.REQUIRED),
        ({"confidence": "memory", **MILD}, Need.NOT_REQUIRED),
        ({"diagnoses": ["L20.*"]}, Need.NOT_REQUIRED),
        ({"applies": {"states": ["TX"]}}, Need.NOT_REQUIRED),
        ({"from": "2026-06-01"}, Need.NOT_REQUIRED),
        ({"approval": "required_when", "when": {"places": ["22"]}}, Need.NOT_REQUIRED),
        ({"product": "lcd", "approval": "not_required", "criteria": BSA}, Need.NOT_REQUIRED),
    ],
)
def test_what_counts_as_naming_a_code_before_the_closed_list(other, need):
    answer = ask(CLOSED, rule("other", **other), place="11", diagnoses=("L40.0",), state="NY", line=Line.COMMERCIAL)
    assert answer.need is need


def test_a_local_policy_without_states_lends_its_criteria_and_alone_answers_unknown():
    local = rule("local", product="lcd", **(MILD | {"coverage": "criteria"}), criteria={"documented": "bleeding"})
    answer = ask(CLOSED, local, place="11")
    assert answer.need is Need.NOT_REQUIRED
    assert [entry.text for entry in answer.criteria] == ["The chart shows: bleeding"]
    alone = ask(local, place="11")
    assert (alone.need, alone.grounds, alone.rule) == (Need.UNKNOWN, Grounds.JURISDICTION_UNKNOWN, "p/t#local")
    assert alone.cite is not None


CORRECTION = practice_rule(corrects=True)


@pytest.mark.parametrize(
    ("library", "practice", "need", "confidence"),
    [
        (None, practice_rule(), Need.NOT_REQUIRED, Confidence.PRACTICE),
        (rule(), practice_rule(), Need.REQUIRED, Confidence.SEEN),
        (rule(), CORRECTION, Need.NOT_REQUIRED, Confidence.PRACTICE),
        (rule(diagnoses=["L40.0"]), practice_rule(), Need.REQUIRED_WHEN_UNMET, Confidence.SEEN),
        (rule(approval="not_applicable"), practice_rule(), Need.NOT_COVERED, Confidence.SEEN),
        (rule(confidence="memory"), practice_rule(), Need.NOT_REQUIRED, Confidence.PRACTICE),
        (rule(approval="unknown"), practice_rule(), Need.NOT_REQUIRED, Confidence.PRACTICE),
        (rule(**MILD), practice_rule(need=Need.REQUIRED), Need.REQUIRED, Confidence.PRACTICE),
    ],
)
def test_a_practice_rule_goes_before_the_library_but_for_a_seen_required(library, practice, need, confidence):
    answer = ask(*([library] if library else [rule("else", codes=["17000"])]), practice=(practice,))
    assert (answer.need, answer.confidence) == (need, confidence)


@pytest.mark.parametrize(
    ("day", "answers"), [(date(2025, 12, 31), False), (date(2026, 1, 1), True), (date(2027, 1, 1), False)]
)
def test_a_practice_rule_answers_on_its_first_and_last_day(day, answers):
    other = rule("else", codes=["17000"])
    assert (ask(other, practice=(practice_rule(),), day=day).need is Need.NOT_REQUIRED) is answers


@pytest.mark.parametrize(
    "bound", [{"places": {"11"}}, {"plans": {"Gold"}}, {"providers": {"1003000126"}}, {"groups": {"1003000134"}}]
)
def test_a_mild_practice_rule_does_not_answer_where_its_bound_is_missing(bound):
    narrowed = {name: frozenset(values) for name, values in bound.items()}
    other = rule("else", codes=["17000"])
    assert ask(other, practice=(practice_rule(**narrowed),)).need is Need.UNKNOWN
    assert ask(other, practice=(practice_rule(**narrowed, need=Need.REQUIRED),)).need is Need.REQUIRED


def answer_of(**said):
    base = {
        "ref": "answer#1",
        "payer": "p",
        "names": frozenset({"96910"}),
        "need": Need.NOT_REQUIRED,
        "span": DateSpan(DAY, DAY),
        "said_on": DAY,
        "reference": "call 7781",
    }
    return PatientAnswer(**(base | said))


def test_an_answer_for_the_patient_goes_before_all():
    asked = Question("p", DAY, "96910")
    found = determine(book(rule()), (practice_rule(need=Need.REQUIRED),), (answer_of(),), asked)
    assert (found.need, found.confidence, found.rule) == (Need.NOT_REQUIRED, Confidence.PAYER, "answer#1")
    assert [other.rule for other in found.alternatives] == ["p/t#r"]


@pytest.mark.parametrize(
    "said",
    [
        {"payer": "q"},
        {"names": frozenset({"96912"})},
        {"span": DateSpan(date(2026, 3, 3), date(2026, 3, 4))},
        {"channel": Channel.PHARMACY},
    ],
)
def test_an_answer_for_something_else_does_not_count(said):
    asked = Question("p", DAY, "96910", channel=Channel.MEDICAL)
    assert determine(book(rule()), (), (answer_of(**said),), asked).need is Need.REQUIRED


def test_of_two_answers_the_more_exact_then_the_stricter_counts():
    ranged = answer_of(ref="answer#2", names=frozenset({"96900-96999"}), need=Need.REQUIRED)
    strict = answer_of(ref="answer#3", need=Need.REQUIRED)
    asked = Question("p", DAY, "96910")
    assert determine(book(rule()), (), (ranged, answer_of()), asked).rule == "answer#1"
    assert determine(book(rule()), (), (answer_of(), strict), asked).rule == "answer#3"
