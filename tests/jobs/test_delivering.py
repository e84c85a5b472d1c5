"""The sender: whatever breaks at whatever point, nothing is lost and no text goes out twice."""

from collections import deque
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest

from app.alerts.actions import delivering
from app.alerts.actions.braking import release
from app.alerts.actions.reporting import take_report
from app.alerts.facts.outbox import State, To, Way
from app.alerts.facts.texts import Gate
from app.alerts.store import brakes, outbox, watch
from app.audit.actions import first_broken
from app.deadlines.facts import Reason
from app.gateways.facts import Answer, Gateways, Limits, Outcome
from app.gateways.recording import RecordingSms
from app.platform.caller import Caller
from app.platform.clock import FixedClock
from app.platform.sessions import session_on
from tests.support import make
from tests.support.messages import a_message
from tests.support.sender import Sender, text_of

UNCLEAR = Answer(Outcome.UNCLEAR, code="20500")
BUSY = Answer(Outcome.LATER, code="20429", retry_after=90)


class KilledError(BaseException):
    """The process ends here."""


@pytest.fixture
def sender(caller):
    """A sender with recording gateways."""
    return Sender(caller, RecordingSms(caller.clock))


def refused(code):
    """A clear refusal."""
    return Answer(Outcome.REFUSED, code=code)


def said(sender, message, status, provider_id, code=None):
    """Let the provider report on a message."""
    return take_report(sender.caller, sender.hands, message.id, provider_id, status, code, "+12025550101")


def test_a_message_is_claimed_before_it_is_sent_and_sent_once(sender):
    message = a_message(1)
    sender.queue(message)
    seen = []
    send = sender.sms.send

    def look(to, text, callback):
        with session_on(sender.caller.session.get_bind(), make.keys()) as other:
            seen.append(outbox.delivery(other, make.PRACTICE_ID, message.id))
        return send(to, text, callback)

    sender.sms.send = look
    assert [sender.run(), sender.run()] == [1, 0]
    assert (seen[0].state, seen[0].attempts) == (State.CLAIMED, 1)
    stands = sender.stands(message)
    assert (stands.state, stands.attempts, stands.segments) == (State.SENT, 1, 1)
    assert stands.provider_id == sender.sms.sent[0].provider_id
    assert sender.sms.sent[0].callback == f"https://practice.example/hooks/sms/status/{stands.reference}"
    assert (len(sender.sms.sent), sender.attempts(message)) == (1, ["accepted"])
    assert first_broken(sender.caller) is None


def test_a_crash_between_claim_and_call_loses_nothing(sender, monkeypatch):
    message = a_message(1)
    sender.queue(message)

    def killed(*_):
        raise KilledError

    with monkeypatch.context() as patched, pytest.raises(KilledError):
        patched.setattr(delivering, "Flight", killed)
        sender.run()
    sender.restart()
    assert [sender.run(), sender.run(wait=59)] == [0, 0]
    assert sender.stands(message).state is State.CLAIMED
    assert sender.run(wait=1) == 1
    assert (sender.stands(message).state, sender.sms.sent) == (State.PENDING, [])
    sender.run(minutes=1)
    assert (sender.stands(message).state, len(sender.sms.sent)) == (State.SENT, 1)
    assert sender.attempts(message) == ["absent", "accepted"]


def test_a_crash_between_call_and_record_is_found_and_not_sent_again(sender, monkeypatch):
    message = a_message(1)
    sender.queue(message)
    record = delivering._write_down

    def killed(*_):
        raise KilledError

    monkeypatch.setattr(delivering, "_write_down", killed)
    with pytest.raises(KilledError):
        sender.run()
    monkeypatch.setattr(delivering, "_write_down", record)
    sender.restart()
    sender.run()
    sender.run(wait=60)
    sender.run(minutes=600)
    stands = sender.stands(message)
    assert (stands.state, stands.provider_id) == (State.SENT, sender.sms.sent[0].provider_id)
    assert len(sender.sms.sent) == 1
    assert sender.attempts(message) == ["found"]


@pytest.mark.parametrize("code", ["20500", "no-answer", "not-json", "broke"])
@pytest.mark.parametrize("taken", [True, False])
def test_an_unclear_answer_is_looked_up_after_a_minute(sender, code, taken):
    message = a_message(1)
    sender.queue(message)
    sender.sms.taken = taken
    sender.sms.answers.append(Answer(Outcome.UNCLEAR, code=code))
    sender.run()
    assert (sender.stands(message).state, sender.stands(message).why) == (State.CLAIMED, "unclear")
    sender.run(wait=59.9)
    assert len(sender.sms.sent) == 1
    sender.run(wait=0.1)
    assert sender.stands(message).state is (State.SENT if taken else State.PENDING)
    sender.run(minutes=10)
    assert sender.stands(message).state is State.SENT
    assert len([one for one in sender.sms.sent if one.provider_id]) == 1


