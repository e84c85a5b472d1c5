"""The narrow windows of delivery: a sender that lost its lock, a clock that was wrong, a lock by two names."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import create_engine

from app.alerts.actions.sending import HAND_OUT_SECONDS
from app.alerts.facts.delivery import Tried
from app.alerts.facts.outbox import State
from app.alerts.rules.delivery import turn_of
from app.alerts.store import claims
from app.gateways.facts import Answer, Outcome
from app.gateways.recording import RecordingSms
from app.gateways.twilio_sms import TwilioSms
from app.platform.clock import ticks
from app.platform.db import writing
from app.platform.lock import held
from tests.support import make
from tests.support.messages import a_message
from tests.support.sender import Sender

UNCLEAR = Answer(Outcome.UNCLEAR, code="no-answer")


@pytest.fixture
def sender(caller):
    """A sender with recording gateways."""
    return Sender(caller, RecordingSms(caller.clock))


def test_what_is_not_handed_out_soon_after_its_claim_is_given_back_and_does_not_count(sender):
    """Another sender may ask for our claims a minute after them: whatever we still held would go out twice."""
    messages = [a_message(number, key=f"key:{number}", fields={"case": f"case {number}"}) for number in range(1, 5)]
    sender.queue(*messages)
    send = sender.sms.send

    def slowly(to, text, callback):
        sender.ticks.at += 20
        return send(to, text, callback)

    sender.sms.send = slowly
    sender.run()
    assert 20 < HAND_OUT_SECONDS <= 40
    assert len(sender.sms.sent) == 2  # begun at 0 and 20 seconds; at 40 it was too late
    stands = [sender.stands(message) for message in messages]
    assert [one.state for one in stands].count(State.SENT) == 2
    assert [(one.attempts, one.state) for one in stands].count((0, State.PENDING)) == 2
    for _ in range(2):
        sender.run()
    assert sorted(one.text for one in sender.sms.sent) == sorted({one.text for one in sender.sms.sent})
    assert {sender.stands(message).state for message in messages} == {State.SENT}


def test_a_sender_that_was_overtaken_changes_nothing_of_the_next_ones_claim(sender):
    """It lost its lock, was away for long, and now writes down a busy answer: the message is another's by now."""
    message = a_message(1)
    sender.queue(message)
    session, now = sender.caller.session, sender.caller.clock.now()
    with writing(session):
        first = claim(session, make.an_id(1), now)
    busy = turn_of(first, Tried.LATER, now, "20429")
    with writing(session):
        claims.record(session, make.PRACTICE_ID, [turn_of(first, Tried.LATER, now)], now)
    with writing(session):
        second = claim(session, make.an_id(2), now + timedelta(minutes=5))
    assert second.attempts == 2
    with writing(session):
        claims.record(session, make.PRACTICE_ID, [busy], now)
        claims.give_back(session, make.PRACTICE_ID, [first], now)
    assert (sender.stands(message).state, sender.stands(message).attempts) == (State.CLAIMED, 2)
    with writing(session):
        claims.record(session, make.PRACTICE_ID, [turn_of(second, Tried.LATER, now)], now)
    assert sender.stands(message).state is State.PENDING


def test_a_sender_that_was_overtaken_still_proves_that_the_provider_has_it(sender):
    message = a_message(1)
    sender.queue(message)
    session, now = sender.caller.session, sender.caller.clock.now()
    with writing(session):
        first = claim(session, make.an_id(1), now)
        claims.record(session, make.PRACTICE_ID, [turn_of(first, Tried.LATER, now)], now)
    accepted = turn_of(first, Tried.ACCEPTED, now, None, "SM1", 1)
    with writing(session):
        claims.record(session, make.PRACTICE_ID, [accepted], now)
    assert (sender.stands(message).state, sender.stands(message).provider_id) == (State.SENT, "SM1")


def claim(session, batch: UUID, now):
    """Claim the one message for a batch."""
    due = claims.due(session, make.PRACTICE_ID, {a_message(1).way}, now, 5)
    return claims.claim(session, make.PRACTICE_ID, batch, [(due[0], "+12025550101", "Text")], now)[0]


def test_a_text_that_went_out_while_our_clock_was_ahead_is_found(sender):
    """Our clock was a week ahead when it was claimed; the provider's dates are right."""
    message = a_message(1, expires_at=make.NOW + timedelta(days=30))
    sender.queue(message)
    sender.sms.answers.append(UNCLEAR)
    sender.sms.taken = True
    right = sender.sms.clock
    sender.sms.clock = make.clock()
    sender.later(7 * 24 * 60)
    sender.run()
    assert sender.stands(message).state is State.CLAIMED
    right.instant = make.NOW + timedelta(minutes=2)
    sender.run(wait=60)
    assert sender.stands(message).state is State.SENT
    assert len(sender.sms.sent) == 1


def test_a_lock_is_one_by_whatever_name_its_database_goes(tmp_path):
    database, link = tmp_path / "practice.sqlite", tmp_path / "linked.sqlite"
    database.touch()
    link.symlink_to(database)
    one, other = (create_engine(f"sqlite:///{path}") for path in (database, link))
    with held(one, "sender") as mine, held(other, "sender") as theirs:
        assert (mine, theirs) == (True, False)
    with held(other, "sender") as mine:
        assert mine


def test_waiting_counts_on_while_the_machine_sleeps(monkeypatch):
    """A sender that wakes after an hour's sleep must not believe that its claims are a second old."""
    asked = []
    monkeypatch.setattr("app.platform.clock.time.clock_gettime", lambda clock: asked.append(clock) or 3600.0)
    assert ticks() == 3600.0
    assert len(asked) == 1


@pytest.mark.loopback
def test_a_number_with_a_long_history_can_still_be_asked_for(sms_provider, tmp_path):
    """Only what is not older than asked for is read, however much the provider keeps."""
    number, old = "+12025550101", make.NOW - timedelta(days=90)
    folder = tmp_path / "provider-0"
    folder.mkdir()
    with (folder / "log.jsonl").open("w") as log:
        for count in range(1200):
            sid = f"SM{count:032x}"
            kept = {"sid": sid, "to": number, "sender": "+12025550100", "body": f"Old {count}", "callback": None}
            log.write(
                json.dumps({"what": "accepted", **kept, "at": old.isoformat(), "fault": "ok", "taken": 0.0}) + "\n"
            )
    provider = sms_provider(now=make.NOW.isoformat())
    gateway = TwilioSms(provider.account, provider.token, "+12025550100", base=provider.url)
    sent = gateway.send(number, "New", None)
    found = gateway.find(number, make.NOW - timedelta(days=2))
    assert found is not None
    assert [one.provider_id for one in found] == [sent.provider_id]
