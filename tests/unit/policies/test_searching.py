"""Words of people, and what they may mean: one exact name is an answer, everything else a choice."""

import time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from app.policies.actions.searching import Words
from app.policies.facts.faults import PolicyFilesError
from app.policies.facts.searching import Kind
from app.policies.files.diagnoses import diagnosis_lexicon
from app.policies.files.directory import policies_of, read_policies
from app.policies.rules.compiling import compile_book

SHIPPED = Path(__file__).resolve().parents[3] / "payer_policies"


@cache
def words():
    """The words of the book that the program ships."""
    return Words(compile_book(read_policies(SHIPPED), "a version"))


EXACT = {
    "Dupixent": "drug:dupixent", "dupilumab": "drug:dupixent", "DUPIXENT ": "drug:dupixent", "Xolair": "drug:xolair",
    "omalizumab": "drug:xolair", "Humira": "drug:adalimumab", "Stelara": "drug:ustekinumab",
    "Otezla XR": "drug:otezla", "guselkumab": "drug:tremfya", "drug:skyrizi": "drug:skyrizi", "17311": "17311",
    "j2357": "J2357", "99999": "99999", "mohs": "mohs", "Mohs surgery": "mohs", "patch testing": "patch_testing",
    "hair removal": "hair_removal", "photodynamic therapy": "pdt", "skin biopsy": "skin_biopsy",
    "inflammatory biologics": "drug_class:inflammatory_biologics", "tattoo removal": "tattoo_removal",
    "certolizumab pegol": "drug:cimzia", "50242-0040-62": "drug:xolair",
}  # fmt: skip
FIRST = {
    "dupixant": "drug:dupixent", "duplimab": "drug:dupixent", "dupi": "drug:dupixent", "zolair": "drug:xolair",
    "xoliar": "drug:xolair", "humera": "drug:adalimumab", "stelera": "drug:ustekinumab", "otesla": "drug:otezla",
    "skyrizzi": "drug:skyrizi", "tremfia": "drug:tremfya", "cosentix": "drug:cosentyx", "talts": "drug:taltz",
    "rinvoc": "drug:rinvoq", "isotretinion": "drug:isotretinoin", "opzelera": "drug:opzelura",
    "embrel": "drug:enbrel", "botox migraine": "botulinum_neuro", "botox sweating": "botulinum_hyperhidrosis",
    "botox wrinkles": "grid:cosmetic_botulinum", "laser hair": "hair_removal", "lazer hair": "hair_removal",
    "wart freezing": "wart_destruction", "warts freezing": "wart_destruction", "allergy patches": "patch_testing",
    "allergy patch": "patch_testing", "home light box": "home_phototherapy", "excimer": "excimer_laser",
    "xtrac": "excimer_laser", "sticker test": "pigmented_lesion_assay", "spider veins": "vein_ablation",
    "tummy tuck": "panniculectomy", "droopy eyelids": "blepharoplasty", "accutane pill": "drug:isotretinoin",
    "moh surgery": "mohs", "micrographic surgery": "mohs", "nose job": "rhinoplasty",
    "juvederm": "soft_tissue_filler", "chemical peal": "chemical_peel", "biospy": "skin_biopsy", "cold sore": "B00.1",
    "plaque psoriasis": "L40.0", "plaque psoriasis vulgaris": "L40.0", "atopic dermatitis": "L20.89",
    "toenail fungus": "B35.1", "poison ivy": "L23.7", "hidradenitis suppurativa": "L73.2",
    "psoriasis vulgaris": "L40.0", "hidradenitis supurativa": "L73.2", "alopecia areata unspecified": "L63.9",
    "L73.2": "L73.2", "pemphigoid bullous": "L12.0", "sun burn": "L55.9", "1731": "17311",
}  # fmt: skip
"""What stands first; nothing of it is answered before somebody chose it."""
SEVERAL = {
    "eczema shot": {"drug:dupixent", "drug:adbry", "drug:ebglyss", "drug:nemluvio"},
    "psoriasis shot": {"drug:skyrizi", "drug:tremfya", "drug:cosentyx", "drug:taltz", "drug:bimzelx"},
    "hives shot": {"drug:xolair", "drug:dupixent"},
    "light therapy": {"phototherapy", "excimer_laser", "home_phototherapy", "pdt"},
    "skin cancer surgery": {"mohs", "malignant_excision"},
    "botox": {"botulinum_neuro", "botulinum_hyperhidrosis", "grid:cosmetic_botulinum", "J0585"},
    "wart": {"wart_destruction", "B07.9"},
    "hives": {"L50.0", "L50.1", "L50.8"},
    "skin cancer": {"mohs", "superficial_radiation"},
    "alopecia areata": {"L63.8", "L63.9"},
    "skin tags": {"grid:skin_tag", "benign_lesion_removal"},
}


@pytest.mark.parametrize(("typed", "key"), EXACT.items())
def test_an_exact_name_or_code_is_an_answer(typed, key):
    meaning = words().service(typed)
    assert meaning.exact is not None, [hit.key for hit in meaning.hits]
    assert (meaning.exact.key, meaning.hits) == (key, ())


