"""Every leaf: met, not met, unknown; trees in three-valued logic."""

from decimal import Decimal

import pytest

from app.policies.facts.answers import Question, Truth
from app.policies.facts.criteria import Node
from app.policies.rules.leaves import Lists
from app.policies.rules.trees import compile_tree
from tests.support.drugs import PHARMACY
from tests.unit.policies.books import DAY

MET, NOT, UNKNOWN = Truth.MET, Truth.NOT_MET, Truth.UNKNOWN
LISTS = Lists({"T_stage": ["Tis", "T1a", "T1b", "T2a"]}, {"Hurley": (Decimal(1), Decimal(3))}, PHARMACY)


def judge(tree, **question):
    """Judge a tree on what a question gives."""
    compiled, _reads = compile_tree(Node.model_validate(tree), LISTS)
    assert compiled is not None
    return compiled.judge(Question("p", DAY, "96910", **question))


def by_facts(tree, **facts):
    return judge(tree, facts={name.replace("__", ":"): value for name, value in facts.items()}).truth


@pytest.mark.parametrize(
    ("tree", "months", "truth"),
    [
        ({"age": {"gte": "12", "unit": "year"}}, 143, NOT),
        ({"age": {"gte": "12", "unit": "year"}}, 144, MET),
        ({"age": {"lte": "18", "unit": "year"}}, 227, MET),
        ({"age": {"lte": "18", "unit": "year"}}, 228, NOT),
        ({"age": {"lt": "12", "unit": "year"}}, 143, MET),
        ({"age": {"gte": "6", "unit": "month"}}, 5, NOT),
        ({"age": {"gte": "6", "unit": "month"}}, None, UNKNOWN),
    ],
)
def test_age_in_whole_years_or_months(tree, months, truth):
    assert judge(tree, age_months=months).truth is truth


TWO = {"of": ["h1_antihistamine"], "count": "2", "accept": ["intolerance"]}
ONCE = {"of": ["tcs"], "count": "1", "accept": ["tried"]}
BARRED = {"of": ["tcs"], "count": "1", "accept": ["contraindication"], "contraindication_scope": "all"}
TRIAL = {"of": ["tcs", "tci"], "count": "1", "accept": ["inadequate_response", "contraindication"]}


