"""The sweep: from state, once for each cause; twice, late, after a crash and two at once it ends the same."""

from datetime import date

import pytest

from app.alerts.facts.alerts import ClosedBy
from app.alerts.facts.outbox import Way
from tests.support.swept import ANA, BEN, CARA, Practice, approval_ends

ENDS = date(2026, 3, 16)  # in 14 days


@pytest.fixture
def practice(caller):
    return Practice(caller).furnish()


def test_what_is_due_opens_one_alert_and_tells_the_coordinator_of_the_site(practice):
    practice.watch(approval_ends(1, ENDS))
    practice.sweep()
    alert = practice.alert()
    assert (alert.step, alert.owner_id, alert.level) == ("2026-03-16-14d", None, 0)
    (message,) = practice.messages()
    assert (message.recipient_id, message.way, message.template) == (ANA, Way.EMAIL, "staff.expiring")
    assert message.fields["days_left"] == "14"
    assert practice.happened(alert) == ["opened", "told"]


def test_a_second_sweep_adds_nothing(practice):
    practice.watch(approval_ends(1, ENDS), approval_ends(2, ENDS))
    assert practice.sweep() > 0
    before = practice.counts()
    assert practice.sweep() == 0
    assert practice.counts() == before


def test_after_days_of_downtime_only_the_latest_step_is_told(practice):
    practice.watch(approval_ends(1, date(2026, 5, 15)))
    practice.wait(days=70).sweep()
    assert practice.alert().step == "2026-05-15-7d"
    assert practice.counts()["messages"] == 1


def test_a_later_step_raises_the_same_alert(practice):
    practice.watch(approval_ends(1, ENDS))
    practice.sweep()
    practice.wait(days=7).sweep()
    alert = practice.alert()
    assert alert.step == "2026-03-16-7d"
    assert len([one for one in practice.messages() if one.recipient_id == ANA]) == 2
    assert "raised" in practice.happened(alert)


def test_an_alert_that_lost_its_cause_is_closed_and_its_pending_message_is_cancelled(practice):
    ends = approval_ends(1, ENDS)
    practice.watch(ends)
    practice.sweep()
    practice.forget(ends)
    practice.sweep()
    assert practice.alert().closed_by is ClosedBy.CLEARED
    assert practice.states() == ["cancelled"]


def test_several_within_thirty_minutes_go_as_one_message(practice):
    practice.watch(approval_ends(1, ENDS))
    practice.sweep()
    practice.watch(approval_ends(2, ENDS), approval_ends(3, ENDS))
    practice.wait(minutes=5).sweep()
    assert practice.counts()["messages"] == 1
    practice.wait(minutes=25).sweep()
    (_first, merged) = practice.messages()
    assert (merged.template, merged.fields["count"]) == ("staff.merged", "2")


def test_nobody_acknowledges_so_the_backup_is_told_and_then_the_manager(practice):
    practice.watch(approval_ends(1, ENDS))
    practice.sweep()
    practice.wait(hours=4, minutes=1).sweep()
    assert (practice.alert().level, practice.alert().owner_id) == (1, BEN)
    practice.wait(days=1).sweep()
    alert = practice.alert()
    assert (alert.level, alert.escalate_at) == (2, None)
    told = {message.recipient_id for message in practice.messages()}
    assert told == {ANA, BEN, CARA}
