"""How fresh a rule is: the day after which it is to be verified, the day after which it is to be asked."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policies.actions.library import SHIPPED
from app.policies.facts.grid import PolicySet
from app.policies.facts.levels import Level, Unverified
from app.policies.files.directory import read_policies
from app.policies.rules.compiling import compile_book
from app.policies.rules.freshness import freshness, level_of, most_urgent, stand_of_rule, to_verify
from app.policies.views.freshness import age_warning, fresh_warnings, level_words, verify_sentence
from tests.unit.policies.books import book, rule

READ = date(2026, 1, 5)
"""The day on which the sources of the books here were read."""
SOON, ASK = "Read {} days ago; verify it soon.", "Read {} days ago; ask the payer before you rely on it."


@pytest.mark.parametrize(
    ("days", "level", "warning"),
    [
        (0, Level.FRESH, None),
        (89, Level.FRESH, None),
        (90, Level.FRESH, None),
        (91, Level.SOON, SOON),
        (180, Level.SOON, SOON),
        (181, Level.ASK, ASK),
    ],
)
def test_over_ninety_days_warns_and_over_a_hundred_and_eighty_asks(days, level, warning):
    today = READ + timedelta(days=days)
    stand = stand_of_rule(book(rule()).rules["p/t#r"], today, {})
    assert (stand.level, stand.day) == (level, READ)
    assert stand.why == (None if level is Level.FRESH else Unverified.OLD)
    assert verify_sentence(stand, today) == (warning and warning.format(days))


def test_the_later_of_reading_and_verifying_counts_and_only_for_the_same_content():
    made = book(rule()).rules["p/t#r"]
    today = READ + timedelta(days=300)
    assert stand_of_rule(made, today, {(made.ref, made.content): READ + timedelta(days=250)}).level is Level.FRESH
    assert stand_of_rule(made, today, {(made.ref, made.content): READ - timedelta(days=9)}).day == READ
    assert stand_of_rule(made, today, {(made.ref, "another"): today}).level is Level.ASK
    verified = stand_of_rule(made, today, {(made.ref, made.content): today - timedelta(days=100)})
    assert verify_sentence(verified, today) == "Verified 100 days ago; verify it soon."


def test_a_rule_that_says_otherwise_has_another_content_and_one_that_was_only_read_again_has_not():
    said = rule()
    contents = {
        book(one).rules["p/t#r"].content
        for one in (said, said | {"approval": "not_required"}, said | {"codes": ["96912"]}, said | {"product": "ma"})
    }
    assert len(contents) == 4
    assert book(said).rules["p/t#r"].content == book(said, rule("other")).rules["p/t#r"].content


def test_a_rule_from_memory_has_no_day_until_a_person_verifies_it_and_stays_from_memory():
    made = book(rule(confidence="memory")).rules["p/t#r"]
    stand = stand_of_rule(made, READ, {})
    assert (stand.level, stand.day, stand.why) == (Level.ASK, None, Unverified.MEMORY)
    assert verify_sentence(stand, READ) == "Never verified: ask the payer before you rely on it."
    verified = stand_of_rule(made, READ, {(made.ref, made.content): READ})
    assert (verified.level, verified.why, verified.by_person) == (Level.FRESH, None, True)
    assert made.memory


def test_a_payer_counts_its_rules_in_force_by_level():
    made = book(rule("seen"), rule("memory", confidence="memory"), rule("gone", until="2026-01-01"))
    at = {days: freshness(made, READ + timedelta(days=days), {})["p"] for days in (90, 91, 181)}
    assert [(one.rules, one.old, one.memory, one.soon, one.ask) for one in at.values()] == [
        (2, 0, 1, 0, 1),
        (2, 1, 1, 1, 1),
        (2, 1, 1, 0, 2),
    ]
    assert (at[90].oldest, at[90].newest) == (READ, READ)
    assert level_words(at[91]) == (("ask", "1 to ask"), ("soon", "1 to verify soon"))
    assert [*fresh_warnings(at[181])] == [
        "1 rule verified over 180 days ago: ask the payer before you rely on them",
        "1 rule from memory, never verified",
    ]


def test_what_is_to_be_verified_is_of_the_payers_worked_with():
    made = book(rule("seen"), rule("memory", confidence="memory"))
    today = READ + timedelta(days=91)
    assert [(one.ref, one.level) for one in to_verify(made, {"p"}, today, {})] == [
        ("p/t#memory", Level.ASK),
        ("p/t#seen", Level.SOON),
    ]
    assert [one.ref for one in to_verify(made, {"p"}, READ, {})] == ["p/t#memory"]
    assert to_verify(made, set(), today, {}) == ()


def test_a_rule_set_called_back_from_its_text_has_the_same_contents():
    policies = read_policies(SHIPPED)
    again = PolicySet.model_validate_json(policies.model_dump_json(by_alias=True, exclude_unset=True))
    found, same = (compile_book(one, "test").rules for one in (policies, again))
    assert {ref: one.content for ref, one in found.items()} == {ref: one.content for ref, one in same.items()}


@given(st.integers(-5, 400), st.integers(-5, 400))
def test_a_later_day_is_never_less_fresh(one, other):
    order = list(Level)
    ages = [order.index(level_of(READ - timedelta(days=days), READ)) for days in sorted((one, other))]
    assert ages[0] >= ages[1]
    assert (age_warning(READ - timedelta(days=one), READ) is None) == (one <= 90)


def test_the_most_urgent_come_first():
    made = book(rule("a"), rule("b", confidence="memory"), rule("c"))
    today = READ + timedelta(days=100)
    days = {(made.rules["p/t#c"].ref, made.rules["p/t#c"].content): today}
    assert [one.ref for one, _stand in most_urgent(made.rules.values(), today, days)] == ["p/t#b", "p/t#a", "p/t#c"]
