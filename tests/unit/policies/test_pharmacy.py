"""One drug has one identity: by whatever name it is told, it counts once, and never for a class that it is not of."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.policies.facts.answers import Question, Truth
from app.policies.facts.criteria import Node
from app.policies.rules.leaves import Lists
from app.policies.rules.trees import compile_tree
from tests.support.drugs import PHARMACY
from tests.unit.policies.books import DAY

MET, NOT, UNKNOWN = Truth.MET, Truth.NOT_MET, Truth.UNKNOWN
LISTS = Lists(pharmacy=PHARMACY)
STEPS = ["inadequate_response", "intolerance"]


def judge(tree, facts, drug=None):
    """Judge a tree by facts on file, for a drug that is asked for."""
    compiled, _reads = compile_tree(Node.model_validate(tree), LISTS)
    assert compiled is not None
    return compiled.judge(Question("p", DAY, drug=drug, facts=facts)).truth


def trials(*of, count=1, **said):
    return {"trial": {"of": list(of), "count": str(count), "accept": STEPS} | said}


def failed(*drugs):
    """Trials of a class, each of a drug."""
    return " | ".join(f"inadequate_response; drug={drug}" if drug else "inadequate_response" for drug in drugs)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Humira", "adalimumab"),
        ("Humira", "Hadlima"),
        ("Amjevita", "adalimumab-adaz"),
        ("Humira 40 mg pen", "adalimumab"),
        ("Enbrel", "etanercept"),
        ("Remicade", "Inflectra"),
        ("Stelara", "ustekinumab-auub"),
        ("Humira", "Humria"),
        ("adalimumab", "a TNF inhibitor"),
        ("adalimumab", ""),
        ("", ""),
        ("Humria", "Embrel"),
    ],
)
def test_one_drug_told_by_two_names_is_one(one, other):
    tree = trials("step_1_pso", count=2)
    assert judge(tree, {"trial:step_1_pso": failed(one, other)}) is UNKNOWN
    assert judge(tree, {"trial:step_1_pso": failed(one, other, "Skyrizi", "Taltz")}) is MET


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("clobetasol propionate 0.05% ointment", "Temovate"),
        ("betamethasone", "Enstilar"),
        ("Taclonex", "Wynzora"),
        ("triamcinolone acetonide 0.1% cream", "Kenalog"),
        ("tcs", "clobetasol"),
    ],
)
def test_a_salt_a_strength_and_a_combination_make_no_second_drug(one, other):
    tree = trials("tcs", count=2)
    assert judge(tree, {"trial:tcs": failed(one, other)}) is UNKNOWN
    assert judge(tree, {"trial:tcs": failed("clobetasol", "desonide")}) is MET


def test_one_drug_told_for_two_classes_is_one():
    tree = trials("antibiotic", "dapsone", "cyclosporine", count=2)
    told = {"trial:antibiotic": failed("dapsone"), "trial:dapsone": "inadequate_response"}
    assert judge(tree, told) is UNKNOWN
    assert judge(tree, told | {"trial:antibiotic": failed("")}) is UNKNOWN
    assert judge(tree, told | {"trial:antibiotic": failed("doxycycline")}) is MET
    assert judge(tree, told | {"trial:cyclosporine": "inadequate_response"}) is MET
    both = trials("topical_retinoid", "topical_antibiotic", count=2)
    assert (
        judge(both, {"trial:topical_retinoid": failed("Ziana"), "trial:topical_antibiotic": failed("Ziana")}) is UNKNOWN
    )
    assert (
        judge(both, {"trial:topical_retinoid": failed("Ziana"), "trial:topical_antibiotic": failed("Cleocin T")})
        is UNKNOWN
    )


def test_two_classes_without_a_drug_in_both_are_two():
    tree = trials("tcs_medium_plus", "tci", "crisaborole", count=2)
    assert judge(tree, {"trial:tcs_medium_plus": failed(""), "trial:tci": failed("")}) is MET
    assert judge(tree, {"trial:tci": failed("Protopic", "tacrolimus")}) is UNKNOWN
    assert judge(tree, {"trial:tci": failed("Protopic"), "trial:crisaborole": "intolerance"}) is MET
    strange = trials("step_1", "step_2", count=2)
    assert judge(strange, {"trial:step_1": failed(""), "trial:step_2": failed("")}) is UNKNOWN


def test_a_rule_may_say_that_products_of_one_drug_count_each():
    tree = trials("isotretinoin_preferred", count=2, each_product="yes")
    assert judge(tree, {"trial:isotretinoin_preferred": failed("Claravis", "Amnesteem")}) is MET
    assert judge(tree, {"trial:isotretinoin_preferred": failed("Claravis", "isotretinoin")}) is UNKNOWN
    assert judge(tree, {"trial:isotretinoin_preferred": failed("Claravis", "claravis ")}) is UNKNOWN
    assert (
        judge(
            trials("isotretinoin_preferred", count=2), {"trial:isotretinoin_preferred": failed("Claravis", "Amnesteem")}
        )
        is UNKNOWN
    )


def test_a_trial_of_the_drug_asked_for_is_none_of_another_of_its_class():
    tree = trials("biologic_ad")
    assert judge(tree, {"trial:biologic_ad": failed("dupilumab")}, "drug:dupixent") is UNKNOWN
    assert judge(tree, {"trial:biologic_ad": failed("Adbry")}, "drug:dupixent") is MET
    own = trials("isotretinoin_preferred")
    assert judge(own, {"trial:isotretinoin_preferred": failed("Claravis")}, "drug:isotretinoin") is MET


def test_a_drug_of_another_class_is_no_failure_of_this_one():
    assert judge(trials("tnf_inhibitor"), {"trial:tnf_inhibitor": failed("Skyrizi")}) is UNKNOWN
    assert judge(trials("tnf_inhibitor"), {"trial:tnf_inhibitor": failed("Amjevita")}) is MET
    assert judge(trials("tcs"), {"trial:tcs": failed("Elidel")}) is UNKNOWN


def test_a_drug_is_found_by_each_of_its_names():
    assert judge(trials("adalimumab"), {"trial:humira": "intolerance"}) is MET
    assert judge(trials("crisaborole"), {"trial:eucrisa": "intolerance"}) is MET
    assert judge(trials("tacrolimus_topical"), {"trial:prograf": "intolerance"}) is UNKNOWN
    assert judge(trials("adalimumab"), {"trial:humira": "intolerance", "trial:adalimumab": "none"}) is UNKNOWN
    assert judge({"contraindication_to": ["methotrexate"]}, {"contraindication:trexall": "yes"}) is MET
    assert (
        judge(
            {"contraindication_to": ["methotrexate"]}, {"contraindication:trexall": "yes", "contraindication:mtx": "no"}
        )
        is UNKNOWN
    )
    assert judge({"prior_use": {"of": ["otezla"]}}, {"prior_use:apremilast": "yes"}) is MET


@pytest.mark.parametrize(
    ("listed", "without", "drug", "truth"),
    [
        ("Humira 40 mg every 2 weeks", "biologic", None, UNKNOWN),
        ("Humira 40 mg every 2 weeks", None, None, UNKNOWN),
        ("methotrexate 15 mg weekly", "biologic", None, MET),
        ("methotrexate 15 mg weekly; emollient", None, None, MET),
        ("Wonderdrug", None, None, UNKNOWN),
        ("Wonderdrug", "biologic", None, MET),
        ("Dupixent 300 mg", "biologic", "drug:dupixent", MET),
        ("none", None, None, MET),
        ("", "biologic", None, MET),
    ],
)
def test_a_list_that_names_a_drug_of_the_class_is_not_without_it(listed, without, drug, truth):
    facts = {"medications": listed.lower(), "medications_on": DAY.isoformat()}
    facts |= {"medications_without": without} if without is not None else {}
    assert judge({"not_combined_with": ["biologic"]}, facts, drug) is truth


def test_a_potency_is_asked_of_topical_corticosteroids_alone():
    tree = trials("tcs", "tci", "crisaborole", "oral_corticosteroid", potency_at_least="medium")
    assert judge(tree, {"trial:tci": failed("")}) is MET
    assert judge(tree, {"trial:crisaborole": "intolerance"}) is MET
    assert judge(tree, {"trial:oral_corticosteroid": failed("prednisone")}) is MET
    assert judge(tree, {"trial:tcs": failed("")}) is UNKNOWN
    assert judge(tree, {"trial:tcs": failed("clobetasol")}) is UNKNOWN
    assert judge(tree, {"trial:tci": failed("clobetasol")}) is UNKNOWN
    assert judge(tree, {"trial:tcs": "intolerance; potency=medium"}) is MET
    assert (
        judge(trials("vitamin_d_tcs_combo", potency_at_least="medium"), {"trial:vitamin_d_tcs_combo": failed("")})
        is UNKNOWN
    )
    assert judge(trials("some_class", potency_at_least="medium"), {"trial:some_class": failed("")}) is UNKNOWN


NAMES = {key: (key, *names) for key, names in PHARMACY.spoken.items() if names}
KEYS = sorted(NAMES)
CLASSES = ("tcs", "tci", "biologic", "step_1_pso", "oral_antibiotic", "topical_retinoid", "antibiotic", "dapsone")
OUTCOMES = st.sampled_from(["inadequate_response", "intolerance", "tried", "contraindication", "none"])
TOLD = st.tuples(st.sampled_from(CLASSES), st.sampled_from([*KEYS, "", "wonderdrug"]), OUTCOMES)
TREES = st.builds(
    lambda of, count: trials(*of, count=count),
    st.lists(st.sampled_from(CLASSES), min_size=1, max_size=4, unique=True),
    st.integers(1, 3),
)


def on_file(told, name_of=lambda drug: drug):
    facts: dict[str, list[str]] = {}
    for klass, drug, outcome in told:
        facts.setdefault(f"trial:{klass}", []).append(f"{outcome}; drug={name_of(drug)}" if drug else outcome)
    return {name: " | ".join(texts) for name, texts in facts.items()}


@settings(max_examples=120)
@given(TREES, st.lists(TOLD, max_size=5), st.randoms())
def test_renaming_a_drug_to_its_brand_or_generic_never_changes_an_answer(tree, told, random):
    renamed = on_file(told, lambda drug: random.choice(NAMES.get(drug, (drug,))))
    assert judge(tree, on_file(told)) is judge(tree, renamed)


@settings(max_examples=120)
@given(TREES, st.lists(TOLD, min_size=1, max_size=5), st.randoms())
def test_telling_a_trial_twice_by_any_of_its_names_never_makes_an_answer_milder(tree, told, random):
    klass, drug, outcome = random.choice(told)
    again = (klass, random.choice(NAMES.get(drug, (drug,))), outcome)
    assert judge(tree, on_file([*told, again])) is judge(tree, on_file(told))


@settings(max_examples=60)
@given(TREES, st.lists(TOLD, max_size=5), st.sampled_from(["", "wonderdrug"]), OUTCOMES)
def test_a_trial_of_a_drug_that_is_not_known_is_never_one_drug_more(tree, told, drug, outcome):
    for klass in {klass for klass, _drug, _outcome in told}:
        same = [one for one in told if one[0] == klass and one[2] == outcome]
        if same and tree["trial"]["count"] != "1":
            more = judge(tree, on_file([*told, (klass, drug, outcome)]))
            assert more is judge(tree, on_file(told)) or more is not MET


@given(st.integers(-3000, 3000))
def test_shifting_every_day_alike_changes_nothing(days):
    tree = {"all": [trials("tcs", within="90 days"), {"lab": {"name": "tb", "result": "negative", "within": "1 year"}}]}
    compiled, _reads = compile_tree(Node.model_validate(tree), LISTS)
    ended, taken = (DAY + timedelta(days=days - before) for before in (60, 200))
    facts = {"trial:tcs": f"intolerance; ended={ended}", "lab:tb": "negative", "lab:tb:on": str(taken)}
    assert compiled is not None
    assert compiled.judge(Question("p", DAY + timedelta(days=days), facts=facts)).truth is MET
