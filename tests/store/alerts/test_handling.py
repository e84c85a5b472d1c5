"""What a person does with an alert: acknowledge, snooze, hand over, take, undo; two at once; a form sent twice."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.alerts.actions import handling
from app.alerts.actions.handling import ChangedSinceError, Narrowed, NobodyToHandToError, SnoozeError
from app.alerts.facts.alerts import ClosedBy
from app.alerts.store import alerts as store
from app.audit.models import AuditEntryRow
from app.deadlines.facts import Clears, Reason
from app.practice.store import staff as practice_store
from tests.support import make
from tests.support.queries import counted
from tests.support.swept import ANA, BEN, CARA, MAIN, NORTH, Practice, approval_ends

ENDS = date(2026, 3, 16)


@pytest.fixture
def practice(caller):
    return Practice(caller).furnish()


@pytest.fixture
def ana(caller):
    return replace(caller, user_id=ANA)


@pytest.fixture
def alert(practice):
    practice.watch(approval_ends(1, ENDS))
    practice.sweep()
    return practice.alert()


def bell(caller, staff_id):
    """The number on a person's bell."""
    everyone = practice_store.staff_of(caller.session, caller.practice_id)
    staff = next(one for one in everyone if one.id == staff_id)
    return handling.bell_count(caller.session, caller.practice_id, staff)


def test_acknowledging_takes_it_off_the_bell_and_out_of_the_outbox_and_it_does_not_rise(practice, ana, alert):
    assert bell(ana, ANA) == 1
    handling.acknowledge(ana, alert.id, alert.version)
    assert (bell(ana, ANA), practice.states()) == (0, ["cancelled"])
    found = practice.alert()
    assert (found.acknowledged_by, found.closed_at, found.escalate_at) == (ANA, None, None)
    practice.wait(days=3).sweep()
    assert practice.alert().level == 0


def test_undo_brings_it_back_as_it_was_and_it_is_told_again(practice, ana, alert):
    undo = handling.acknowledge(ana, alert.id)
    back = handling.take_back(ana, undo)
    assert (back.acknowledged_at, back.acknowledged_by, bell(ana, ANA)) == (None, None, 1)
    assert practice.happened(alert)[-2:] == ["acknowledged", "undone"]
    practice.wait(minutes=30).sweep()
    assert practice.states() == ["cancelled", "pending"]


def test_a_later_step_asks_for_it_again(practice, ana, alert):
    handling.acknowledge(ana, alert.id)
    practice.wait(days=7).sweep()
    assert (practice.alert().acknowledged_at, bell(ana, ANA)) == (None, 1)


def test_what_only_must_be_seen_is_closed_by_acknowledging_and_stays_closed(practice, ana):
    practice.watch(approval_ends(1, ENDS, reason=Reason.DENIED, clears=Clears.SEEN))
    practice.sweep()
    undo = handling.acknowledge(ana, practice.alert().id)
    assert practice.alert().closed_by is ClosedBy.ACKNOWLEDGED
    practice.wait(hours=1).sweep()
    assert practice.alert().closed_by is ClosedBy.ACKNOWLEDGED
    assert handling.take_back(ana, undo).closed_at is None
    assert bell(ana, ANA) == 1


def test_a_snooze_is_quiet_and_is_told_again_when_it_ends(practice, ana, alert):
    handling.snooze(ana, alert.id, date(2026, 3, 5))
    assert bell(ana, ANA) == 0
    practice.wait(days=2).sweep()
    assert bell(ana, ANA) == 0
    practice.wait(days=1).sweep()
    found = practice.alert()
    assert (found.snoozed_until, bell(ana, ANA)) == (None, 1)
    assert practice.states() == ["cancelled", "pending"]
    assert "woken" in practice.happened(alert)
    assert practice.sweep() == 0


@pytest.mark.parametrize("until", [date(2026, 3, 2), date(2026, 3, 17)])
def test_a_snooze_ends_after_today_and_not_after_the_last_day(ana, alert, until):
    with pytest.raises(SnoozeError) as refused:
        handling.snooze(ana, alert.id, until)
    assert (refused.value.first, refused.value.last) == (date(2026, 3, 3), ENDS)


def test_a_step_that_comes_while_it_is_snoozed_waits_for_the_end_of_the_snooze(practice, ana, alert):
    handling.snooze(ana, alert.id, date(2026, 3, 12))
    practice.wait(days=8).sweep()
    assert (practice.alert().step, bell(ana, ANA), len(practice.messages())) == ("2026-03-16-7d", 0, 1)
    practice.wait(days=2).sweep()
    assert bell(ana, ANA) == 1


def test_handed_over_it_is_the_other_persons_who_is_told_and_must_answer(practice, ana, alert):
    handling.hand_over(ana, alert.id, CARA)
    found = practice.alert()
    assert (found.owner_id, bell(ana, ANA), bell(ana, CARA)) == (CARA, 0, 1)
    assert found.escalate_at is not None
    practice.sweep()
    assert [message.recipient_id for message in practice.messages()] == [ANA, CARA]


def test_handed_to_nobody_it_goes_to_the_backup_and_undo_brings_it_home(practice, ana, alert):
    undo = handling.hand_over(ana, alert.id, None)
    assert practice.alert().owner_id == BEN
    handling.take_back(ana, undo)
    assert (practice.alert().owner_id, bell(ana, ANA), bell(ana, BEN)) == (None, 1, 0)
    practice.wait(minutes=31).sweep()
    assert {message.recipient_id for message in practice.messages()} == {ANA}


