"""Under what a patient is found, and how the words of a search may be meant."""

from datetime import date

import pytest

from app.casework.rules.finding import readings_of
from app.patients.facts import PatientDetails
from app.patients.rules import digits_of, keys_of, name_fits, name_key, number_key, plain_name
from tests.support import make

PERSON = PatientDetails(make.an_id(1), "M1", "O'Neil-Peña", "María José", date(1980, 5, 17), "+1 (555) 010-2233")


def test_names_are_folded_without_accents_case_and_punctuation():
    assert plain_name("  O'Neil-PEÑA ") == "oneilpena"


def test_a_patient_is_found_by_beginnings_of_each_part_of_the_name_by_phone_and_birth():
    assert set(keys_of(PERSON)) == {
        ("last", "one"), ("last", "onei"), ("last", "oneilp"), ("last", "pen"), ("last", "pena"),
        ("first", "mar"), ("first", "maria"), ("first", "jos"),
        ("phone", "5550102233"), ("birth", "1980-05-17"),
    }  # fmt: skip


def test_a_short_name_is_kept_whole():
    short = PatientDetails(make.an_id(1), "M1", "Li", "", None)
    assert list(keys_of(short)) == [("whole last", "li")]


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("li", ("whole last", "li")),
        ("oni", ("last", "oni")),
        ("oneil", ("last", "onei")),
        ("Oneil-Pena", ("last", "oneilp")),
    ],
)
def test_a_typed_name_is_looked_up_by_the_longest_key_it_holds(typed, key):
    assert name_key("last", typed) == key


@pytest.mark.parametrize(
    ("typed", "fits"),
    [("one", True), ("oneilpena", True), ("oneilpenas", False), ("pena", True), ("eil", False), ("on", False)],
)
def test_a_name_fits_from_the_beginning_of_any_part(typed, fits):
    assert name_fits(typed, "O'Neil-Peña") is fits


def test_every_fitting_beginning_leads_to_a_key_of_the_patient():
    keys = set(keys_of(PERSON))
    for part, name in (("last", "oneilpena"), ("last", "pena"), ("first", "mariajose"), ("first", "jose")):
        for length in range(3, len(name) + 1):
            assert name_key(part, name[:length]) in keys
            assert name_fits(name[:length], PERSON.last_name if part == "last" else PERSON.first_name)


def test_phones_and_numbers_are_compared_without_punctuation():
    assert digits_of("+1 (555) 010-2233") == digits_of("555.010.2233") == "5550102233"
    assert number_key("PA-1042") == number_key("pa 1042")


@pytest.mark.parametrize("words", ["", " ", "x", "-"])
def test_too_little_is_not_looked_up(words):
    assert readings_of(words) == ()


def test_two_words_are_read_in_either_order():
    found = {(one.last, one.first) for one in readings_of("maria oneil")}
    assert {("oneil", "maria"), ("maria", "oneil"), ("maria oneil", None), (None, "maria oneil")} == found


def test_a_comma_says_which_is_the_last_name():
    assert [(one.last, one.first) for one in readings_of("oneil, maria")] == [("oneil", "maria")]


def test_a_birth_date_beside_a_name_narrows_it():
    found = readings_of("oneil 05/17/1980")
    assert all(one.birth == date(1980, 5, 17) for one in found if one.last == "oneil")
    assert next(one for one in found if one.last == "oneil").keys[-1] == ("birth", "1980-05-17")


def test_the_ways_of_reading_are_few():
    assert len(readings_of("a b c d e f g h i j k l m n o p q r")) <= 12