@pytest.mark.parametrize(
    ("tree", "facts", "truth"),
    [
        ({"bsa_percent": {"gte": "10"}}, {"bsa_percent": "10"}, MET),
        ({"bsa_percent": {"gte": "10"}}, {"bsa_percent": "9.9%"}, NOT),
        ({"bsa_percent": {"gte": "10"}}, {"bsa_percent": "ten"}, UNKNOWN),
        ({"bsa_percent": {"gte": "10"}}, {"bsa_percent": "nan"}, UNKNOWN),
        ({"weight_kg": {"gt": "100"}}, {"weight_kg": "100"}, NOT),
        ({"score": {"name": "Hurley", "gte": "2"}}, {"Hurley": "2"}, MET),
        ({"score": {"name": "T_stage", "gte": "T1b"}}, {"T_stage": "T1a"}, NOT),
        ({"score": {"name": "T_stage", "gte": "T1b"}}, {"T_stage": "T2a"}, MET),
        ({"score": {"name": "T_stage", "gte": "T1b"}}, {"T_stage": "2"}, UNKNOWN),
        ({"count": {"name": "nodules", "gte": "20"}}, {"nodules": "19"}, NOT),
        ({"severity": "moderate_to_severe"}, {"severity": "severe"}, MET),
        ({"severity": "moderate_to_severe"}, {"severity": "mild"}, NOT),
        ({"body_site": {"any_of": ["face", "hands"]}}, {"body_site": "trunk; Hands"}, MET),
        ({"body_site": {"any_of": ["face"]}}, {"body_site": "trunk"}, NOT),
        ({"disease_duration": {"gte": "6", "unit": "week"}}, {"disease_duration": "2 months"}, MET),
        ({"time_on_therapy": {"lt": "16", "unit": "week"}}, {"time_on_therapy": "16 weeks"}, NOT),
        ({"trial": TRIAL}, {}, UNKNOWN),
        ({"trial": TRIAL}, {"trial__tcs": "inadequate_response"}, MET),
        ({"trial": TRIAL}, {"trial__tcs": "none"}, UNKNOWN),
        ({"trial": TRIAL}, {"trial__tcs": "none", "trial__tci": "none"}, NOT),
        ({"trial": TRIAL}, {"trial__tcs": "contraindication"}, MET),
        ({"trial": TRIAL | {"contraindication_scope": "all"}}, {"trial__tcs": "contraindication"}, UNKNOWN),
        (
            {"trial": TRIAL | {"contraindication_scope": "all"}},
            {"trial__tcs": "contraindication", "trial__tci": "contraindication"},
            MET,
        ),
        ({"trial": BARRED}, {"trial__tcs": "contraindication"}, MET),
        ({"trial": BARRED}, {"trial__tcs": "contraindication; drug=clobetasol"}, UNKNOWN),
        ({"trial": TRIAL | {"count": "2", "contraindication_scope": "any"}}, {"trial__tcs": "contraindication"}, MET),
        ({"trial": TRIAL | {"min_duration": "28 days"}}, {"trial__tcs": "inadequate_response; duration=4 weeks"}, MET),
        ({"trial": TRIAL | {"min_duration": "28 days"}}, {"trial__tcs": "inadequate_response"}, UNKNOWN),
        (
            {"trial": TRIAL | {"potency_at_least": "medium"}},
            {"trial__tcs": "inadequate_response; potency=low", "trial__tci": "none"},
            NOT,
        ),
        ({"trial": TRIAL | {"within": "90 days"}}, {"trial__tcs": "inadequate_response; ended=2025-12-02"}, MET),
        (
            {"trial": TRIAL | {"within": "90 days"}},
            {"trial__tcs": "inadequate_response; ended=2025-12-01", "trial__tci": "none"},
            NOT,
        ),
        (
            {"trial": TRIAL | {"evidence": "claims"}},
            {"trial__tcs": "inadequate_response; evidence=chart", "trial__tci": "none"},
            NOT,
        ),
        ({"trial": TRIAL | {"consecutive_days": "yes"}}, {"trial__tcs": "inadequate_response; consecutive=yes"}, MET),
        ({"prior_use": {"of": ["olumiant"], "within": "1 year"}}, {"prior_use__olumiant": "yes"}, UNKNOWN),
        (
            {"prior_use": {"of": ["olumiant"], "within": "1 year"}},
            {"prior_use__olumiant": "yes", "prior_use__olumiant__on": "2025-04-01"},
            MET,
        ),
        ({"prior_use": {"of": ["olumiant"]}}, {"prior_use__olumiant": "no"}, NOT),
        ({"trial": TWO}, {}, UNKNOWN),
        ({"trial": TWO}, {"trial__h1_antihistamine": "none"}, NOT),
        ({"trial": TWO}, {"trial__h1_antihistamine": "intolerance"}, UNKNOWN),
        ({"trial": TWO}, {"trial__h1_antihistamine": "tried; drug=loratadine | intolerance; drug=cetirizine"}, UNKNOWN),
        (
            {"trial": TWO},
            {"trial__h1_antihistamine": "intolerance; drug=loratadine | intolerance; drug=loratadine"},
            UNKNOWN,
        ),
        (
            {"trial": TWO},
            {"trial__h1_antihistamine": "intolerance; drug=loratadine | intolerance; drug=cetirizine"},
            MET,
        ),
        ({"trial": TWO}, {"trial__h1_antihistamine": "intolerance | intolerance; drug=cetirizine"}, UNKNOWN),
        ({"trial": TWO}, {"trial__h1_antihistamine": "intolerance | intolerance"}, UNKNOWN),
        ({"trial": ONCE}, {"trial__tcs": "tried"}, MET),
        ({"trial": ONCE}, {"trial__tcs": "intolerance"}, MET),
        ({"trial": ONCE}, {"trial__tcs": "contraindication"}, NOT),
        ({"trial": ONCE}, {"trial__tcs": "not_a_candidate"}, NOT),
        ({"trial": ONCE}, {"trial__tcs": "planned"}, UNKNOWN),
        ({"trial": ONCE | {"accept": ["tried", "not_a_candidate"]}}, {"trial__tcs": "not_a_candidate"}, MET),
        ({"continuation": {"min_supply": "90 days"}}, {"continuation": "yes"}, UNKNOWN),
        ({"continuation": {"min_supply": "90 days"}}, {"continuation": "yes", "continuation_supply": "90 days"}, MET),
        ({"continuation": {"claims_lookback": "100 days"}}, {"continuation": "yes"}, UNKNOWN),
        (
            {"continuation": {"claims_lookback": "100 days"}},
            {"continuation": "yes", "continuation__on": "2025-11-21"},
            UNKNOWN,
        ),
        (
            {"continuation": {"claims_lookback": "100 days"}},
            {"continuation": "yes", "continuation__on": "2025-11-22"},
            MET,
        ),
        ({"contraindication_to": ["methotrexate", "puva"]}, {"contraindication__methotrexate": "yes"}, UNKNOWN),
        ({"not_combined_with": ["biologic"]}, {"medications": "methotrexate"}, UNKNOWN),
        ({"not_combined_with": ["biologic"]}, {"medications": "methotrexate", "medications_on": "2025-10-01"}, UNKNOWN),
        ({"not_combined_with": ["biologic"]}, {"medications": "methotrexate", "medications_on": "2026-02-01"}, MET),
        ({"not_combined_with": ["biologic"]}, {"medications": "biologic", "medications_on": "2026-02-01"}, NOT),
        ({"lab": {"name": "tb", "result": "negative", "within": "12 months"}}, {"lab__tb": "negative"}, UNKNOWN),
        (
            {"lab": {"name": "tb", "result": "negative", "within": "12 months"}},
            {"lab__tb": "negative", "lab__tb__on": "2025-06-01"},
            MET,
        ),
        ({"lab": {"name": "tb", "result": "negative"}}, {"lab__tb": "positive"}, NOT),
        (
            {"prescriber": {"specialty_any_of": ["dermatology"], "consultation_counts": "yes"}},
            {"prescriber_specialty": "family"},
            UNKNOWN,
        ),
        (
            {"prescriber": {"specialty_any_of": ["dermatology"], "consultation_counts": "yes"}},
            {"consulted_specialty": "dermatology"},
            MET,
        ),
        (
            {"prescriber": {"specialty_any_of": ["dermatology"], "consultation_counts": "no"}},
            {"prescriber_specialty": "family"},
            NOT,
        ),
        ({"history_within": {"event": "mi", "within": "5 years"}}, {"history__mi": "none"}, NOT),
        ({"history_within": {"event": "mi", "within": "5 years"}}, {"history__mi": "2024-05-01"}, MET),
        ({"quantity": {"lte": "250", "unit": "mg", "per": "2 weeks"}}, {"quantity": "251"}, NOT),
        ({"response": {"measures": ["itch", "bsa"], "at_least": "1"}}, {"response__itch": "yes"}, MET),
        ({"response": {"measures": ["itch"], "at_least": "1"}}, {"response__itch": "no"}, NOT),
        ({"meets_policy": "base policy"}, {"meets_policy": "yes"}, UNKNOWN),
        ({"evidence_not_accepted": ["samples"]}, {}, UNKNOWN),
    ],
)
def test_a_leaf_asks_the_facts_on_file(tree, facts, truth):
    assert by_facts(tree, **facts) is truth


