"""Suggestions of payers: alike by their words, never an answer by themselves."""

import pytest

from app.policies.rules.likeness import suggestions, words_of

LIBRARY = {
    "aetna": ("Aetna", ("Aetna", "Aetna Commercial", "Aetna Health Inc")),
    "medicare": ("Original Medicare", ("Original Medicare", "Medicare", "Medicare Part B")),
    "texas_medicaid": ("Texas Medicaid", ("Texas Medicaid", "TMHP")),
    "blue_texas": ("Blue Cross Blue Shield of Texas", ("Blue Cross Blue Shield of Texas", "BCBSTX")),
    "blue_illinois": ("Blue Cross Blue Shield of Illinois", ("Blue Cross Blue Shield of Illinois", "BCBSIL")),
    "united": ("UnitedHealthcare", ("UnitedHealthcare", "UHC")),
    "humana": ("Humana", ("Humana",)),
}


def keys(name):
    return [one.key for one in suggestions(name, LIBRARY)]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("AETNA PPO - Northeast", "aetna"),
        ("Medicare B (Novitas)", "medicare"),
        ("TX MEDICAID", "texas_medicaid"),
        ("BCBS of Texas", "blue_texas"),
        ("BCBSIL PPO", "blue_illinois"),
        ("United Healthcare Choice Plus", "united"),
        ("UHC", "united"),
        ("Humana Gold", "humana"),
        ("Atena", "aetna"),
        ("Hummana", "humana"),
    ],
)
def test_the_payer_that_a_person_would_think_of_comes_first(name, first):
    assert keys(name)[0] == first


@pytest.mark.parametrize("name", ["Local 12 Plumbers", "Cigna", "Acme Insurance Plan", "---", "12345"])
def test_a_name_without_a_word_of_the_library_suggests_nothing(name):
    assert keys(name) == []


def test_at_most_three_are_suggested_the_most_alike_first():
    found = suggestions("Blue Cross Blue Shield Texas Medicaid Medicare Aetna", LIBRARY)
    assert len(found) <= 3
    assert [one.likeness for one in found] == sorted((one.likeness for one in found), reverse=True)
    assert all(0 < one.likeness <= 1 for one in found)


def test_a_rare_word_counts_more_than_one_of_many_payers():
    illinois, texas = keys("Blue Cross of Illinois")[:2]
    assert (illinois, texas) == ("blue_illinois", "blue_texas")


def test_case_punctuation_and_the_order_of_words_do_not_matter():
    assert suggestions("texas, MEDICAID", LIBRARY) == suggestions("Medicaid Texas", LIBRARY)
    assert words_of("The BCBS-TX Ins. Co.") == {"blue", "cross", "shield", "texas"}
