"""What a set of rules would change: exactly what judging everybody under both sets says, and nothing is written."""

import shutil
from random import Random

import pytest

from app.policies.actions.library import SHIPPED, current_policies, refresh_rules
from app.policies.files.directory import files_of
from app.practice.store import practice as practices
from app.rule_changes.actions import impact as actions
from app.rule_changes.actions.impact import impact_of
from app.web.sample.filling import POLICIES
from app.web.wiring import wire
from tests.drills import rule_changes
from tests.store.clearance.test_preview import all_rows
from tests.support import make
from tests.support.changing_rules import Changer
from tests.support.rule_brute import compiled, differing, everybody
from tests.support.rule_crowd import Crowd


@pytest.fixture
def changer(caller, tmp_path):
    """The sample's payers in force, a crowd with their coverages, and what changes their files."""
    wire()
    folder = tmp_path / "policies"
    shutil.copytree(SHIPPED / "_grid", folder / "_grid")
    shutil.copytree(POLICIES, folder, dirs_exist_ok=True)
    refresh_rules(caller, folder)
    for number, (name, state) in enumerate((("Main", "NY"), ("North", "NJ"))):
        practices.add_site(caller.session, caller.practice_id, make.site(1 + number, name, state))
    caller.session.commit()
    files, dice = files_of(folder), Random(7)
    crowd = Crowd(caller, Changer(files, dice, [], [], []).policies, dice, 25)
    return Changer(files, dice, crowd.codes, crowd.drugs, crowd.payers)


def test_a_set_against_itself_changes_nothing(caller, changer):
    found = impact_of(caller, current_policies(caller.session, caller.practice_id))
    assert (found.payers, found.visits, found.cases, found.resting, found.searched) == ((), (), (), 0, 0)


def test_random_changes_turn_what_brute_force_turns_and_nothing_is_written(caller, changer):
    before, rows = everybody(caller), all_rows(caller.session)
    turned = cases = runs = 0
    while runs < 6 or (runs < 60 and not (turned and cases)):
        policies, _done = changer.change(3)
        found = impact_of(caller, policies)
        caller.session.rollback()
        assert differing(before, everybody(caller, compiled(policies), before), found) == []
        turned, cases, runs = turned + len(found.visits), cases + len(found.cases), runs + 1
    assert turned
    assert cases
    assert all_rows(caller.session) == rows


def test_words_alone_are_no_change_of_a_verdict(caller, changer):
    policies, _done = changer.change(3, "words")
    found = impact_of(caller, policies)
    assert found.payers
    assert (found.visits, found.cases, found.resting) == ((), (), 0)


def test_searches_that_are_too_narrow_are_caught(caller, changer):
    before, kind = everybody(caller), {"ignore-closed-lists": "closed_list", "follow-codes-only": "approval"}
    caught = []
    for plant in rule_changes.PLANTED:
        with rule_changes.planted(plant):
            for _run in range(60):
                policies, _done = changer.change(3, kind.get(plant, "class"))
                found = impact_of(caller, policies)
                caller.session.rollback()
                if differing(before, everybody(caller, compiled(policies), before), found):
                    caught.append(plant)
                    break
    assert caught == list(rule_changes.PLANTED)


def test_looking_through_all_visits_in_processes_finds_what_one_does_by_name(caller, changer, monkeypatch):
    monkeypatch.setattr(actions, "SMALL", 1)
    turned = runs = 0
    while runs < 3 or (runs < 30 and not turned):
        policies, _done = changer.change(3, "class" if runs % 2 else None)
        named = impact_of(caller, policies)
        with rule_changes.looking_through_all(True):
            shared = impact_of(caller, policies, processes=2)
        assert (shared.visits, shared.cases, shared.resting) == (named.visits, named.cases, named.resting)
        turned, runs = turned + len(shared.visits), runs + 1
    assert turned
