"""Texts to patients: consent, hours, counts, the hold, what ends them, and what waits for a person."""

from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest

from app.alerts.actions import opting_in
from app.alerts.actions.replies import ReplyNotFoundError, read_reply, take_in, unread_reply
from app.alerts.actions.stopping import NoNumberError, start_for_patient, stop_for_patient
from app.alerts.actions.sweeping import sweep
from app.alerts.actions.texting import CannotTextError, send_text, take_back
from app.alerts.facts.outbox import State
from app.alerts.facts.texts import HowStopped, Meaning
from app.alerts.store import replies as reply_store
from app.alerts.store import texts as store
from app.alerts.store.inbox import Narrowed, listed
from app.audit import store as audit_store
from app.casework.actions.wishes import save_wishes
from app.deadlines.facts import Reason
from app.gateways.facts import Answer, Outcome
from app.patients import store as patient_store
from app.patients.facts import WaySaid
from app.platform.changes import Changed, listen
from app.platform.db import writing
from app.platform.ids import new_id
from app.platform.sessions import session_on
from app.schedule import store as schedule_store
from app.schedule.facts import LineSource, VisitRecord, VisitStatus
from tests.support import make
from tests.support.texting import LENA, LENAS, MAYA, OTTO, OTTOS, OURS, Texting

CALL_LENA = (
    "Lena, please call Lakeside at 212-555-0199 before your visit Tue Mar 10. It is about your insurance. "
    "Reply STOP to opt out"
)


@pytest.fixture
def desk(caller):
    return Texting(caller).furnish()


def at(hour, minute=0, day=2):
    """An instant of March 2026 in New York, before clocks go forward on the 8th."""
    return datetime(2026, 3, day, hour, minute, tzinfo=ZoneInfo(make.ZONE)).astimezone(UTC)


def fault_of(desk, *asked, **more):
    """The word of why a text may not go."""
    with pytest.raises(CannotTextError) as raised:
        desk.send(*asked, **more)
    return raised.value.why


def test_a_text_waits_thirty_seconds_and_then_goes_once(desk):
    message = desk.send()
    assert desk.deliver(seconds=29) == []
    assert desk.deliver(seconds=1) == [(LENAS, CALL_LENA)]
    assert desk.deliver(minutes=30) == []
    assert desk.stands(message).state is State.SENT


def test_a_text_is_taken_back_within_the_hold_and_not_after(desk):
    message = desk.send()
    assert take_back(desk.caller, message)
    assert take_back(desk.caller, message)
    assert desk.deliver(minutes=5) == []
    assert desk.stands(message).state is State.CANCELLED
    (listed,) = store.texts_to(desk.caller.session, make.PRACTICE_ID, LENA)
    assert listed.text.taken_back_at is not None
    other = desk.send()
    desk.deliver(seconds=31)
    assert not take_back(desk.caller, other)


def test_the_same_form_twice_is_one_text(desk):
    from_form = new_id()
    for _ in range(2):
        send_text(desk.caller, LENA, "patient.moved", None, from_form)
    assert desk.templates() == ["patient.moved"]


def test_a_patient_who_speaks_spanish_is_texted_in_spanish(desk):
    desk.send(OTTO, "patient.ready")
    ((number, text),) = desk.deliver(minutes=1)
    assert number == OTTOS
    assert text == (
        "Otto, ya tenemos lo que pide su seguro para su cita del 10 de marzo, 9:30 AM. Lakeside 212-555-0199. "
        "Responda STOP para salir"
    )


def test_nobody_is_texted_without_consent(desk):
    assert fault_of(desk, MAYA) == "no_consent"
    message = desk.send()
    desk.change(LENA, text_consent=False)
    assert desk.deliver(minutes=1) == []
    assert (desk.stands(message).state, desk.stands(message).why) == (State.CANCELLED, "no_consent")


@pytest.mark.parametrize(
    ("phone", "why"), [(None, "no_number"), ("555-0100", "bad_number"), ("(800) 555-0100", "bad_number")]
)
def test_a_number_that_takes_no_texts_is_found_when_the_text_is_made_and_when_it_goes(desk, phone, why):
    message = desk.send()
    desk.change(LENA, phone=phone)
    assert fault_of(desk, visit=desk.visits[LENA]) == why
    assert desk.deliver(minutes=1) == []
    assert (desk.stands(message).state, desk.stands(message).why) == (State.FAILED, why)
    sweep(desk.caller)
    (alert,), _more = listed(desk.caller.session, make.PRACTICE_ID, Narrowed())
    assert (alert.reason, alert.patient_id) == (Reason.UNDELIVERED, LENA)