@pytest.mark.parametrize(("typed", "key"), FIRST.items())
def test_other_words_find_what_is_meant_first_and_leave_the_choice(typed, key):
    meaning = words().service(typed)
    assert meaning.exact is None
    assert meaning.hits[0].key == key, [(hit.key, hit.score) for hit in meaning.hits[:5]]


@pytest.mark.parametrize(("typed", "keys"), SEVERAL.items())
def test_what_may_mean_several_things_offers_all_of_them(typed, keys):
    meaning = words().service(typed)
    assert meaning.exact is None
    assert keys <= {hit.key for hit in meaning.hits}


def test_the_corpus_is_large_enough():
    assert len(EXACT) + len(FIRST) + len(SEVERAL) >= 60


@pytest.mark.parametrize("typed", ["", "  ", "qqqqqq", "!!", "zzz zzz zzz"])
def test_what_is_nothing_finds_nothing(typed):
    meaning = words().service(typed)
    assert (meaning.exact, meaning.hits) == (None, ())


@pytest.mark.parametrize(
    ("typed", "key"), [("plaque psoriasis", "L40.0"), ("Psoriasis vulgaris", "L40.0"), ("acne", None)]
)
def test_a_diagnosis_is_read_where_it_goes_by_just_this_name(typed, key):
    exact = words().diagnosis(typed).exact
    assert (exact and exact.key) == key


def test_every_choice_of_diagnosis_is_one():
    assert all(hit.kind is Kind.DIAGNOSIS for hit in words().diagnosis("eczema").hits)
    assert len(words().diagnosis("eczema").hits) > 3


_BRANDS = {
    name.casefold(): f"drug:{key}"
    for key, drug in words().book.drugs.drugs.items()
    for name in drug.names
    if name.isalpha() and len(name) >= 6
}


@st.composite
def typing_errors(draw):
    """A brand or generic name of six letters or more, with one letter too many, too few, wrong, or two swapped."""
    name = draw(st.sampled_from(sorted(_BRANDS)))
    letter, place = draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz")), draw(st.integers(0, len(name) - 2))
    typed = draw(
        st.sampled_from(
            [
                name[:place] + letter + name[place:],
                name[:place] + name[place + 1 :],
                name[:place] + letter + name[place + 1 :],
                name[:place] + name[place + 1] + name[place] + name[place + 2 :],
            ]
        )
    )
    return name, typed


@given(typing_errors())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_one_typing_error_in_a_drugs_name_still_finds_it(drawn):
    name, typed = drawn
    meaning = words().service(typed)
    found = [meaning.exact.key] if meaning.exact is not None else [hit.key for hit in meaning.hits[:3]]
    others = {word for hit in meaning.hits[:3] for word in hit.label.casefold().split()}
    if any(OSA.distance(word, typed) <= OSA.distance(name, typed) for word in others):
        found = [hit.key for hit in meaning.hits]  # `acone` is as near to acne as to Aczone: both are offered
    nearer = {key for other, key in _BRANDS.items() if OSA.distance(other, typed) <= OSA.distance(name, typed)}
    assert _BRANDS[name] in found or len(nearer) > 1, (name, typed, found)


def test_a_search_takes_little_time_and_the_list_of_diagnoses_is_made_once():
    words().service("skin")
    assert diagnosis_lexicon() is diagnosis_lexicon()
    times = []
    for typed in ("con", "malignant melanoma of skin", "dermatits", "light", "other unspecified"):
        begun = time.process_time()
        words().service(typed)
        times.append(time.process_time() - begun)
    assert sorted(times)[2] < 0.1  # half of that on a machine that does nothing else


GOOD = """schema: words/1
words:
  - {say: [eczema shot], means: ["drug:dupixent"], diagnoses: [L20.*]}
  - {say: [cold sore], diagnoses: [B00.1]}
"""


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("[eczema shot]", "[cold sore]", "'cold sore' stands there already"),
        ("drug:dupixent", "drug:nobody", "there is no 'drug:nobody'"),
        ("drug:dupixent", "grid:nothing", "there is no 'grid:nothing' in _grid/service_grid.yaml"),
        ("L20.*", "L99.99", "there is no ICD-10-CM code L99.99"),
        (", diagnoses: [B00.1]", "", "the phrases mean nothing"),
        ("say: [cold sore]", "say: []", "is empty"),
        ("say: [cold sore]", "says: [cold sore]", "unknown key 'says'"),
        ("[B00.1]", "[Z]", "is not written as it should be"),
    ],
)
def test_what_a_file_of_words_may_not_say(old, new, found):
    services = (SHIPPED / "_grid" / "services.yaml").read_bytes()
    payer = b"schema: payer/1\npayer: {id: p, name: Payer, kind: commercial}\nread_on: 2026-01-05\n" + (
        b"products: {med: {name: Medical, line: commercial, benefit: medical}}\n"
    )
    files = {"p/payer.yaml": payer, "_grid/services.yaml": services}
    policies_of(files | {"_grid/words.yaml": GOOD.encode()})
    with pytest.raises(PolicyFilesError) as refused:
        policies_of(files | {"_grid/words.yaml": GOOD.replace(old, new, 1).encode()})
    faults = [str(fault) for fault in refused.value.faults]
    assert any(found in fault and fault.startswith("_grid/words.yaml:") for fault in faults), faults
