"""Rules that nobody verified for long and that visits or cases rest on become one task for each payer."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.alerts.actions.handling import Narrowed
from app.alerts.actions.practice_wide import deadlines_of_practice
from app.alerts.actions.sweeping import sweep
from app.alerts.actions.watching import watch_practice
from app.alerts.store import inbox
from app.clearance.actions.opening import Opener
from app.clearance.views.panel import panel_of
from app.deadlines.facts import Reason
from app.platform.clock import FixedClock
from app.platform.ids import new_id
from app.policies.actions.library import current_book
from app.policies.actions.payers import choose_payers
from app.policies.actions.undoing import undo_action
from app.policies.actions.verifying import verify_rules
from app.policies.facts.answers import BasisKind
from app.policies.facts.desk import Basis
from app.policies.facts.freshness import InUse, VerifyWord
from app.policies.store.verifications import rules_in_use
from app.schedule import store as schedule_store
from app.worklists.jobs import ask_to_verify
from tests.store.alerts.clocks import Clocks, visit
from tests.support import make
from tests.support.desk import TODAY

LATER = TODAY + timedelta(days=700)
"""Over 180 days after the shipped sources were read."""


@pytest.fixture
def clocks(caller, tmp_path):
    """A practice that works with Aetna, with two booked visits and an open case of light therapy, in two years."""
    late = replace(caller, clock=FixedClock(make.NOW + (LATER - TODAY)))
    made = Clocks(late, tmp_path)
    choose_payers(late, ["aetna"], turned_on=True)
    covered = [{"payer": "Aetna", "checked_on": str(LATER)}]
    asked = {"payer": "Aetna", "status": "submitted", "number": "", "begins": "", "ends": "", "decided_on": "",
             "used": "", "used_on": "", "requested_on": str(LATER)}  # fmt: skip
    made.bring([visit(1, LATER + timedelta(days=2)), visit(2, LATER + timedelta(days=4))], [asked], covered)
    return made


def told(clocks):
    """The tasks that there are, by payer."""
    found = deadlines_of_practice(clocks.caller)
    return {one.subject.key: dict(one.counts) for one in found if one.reason is Reason.RULES_UNVERIFIED}


def open_alerts(caller):
    caller.session.rollback()
    which = Narrowed(None, None, Reason.RULES_UNVERIFIED)
    return [
        (one.subject.key, one.counts["rules"]) for one in inbox.listed(caller.session, make.PRACTICE_ID, which, None)[0]
    ]


def verify(clocks):
    """Verify every rule that something rests on. Returns the action."""
    caller = clocks.caller
    book, used = current_book(caller.session, make.PRACTICE_ID), rules_in_use(caller.session, make.PRACTICE_ID)
    rules = tuple((ref.partition("/")[2], book.rules[ref].content) for ref in used)
    word = VerifyWord(new_id(), "aetna", rules, Basis(BasisKind.CALL, "7781-A", LATER))
    return verify_rules(caller, word).action


def test_what_rests_on_each_rule_is_counted_and_counted_twice_changes_nothing(clocks):
    assert ask_to_verify(clocks.caller) >= 1
    used = rules_in_use(clocks.caller.session, make.PRACTICE_ID)
    assert set(used.values()) <= {InUse(2, 1), InUse(0, 1), InUse(2, 0)} and InUse(2, 1) in used.values()
    assert all(ref.startswith("aetna/") for ref in used)
    assert ask_to_verify(clocks.caller) == 0
    past = replace(clocks.caller, clock=FixedClock(make.NOW + timedelta(days=710)))
    assert ask_to_verify(past) >= 1
    assert {one.visits for one in rules_in_use(past.session, make.PRACTICE_ID).values()} == {0}


def test_one_task_a_payer_is_opened_and_closes_by_itself_when_verified(clocks):
    caller = clocks.caller
    assert told(clocks) == {}
    ask_to_verify(caller)
    count = len(rules_in_use(caller.session, make.PRACTICE_ID))
    assert told(clocks)["aetna"]["rules"] == count
    for _ in range(2):
        watch_practice(caller)
        sweep(caller)
    assert open_alerts(caller) == [("aetna", count)]
    action = verify(clocks)
    assert told(clocks) == {}
    watch_practice(caller)
    sweep(caller)
    assert open_alerts(caller) == []
    undo_action(caller, action)
    assert told(clocks)["aetna"]["rules"] == count


def warnings(clocks):
    """What the panels of the visits say of the age of the rules that they cite."""
    session = clocks.caller.session
    visits = [
        one
        for them in schedule_store.of_patients(session, make.PRACTICE_ID, clocks.patients()).values()
        for one in them
    ]
    opened = Opener(clocks.caller).panel({one.id: one.patient_id for one in visits})
    return {line.cite.warning for one in opened.values() for line in panel_of(one).lines if line.cite is not None}


def test_the_panel_of_a_visit_says_how_old_its_rule_is_until_it_is_verified(clocks):
    ask_to_verify(clocks.caller)
    (before,) = warnings(clocks)
    assert before is not None and before.endswith("ask the payer before you rely on it.")
    verify(clocks)
    assert warnings(clocks) == {None}


def test_a_rule_that_nothing_rests_on_or_that_was_read_lately_is_not_asked_about(clocks):
    ask_to_verify(clocks.caller)
    early = replace(clocks.caller, clock=FixedClock(make.NOW + (date(2026, 12, 20) - TODAY)))
    asked = {one.counts["memory"] == one.counts["rules"] for one in deadlines_of_practice(early)
             if one.reason is Reason.RULES_UNVERIFIED}  # fmt: skip
    assert asked <= {True}