def test_a_practice_that_has_no_name_for_texts_sends_none(caller):
    desk = Texting(caller).furnish()
    with writing(caller.session) as session:
        session.delete(session.get(store.PracticeTextsRow, caller.practice_id))
    assert fault_of(desk) == "no_practice_texts"


def test_texts_go_from_nine_to_six_only(desk):
    desk.at(at(18, 0))
    desk.send()
    assert desk.deliver(minutes=1) == []
    assert desk.at(at(8, 59, day=3)).deliver() == []
    assert len(desk.at(at(9, 0, day=3)).deliver()) == 1


def test_the_patients_zone_counts_too(desk):
    desk.change(LENA, phone="(213) 555-0141")  # Los Angeles
    desk.at(at(9, 30))
    desk.send()
    assert desk.deliver(minutes=1) == []
    assert len(desk.at(at(12)).deliver()) == 1
    desk.change(OTTO, address="1 Elm St, Honolulu, HI 96801")
    desk.at(at(12, 30))
    desk.send(OTTO)
    assert desk.deliver(minutes=1) == []
    assert len(desk.at(at(14)).deliver()) == 1


def test_one_a_day_and_three_a_week(desk):
    gone = []
    for day in (2, 3, 4):
        desk.at(at(10, day=day))
        desk.send()
        gone += desk.deliver(minutes=1)
    assert len(gone) == 3
    desk.at(at(10, day=5))
    message = desk.send()
    assert desk.stands(message).message.not_before == datetime(2026, 3, 9, 13, tzinfo=UTC)  # clocks went forward
    assert desk.deliver(minutes=1) == []


def test_one_text_waits_at_a_time(desk):
    desk.send()
    assert fault_of(desk, template="patient.moved") == "waiting"


def test_a_text_that_would_come_after_the_visit_is_refused(desk):
    for day in (7, 8, 9):
        desk.at(at(10, day=day))
        desk.send()
        assert desk.deliver(minutes=1)
    desk.at(at(10, 30, day=9))
    assert fault_of(desk) == "too_late"


def test_a_text_about_a_visit_that_changed_meanwhile_is_not_sent(desk):
    message = desk.send()
    session = desk.caller.session
    visit = schedule_store.visits_by_ids(session, make.PRACTICE_ID, [desk.visits[LENA]])[desk.visits[LENA]]
    with writing(session):
        canceled = replace(visit, status=VisitStatus.CANCELED)
        schedule_store.change_visits(session, make.PRACTICE_ID, [VisitRecord(canceled, (LineSource(0),))])
    assert desk.deliver(minutes=1) == []
    assert (desk.stands(message).state, desk.stands(message).why) == (State.FAILED, "visit_changed")
    sweep(desk.caller)
    (alert,), _more = listed(desk.caller.session, make.PRACTICE_ID, Narrowed())
    assert (alert.reason, alert.patient_id) == (Reason.UNDELIVERED, LENA)


def test_a_visit_of_another_patient_or_none_is_refused(desk):
    assert fault_of(desk, visit=desk.visits[OTTO]) == "no_visit"
    assert fault_of(desk, visit=make.an_id(99_999)) == "no_visit"
    assert fault_of(desk, template="patient.denied") == "no_person"


@pytest.mark.parametrize("word", ["STOP", "stop.", "Opt out", "cancel", "ALTO", "unsubscribe"])
def test_a_word_ends_texts_to_the_number_at_once_and_cancels_what_waits(desk, word):
    waiting = desk.send()
    desk.reply(LENAS, word)
    assert desk.stands(waiting).state is State.CANCELLED
    ((number, text),) = desk.deliver()
    assert number == LENAS
    assert text == (
        "Lakeside: ya no le enviaremos textos. Responda START para recibirlos de nuevo. Le llamaremos si hace falta."
        if word == "ALTO"
        else "Lakeside: you will get no more texts. Reply START to get them again. We may still call you."
    )
    assert fault_of(desk) == "stopped"
    assert desk.deliver(minutes=40) == []