def test_documented_and_attested_are_met_when_ticked_and_never_refuted():
    tree = {"documented": "Earlier biopsy suggests malignancy"}
    assert judge(tree, documented=frozenset({"earlier_biopsy_suggests_malignancy"})).truth is MET
    assert judge(tree, documented=frozenset({"pain"})).truth is UNKNOWN


def test_the_severity_of_the_disease_settles_no_grade_of_another_one():
    tree = {"not": {"severity": "depression_severe"}}
    assert judge(tree, facts={"severity": "moderate"}).truth is UNKNOWN
    assert judge(tree, facts={"documented:depression_severe": "no"}).truth is MET
    assert judge(tree, documented=frozenset({"depression_severe"})).truth is NOT


def test_diagnosis_and_place_leaves():
    assert judge({"diagnosis": {"any_of": ["L40.*"]}}, diagnoses=("L40.50",)).truth is MET
    assert judge({"diagnosis": {"any_of": ["L40.*"]}}, diagnoses=("L20.9",)).truth is NOT
    assert judge({"diagnosis": {"any_of": ["L40.*"]}}).truth is UNKNOWN
    assert judge({"not": {"place_of_service": {"any_of": ["11"]}}}, place="22").truth is MET


LEAF = {MET: {"documented": "yes"}, NOT: {"not": {"documented": "yes"}}, UNKNOWN: {"documented": "nobody knows"}}