def test_a_gateway_that_breaks_leaves_the_message_unclear(sender):
    message = a_message(1)
    sender.queue(message)
    send = sender.sms.send

    def broken(to, text, callback):
        send(to, text, callback)
        raise RuntimeError("+12025550101")

    sender.sms.send = broken
    sender.run()
    sender.sms.send = send
    sender.run(wait=60)
    assert (sender.stands(message).state, len(sender.sms.sent)) == (State.SENT, 1)


def test_who_cannot_be_asked_has_not_said_no(sender):
    message = a_message(1)
    sender.queue(message)
    sender.sms.answers.append(UNCLEAR)
    sender.sms.reachable = False
    sender.run()
    for _ in range(5):
        assert sender.run(wait=60, minutes=60) == 0
    assert sender.stands(message).state is State.CLAIMED
    sender.sms.reachable = True
    sender.run(wait=59)
    assert sender.stands(message).state is State.CLAIMED
    sender.run(wait=1, minutes=0)
    assert sender.stands(message).state is State.PENDING


def test_a_provider_that_cannot_be_asked_does_not_hold_up_what_is_due(sender):
    unclear = [a_message(number, recipient_id=make.an_id(700 + number)) for number in range(1, 7)]
    sender.queue(*unclear)
    sender.sms.answers.extend([UNCLEAR] * 6)
    sender.run()
    asked, find = [], sender.sms.find

    def silent(to, since):
        asked.append(to)

    sender.sms.find = silent
    sender.queue(a_message(20))
    assert sender.run(wait=60) == 1
    assert len(set(asked)) == 3
    sender.run()
    assert len(set(asked)) == 6  # the others' turn, while the first three wait anew
    sender.sms.find = find
    assert sender.run(wait=60) == 6


def test_after_a_restart_the_wait_starts_anew(sender):
    message = a_message(1)
    sender.queue(message)
    sender.sms.answers.append(UNCLEAR)
    sender.run()
    sender.ticks.at += 1000
    sender.restart()
    assert sender.run() == 0
    assert sender.run(wait=59) == 0
    assert sender.run(wait=1) == 1


def test_equal_texts_to_one_number_are_told_apart_by_what_is_known_of_the_others(sender):
    first, second, third = (a_message(number, fields={"case": "same"}) for number in (1, 2, 3))
    sender.queue(first)
    sender.run()
    sender.queue(second, third)
    sender.sms.answers.extend([UNCLEAR, UNCLEAR])
    sender.run()
    assert len({one.text for one in sender.sms.sent}) == 1
    sender.sms.sent[1] = replace(sender.sms.sent[1], provider_id="SMtaken")  # one of the two was taken
    sender.run(wait=60)
    states = [sender.stands(one).state for one in (first, second, third)]
    assert sorted(states) == sorted([State.SENT, State.SENT, State.PENDING])
    sender.run(minutes=10)
    ids = [sender.stands(one).provider_id for one in (first, second, third)]
    assert len(set(ids)) == 3
    assert len([one for one in sender.sms.sent if one.provider_id]) == 3


def test_a_report_with_our_reference_is_proof_enough(sender):
    message = a_message(1)
    sender.queue(message)
    sender.sms.answers.append(UNCLEAR)
    sender.sms.reachable = False
    sender.run()
    assert said(sender, message, "delivered", "SM1")
    assert sender.run(wait=600, minutes=60) == 0
    stands = sender.stands(message)
    assert (stands.state, stands.provider_id, len(sender.sms.sent)) == (State.DELIVERED, "SM1", 1)


@pytest.mark.parametrize("before", [False, True])
def test_reports_doubled_late_and_out_of_order_only_raise(sender, before):
    message = a_message(1)
    sender.queue(message)
    send = sender.sms.send

    def quick(to, text, callback):
        answer = send(to, text, callback)
        said(
            Sender(Caller(session_on(engine, make.keys()), make.PRACTICE_ID, make.clock()), sender.sms),
            message,
            "delivered",
            answer.provider_id,
        )
        return answer

    engine = sender.caller.session.get_bind()
    if before:
        sender.sms.send = quick
    sender.run()
    sid = sender.sms.sent[0].provider_id
    changed = [said(sender, message, status, sid) for status in ("delivered", "sent", "delivered", "queued", "sent")]
    assert changed == [not before, False, False, False, False]
    stands = sender.stands(message)
    assert (stands.state, stands.provider_id, stands.segments) == (State.DELIVERED, sid, 1)