def test_a_second_stop_is_not_confirmed_again_and_start_lifts_it(desk):
    desk.reply(LENAS, "STOP")
    desk.reply(LENAS, "STOP")
    assert len(desk.deliver()) == 1
    desk.reply(LENAS, "START")
    desk.send()
    assert desk.deliver(minutes=1) == [(LENAS, CALL_LENA)]
    desk.reply(LENAS, "QUIT")
    assert len(desk.deliver()) == 1


def test_a_confirmation_is_given_within_five_minutes_or_not_at_all(desk):
    desk.reply(LENAS, "STOP")
    assert desk.deliver(minutes=5) == []


def test_where_the_provider_answers_stop_we_do_not(caller):
    desk = Texting(caller).furnish(provider_answers_stop=True)
    desk.reply(LENAS, "STOP")
    desk.reply(LENAS, "HELP")
    assert desk.deliver() == []
    assert fault_of(desk) == "stopped"


def test_the_provider_that_ended_texts_itself_ends_ours(desk):
    desk.sms.answers.append(Answer(Outcome.REFUSED, code="21610"))
    desk.send()
    desk.deliver(minutes=1)
    stop = store.stop_of(desk.caller.session, make.PRACTICE_ID, LENAS)
    assert stop is not None and stop.how is HowStopped.BY_PROVIDER


def test_help_is_answered_once_in_five_minutes_in_the_patients_language(desk):
    desk.reply(OTTOS, "HELP")
    desk.reply(OTTOS, "ayuda")
    assert desk.deliver() == [
        (OTTOS, "Lakeside: para ayuda llame al 212-555-0199. Responda STOP para no recibir textos.")
    ]
    desk.wait(minutes=6).reply(OTTOS, "help")
    assert len(desk.deliver()) == 1


@pytest.mark.parametrize("how", [HowStopped.BY_PHONE, HowStopped.BY_MAIL, HowStopped.IN_PERSON])
def test_an_opt_out_told_otherwise_has_the_same_effect(desk, how):
    waiting = desk.send()
    assert stop_for_patient(desk.caller, LENA, how)
    assert not stop_for_patient(desk.caller, LENA, how)
    assert desk.stands(waiting).state is State.CANCELLED
    assert fault_of(desk) == "stopped"
    assert start_for_patient(desk.caller, LENA)
    desk.send()
    assert len(desk.deliver(minutes=1)) == 1


def test_an_opt_out_without_a_number_cannot_be_recorded(desk):
    desk.change(LENA, phone=None)
    with pytest.raises(NoNumberError):
        stop_for_patient(desk.caller, LENA, HowStopped.BY_PHONE)


def test_a_stop_holds_for_everyone_of_the_number(desk):
    desk.change(OTTO, phone="1 (212) 555-0141")
    waiting = desk.send(OTTO)
    reply = desk.reply(LENAS, "stop")
    assert set(reply.patients) == {LENA, OTTO}
    assert desk.stands(waiting).state is State.CANCELLED
    assert fault_of(desk, OTTO) == "stopped"


def test_another_reply_of_a_patient_goes_to_a_person_and_holds_further_texts(desk):
    waiting = desk.send()
    reply = desk.reply(LENAS, "Can I come on Friday instead?")
    assert (reply.meaning, reply.held, reply.patients) == (Meaning.OTHER, True, (LENA,))
    assert desk.deliver(minutes=1) == []
    assert (desk.stands(waiting).state, desk.stands(waiting).why) == (State.PENDING, "held")
    assert fault_of(desk) == "held"
    assert read_reply(desk.caller, reply.id)
    assert not read_reply(desk.caller, reply.id)
    assert desk.deliver(seconds=1) == [(LENAS, CALL_LENA)]
    unread_reply(desk.caller, reply.id)
    assert fault_of(desk, template="patient.moved") == "held"


def test_a_reply_raises_an_alert_until_it_is_read(desk):
    reply = desk.reply(LENAS, "Who is this?")
    sweep(desk.caller)
    (alert,), _more = listed(desk.caller.session, make.PRACTICE_ID, Narrowed())
    assert (alert.reason, alert.subject.key) == (Reason.REPLY, reply.id.hex)
    read_reply(desk.caller, reply.id)
    sweep(desk.caller)
    assert listed(desk.caller.session, make.PRACTICE_ID, Narrowed())[0] == ()


