"""Rules of the practice and a library that changes: nothing is told of what stayed, everything that turned."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policies.facts.answers import Confidence, Need, Question
from app.policies.facts.conflicts import ConflictKind
from app.policies.rules.compiling import compile_book
from app.policies.rules.conflicts import conflicts, covering, still_holding
from app.policies.rules.library import ask_library
from app.values.insurance import Line
from app.values.spans import DateSpan
from tests.unit.policies.books import DAY, policy_set, practice_rule, rule
from tests.unit.policies.test_properties import some_rules

NEEDED, FREE = rule(), rule(approval="not_required", coverage="covered")
SAYS_FREE, SAYS_NEEDED = practice_rule(corrects=True), practice_rule(need=Need.REQUIRED)


def found(practice, before, after):
    sets = [policy_set(*rules) if rules is not None else None for rules in (before, after)]
    return [(one.kind, one.ref, one.was, one.now) for one in conflicts((practice,), *sets)]


@pytest.mark.parametrize(
    ("practice", "before", "after", "kind"),
    [
        (SAYS_FREE, [NEEDED], [FREE], ConflictKind.SAME),
        (SAYS_FREE, [FREE], [NEEDED], ConflictKind.OTHERWISE),
        (SAYS_NEEDED, [NEEDED], [FREE], ConflictKind.OTHERWISE),
        (SAYS_FREE, [NEEDED], [NEEDED | {"documents": ["Photos"]}], ConflictKind.CHANGED),
        (SAYS_FREE, [NEEDED], [], ConflictKind.REMOVED),
        (SAYS_FREE, [NEEDED], [NEEDED | {"codes": ["96912"]}], ConflictKind.REMOVED),
        (SAYS_FREE, [], [NEEDED], ConflictKind.OTHERWISE),
        (SAYS_FREE, None, [NEEDED], ConflictKind.OTHERWISE),
        (SAYS_NEEDED, None, [NEEDED], ConflictKind.SAME),
        (SAYS_FREE, [NEEDED], [rule(approval="unknown")], ConflictKind.CHANGED),
        (practice_rule(need=Need.COSMETIC), [NEEDED], [rule(approval="not_applicable")], ConflictKind.SAME),
    ],
)
def test_what_the_library_does_to_a_rule_of_the_practice(practice, before, after, kind):
    ((told, ref, _was, _now),) = found(practice, before, after)
    assert (told, ref) == (kind, "p/t#r")


@pytest.mark.parametrize(
    ("practice", "before", "after"),
    [
        (SAYS_FREE, [], [rule(approval="unknown")]),
        (SAYS_FREE, [], [rule(approval="not_required", confidence="memory")]),
        (SAYS_FREE, [NEEDED], [NEEDED | {"notes": {"seen": "again"}}]),
        (replace(SAYS_FREE, codes=frozenset({"11102"})), [NEEDED], [FREE]),
        (replace(SAYS_FREE, payer="other"), [NEEDED], [FREE]),
        (replace(SAYS_FREE, lines=frozenset({Line.MEDICARE_ADVANTAGE})), [NEEDED], [FREE]),
        (replace(SAYS_FREE, places=frozenset({"22"})), [], [NEEDED | {"applies": {"places": ["11"]}}]),
        (SAYS_FREE, [], [NEEDED | {"from": "2027-01-01"}]),
        (SAYS_FREE, [], [NEEDED | {"until": "2025-12-31"}]),
    ],
)
def test_what_does_not_concern_the_rule_is_not_told(practice, before, after):
    assert found(practice, before, after) == []


def test_a_conflict_tells_both_sides_and_what_changed():
    after = policy_set(FREE | {"codes": ["96910", "96912"]})
    (one,) = conflicts((SAYS_FREE,), policy_set(NEEDED), after)
    assert (one.was, one.now, one.about, one.names) == (
        "required", "not required", "96910 and 96912", frozenset({"96910"}),
    )  # fmt: skip
    assert ("Approval", "required", "not required") in [(f.field, f.before, f.after) for f in one.fields]


def test_ranges_and_classes_of_drugs_are_named_too():
    ranged = replace(SAYS_FREE, codes=frozenset({"96900-96920"}))
    assert covering(ranged, policy_set(NEEDED)) == ("p/t#r",)
    drugs = {"schema": "drugs/1", "drugs": {"dupixent": {"names": ["Dupixent"], "classes": ["biologic"]}}}
    of_class = policy_set(rule(service="drug_class:biologic", codes=[]), drugs=drugs)
    assert covering(replace(SAYS_FREE, codes=frozenset({"drug:dupixent"})), of_class) == ("p/t#r",)
    assert covering(SAYS_FREE, of_class) == ()


def test_the_worst_is_told_first():
    two = [NEEDED, NEEDED | {"id": "s"}]
    turned = [FREE, NEEDED | {"id": "s"}, NEEDED | {"id": "u"}]
    assert [kind for kind, *_rest in found(SAYS_FREE, two, turned)] == [ConflictKind.OTHERWISE, ConflictKind.SAME]


def test_what_has_ended_is_left_out():
    ended = replace(SAYS_FREE, span=DateSpan(date(2025, 1, 1), date(2025, 12, 31)))
    assert still_holding((ended, SAYS_FREE), DAY) == (SAYS_FREE,)


@given(some_rules(), st.sampled_from(list(Need)))
def test_a_library_that_did_not_change_has_no_conflicts(rules, need):
    policies = policy_set(*rules)
    assert conflicts((practice_rule(need=need),), policies, policies) == ()


@given(some_rules(), some_rules(), st.sampled_from(["11", "22"]))
def test_a_library_that_newly_asks_approval_is_always_told(before, after, place):
    before, after = ([one for one in rules if not one.get("closed_list")] for rules in (before, after))
    sets = policy_set(*before), policy_set(*after)
    asked = Question("p", DAY, code="96910", line=Line.COMMERCIAL, place=place)
    was, now = (ask_library(compile_book(one, "test"), asked) for one in sets)
    if now.confidence is Confidence.SEEN and now.need is Need.REQUIRED and was.need is not Need.REQUIRED:
        assert conflicts((SAYS_FREE,), *sets)


@given(some_rules(), some_rules())
def test_conflicts_name_rules_and_codes_that_are_there(before, after):
    sets = policy_set(*before), policy_set(*after)
    refs = {f"p/t#{one['id']}" for one in (*before, *after)}
    for one in conflicts((SAYS_FREE, SAYS_NEEDED), *sets):
        assert one.ref in refs and one.names == {"96910"}
        assert (one.now is None) == (one.kind is ConflictKind.REMOVED)
        assert one.was is not None or one.kind in (ConflictKind.OTHERWISE, ConflictKind.SAME)