def test_a_report_of_another_message_of_the_provider_changes_nothing(sender):
    message = a_message(1)
    sender.queue(message)
    sender.run()
    assert not said(sender, message, "undelivered", "SMother", "30003")
    assert not said(sender, message, "strange", sender.sms.sent[0].provider_id)
    assert sender.stands(message).state is State.SENT


def test_a_busy_provider_is_tried_later_as_it_asks(sender):
    message = a_message(1)
    sender.queue(message)
    sender.sms.answers.append(BUSY)
    sender.run()
    stands = sender.stands(message)
    assert (stands.state, stands.code, stands.why) == (State.PENDING, "20429", "later_busy")
    assert stands.next_try_at == make.NOW + timedelta(seconds=90)
    assert sender.run(minutes=1) == 0
    assert sender.run(minutes=0.5) == 1
    assert sender.stands(message).state is State.SENT


def test_waits_grow_and_the_eighth_try_is_the_last(sender):
    message = a_message(1, expires_at=make.NOW + timedelta(days=9))
    sender.queue(message)
    sender.sms.answers.extend([Answer(Outcome.LATER, code="no-connection")] * 20)
    waits = []
    for _ in range(8):
        sender.run()
        stands = sender.stands(message)
        if stands.next_try_at is not None:
            minutes = (stands.next_try_at - sender.caller.clock.now()).total_seconds() / 60
            waits.append(minutes)
            sender.later(minutes)
    assert waits == [1, 2, 5, 15, 60, 60, 60]
    assert (stands.state, stands.why, stands.attempts) == (State.FAILED, "tries", 8)
    assert sender.run(minutes=600) == 0
    assert len(sender.sms.sent) == 8


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("21211", "refused_wrong_number"),
        ("21614", "refused_wrong_number"),
        ("21617", "refused_content"),
        ("99999", "refused_other"),
    ],
)
def test_what_is_refused_for_good_is_tried_once_and_says_why(sender, code, why):
    message = a_message(1)
    sender.queue(message)
    sender.sms.answers.append(refused(code))
    sender.run()
    sender.run(minutes=600)
    stands = sender.stands(message)
    assert (stands.state, stands.code, stands.why, len(sender.sms.sent)) == (State.FAILED, code, why, 1)
    assert sender.stopped == []


def test_whoever_opted_out_at_the_provider_is_stopped_here_too(sender):
    message = a_message(1)
    sender.queue(message)
    sender.sms.answers.append(refused("21610"))
    sender.run()
    assert sender.stopped == [sender.sms.sent[0].to]
    later = a_message(2)
    sender.queue(later)
    sender.run()
    said(sender, later, "undelivered", sender.sms.sent[1].provider_id, "21610")
    assert len(sender.stopped) == 2


@pytest.mark.parametrize("code", ["30003", "30004", "30005", "30006", "30007", "30008"])
def test_an_undelivered_message_ends_with_its_code(sender, code):
    message = a_message(1)
    sender.queue(message)
    sender.run()
    assert said(sender, message, "undelivered", sender.sms.sent[0].provider_id, code)
    stands = sender.stands(message)
    assert (stands.state, stands.code) == (State.UNDELIVERED, code)
    assert stands.why.startswith("provider_")
    assert sender.run(wait=100, minutes=600) == 0


@pytest.mark.parametrize("code", ["20003", "21606", "21704"])
def test_an_account_that_lets_nothing_out_shuts_the_way_until_a_person_looks(sender, code):
    messages = [a_message(number) for number in range(1, 6)]
    sender.queue(*messages)
    sender.sms.answers.extend([Answer(Outcome.LATER, code=code)] * 5)
    sender.run()
    assert len(sender.sms.sent) == 1
    brake = brakes.brake_of(sender.caller.session, make.PRACTICE_ID, Way.SMS, make.NOW)
    assert (brake.why, brake.code) == ("sender", code)
    assert sender.run(minutes=60) == 0
    assert [sender.stands(one).attempts for one in messages] == [1, 0, 0, 0, 0]
    sender.sms.answers.clear()
    assert [release(sender.caller, Way.SMS), release(sender.caller, Way.SMS)] == [True, False]
    assert sender.run() == 5
    assert {sender.stands(one).state for one in messages} == {State.SENT}


@pytest.mark.parametrize("code", ["30032", "30034"])
def test_an_unregistered_number_that_only_reports_tell_shuts_the_way(sender, code):
    message, next_ = a_message(1), a_message(2)
    sender.queue(message)
    sender.run()
    said(sender, message, "undelivered", sender.sms.sent[0].provider_id, code)
    sender.queue(next_)
    assert sender.run() == 0
    assert sender.stands(next_).state is State.PENDING