def test_what_came_in_is_sealed(desk):
    reply = desk.reply(LENAS, "My rash is back")
    desk.caller.session.rollback()
    row = desk.caller.session.get(reply_store.TextReplyRow, (make.PRACTICE_ID, reply.id))
    assert b"rash" not in bytes(row.body)
    assert b"5550141" not in bytes(row.number)
    opened = reply_store.reply_of(desk.caller.session, make.PRACTICE_ID, reply.id)
    assert (opened.number, opened.body) == (LENAS, "My rash is back")


def test_a_number_that_nobody_knows_is_kept_for_a_person_and_may_stop(desk):
    reply = desk.reply("+13125550177", "hello?")
    assert (reply.held, reply.patients, reply.staff_id) == (True, (), None)
    desk.reply("+13125550177", "stop")
    assert [number for number, _text in desk.deliver()] == ["+13125550177"]
    assert store.stop_of(desk.caller.session, make.PRACTICE_ID, "+13125550177")


def test_the_same_text_twice_changes_nothing(desk):
    first = desk.reply(LENAS, "STOP", sid="SM1")
    desk.reply(LENAS, "START", sid="SM2")
    again = desk.reply(LENAS, "STOP", sid="SM1")
    assert again.id == first.id
    assert store.stop_of(desk.caller.session, make.PRACTICE_ID, LENAS) is None


def test_a_reply_that_is_not_there_cannot_be_read(desk):
    with pytest.raises(ReplyNotFoundError):
        read_reply(desk.caller, make.an_id(1))
    with pytest.raises(ReplyNotFoundError):
        unread_reply(desk.caller, desk.reply(LENAS, "HELP").id)


def test_consent_that_is_recorded_tells_the_patient_once_what_comes(desk):
    listen(opting_in.on_changed)
    for consent in (True, True, False, True):
        version = patient_store.on_file(desk.caller.session, make.PRACTICE_ID, MAYA)[1]
        reached = ("212-555-0143", None, None)
        save_wishes(desk.caller, MAYA, version, reached, consent, WaySaid.IN_PERSON, None)
    assert desk.templates() == ["patient.optin"]
    ((_number, text),) = desk.deliver(minutes=1)
    assert text.startswith("Lakeside: you will get texts about visits and insurance, up to 3 a week.")


def test_consent_that_a_file_stated_tells_nobody(desk):
    with writing(desk.caller.session):
        opting_in.on_changed(desk.caller, Changed(frozenset({LENA, OTTO, MAYA})))
    assert desk.templates() == []


def test_every_step_leaves_an_audit_line_without_what_was_written(desk):
    desk.send()
    desk.reply(LENAS, "My rash is back")
    stop_for_patient(desk.caller, LENA, HowStopped.BY_PHONE)
    lines = [entry for entry, _mac in audit_store.entries(desk.caller.session, make.PRACTICE_ID)]
    told = {line.action: line for line in lines}
    assert {"alerts.patient_texted", "alerts.reply_came", "alerts.texts_stopped"} <= set(told)
    assert LENA in told["alerts.reply_came"].subjects
    assert "rash" not in repr(lines) and "555" not in repr([line.details for line in lines])


def test_a_stale_text_is_never_sent(desk):
    message = desk.send(template="patient.moved")
    assert desk.deliver(hours=24 * 5 + 1) == []
    assert desk.stands(message).state is State.EXPIRED


def test_the_same_text_at_the_same_moment_is_one_text(desk, engine):
    together, kept = Barrier(4, timeout=60), []

    def hear(place):
        with session_on(engine, make.keys()) as session:
            caller = replace(desk.caller, session=session)
            together.wait()
            sid = "SM9" if place < 2 else f"SM{place}"
            kept.append(take_in(caller, sid, LENAS, OURS, "STOP", desk.caller.clock.now()).id)

    threads = [Thread(target=hear, args=(place,)) for place in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(kept) == 4
    assert len(set(kept)) == 3
    assert len(desk.deliver()) == 1
