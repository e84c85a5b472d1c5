"""What two rule sets say otherwise: every field of a rule is told or left out by name; lists by entry."""

import pytest

from app.policies.facts.grid import PolicySet
from app.policies.facts.language import Rule
from app.policies.facts.library import ChangeKind
from app.policies.files.directory import policies_of
from app.policies.rules import differences
from app.policies.rules.set_differences import LISTS, set_differences
from app.policies.views.set_differences import difference_lines
from tests.support.rule_files import rule_files

LEFT_OUT = {
    "id", "fact", "codes_from", "diagnoses_from", "history", "source_truncated", "notes",
}  # fmt: skip
"""Of a rule: its name, and what only says how it was read."""


@pytest.fixture(scope="module")
def shipped():
    return policies_of(rule_files())


def changed(old, new, file="aetna/biologics.yaml"):
    """The shipped set with one text replaced in one file."""
    files = dict(rule_files())
    text = files[file].decode()
    assert old in text
    return policies_of(files | {file: text.replace(old, new, 1).encode()})


def test_every_field_of_a_rule_is_told_or_left_out_by_name():
    told = {name for name, _label in differences._FIELDS}
    assert told | LEFT_OUT == set(Rule.model_fields)
    assert not told & LEFT_OUT


def test_every_part_of_a_rule_set_is_compared():
    assert {*LISTS, "payers"} == set(PolicySet.model_fields)


def test_equal_sets_differ_in_nothing(shipped):
    assert not set_differences(shipped, shipped).any
    assert list(difference_lines(set_differences(shipped, shipped))) == ["Both rule sets say the same."]


def test_a_changed_field_of_a_rule_is_said_of_its_payer(shipped):
    found = set_differences(shipped, changed("approval: required", "approval: notification"))
    (aetna,) = found.payers
    assert (aetna.key, aetna.kind, found.lists) == ("aetna", ChangeKind.CHANGED, ())
    assert aetna.rules[0].fields[0].after == "notice to the payer"
    lines = list(difference_lines(found))
    assert lines[0].startswith("Aetna (CVS Health): 1 rule changed")
    assert "was required, is notice to the payer" in lines[1]


def test_a_payer_that_comes_or_goes_is_named_with_its_rules(shipped):
    without = shipped.model_copy(update={"payers": {k: v for k, v in shipped.payers.items() if k != "aetna"}})
    (came,), (went,) = set_differences(without, shipped).payers, set_differences(shipped, without).payers
    assert (came.kind, went.kind) == (ChangeKind.ADDED, ChangeKind.REMOVED)
    assert len(came.rules) == len(went.rules) == sum(len(one.rules) for one in shipped.payers["aetna"].topics.values())
    assert {one.kind for one in set_differences(None, shipped).payers} == {ChangeKind.ADDED}


def test_a_service_of_the_grid_that_changes_its_class_is_named_with_it(shipped):
    old = "class: cosmetic"
    found = set_differences(shipped, changed(old, "class: medical", "_grid/service_grid.yaml"))
    (grid,) = found.lists
    assert grid.name == "service grid"
    (entry,) = grid.entries
    assert [(one.field, one.before, one.after) for one in entry.fields] == [("class", "cosmetic", "medical")]
    assert any("class was cosmetic, is medical" in line for line in difference_lines(found))


def test_a_payer_that_was_only_read_again_says_that_no_answer_differs(shipped):
    found = set_differences(shipped, changed("read_on: 2026-11-23", "read_on: 2026-11-24"))
    assert found.payers[0].quiet
    assert "no rule says otherwise" in " ".join(difference_lines(found))
