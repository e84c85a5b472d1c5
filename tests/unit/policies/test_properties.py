"""What holds for any rules and any question."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.policies.facts.answers import Grounds, Need, Question
from app.policies.rules.compiling import compile_book
from app.policies.rules.determine import PracticeRules, determine, relevant
from app.values.insurance import Line
from app.values.spans import DateSpan
from tests.unit.policies.books import DAY, policy_set, practice_rule, rule

APPROVALS = [
    "required", "required_when", "not_required", "notification", "step_edit", "voluntary_else_prepayment_review",
    "not_applicable", "unknown",
]  # fmt: skip
DIAGNOSES = ["L40.0", "L40.50", "L20.9", "C44.311"]
PATTERNS = [["L40.0"], ["L40.*"], ["C44.*", "L20.9"]]
STATES, PLACES = ["TX", "NY"], ["11", "22", "24"]
NEVER_MILD = {Need.NOT_COVERED, Need.COSMETIC, Need.REQUIRED, Need.REQUIRED_WHEN_UNMET, Need.UNKNOWN}


@st.composite
def some_where(draw):
    where = {}
    if draw(st.booleans()):
        where["places"] = draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=2, unique=True))
    if draw(st.booleans()):
        where["states"] = draw(st.lists(st.sampled_from(STATES), min_size=1, max_size=1))
    if draw(st.integers(0, 3)) == 0:
        where["age"] = {"gte": str(draw(st.sampled_from([12, 18])))}
    return where


@st.composite
def some_rule(draw, number=0, confidence=None):
    approval = draw(st.sampled_from(APPROVALS))
    said = {
        "approval": approval,
        "coverage": draw(st.sampled_from(["covered", "criteria", "cosmetic_unless"])),
        "confidence": confidence or draw(st.sampled_from(["seen", "seen", "memory"])),
        "product": draw(st.sampled_from(["med", "med", "ma", "any", "lcd"])),
        "codes": draw(st.sampled_from([["96910"], ["96912"], ["96910", "96912"]])),
        "applies": draw(some_where()),
        "from": draw(st.sampled_from(["unknown", "2026-03-01", "2026-03-03"])),
    }
    if approval == "required_when":
        said["when"] = draw(some_where()) or {"places": ["22"]}
    if draw(st.booleans()):
        said["diagnoses"] = draw(st.sampled_from(PATTERNS))
    if draw(st.integers(0, 3)) == 0:
        said["pairing"] = {"any_of": ["96910"], "with_any_of": ["96912"]}
    if draw(st.integers(0, 2)) == 0:
        leaf = draw(
            st.sampled_from(
                [{"documented": "bleeding"}, {"bsa_percent": {"gte": "10"}}, {"age": {"lt": "12", "unit": "year"}}]
            )
        )
        said["criteria"] = leaf
    if draw(st.integers(0, 5)) == 0:
        said |= {"codes": [], "closed_list": "yes", "approval": "not_required", "coverage": "covered"}
        said.pop("when", None)
        said.pop("pairing", None)
    return rule(f"r{number}", **said)


@st.composite
def some_rules(draw, confidence=None):
    return [draw(some_rule(number, confidence)) for number in range(draw(st.integers(1, 5)))]


questions = st.builds(
    Question,
    payer=st.just("p"),
    day=st.sampled_from([DAY + timedelta(days=n) for n in (-2, -1, 0, 1, 2)]),
    code=st.sampled_from(["96910", "96912", "17000"]),
    line=st.sampled_from([Line.COMMERCIAL, Line.MEDICARE_ADVANTAGE, None]),
    place=st.sampled_from([*PLACES, None]),
    state=st.sampled_from([*STATES, None]),
    diagnoses=st.lists(st.sampled_from(DIAGNOSES), max_size=2, unique=True).map(tuple),
    companions=st.sampled_from([frozenset(), frozenset({"96912"}), frozenset({"99213", "96910"})]),
    age_months=st.sampled_from([None, 100, 143, 144, 215, 216, 500]),
    documented=st.sampled_from([frozenset(), frozenset({"bleeding"}), frozenset({"pain"})]),
    facts=st.sampled_from([{}, {"bsa_percent": "9"}, {"bsa_percent": "30"}]),
)
FORGET = {
    "line": None,
    "place": None,
    "state": None,
    "diagnoses": (),
    "companions": frozenset(),
    "age_months": None,
}


@settings(max_examples=150, deadline=None)
@given(some_rules(), questions, st.sampled_from(sorted(FORGET)))
def test_forgetting_a_fact_never_turns_an_answer_into_not_required(rules, question, fact):
    made = compile_book(policy_set(*rules), "test")
    assume(fact != "line" or made.only_line("p") is None)  # the only line of a payer is known without being said
    whole = determine(made, (), (), question)
    # A contradicted coverage criterion is the one case in which a fact makes the answer stricter (contract).
    assume(whole.grounds is not Grounds.CONTRADICTED)
    less = determine(made, (), (), replace(question, **{fact: FORGET[fact]}))
    if less.need is Need.NOT_REQUIRED:
        assert whole.need is Need.NOT_REQUIRED


@settings(max_examples=60, deadline=None)
@given(some_rules(confidence="memory"), questions)
def test_memory_never_gives_a_mild_answer(rules, question):
    assume(not any(said.get("closed_list") for said in rules))
    assert determine(compile_book(policy_set(*rules), "test"), (), (), question).need in NEVER_MILD


@settings(max_examples=50, deadline=None)
@given(some_rules(), questions, st.randoms())
def test_the_order_of_rules_does_not_matter(rules, question, shuffler):
    other = list(rules)
    shuffler.shuffle(other)
    first, second = (determine(compile_book(policy_set(*r), "test"), (), (), question) for r in (rules, other))
    assert first == second


practices = st.lists(
    st.builds(
        practice_rule,
        need=st.sampled_from([Need.NOT_REQUIRED, Need.REQUIRED]),
        span=st.sampled_from([DateSpan(DAY, DAY), DateSpan(date(2026, 1, 1), DAY)]),
        places=st.sampled_from([frozenset(), frozenset({"11"})]),
        lines=st.sampled_from([frozenset(), frozenset({Line.COMMERCIAL})]),
        corrects=st.booleans(),
    ),
    max_size=2,
)


CHANGES = {
    "day": [DAY + timedelta(days=n) for n in (-2, -1, 0, 1, 2)],
    "line": [Line.COMMERCIAL, Line.MEDICARE_ADVANTAGE, None],
    "place": [*PLACES, None],
    "state": [*STATES, None],
    "diagnoses": [(), *((code,) for code in DIAGNOSES), ("L20.9", "L40.50")],
    "companions": [frozenset(), frozenset({"96912"}), frozenset({"99213"})],
    "age_months": [None, 100, 143, 144, 216],
    "documented": [frozenset(), frozenset({"bleeding"}), frozenset({"pain"})],
    "facts": [{}, {"bsa_percent": "9"}, {"bsa_percent": "30"}],
}


@settings(max_examples=80, deadline=None)
@given(some_rules(), practices, questions)
def test_questions_with_the_same_key_have_the_same_answer(rules, practice, question):
    made = compile_book(policy_set(*rules), "test")
    own = PracticeRules.of(practice)
    found = {}
    for name, values in CHANGES.items():
        for value in values:
            asked = replace(question, **{name: value})
            answer = determine(made, own, (), asked)
            assert found.setdefault(relevant(made, own, asked), answer) == answer
