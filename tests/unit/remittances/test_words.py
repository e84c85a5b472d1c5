"""Codes and amounts in words of ours, or alone."""

import pytest

from app.clearance.facts.reasons import Badge, Check
from app.remittances.facts.claims import Adjustment, Category, ClaimState
from app.remittances.views.claims import off_words
from app.remittances.views.codes import CATEGORY_WORDS, adjustment_words, money_words, status_words
from app.remittances.views.listing import STATE_WORDS, WHY_WORDS, result_words, said_words
from app.standards.x12.remittance.denials import CATEGORIES


@pytest.mark.parametrize(
    ("cents", "words"), [(None, ""), (0, "$0.00"), (5, "$0.05"), (-4258, "-$42.58"), (123456789, "$1,234,567.89")]
)
def test_money_is_written_as_people_read_it(cents, words):
    assert money_words(cents) == words


def test_a_code_without_words_of_ours_stands_alone():
    assert adjustment_words(Adjustment("CO", "197", 1)) == "CO-197: no authorization (the practice bears it)"
    assert adjustment_words(Adjustment("ZZ", "9999", 1)) == "ZZ-9999"
    assert adjustment_words(Adjustment(None, None, 1)) == "No code"
    assert (status_words("4"), status_words("77"), status_words(None)) == ("Denied", "Status 77", "No status given")


def test_what_a_claim_came_to_is_said_by_what_stands():
    denied = (Category.AUTHORIZATION, Category.CODING)
    assert result_words("1", ClaimState.STANDS, denied, 0) == "Denied: authorization and coding"
    assert result_words("1", ClaimState.STANDS, denied, 5000) == "Denied in part: authorization and coding"
    assert result_words("1", ClaimState.STANDS, (), 5000) == "Paid as primary"
    assert result_words("1", ClaimState.REVERSED, denied, 0) == "Taken back by the payer"


def test_what_had_been_said_names_the_check():
    assert said_words(Badge.AT_RISK, Check.UNITS) == "At risk, units"
    assert said_words(Badge.CLEARED, None) == "Cleared"
    assert said_words(None, None) == ""


def test_a_claim_that_does_not_add_up_says_by_how_much():
    assert off_words(0, "This claim") == ""
    assert off_words(-1050, "This claim").startswith("This claim does not add up by $10.50:")
    assert "too few amounts" in off_words(None, "This line")


def test_every_class_state_and_reason_has_words():
    assert [one.value for one in Category] == list(CATEGORIES)
    assert set(CATEGORY_WORDS) == set(Category)
    assert set(STATE_WORDS) == set(ClaimState)
    assert all(WHY_WORDS.values())
