"""What two rule sets say otherwise of a payer, in words."""

from datetime import date

import pytest

from app.policies.facts.library import ChangeKind, VersionChange
from app.policies.rules.differences import payer_differences, sources_read_again
from app.policies.views.detail import difference_words, version_words
from tests.unit.policies.books import policy_set, rule


def words(old, new):
    """The sentences for two sets of rules of payer `p`."""
    found = payer_differences(*(policy_set(*said).payers["p"] for said in (old, new)))
    return [sentence for one in found for sentence in difference_words(one)]


def test_the_need_of_a_code_at_a_place_reads_as_was_and_is():
    here = {"applies": {"places": ["11"]}}
    assert words([rule(**here)], [rule(**here, approval="not_required")]) == [
        "96910 at place 11: was required, is not required."
    ]


def test_equal_sets_and_reworded_notes_differ_in_nothing():
    assert words([rule()], [rule()]) == []
    assert words([rule()], [rule(notes={"seen": "another note"})]) == []


def test_rules_that_came_and_went_are_named():
    assert words([], [rule("new")]) == ["96910: new rule, required (t#new)."]
    assert words([rule("old", codes=["96920", "96921", "96922", "96912"])], []) == [
        "96920 and 3 more: rule removed, it was required (t#old)."
    ]


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ({}, {"codes": ["96910", "96912"]}, "96910 and 96912: Codes now with 96912."),
        ({"codes": ["96910", "96912"]}, {}, "96910: Codes now without 96912."),
        ({}, {"documents": ["Chart notes"]}, "96910: Documents now with Chart notes."),
        ({}, {"until": "2026-12-31"}, "96910: Until was not said, is 12/31/2026."),
        ({}, {"from": "2026-05-01"}, "96910: From was unknown, is 05/01/2026."),
        ({}, {"coverage": "covered"}, "96910: Coverage was criteria, is covered."),
        ({}, {"renew_before": "30 days"}, "96910: Renew before the end was not said, is 30 days."),
        ({}, {"binds_person": True}, "96910: Binds the person was no, is yes."),
        ({}, {"applies": {"places": ["22"]}}, "96910 at place 22: Holds for was everybody, is places 22."),
        (
            {"criteria": {"bsa_percent": {"gte": "10"}}},
            {"criteria": {"bsa_percent": {"gte": "3"}}},
            '96910: Criteria was "At least 10% of the body surface is affected", '
            'is "At least 3% of the body surface is affected".',
        ),
        (
            {"limits": [{"what": "sessions", "most": 13, "per": "course"}]},
            {"limits": [{"what": "sessions", "most": 20, "per": "course"}]},
            "96910: Limits was at most 13 sessions per course, is at most 20 sessions per course.",
        ),
    ],
)
def test_each_field_that_changes_an_answer_is_told(before, after, says):
    assert words([rule(**before)], [rule(**after)]) == [says]


def test_a_rule_that_is_verified_says_from_where_it_is_known():
    assert words([rule(confidence="memory")], [rule()]) == [
        "96910: Known from was memory, is seen.",
        "96910: Source was not said, is s.",
    ]


def test_a_payer_that_is_new_brings_all_its_rules():
    new = policy_set(rule()).payers["p"]
    (only,) = payer_differences(None, new)
    assert only.kind is ChangeKind.ADDED
    assert sources_read_again(None, new) == 0


def test_sources_that_were_read_again_are_counted():
    old = policy_set(rule())
    new = old.model_dump(by_alias=True)
    new["payers"]["p"]["topics"]["t"]["read_on"] = date(2026, 2, 1)
    read = type(old).model_validate(new).payers["p"]
    assert payer_differences(old.payers["p"], read) == ()
    assert sources_read_again(old.payers["p"], read) == 1


def test_a_version_says_since_when_and_shortens_a_long_list():
    codes = [f"{number}" for number in range(11400, 11450)]
    old, new = (
        policy_set(*(rule(code, codes=[code], approval=approval) for code in codes)).payers["p"]
        for approval in ("required", "not_required")
    )
    said = version_words(VersionChange(date(2026, 11, 26), "8f3a" * 16, payer_differences(old, new), 1, first=False))
    assert said.title == "Since 11/26/2026 rules 8f3a8f3a8f3a"
    assert said.sentences[0] == "11400: was required, is not required."
    assert (len(said.sentences), said.more) == (30, "and 21 further changes")
