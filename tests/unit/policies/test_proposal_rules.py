"""What becomes of a proposed rule set, which set comes back, and who may decide."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.policies.facts.proposals import DoneAct, Origin, Proposal, ProposalAct, ProposalState, Reign
from app.policies.rules.proposals import former_of, known_before, stamp_of, standing_of, state_of, superseded_by
from app.practice.facts.staff import Role, Staff
from app.rule_changes.rules.people import second_people, second_person_words, who_may
from tests.support import make

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def act(kind, basis="now", number=1):
    return DoneAct(make.an_id(number), kind, make.an_id(5), basis, AT, make.an_id(7))


def proposal(files="f1", origin=Origin.SHIPPED, folder=None):
    return Proposal(make.an_id(5), "v2", files, origin, folder, AT, None)


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        ((), ProposalState.WAITING),
        ((act(ProposalAct.ASK),), ProposalState.ASKED),
        ((act(ProposalAct.ASK, "older"),), ProposalState.WAITING),
        ((act(ProposalAct.ASK, "older"), act(ProposalAct.ASK)), ProposalState.ASKED),
        ((act(ProposalAct.ASK), act(ProposalAct.ACCEPT)), ProposalState.ACCEPTED),
        ((act(ProposalAct.REJECT, "older"),), ProposalState.REJECTED),
        ((act(ProposalAct.ASK), act(ProposalAct.SUPERSEDE)), ProposalState.SUPERSEDED),
    ],
)
def test_the_state_follows_from_the_acts_and_the_rules_in_force(acts, state):
    assert state_of(acts, "now") is state


def test_files_that_people_decided_on_are_known_and_those_that_were_superseded_are_not():
    rejected = standing_of(proposal(), (act(ProposalAct.REJECT),), "now")
    superseded = standing_of(proposal(), (act(ProposalAct.SUPERSEDE),), "now")
    assert known_before("f1", (rejected,)) and not known_before("f2", (rejected,))
    assert not known_before("f1", (superseded,))


def test_only_open_proposals_of_the_same_place_are_superseded():
    mine = standing_of(proposal("old", Origin.DIRECTORY, "ours"), (), "now")
    elsewhere = standing_of(proposal("old", Origin.DIRECTORY, "theirs"), (), "now")
    decided = standing_of(proposal("old", Origin.DIRECTORY, "ours"), (act(ProposalAct.REJECT),), "now")
    found = superseded_by(Origin.DIRECTORY, "ours", (mine, elsewhere, decided), "new")
    assert found == (mine,)
    assert superseded_by(Origin.DIRECTORY, "ours", (mine,), "old") == ()


def reigns(*versions):
    """Times in force one after another; a version with `!` before it was put back."""
    return [
        Reign(make.an_id(number), one.strip("!"), one, True, AT + timedelta(days=number), one.startswith("!"))
        for number, one in enumerate(versions, 1)
    ]


@pytest.mark.parametrize(
    ("versions", "former"),
    [
        ((), None),
        (("a",), None),
        (("a", "a"), None),
        (("a", "b"), "a"),
        (("a", "b", "b"), "a"),
        (("a", "b", "c"), "b"),
        (("a", "b", "!a"), None),
        (("a", "b", "c", "!b"), "a"),
        (("a", "b", "!a", "c"), "a"),
        (("a", "b", "a"), "b"),
        (("a", "b", "!a", "b"), "a"),
    ],
)
def test_the_former_set_is_the_one_before_without_what_was_put_back(versions, former):
    found = former_of(reigns(*versions))
    assert (found.version if found is not None else None) == former


def test_a_stamp_tells_another_act_and_another_set_in_force():
    one, other = reigns("a", "b")
    bare = standing_of(proposal(), (), "now")
    asked = standing_of(proposal(), (act(ProposalAct.ASK),), "now")
    assert len({stamp_of(bare, one), stamp_of(asked, one), stamp_of(bare, other), stamp_of(asked, other)}) == 4
    assert stamp_of(None, one) == stamp_of(None, one) != stamp_of(None, other)


def person(number, name, *roles, active=True):
    return Staff(make.an_id(number), make.PRACTICE_ID, f"{number}@example.test", name, frozenset(roles), active)


def test_whoever_may_change_rules_and_sign_in_may_decide():
    staff = (
        person(1, "Zoe", Role.COORDINATOR), person(2, "Ann", Role.MANAGER), person(3, "Bo", Role.BILLER),
        person(4, "Cy", Role.COORDINATOR, active=False), person(5, "Di", Role.ADMINISTRATOR),
    )  # fmt: skip
    assert [one.name for one in who_may(staff)] == ["Ann", "Zoe"]
    assert [one.name for one in second_people(staff, make.an_id(2))] == ["Zoe"]


def test_the_second_person_is_named_and_where_there_is_none_what_helps():
    many = [replace(person(number, f"P{number}", Role.MANAGER)) for number in range(1, 8)]
    assert second_person_words(many[:2]).endswith("another person must accept them: P1 or P2.")
    assert second_person_words(many).endswith("P1, P2, P3, P4, P5 and 2 more.")
    assert "An administrator must make a second person coordinator or manager" in second_person_words(())
