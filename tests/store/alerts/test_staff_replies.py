"""Staff answer a text with 1, 2 or 3: about the last text to that number; what is not known is answered once."""

from datetime import date

import pytest

from app.alerts.facts.outbox import State, Way
from app.alerts.facts.texts import Meaning
from app.alerts.store import people as people_store
from app.deadlines.facts import Reason
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.swept import ANA, BEN, CARA, MAIN, NORTH, Practice, approval_ends
from tests.support.texting import LENAS, Texting

ENDS = date(2026, 3, 16)
ANAS, BENS = "+12125550101", "+12125550102"
TEXTS = {Reason.APPROVAL_ENDS: frozenset({Way.BELL, Way.SMS})}


@pytest.fixture
def practice(caller):
    """Ana and Ben have chosen texts for approvals that end."""
    made = Practice(caller).furnish()
    made.person(ANA, Role.COORDINATOR, sites=frozenset({MAIN}), phone=ANAS, backup_id=BEN, ways=TEXTS)
    made.person(BEN, Role.COORDINATOR, sites=frozenset({NORTH}), phone=BENS, ways=TEXTS)
    return made


@pytest.fixture
def desk(practice):
    return Texting(practice.caller).furnish(site=False)


@pytest.fixture
def told(practice, desk):
    """Ana was texted that an approval ends."""
    practice.watch(approval_ends(1, ENDS))
    practice.sweep()
    ((number, text),) = desk.deliver()
    assert number == ANAS
    assert text.startswith("Cleared: A-")
    assert "ends 03/16/26 (14 days). 2 booked visits fall after that date. Renew: https://practice.example/a/" in text
    return practice


def test_1_takes_it(told, desk):
    reply = desk.reply(ANAS, "1")
    assert (reply.meaning, reply.staff_id, reply.held) == (Meaning.TAKE, ANA, False)
    alert = told.alert()
    assert (alert.owner_id, alert.acknowledged_by) == (ANA, ANA)
    ((number, text),) = desk.deliver()
    assert number == ANAS
    assert " is yours now. https://practice.example/a/" in text


def test_2_snoozes_it_until_tomorrow(told, desk):
    desk.reply(ANAS, " 2.")
    assert told.alert().snoozed_until is not None
    ((_number, text),) = desk.deliver()
    assert " comes back 03/03/26." in text
    told.wait(hours=23).sweep()
    assert told.alert().snoozed_until is None


def test_3_hands_it_to_the_backup_who_is_texted(told, desk):
    desk.reply(ANAS, "3")
    assert told.alert().owner_id == BEN
    ((_number, text),) = desk.deliver()
    assert " went to your backup." in text
    told.wait(minutes=1).sweep()
    assert [number for number, _text in desk.deliver()] == [BENS]


def test_the_audit_and_the_alert_name_the_person_who_texted(told, desk):
    desk.reply(ANAS, "1")
    assert told.happened(told.alert())[-1] == "taken"


def test_a_doubled_text_changes_nothing(told, desk):
    desk.reply(ANAS, "1", sid="SM7")
    version = told.alert().version
    desk.reply(ANAS, "1", sid="SM7")
    assert told.alert().version == version
    assert len(desk.deliver()) == 1


def test_of_a_merged_text_the_first_is_meant_and_the_answer_says_so(practice, desk):
    practice.watch(approval_ends(1, ENDS), approval_ends(2, ENDS), approval_ends(3, ENDS))
    practice.sweep()
    ((_number, text),) = desk.deliver()
    assert "3 things need you. First: A-" in text
    first = text.split("First: ")[1].split(" ")[0]
    desk.reply(ANAS, "1")
    assert len([one for one in practice.alerts() if one.owner_id == ANA]) == 1
    ((_number, answer),) = desk.deliver()
    assert answer.startswith(f"Cleared: {first} is yours now. It was the first of 3; the others stay as they are.")


def test_an_answer_after_it_was_cleared_says_that_nothing_is_open(told, desk):
    told.forget(approval_ends(1, ENDS))
    told.sweep()
    desk.reply(ANAS, "1")
    ((_number, text),) = desk.deliver()
    assert (
        text
        == "Cleared: nothing open stands behind the last text to you. See your list: https://practice.example/alerts"
    )


def test_an_answer_of_someone_who_was_never_texted_says_so_too(practice, desk):
    desk.reply(BENS, "3")
    ((number, text),) = desk.deliver()
    assert number == BENS
    assert "nothing open stands behind" in text


def test_a_deadline_that_is_too_near_is_not_snoozed(practice, desk):
    practice.watch(approval_ends(1, date(2026, 3, 2)))
    practice.sweep()
    desk.deliver()
    desk.reply(ANAS, "2")
    ((_number, text),) = desk.deliver()
    assert " is due too soon to snooze. Reply 1 to take it, 3 to hand it over." in text


def test_an_unknown_word_is_answered_once_with_the_choices(told, desk):
    reply = desk.reply(ANAS, "ok thanks")
    desk.reply(ANAS, "what?")
    assert not reply.held
    ((_number, text),) = desk.deliver()
    assert text == (
        "Cleared: reply 1 to take it, 2 to snooze it a day, 3 to hand it to your backup, STOP to end texts."
    )


def test_stop_of_a_staff_member_ends_texts_of_alerts_and_e_mail_takes_their_place(practice, desk):
    desk.reply(ANAS, "STOP")
    ((_number, text),) = desk.deliver()
    assert text.startswith("Cleared: you will get no more texts.")
    people = {one.id: one for one in people_store.people(practice.caller.session, make.PRACTICE_ID)}
    assert people[ANA].stopped and not people[BEN].stopped
    practice.watch(approval_ends(1, ENDS))
    practice.sweep()
    assert [one.way for one in practice.messages() if one.alert_ids] == [Way.EMAIL]
    desk.reply(ANAS, "START")
    people = people_store.people(practice.caller.session, make.PRACTICE_ID)
    assert not any(one.stopped for one in people)


def test_a_text_that_waits_for_a_staff_member_goes_no_more_after_stop(practice, desk):
    practice.watch(approval_ends(1, ENDS))
    practice.sweep()
    (waiting,) = practice.messages()
    desk.reply(ANAS, "stop")
    assert desk.stands(waiting.id).state is State.CANCELLED


def test_a_person_who_is_a_patient_too_is_read_when_not_understood(told, desk):
    desk.change(make.an_id(30_000), phone=ANAS)
    assert desk.reply(ANAS, "Can I come on Friday?").held
    assert not desk.reply(ANAS, "1").held


def test_a_patients_1_is_no_choice_of_staff(told, desk):
    reply = desk.reply(LENAS, "1")
    assert (reply.meaning, reply.held) == (Meaning.OTHER, True)
    assert told.alert().owner_id is None


def test_without_a_backup_the_manager_gets_it_and_without_anyone_it_is_said(told, desk):
    desk.reply(ANAS, "1")
    desk.deliver()
    told.person(ANA, Role.COORDINATOR, sites=frozenset({MAIN}), phone=ANAS, ways=TEXTS)
    desk.reply(ANAS, "3")
    assert told.alert().owner_id == CARA