def test_ten_refusals_in_a_row_shut_the_way_and_mail_still_goes(sender):
    texts = [a_message(number, recipient_id=make.an_id(700 + number)) for number in range(1, 20)]
    sender.queue(*texts, a_message(50, way=Way.EMAIL))
    sender.sms.answers.extend([refused("21211")] * 30)
    sender.run()
    sender.run(minutes=60)
    assert len(sender.mail.sent) == 1
    brake = brakes.brake_of(sender.caller.session, make.PRACTICE_ID, Way.SMS, make.NOW)
    assert (brake.why, brake.streak >= 10) == ("in_a_row", True)
    sender.queue(a_message(60))
    assert sender.run(minutes=60) == 0


def test_more_than_ever_may_leave_in_an_hour_is_a_fault_that_a_person_must_see(sender):
    sender.give(Gateways(sender.sms, sender.mail, "https://practice.example", Limits(10, 100, 1)))
    messages = [
        a_message(number, recipient_id=make.an_id(700 + number), expires_at=make.NOW + timedelta(days=9))
        for number in range(1, 16)
    ]
    sender.queue(*messages)
    sender.run()
    assert len(sender.sms.sent) == 10
    assert brakes.brake_of(sender.caller.session, make.PRACTICE_ID, Way.SMS, make.NOW).why == "too_many"
    assert sender.run(minutes=6 * 60) == 0
    release(sender.caller, Way.SMS)
    assert sender.run() == 5


def test_one_patient_is_not_sent_more_than_a_few_a_day(sender):
    messages = [a_message(number, to=To.PATIENT) for number in range(1, 10)]
    sender.queue(*messages)
    sender.run()
    assert len(sender.sms.sent) == 6
    stands = sender.stands(messages[-1])
    assert (stands.state, stands.why) == (State.PENDING, "cap")


def test_what_is_stale_is_never_sent(sender):
    stale, fresh = a_message(1), a_message(2, expires_at=make.NOW + timedelta(days=400))
    sender.queue(stale, fresh)
    sender.run(minutes=24 * 60)  # a night of downtime, or a clock that jumped
    assert (sender.stands(stale).state, sender.stands(stale).why) == (State.EXPIRED, "stale")
    assert [one.text for one in sender.sms.sent] == [text_of(fresh)]


def test_what_may_not_go_waits_or_ends_as_the_gate_says(sender):
    waits, ends, goes = a_message(1), a_message(2), a_message(3)
    until = make.NOW + timedelta(hours=2)
    gates = {waits.id: Gate(False, until, "quiet"), ends.id: Gate(False, None, "stopped"), goes.id: Gate(True)}
    sender.gate = lambda _session, _practice, message, _now: gates[message.id]
    sender.queue(waits, ends, goes)
    sender.run()
    stands = [sender.stands(one) for one in (waits, ends, goes)]
    assert [one.state for one in stands] == [State.PENDING, State.CANCELLED, State.SENT]
    assert [one.why for one in stands] == ["quiet", "stopped", None]
    assert (stands[0].next_try_at, stands[0].attempts) == (until, 0)
    assert sender.run(minutes=119) == 0


def test_what_cannot_be_written_fails_and_says_why(sender):
    message = a_message(1, fields={"case": "nobody"})
    sender.queue(message)
    sender.run()
    assert (sender.stands(message).state, sender.stands(message).why) == (State.FAILED, "no_number")
    assert sender.sms.sent == []


def test_a_message_that_breaks_fails_alone(sender):
    broken, good = a_message(1, fields={}), a_message(2)
    sender.queue(broken, good)
    sender.run()
    assert (sender.stands(broken).state, sender.stands(broken).why) == (State.FAILED, "broke")
    assert sender.stands(good).state is State.SENT


def test_without_settings_messages_stay_and_no_attempt_is_counted(sender):
    message, mail = a_message(1), a_message(2, way=Way.EMAIL)
    sender.queue(message, mail)
    sender.give(Gateways(None, sender.mail, "https://practice.example"))
    assert sender.run() == 1
    assert (sender.stands(message).state, sender.stands(message).attempts) == (State.PENDING, 0)
    assert sender.stands(mail).state is State.SENT
    sender.give(Gateways())
    assert sender.run() == 0


def test_an_email_is_sent_at_least_once_under_one_message_id(sender):
    message = a_message(1, way=Way.EMAIL)
    sender.queue(message)
    sender.mail.answers.append(Answer(Outcome.UNCLEAR, code="no-answer"))
    sender.run()
    assert sender.stands(message).state is State.PENDING
    sender.run(minutes=1)
    assert sender.stands(message).state is State.SENT
    assert len({mail.message_id for mail in sender.mail.sent}) == 1
    assert len(sender.mail.sent) == 2


