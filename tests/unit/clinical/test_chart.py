"""What a chart shows on a day: only what is dated and proven, and nothing where the chart contradicts itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.clinical.facts import ClinicalFact, FactKind, Source, SourceKind
from app.policies.facts.answers import Question, Truth
from app.policies.facts.criteria import Node
from app.policies.rules.chart import NOTHING_KNOWN, known, proves
from app.policies.rules.leaves import Lists
from app.policies.rules.trees import compile_tree
from tests.support.drugs import PHARMACY
from tests.unit.clinical.charts import DAY, DOCUMENT, NOTE, PERSON, SAID, a_fact

LISTS = Lists({"T_stage": ["T1a", "T1b", "T2a"]}, {}, PHARMACY)
MET, NOT, UNKNOWN = Truth.MET, Truth.NOT_MET, Truth.UNKNOWN
LATER, BEFORE = DAY + timedelta(days=1), DAY - timedelta(days=40)
PROVIDER = Source(SourceKind.PROVIDER, person=PERSON)
CLAIM = Source(SourceKind.CLAIM, words="paid claim 8841")


def truth(tree, *facts, on=DAY, service=None, diagnoses=()):
    """Judge a tree by what a chart shows."""
    compiled, _reads = compile_tree(Node.model_validate(tree), LISTS)
    chart = known(facts, on, diagnoses, service)
    assert compiled is not None
    question = Question("p", service or on, "96910", facts=chart.facts, documented=chart.documented)
    return compiled.judge(question).truth


def bsa(value, **said):
    return a_fact(FactKind.MEASURE, "bsa_percent", value=value, **said)


def trial(name, outcome, **said):
    return a_fact(FactKind.TRIAL, name, outcome=outcome, **said)


BSA = {"bsa_percent": {"gte": "10"}}
TRIAL = {"trial": {"of": ["tcs"], "count": "1", "accept": ["inadequate_response"], "min_duration": "4 weeks"}}


@pytest.mark.parametrize(
    ("source", "counts"),
    [
        (NOTE, True),
        (PROVIDER, True),
        (CLAIM, True),
        (Source(SourceKind.CLAIM), False),
        (Source(SourceKind.DOCUMENT), False),
        (Source(SourceKind.PROVIDER), False),
        (SAID, False),
        (Source(SourceKind.PATIENT, words="the patient"), False),
        (Source(SourceKind.CALL, DOCUMENT, 1), False),
    ],
)
def test_only_a_source_that_can_be_shown_proves(source, counts):
    assert proves(bsa("12", source=source), DAY) is counts
    assert truth(BSA, bsa("12", source=source)) is (MET if counts else UNKNOWN)


@pytest.mark.parametrize(
    "fact", [bsa("12", on=None), bsa("12", on=LATER), bsa("12", ended_at=datetime(2026, 3, 1, tzinfo=UTC))]
)
def test_without_a_day_after_the_day_asked_or_taken_away_a_fact_counts_for_nothing(fact):
    assert known([fact], DAY) == NOTHING_KNOWN
    assert truth(BSA, fact) is UNKNOWN


def test_a_fact_counts_from_its_own_day_on():
    assert truth(BSA, bsa("12", on=LATER), on=LATER) is MET


def test_the_latest_of_one_name_counts_and_two_of_a_day_that_differ_count_for_nothing():
    assert truth(BSA, bsa("12", on=BEFORE), bsa("4")) is NOT
    assert truth(BSA, bsa("12", on=BEFORE), bsa("4", on=LATER)) is MET
    assert truth(BSA, bsa("12"), bsa("4")) is UNKNOWN
    assert truth(BSA, bsa("12"), bsa("12", source=PROVIDER)) is MET


def test_each_trial_of_a_drug_counts_by_itself_and_lengths_are_not_added_up():
    short, enough = (
        trial("tcs", "inadequate_response", duration=text, on=on)
        for text, on in (("2 weeks", DAY), ("4 weeks", BEFORE))
    )
    assert truth(TRIAL, short) is NOT
    assert truth(TRIAL, short, replace(short, dated=BEFORE)) is NOT
    assert truth(TRIAL, short, enough) is MET
    assert truth(TRIAL, trial("tcs", "inadequate_response")) is UNKNOWN


def test_a_trial_of_a_drug_is_one_of_its_class():
    fact = a_fact(
        FactKind.TRIAL, "clobetasol", **{"outcome": "inadequate_response", "class": "tcs", "duration": "6 weeks"}
    )
    assert truth(TRIAL, fact) is MET
    never = a_fact(FactKind.TRIAL, "clobetasol", **{"outcome": "none", "class": "tcs"})
    assert truth(TRIAL, never) is UNKNOWN


def test_never_tried_counts_only_where_no_trial_contradicts_it():
    tried = trial("tcs", "inadequate_response", duration="6 weeks")
    assert truth(TRIAL, trial("tcs", "none")) is NOT
    assert truth(TRIAL, trial("tcs", "none", on=BEFORE), tried) is MET
    assert truth(TRIAL, trial("tcs", "none"), tried) is UNKNOWN
    assert truth(TRIAL, trial("tcs", "none"), replace(tried, dated=BEFORE)) is UNKNOWN


@pytest.mark.parametrize(("source", "result"), [(NOTE, NOT), (PROVIDER, NOT), (CLAIM, MET)])
def test_what_claims_must_show_only_a_claim_shows(source, result):
    tree = {"trial": {"of": ["tcs"], "count": "1", "accept": ["tried"], "evidence": "claims"}}
    assert truth(tree, trial("tcs", "tried", source=source, evidence="claims")) is result


def test_a_contraindication_makes_a_trial_needless_until_it_is_said_not_to_be():
    tree = {"trial": {"of": ["tcs"], "count": "1", "accept": ["contraindication"]}}
    barred = a_fact(FactKind.CONTRAINDICATION, "tcs", value="yes", on=BEFORE)
    assert truth(tree, barred) is MET
    assert truth(tree, barred, a_fact(FactKind.CONTRAINDICATION, "tcs", value="no")) is UNKNOWN
    assert truth({"contraindication_to": ["tcs"]}, barred) is MET


def test_a_trial_older_than_the_rule_allows_does_not_count():
    tree = {"trial": {"of": ["tcs"], "count": "1", "accept": ["tried"], "within": "60 days"}}
    for days, result in ((60, MET), (61, NOT), (-1, UNKNOWN)):
        ended = (DAY - timedelta(days=days)).isoformat()
        assert truth(tree, trial("tcs", "tried", ended=ended)) is result
    assert truth(tree, trial("tcs", "tried")) is UNKNOWN


def test_a_lab_is_of_its_own_day_and_grows_old():
    tree = {"lab": {"name": "tb_screen", "result": "negative", "within": "30 days"}}
    lab = a_fact(FactKind.LAB, "tb_screen", result="Negative", on=BEFORE)
    assert truth(tree, lab, service=BEFORE + timedelta(days=30), on=DAY) is MET
    assert truth(tree, lab) is NOT
    assert truth(tree, a_fact(FactKind.LAB, "tb_screen", result="positive")) is NOT


def test_a_drug_used_before_without_a_day_of_use_is_not_recent():
    tree = {"prior_use": {"of": ["tcs"], "within": "60 days"}}
    assert truth(tree, a_fact(FactKind.PRIOR_USE, "tcs", value="yes")) is UNKNOWN
    assert truth(tree, a_fact(FactKind.PRIOR_USE, "tcs", value="yes", last="1")) is UNKNOWN
    used = a_fact(FactKind.PRIOR_USE, "tcs", value="yes")
    assert truth(tree, replace(used, values={"value": "yes", "on": "2026-02-01"})) is MET


def test_trials_of_two_drugs_of_a_class_are_two_and_two_of_one_drug_are_one():
    tree = {"trial": {"of": ["h1_antihistamine"], "count": "2", "accept": ["intolerance"]}}
    one = a_fact(FactKind.TRIAL, "loratadine", outcome="intolerance", **{"class": "h1_antihistamine"})
    other = a_fact(FactKind.TRIAL, "cetirizine", outcome="intolerance", **{"class": "h1_antihistamine"})
    assert truth(tree, one) is UNKNOWN
    assert (
        truth(tree, one, a_fact(FactKind.TRIAL, "loratadine", outcome="intolerance", **{"class": "h1_antihistamine"}))
        is UNKNOWN
    )
    assert truth(tree, one, other) is MET


@pytest.mark.parametrize(
    ("said", "result"),
    [
        ({"duration": "6 weeks"}, MET),
        ({"duration": "6 weeks", "began": "2026-01-01", "ended": "2026-02-12"}, MET),
        ({"duration": "6 weeks", "began": "2026-02-12", "ended": "2026-01-01"}, UNKNOWN),
        ({"duration": "6 weeks", "began": "2026-02-20", "ended": "2026-02-25"}, UNKNOWN),
        ({"duration": "6 weeks", "began": "2026-02-20"}, UNKNOWN),
        ({"duration": "6 weeks", "began": "2026-02-01", "ended": "2026-06-01"}, UNKNOWN),
        ({"duration": "6 weeks", "began": "2026-05-01"}, UNKNOWN),
        ({"duration": "6"}, UNKNOWN),
        ({"began": "2026-01-01", "ended": "2026-02-12"}, UNKNOWN),
    ],
)
def test_a_trial_whose_own_days_speak_against_its_length_has_none(said, result):
    assert truth(TRIAL, trial("tcs", "inadequate_response", **said)) is result


def test_two_trials_at_once_are_never_added_up():
    first, second = (
        trial("tcs", "inadequate_response", duration="2 weeks", began=day) for day in ("2026-02-01", "2026-02-08")
    )
    assert truth(TRIAL, first, second) is NOT


def test_a_brand_and_its_generic_in_one_chart_are_one_drug():
    tree = {"trial": {"of": ["tci"], "count": "2", "accept": ["intolerance"]}}
    one, other = (
        a_fact(FactKind.TRIAL, name, outcome="intolerance", **{"class": "tci"}) for name in ("protopic", "tacrolimus")
    )
    assert truth(tree, one, other) is UNKNOWN
    assert truth(tree, one, a_fact(FactKind.TRIAL, "elidel", outcome="intolerance", **{"class": "tci"})) is MET


def test_a_class_is_read_as_the_criterion_says_it():
    said = {"outcome": "inadequate_response", "class": "A topical corticosteroid", "duration": "6 weeks"}
    assert truth(TRIAL, a_fact(FactKind.TRIAL, "clobetasol", **said)) is MET
    tree = {"not_combined_with": ["oral_jak"]}
    listed = {"list": "emollient", "without": "JAK inhibitor by mouth"}
    assert truth(tree, a_fact(FactKind.MEDICATIONS, "medications", **listed)) is MET


def test_a_therapy_that_went_on_long_ago_does_not_go_on_now():
    tree = {"continuation": {"claims_lookback": "100 days"}}
    shown = a_fact(FactKind.THERAPY, "continuation", value="yes", on=BEFORE)
    assert truth(tree, shown, service=BEFORE + timedelta(days=100), on=DAY) is MET
    assert truth(tree, shown, service=BEFORE + timedelta(days=101), on=DAY) is UNKNOWN


def test_a_finding_looked_for_and_not_there_contradicts_and_silence_does_not():
    tree = {"documented": "Other causes evaluated"}
    assert truth(tree) is UNKNOWN
    assert truth(tree, a_fact(FactKind.FINDING, "other causes evaluated", value="yes")) is MET
    assert truth(tree, a_fact(FactKind.FINDING, "other_causes_evaluated", value="no")) is NOT
    assert truth({"not": tree}, a_fact(FactKind.FINDING, "other_causes_evaluated", value="no")) is MET


def test_a_list_of_medications_tells_only_of_what_it_says_is_not_among_them():
    tree = {"not_combined_with": ["biologic"]}

    def takes(text, without="", on=DAY):
        return a_fact(FactKind.MEDICATIONS, "medications", on=on, list=text, without=without)

    assert truth(tree, takes("methotrexate")) is UNKNOWN
    assert truth(tree, takes("Dupixent")) is UNKNOWN
    assert truth(tree, takes("methotrexate", "biologic")) is MET
    assert truth(tree, takes("methotrexate; biologic", "biologic")) is NOT
    assert truth(tree, takes("methotrexate", "biologic", DAY - timedelta(days=91))) is UNKNOWN


def history(on=DAY, **values):
    return replace(a_fact(FactKind.HISTORY, "malignancy", on=on), values=values)


def happened(day):
    return replace(history(), values={"on": day})


def test_no_event_counts_while_the_statement_is_fresh_and_no_event_stands_against_it():
    tree = {"not": {"history_within": {"event": "malignancy", "within": "5 years"}}}
    assert truth(tree, history(none="yes")) is MET
    assert truth(tree, history(none="yes", on=DAY - timedelta(days=91))) is UNKNOWN
    assert truth(tree, happened("2026-01-05")) is NOT
    assert truth(tree, history(none="yes"), happened("2026-01-05")) is UNKNOWN


def test_the_length_of_the_disease_is_that_of_the_diagnosis_asked_for_on_the_day_of_service():
    tree = {"disease_duration": {"gte": "6", "unit": "month"}}
    psoriasis = a_fact(FactKind.DIAGNOSIS, "L40.0", onset=(DAY - timedelta(days=179)).isoformat())
    acne = a_fact(FactKind.DIAGNOSIS, "L70.0", onset="2020-01-01")
    assert truth(tree, psoriasis) is NOT
    assert truth(tree, psoriasis, service=LATER) is MET
    assert truth(tree, psoriasis, acne) is UNKNOWN
    assert truth(tree, psoriasis, acne, diagnoses=("L70.0",)) is MET
    assert truth(tree, psoriasis, acne, diagnoses=("L40",)) is NOT
    assert truth(tree, psoriasis, diagnoses=("L20.9",)) is UNKNOWN


def test_a_name_that_rules_read_of_the_plan_is_never_a_clinical_fact():
    assert "program" not in known([a_fact(FactKind.SCORE, "program", value="step")], DAY).facts
    assert known([a_fact(FactKind.SCORE, "trial:tcs", value="tried")], DAY).facts == {}


NAMES = ("tcs", "bsa_percent", "malignancy", "L40.0", "tb_screen", "bleeding")
VALUES = st.dictionaries(
    st.sampled_from(
        ["value", "outcome", "duration", "ended", "class", "result", "on", "none", "list", "without", "onset"]
    ),
    st.sampled_from(
        ["yes", "no", "none", "12", "3", "negative", "inadequate_response", "8 weeks", "2026-01-05", "tcs", ""]
    ),
    max_size=4,
)
SOURCES = st.sampled_from(
    [NOTE, PROVIDER, CLAIM, SAID, Source(SourceKind.PATIENT), Source(SourceKind.DOCUMENT), Source(SourceKind.CLAIM)]
)
DAYS = st.sampled_from([None, BEFORE, DAY - timedelta(days=1), DAY, LATER])


@st.composite
def some_fact(draw) -> ClinicalFact:
    fact = a_fact(draw(st.sampled_from(FactKind)), draw(st.sampled_from(NAMES)), on=draw(DAYS), source=draw(SOURCES))
    ended = draw(st.sampled_from([None, None, None, datetime(2026, 3, 1, tzinfo=UTC)]))
    return replace(fact, values=draw(VALUES), ended_at=ended)


CHARTS = st.lists(some_fact(), max_size=8)
LEAVES = (
    BSA, TRIAL, {"documented": "bleeding"}, {"lab": {"name": "tb_screen", "result": "negative"}},
    {"contraindication_to": ["tcs"]}, {"not_combined_with": ["tcs"]},
    {"prior_use": {"of": ["tcs"], "within": "90 days"}},
    {"history_within": {"event": "malignancy", "within": "2 years"}},
    {"disease_duration": {"gte": "1", "unit": "month"}},
    {"response": {"measures": ["bsa_percent"], "at_least": "1"}}, {"severity": "moderate"},
    {"prescriber": {"specialty_any_of": ["dermatology"], "consultation_counts": "no"}},
)  # fmt: skip
TREES = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=5,
)


@settings(max_examples=400)
@given(CHARTS, TREES)
def test_nothing_is_settled_but_by_facts_that_prove(facts, tree):
    proven = [one for one in facts if proves(one, DAY)]
    assert known(facts, DAY) == known(proven, DAY)
    if not proven:
        assert truth(tree, *facts) is UNKNOWN


@settings(max_examples=400)
@given(CHARTS, TREES)
def test_what_settles_a_tree_can_be_shown_leaf_by_leaf(facts, tree):
    compiled, _reads = compile_tree(Node.model_validate(tree), LISTS)
    chart = known(facts, DAY)
    assert compiled is not None
    held = compiled.judge(Question("p", DAY, facts=chart.facts, documented=chart.documented))
    if held.truth is UNKNOWN:
        assert held.unmet
        return
    for reads in held.by:
        shown = [fact for name in reads for fact in chart.evidence.get(name.removeprefix("fact:"), ())]
        assert shown
        assert all(proves(fact, DAY) for fact in shown)


@settings(max_examples=200)
@given(CHARTS, st.randoms())
def test_the_order_of_entering_never_matters(facts, random):
    mixed = list(facts)
    random.shuffle(mixed)
    one, other = known(facts, DAY), known(mixed, DAY)
    assert one.documented == other.documented
    assert {name: set(text.split("|")) for name, text in one.facts.items()} == {
        name: set(text.split("|")) for name, text in other.facts.items()
    }


@settings(max_examples=200)
@given(CHARTS, some_fact())
def test_a_later_fact_of_another_name_never_takes_anything_away(facts, one):
    other = replace(
        one, kind=FactKind.SCORE, name="another", dated=DAY, source=NOTE, values={"value": "3"}, ended_at=None
    )
    before = known(facts, DAY)
    after = known([*facts, other], DAY)
    assert before.facts.items() <= after.facts.items()
    assert before.documented == after.documented
