"""The sweep: from state, once for each cause; twice, late, after a crash and two at once it ends the same."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.alerts.actions import handling, holding, sweeping
from app.alerts.actions.raising import end_event, raise_event
from app.alerts.facts.alerts import ClosedBy
from app.alerts.facts.outbox import Way
from app.alerts.store import outbox
from app.deadlines.facts import Clears, Reason, Step
from app.platform.db import writing
from app.platform.sessions import session_on
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.swept import ANA, BEN, CARA, DOT, MAIN, MORNING, Practice, approval_ends

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


def test_after_a_crash_halfway_nothing_is_there_and_the_next_sweep_does_it_all(practice, monkeypatch):
    practice.watch(*(approval_ends(number, ENDS) for number in range(5)))

    def breaking(*_arguments):
        raise RuntimeError("the process dies here")

    with monkeypatch.context() as broken:
        broken.setattr(outbox, "queue_all", breaking)
        with pytest.raises(RuntimeError):
            practice.sweep()
    assert set(practice.counts().values()) == {0}
    practice.sweep()
    counts = practice.counts()
    assert (counts["alerts"], counts["notices"], counts["messages"]) == (5, 5, 1)


def test_two_sweeps_at_once_tell_everything_once(practice, engine):
    practice.watch(*(approval_ends(number, ENDS) for number in range(40)))
    practice.caller.session.commit()

    def one(_number):
        with session_on(engine, make.keys()) as session:
            return sweeping.sweep(replace(practice.caller, session=session))

    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(one, range(3)))
    assert sorted(done) == [0, 0, 41]
    counts = practice.counts()
    assert (counts["alerts"], counts["notices"], counts["messages"]) == (40, 40, 1)


def test_at_night_it_waits_in_the_bell_and_goes_out_in_the_morning(practice):
    practice.at(datetime(2026, 3, 3, 3, tzinfo=UTC))  # Monday, 10 PM
    practice.watch(approval_ends(1, ENDS))
    practice.sweep()
    assert (len(practice.alerts()), practice.messages()) == (1, [])
    practice.wait(hours=8, minutes=59).sweep()
    assert practice.messages() == []
    practice.wait(minutes=1).sweep()
    assert len(practice.messages()) == 1


def test_what_is_acknowledged_in_the_bell_at_night_is_not_sent_in_the_morning(practice):
    practice.at(datetime(2026, 3, 3, 3, tzinfo=UTC))
    practice.watch(approval_ends(1, ENDS))
    practice.sweep()
    handling.acknowledge(replace(practice.caller, user_id=ANA), practice.alert().id)
    practice.wait(hours=12).sweep()
    assert practice.messages() == []


def test_each_person_is_told_at_the_steps_of_their_own(practice):
    practice.person(ANA, Role.COORDINATOR, sites=frozenset({MAIN}), thresholds={Reason.APPROVAL_ENDS: (30, 7)})
    practice.watch(approval_ends(1, date(2026, 3, 30)))  # in 28 days: told as 30 days
    practice.sweep()
    assert len(practice.messages()) == 1
    handling.acknowledge(replace(practice.caller, user_id=ANA), practice.alert().id)
    practice.wait(days=14).sweep()  # 14 days ahead: not hers
    assert (practice.alert().step, len(practice.messages())) == ("2026-03-30-14d", 1)
    practice.wait(days=7).sweep()
    assert len([one for one in practice.messages() if one.template == "staff.expiring"]) == 2


def test_a_date_that_moves_ahead_closes_the_alert_and_makes_new_steps(practice):
    practice.watch(approval_ends(1, ENDS))
    practice.sweep()
    practice.watch(approval_ends(1, date(2026, 9, 1)))
    practice.sweep()
    assert practice.alert().closed_by is ClosedBy.CLEARED
    for day in (30, 60, 90, 120, 126):
        practice.at(MORNING + timedelta(days=day - 1)).sweep()
    first, second = practice.alerts()
    assert (first.closed_at is not None, second.step) == (True, "2026-09-01-60d")


def test_one_whose_last_day_is_over_is_closed_as_passed(practice):
    ends = approval_ends(1, ENDS)
    practice.watch(ends)
    practice.sweep()
    practice.wait(days=16)
    practice.forget(ends)
    practice.sweep()
    assert practice.alert().closed_by is ClosedBy.PASSED


def test_who_may_not_sign_in_any_more_is_not_told_and_the_alert_finds_others(practice):
    practice.at(datetime(2026, 3, 3, 3, tzinfo=UTC))
    practice.watch(approval_ends(1, ENDS))
    practice.sweep()
    practice.leaves(ANA)
    practice.wait(hours=10).sweep()
    assert practice.messages() == []
    practice.wait(hours=4).sweep()
    assert {one.recipient_id for one in practice.messages()} == {CARA}


def test_a_storm_is_held_until_a_person_lets_it_through(practice):
    practice.watch(*(approval_ends(number, ENDS) for number in range(12)))
    practice.sweep(notices=10)
    assert (len(practice.alerts()), practice.messages()) == (12, [])
    practice.wait(minutes=1).sweep(notices=10)
    held = practice.alerts()[-1]
    assert (held.reason, held.counts) == (Reason.UNDELIVERED, {"count": 12})
    assert practice.bell(DOT) == 1
    assert practice.messages() == []
    assert practice.let_through() == 13
    practice.wait(minutes=1).sweep(notices=10)
    (message,) = practice.messages()
    assert (message.recipient_id, message.fields["count"]) == (ANA, "12")
    assert practice.alerts()[-1].closed_at is not None


def test_what_was_held_can_be_discarded_and_stays_in_the_program(practice):
    practice.watch(*(approval_ends(number, ENDS) for number in range(12)))
    practice.sweep(notices=10)
    assert holding.discard_held(practice.caller) == 12
    practice.wait(minutes=1).sweep(notices=10)
    assert (practice.messages(), practice.bell(ANA)) == ([], 12)


def test_a_clock_that_jumps_a_year_stops_the_sweep_and_once_set_back_nothing_is_lost(practice):
    ends = [approval_ends(number, date(2026, 9, 1)) for number in range(5)]
    practice.watch(*ends)
    practice.sweep()
    practice.wait(days=365).sweep()
    (held,) = practice.alerts()
    assert (held.reason, practice.messages()) == (Reason.UNDELIVERED, [])
    practice.wait(minutes=1).sweep()
    assert len(practice.alerts()) == 1
    practice.wait(days=-365).sweep()
    practice.let_through()
    practice.at(datetime(2026, 7, 6, 15, tzinfo=UTC))
    for _ in range(2):
        practice.sweep()
        practice.let_through()
    assert [one.step for one in practice.alerts() if one.closed_at is None] == ["2026-09-01-60d"] * 5
    assert practice.messages()[-1].fields["count"] == "5"


def test_what_was_told_by_a_clock_that_stood_ahead_is_taken_back(practice):
    practice.watch(approval_ends(1, date(2026, 4, 20)), approval_ends(2, ENDS))
    practice.sweep()
    practice.wait(days=20).sweep()
    practice.wait(days=-20).sweep()
    standing = {one.subject.key: one.step for one in practice.alerts() if one.closed_at is None}
    assert standing == {make.an_id(1).hex: "2026-04-20-60d", make.an_id(2).hex: "2026-03-16-14d"}


def test_a_snoozed_alert_of_which_the_cause_goes_is_closed(practice):
    ends = approval_ends(1, ENDS)
    practice.watch(ends)
    practice.sweep()
    handling.snooze(replace(practice.caller, user_id=ANA), practice.alert().id, date(2026, 3, 5))
    practice.forget(ends)
    practice.sweep()
    assert (practice.alert().closed_by, practice.alert().snoozed_until) == (ClosedBy.CLEARED, None)


def test_an_event_is_told_once_for_each_happening_and_ends_with_its_cause(practice):
    def event(name):
        step = Step(name, practice.caller.clock.now())
        return replace(approval_ends(1, ENDS), reason=Reason.REPLY, steps=(step,), due_on=None, clears=Clears.SEEN)

    for name, messages in (("first", 1), ("first", 1), ("second", 2)):
        with writing(practice.caller.session):
            raise_event(practice.caller, event(name))
        practice.wait(minutes=31).sweep()
        assert len(practice.messages()) == messages
    with writing(practice.caller.session):
        end_event(practice.caller, event("second").subject, Reason.REPLY)
    practice.sweep()
    assert practice.alert().closed_by is ClosedBy.CLEARED