def test_an_email_that_a_crash_left_is_sent_again_after_the_wait(sender, monkeypatch):
    message = a_message(1, way=Way.EMAIL)
    sender.queue(message)

    def killed(*_):
        raise KilledError

    with monkeypatch.context() as patched, pytest.raises(KilledError):
        patched.setattr(delivering, "_write_down", killed)
        sender.run()
    sender.run()
    assert sender.run(wait=60) == 1
    sender.run(minutes=1)
    assert (sender.stands(message).state, len(sender.mail.sent)) == (State.SENT, 2)


def test_of_two_senders_at_once_one_does_nothing(sender, engine):
    messages = [a_message(number) for number in range(1, 4)]
    sender.queue(*messages)
    send, other_did = sender.sms.send, []

    def second():
        with session_on(engine, make.keys()) as session:
            rival = Sender(Caller(session, make.PRACTICE_ID, FixedClock(make.NOW)), sender.sms)
            other_did.append(rival.run())

    def slow(to, text, callback):
        thread = Thread(target=second)
        thread.start()
        thread.join()
        return send(to, text, callback)

    sender.sms.send = slow
    assert sender.run() == 3
    assert other_did == [0, 0, 0]
    assert len(sender.sms.sent) == 3


def test_a_provider_that_does_not_answer_gets_no_whole_batch(sender):
    messages = [a_message(number) for number in range(1, 41)]
    sender.queue(*messages)
    sender.sms.answers = deque([Answer(Outcome.UNCLEAR, code="no-answer")] * 8)
    sender.run()
    assert len(sender.sms.sent) == 8
    states = [sender.stands(one).state for one in messages]
    assert (states.count(State.CLAIMED), states.count(State.PENDING)) == (8, 32)
    assert sum(sender.stands(one).attempts for one in messages) == 8
    sender.run(wait=60)
    sender.run(minutes=2)
    assert {sender.stands(one).state for one in messages} == {State.SENT}
    assert len([one for one in sender.sms.sent if one.provider_id]) == 40


def test_another_practice_is_left_alone(sender):
    message = a_message(1)
    sender.queue(message)
    with session_on(sender.caller.session.get_bind(), make.keys()) as session:
        other = Sender(Caller(session, make.OTHER_PRACTICE_ID, make.clock()), sender.sms)
        assert other.run() == 0
    assert sender.stands(message).state is State.PENDING


def told_of(sender):
    """What people are to be told of delivery: kind and key of each subject, and the step."""
    sender.caller.session.rollback()
    found = watch.due(sender.caller.session, make.PRACTICE_ID, sender.caller.clock.now(), 100)
    assert {one.deadline.reason for one in found} <= {Reason.UNDELIVERED}
    return {(one.deadline.subject.kind.value, one.deadline.subject.key): one.deadline.steps[0].name for one in found}


def test_whoever_cannot_be_reached_is_one_task_however_many_messages_fail(sender):
    messages = [a_message(number) for number in range(1, 4)]
    sender.queue(messages[0])
    sender.sms.answers.append(refused("21614"))
    sender.run()
    first = told_of(sender)
    assert list(first) == [("message", messages[0].id.hex)]
    sender.queue(*messages[1:], a_message(4, fields={"case": "nobody"}))
    sender.sms.answers.extend([refused("21614")] * 2)
    sender.run(minutes=1)
    assert told_of(sender) == first


def test_reports_and_look_ups_that_end_badly_are_told_too_and_an_opt_out_is_not(sender):
    reported, opted, unwritten = (a_message(number, recipient_id=make.an_id(800 + number)) for number in (1, 2, 3))
    unwritten = replace(unwritten, fields={"case": "nobody"})
    sender.queue(reported, opted, unwritten)
    sender.run()
    said(sender, reported, "undelivered", sender.sms.sent[0].provider_id, "30005")
    said(sender, opted, "undelivered", sender.sms.sent[1].provider_id, "21610")
    assert set(told_of(sender)) == {("message", reported.id.hex), ("message", unwritten.id.hex)}


def test_a_way_that_is_shut_is_told_until_a_person_releases_it(sender):
    sender.queue(a_message(1))
    sender.sms.answers.append(Answer(Outcome.LATER, code="20003"))
    sender.run()
    assert set(told_of(sender)) == {("practice", "brake-sms")}
    release(sender.caller, Way.SMS)
    assert told_of(sender) == {}