@pytest.mark.parametrize(
    ("kind", "parts", "truth"),
    [
        ("all", (MET, MET), MET),
        ("all", (MET, UNKNOWN), UNKNOWN),
        ("all", (UNKNOWN, NOT), NOT),
        ("any", (NOT, MET), MET),
        ("any", (NOT, UNKNOWN), UNKNOWN),
        ("any", (NOT, NOT), NOT),
        (2, (MET, UNKNOWN, NOT), UNKNOWN),
        (2, (MET, NOT, NOT), NOT),
        (2, (MET, NOT, MET), MET),
    ],
)
def test_trees_are_three_valued(kind, parts, truth):
    leaves = [LEAF[part] for part in parts]
    tree = {kind: leaves} if isinstance(kind, str) else {"at_least": str(kind), "of": leaves}
    held = judge(tree, documented=frozenset({"yes"}))
    assert held.truth is truth
    assert bool(held.unmet) is (truth is UNKNOWN)


def test_what_would_settle_it_is_named_once():
    held = judge(
        {"all": [{"age": {"gte": "2", "unit": "year"}}, {"age": {"lt": "9", "unit": "year"}}, {"severity": "severe"}]}
    )
    assert held.unmet == ("age", "severity")


SITES = {"body_site": {"any_of": ["face", "neck", "axilla", "groin"]}}
FULL = {"score": {"name": "Hurley", "lte": "2"}}


@pytest.mark.parametrize(
    ("tree", "facts", "truth"),
    [
        ({"bsa_percent": {"lte": "20"}}, {"bsa_percent": "0.4"}, UNKNOWN),
        ({"bsa_percent": {"lte": "20"}}, {"bsa_percent": "0.4%"}, MET),
        ({"bsa_percent": {"lte": "20"}}, {"bsa_percent": "0.1"}, MET),
        ({"bsa_percent": {"gte": "10"}}, {"bsa_percent": "0.4"}, UNKNOWN),
        ({"bsa_percent": {"gte": "10"}}, {"bsa_percent": "120"}, UNKNOWN),
        ({"bsa_percent": {"lte": "20"}}, {"bsa_percent": "-5"}, UNKNOWN),
        ({"weight_kg": {"gte": "40"}}, {"weight_kg": "4000"}, UNKNOWN),
        ({"count": {"name": "nodules", "gte": "3"}}, {"nodules": "-4"}, UNKNOWN),
        ({"quantity": {"lte": "250", "unit": "mg", "per": "2 weeks"}}, {"quantity": "-1"}, UNKNOWN),
        (FULL, {"Hurley": "0"}, UNKNOWN),
        (FULL, {"Hurley": "1"}, MET),
        ({"not": FULL}, {"Hurley": "12"}, UNKNOWN),
        ({"not": SITES}, {"body_site": "trunk; legs"}, MET),
        ({"not": SITES}, {"body_site": "cheeks"}, NOT),
        ({"not": SITES}, {"body_site": "head"}, UNKNOWN),
        ({"not": SITES}, {"body_site": "skin folds"}, UNKNOWN),
        ({"not": SITES}, {"body_site": "perioral"}, UNKNOWN),
        ({"not": SITES}, {"body_site": "trunk; perioral"}, UNKNOWN),
        ({"not": {"severity": "severe"}}, {"severity": "not known"}, UNKNOWN),
        ({"not": {"severity": "severe"}}, {"severity": "moderate to severe"}, UNKNOWN),
        ({"severity": "mild_to_moderate"}, {"severity": "moderate_to_severe"}, UNKNOWN),
        ({"severity": "moderate_to_severe"}, {"severity": "mild; severe"}, UNKNOWN),
        ({"severity": "moderate_to_severe"}, {"severity": "very severe"}, MET),
        ({"time_on_therapy": {"lt": "16", "unit": "week"}}, {"time_on_therapy": "8 weeks"}, MET),
        (
            {"time_on_therapy": {"lt": "16", "unit": "week"}},
            {"time_on_therapy": "8 weeks", "time_on_therapy__on": "2025-09-01"},
            UNKNOWN,
        ),
        ({"continuation": {}}, {"continuation": "yes", "continuation__on": "2024-06-01"}, UNKNOWN),
        ({"continuation": {}}, {"continuation": "yes", "continuation__on": "2025-06-01"}, MET),
        ({"lab": {"name": "tb", "result": "negative"}}, {"lab__tb": "negative", "lab__tb__on": "2026-03-03"}, UNKNOWN),
    ],
)
def test_what_is_out_of_scale_stale_or_only_half_told_settles_nothing(tree, facts, truth):
    assert by_facts(tree, **facts) is truth
