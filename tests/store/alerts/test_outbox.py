"""The outbox: each cause once, cancelled while pending, and ranks that only rise."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.alerts.facts.outbox import State, Way
from app.alerts.store import outbox
from app.platform.db import writing
from app.platform.wall import of_practice
from tests.support import make
from tests.support.messages import a_message

HOUR = timedelta(hours=1)


def queued(session, *messages):
    """Queue messages in a transaction of their own."""
    with writing(session):
        return outbox.queue_all(session, make.PRACTICE_ID, messages)


def state_of(session, message):
    """Read a message's state anew."""
    session.rollback()
    session.expire_all()
    return outbox.delivery(session, make.PRACTICE_ID, message.id).state


def test_a_cause_is_told_once_whoever_queues_it(session):
    message = a_message(1)
    assert queued(session, message) == 1
    assert queued(session, replace(message, id=make.an_id(99))) == 0
    assert outbox.page(session, make.PRACTICE_ID)[0].message == message
    with writing(of_practice(session, make.OTHER_PRACTICE_ID)):
        assert outbox.queue_once(session, make.OTHER_PRACTICE_ID, replace(message, id=make.an_id(98)))
        assert not outbox.queue_once(session, make.OTHER_PRACTICE_ID, replace(message, id=make.an_id(97)))


def test_doubles_in_one_call_count_once(session):
    assert queued(session, a_message(1), replace(a_message(2), key=a_message(1).key), a_message(3)) == 2


def test_a_thousand_are_queued_and_paged_newest_first(session):
    messages = [a_message(number, alert_ids=(make.an_id(5000 + number),)) for number in range(1, 1001)]
    assert queued(session, *messages) == 1000
    assert queued(session, *messages) == 0
    first = outbox.page(session, make.PRACTICE_ID)
    assert [one.message.id for one in first] == [message.id for message in reversed(messages[-50:])]
    second = outbox.page(session, make.PRACTICE_ID, State.PENDING, before=first[-1].message.id)
    assert second[0].message.id == messages[-51].id
    assert outbox.page(session, make.PRACTICE_ID, State.SENT) == ()
    assert outbox.counts(session, make.PRACTICE_ID) == {State.PENDING: 1000}
    assert outbox.counts(session, make.OTHER_PRACTICE_ID) == {}


def test_only_what_is_pending_is_cancelled_and_says_why(session):
    message = a_message(1)
    queued(session, message)
    with writing(session):
        assert outbox.cancel(session, make.PRACTICE_ID, message.id, make.NOW)
        assert not outbox.cancel(session, make.PRACTICE_ID, message.id, make.NOW)
        assert not outbox.cancel(session, make.OTHER_PRACTICE_ID, message.id, make.NOW)
    found = outbox.delivery(session, make.PRACTICE_ID, message.id)
    assert (found.state, found.why, found.ended_at) == (State.CANCELLED, "by_person", make.NOW)


def test_a_merged_message_is_cancelled_with_the_last_of_its_alerts(session):
    one, two = make.an_id(501), make.an_id(502)
    alone, merged = a_message(1, alert_ids=(one,)), a_message(2, alert_ids=(one, two))
    queued(session, alone, merged)
    with writing(session):
        assert outbox.cancel_of_alerts(session, make.PRACTICE_ID, [one], make.NOW) == 1
        assert outbox.cancel_of_alerts(session, make.PRACTICE_ID, [one], make.NOW) == 0
    assert (state_of(session, alone), state_of(session, merged)) == (State.CANCELLED, State.PENDING)
    with writing(session):
        assert outbox.cancel_of_alerts(session, make.PRACTICE_ID, [two], make.NOW) == 1
    assert state_of(session, merged) is State.CANCELLED


def test_a_stop_cancels_what_waits_for_a_number(session):
    text_, mail = a_message(1), a_message(2, way=Way.EMAIL)
    queued(session, text_, mail)
    with writing(session):
        assert outbox.cancel_to(session, make.PRACTICE_ID, [text_.recipient_id], Way.SMS, make.NOW) == 1
    assert (state_of(session, text_), state_of(session, mail)) == (State.CANCELLED, State.PENDING)


def test_references_are_long_unlike_and_find_the_practice(session):
    queued(session, a_message(1), a_message(2))
    one, two = outbox.page(session, make.PRACTICE_ID)
    assert one.reference != two.reference
    assert len(one.reference) == 22
    assert outbox.by_reference(session, one.reference) == (make.PRACTICE_ID, one.message.id)
    assert outbox.by_reference(session, "nobody's") is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE outbox_message SET state = 'delivered'",
        "UPDATE outbox_message SET rank = 5",
        "UPDATE outbox_message SET state = 'claimed'",
        "UPDATE outbox_message SET state = 'unheard', rank = 5",
    ],
)
def test_the_database_refuses_a_state_without_its_rank(session, statement):
    queued(session, a_message(1))
    with pytest.raises(DatabaseError), writing(session):
        session.execute(text(statement))


def test_the_database_refuses_a_rank_that_falls(session):
    message = a_message(1)
    queued(session, message)
    with writing(session):
        outbox.cancel(session, make.PRACTICE_ID, message.id, make.NOW)
    with pytest.raises(DatabaseError, match="only rises"), writing(session):
        session.execute(text("UPDATE outbox_message SET state = 'pending', rank = 1"))
    assert state_of(session, message) is State.CANCELLED