def test_handing_over_to_somebody_who_is_not_there_is_refused(ana, alert):
    with pytest.raises(NobodyToHandToError):
        handling.hand_over(ana, alert.id, make.an_id(777))


def test_taking_it_makes_it_mine_alone(practice, caller, alert):
    ben = replace(caller, user_id=BEN)
    handling.take(ben, alert.id)
    found = practice.alert()
    assert (found.owner_id, found.acknowledged_by, bell(ben, ANA), bell(ben, BEN)) == (BEN, BEN, 0, 0)
    practice.wait(days=7).sweep()
    assert (bell(ben, ANA), bell(ben, BEN)) == (0, 1)


def test_a_form_sent_twice_does_its_work_once(practice, ana, alert):
    first = handling.acknowledge(ana, alert.id, alert.version)
    assert handling.acknowledge(ana, alert.id, alert.version) == first
    assert practice.happened(alert).count("acknowledged") == 1


@pytest.mark.parametrize("step", ["acknowledge", "take"])
def test_whoever_comes_second_is_told_and_changes_nothing(practice, caller, ana, alert, step):
    handling.take(replace(caller, user_id=BEN), alert.id, alert.version)
    with pytest.raises(ChangedSinceError):
        getattr(handling, step)(ana, alert.id, alert.version)
    assert practice.alert().owner_id == BEN


def test_an_undo_is_refused_after_a_day_and_after_another_step(practice, ana, alert):
    undo = handling.acknowledge(ana, alert.id)
    later = handling.take(ana, alert.id)
    with pytest.raises(ChangedSinceError):
        handling.take_back(ana, undo)
    practice.wait(hours=25)
    with pytest.raises(ChangedSinceError):
        handling.take_back(ana, later)


def test_an_undo_of_another_practice_is_not_found(ana, alert):
    undo = handling.acknowledge(ana, alert.id)
    other = replace(ana, practice_id=make.OTHER_PRACTICE_ID)
    with pytest.raises(handling.AlertNotFoundError):
        handling.take_back(other, undo)
    with pytest.raises(handling.AlertNotFoundError):
        handling.acknowledge(other, alert.id)


def test_every_step_leaves_its_line_in_the_audit_log(practice, ana, alert):
    handling.take_back(ana, handling.acknowledge(ana, alert.id))
    handling.hand_over(ana, alert.id, None)
    rows = ana.session.scalars(select(AuditEntryRow).order_by(AuditEntryRow.sequence))
    lines = [(row.action, row.subjects) for row in rows if row.user_id == ANA]
    about = [alert.id.hex]
    assert lines == [("alerts.acknowledged", about), ("alerts.undone", about), ("alerts.handed_over", about)]


def test_the_list_is_narrowed_and_paged_in_two_queries(practice, ana):
    practice.watch(*(approval_ends(number, ENDS, site=MAIN if number % 2 else NORTH) for number in range(120)))
    practice.sweep()
    with counted(ana.session.get_bind()) as queries:
        first = handling.inbox(ana, Narrowed(staff_id=ANA))
    assert (len(first.alerts), len(queries)) == (50, 2)
    second = handling.inbox(ana, Narrowed(staff_id=ANA), first.after)
    assert (len(second.alerts), second.after) == (10, None)
    everyone = {one.id for one in (*first.alerts, *second.alerts)}
    assert len(everyone) == 60
    assert all(first.people[one.id] == {ANA} for one in first.alerts)
    handling.acknowledge(ana, first.alerts[0].id)
    assert len(handling.inbox(ana, Narrowed(staff_id=ANA, waiting=True), first.after).alerts) == 10
    assert bell(ana, ANA) == 59
    north = handling.inbox(ana, Narrowed(site_id=NORTH))
    assert {one.site_id for one in north.alerts} == {NORTH}
    assert handling.inbox(ana, Narrowed(reason=Reason.APPEAL)).alerts == ()
    assert handling.inbox(ana, Narrowed(closed=True)).alerts == ()


def test_a_link_opens_its_alert_in_its_own_practice_only(ana, alert):
    path = store.link_of(ana.session, ana.practice_id, [alert.id])
    code = path.removeprefix("/a/")
    assert handling.alert_by_code(ana, code.lower()).id == alert.id
    assert store.link_of(ana.session, ana.practice_id, [alert.id, make.an_id(5)]) == "/alerts"
    with pytest.raises(handling.AlertNotFoundError):
        handling.alert_by_code(replace(ana, practice_id=make.OTHER_PRACTICE_ID), code)


def test_the_database_refuses_a_second_open_alert_of_a_subject_and_reason(caller, alert):
    second = replace(alert, id=make.an_id(4000), code="SECOND")
    with pytest.raises(IntegrityError):
        store.add(caller.session, caller.practice_id, [second])
    caller.session.rollback()
    closed = replace(second, closed_at=caller.clock.now(), closed_by=ClosedBy.CLEARED)
    store.add(caller.session, caller.practice_id, [closed])
    caller.session.commit()


def test_an_alert_is_written_and_read_back_whole(caller, practice, alert):
    now = caller.clock.now()
    changed = replace(
        alert,
        due_on=None,
        due_at=now + timedelta(hours=1),
        urgent=True,
        counts={"blocked": 2},
        level=2,
        owner_id=BEN,
        acknowledged_at=now,
        acknowledged_by=ANA,
        snoozed_until=now + timedelta(days=1),
        escalate_at=None,
        patient_id=make.an_id(9),
        version=7,
    )
    store.change(caller.session, caller.practice_id, [changed])
    caller.session.commit()
    assert practice.alert() == changed
