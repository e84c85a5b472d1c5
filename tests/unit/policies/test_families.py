"""Families of codes: what is offered, what is ticked, and what the loader refuses."""

from pathlib import Path

import pytest

from app.policies.facts.faults import PolicyFilesError
from app.policies.files.directory import policies_of, read_policies
from app.policies.rules.compiling import compile_book
from app.policies.rules.families import family_label, offered_families
from app.policies.rules.service_words import drug_named, search_services

SHIPPED = Path(__file__).resolve().parents[3] / "payer_policies"
GOOD = """schema: families/1
read_on: 2026-11-27
families:
  - id: one
    label: One
    ours: yes
    parts:
      - {label: First, usual: next, why: Because, codes: {"11400": Small, "11401": Middle, "11402": Large}}
      - {label: Second, leads: no, usual_with: ["11402"], why: Because, codes: {"12031": Repair}}
"""
PAYER = """schema: payer/1
payer: {id: p, name: Payer, kind: commercial}
read_on: 2026-01-05
products: {med: {name: Medical, line: commercial, benefit: medical}}
"""


@pytest.fixture(scope="module")
def book():
    """The book that the program ships."""
    return compile_book(read_policies(SHIPPED), "a version")


def faults_of(text):
    """Load one file of families; give what was refused."""
    files = {"p/payer.yaml": PAYER.encode(), "_grid/families.yaml": text.encode()}
    try:
        policies_of(files)
    except PolicyFilesError as error:
        return [(fault.file, fault.line, str(fault)) for fault in error.faults]
    return []


@pytest.mark.parametrize(
    ("asked", "family", "usual"),
    [
        (("17311",), "mohs", {"17312", "17315"}),
        (("17313",), "mohs", {"17314", "17315"}),
        (("11400",), "excision_trunk", {"11401"}),
        (("11402",), "excision_trunk", {"11401", "11403"}),
        (("11642",), "excision_face", {"11641", "11643"}),
        (("96567",), "pdt", set()),
        (("64650",), "botulinum_sweating", set()),
        (("96920",), "excimer", {"96921"}),
        (("96921",), "excimer", {"96920", "96922"}),
    ],
)
def test_a_code_brings_its_family_with_the_usual_ones_ticked(book, asked, family, usual):
    (found,) = offered_families(book, asked)
    assert (found.id, set(found.usual)) == (family, usual)
    assert all(part.why for part in found.parts)


@pytest.mark.parametrize(
    ("asked", "lacking"),
    [
        (("96567",), ["Drug"]),
        (("J7308",), ["Application of light"]),
        (("96573", "J7345"), []),
        (("64650",), ["Drug, by the unit"]),
        (("J0585",), ["Injection"]),
        (("64650", "J0585"), []),
    ],
)
def test_a_drug_without_its_injection_is_said_and_nothing_is_chosen_for_people(book, asked, lacking):
    (found,) = offered_families(book, asked)
    assert [part.label for part in found.parts if part.lacking] == lacking
    assert found.usual == ()


def test_a_repair_alone_brings_no_family(book):
    assert offered_families(book, ("12031", "99213")) == ()


def test_mohs_is_offered_with_every_kind_of_repair(book):
    (found,) = offered_families(book, ("17311",))
    codes = {one.code for part in found.parts for one in part.codes}
    assert {"12051", "13132", "14060", "15260"} <= codes
    assert family_label(book, "17312") == "Stages on head, neck, hands, feet or genitals: Each further stage"
    assert family_label(book, "99213") is None


def test_every_family_that_we_ship_says_on_what_it_rests(book):
    assert all(one.ours != (one.source is not None) for one in book.families)


def test_a_good_file_is_read():
    assert faults_of(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("    ours: yes\n", "", "must rest on one thing"),
        ("    ours: yes\n", "    ours: yes\n    source: s\n", "must rest on one thing"),
        ("    ours: yes\n", "    source: s\n", "there is no source 's'"),
        ("Repair}", 'Repair, "11401": Again}', "11401 stands in two of its parts"),
        ('["11402"]', '["99999"]', "usual_with names 99999"),
        ('["11402"]', '["12031"]', "usual_with names 12031"),
        ("usual: next", "usual: often", "'often' is not one of its words"),
        ('"11400": Small', '"114": Small', "114"),
        ("why: Because, codes: {\"12031\"", "codes: {\"12031\"", "is missing"),
        ("leads: no", "leads: no, sells: yes", "unknown key 'sells'"),
        ("Small", "S" * 81, "is too long"),
    ],
)  # fmt: skip
def test_what_a_file_of_families_may_not_say(old, new, found):
    (fault, *_more) = faults_of(GOOD.replace(old, new, 1))
    assert fault[0] == "_grid/families.yaml"
    assert fault[1] > 1
    assert found in fault[2]


def test_an_id_stands_once():
    again = GOOD + GOOD[GOOD.index("  - id: one") :]
    assert "stands there already" in faults_of(again)[0][2]


@pytest.mark.parametrize(
    ("words", "label", "first"),
    [
        ("mohs", "Mohs surgery", "17311"),
        ("excimer", "Excimer or targeted UV laser", "96920"),
        ("botul sweat", "Botulinum for sweating", "64650"),
    ],
)
def test_words_find_services(book, words, label, first):
    hits = {hit.label: hit for hit in search_services(book, words)}
    assert hits[label].codes[0] == first


def test_a_drug_is_found_by_any_of_its_names(book):
    assert [hit.drug for hit in search_services(book, "dupil")] == ["drug:dupixent"]
    assert (drug_named(book, "Dupilumab"), drug_named(book, "humira"), drug_named(book, "mohs")) == (
        "drug:dupixent",
        "drug:adalimumab",
        None,
    )


@pytest.mark.parametrize("words", ["", "  ", "xy", "nothing like it", "mo su"])
def test_words_that_mean_nothing_find_nothing(book, words):
    assert search_services(book, words) == ()
