"""The sender with the real client against a provider of this machine: faults before and after the message is taken."""

from collections import Counter

import pytest

from app.alerts.facts.outbox import State
from app.gateways.facts import Gateways, Limits
from app.gateways.twilio_sms import TwilioSms
from tests.support import make
from tests.support.messages import a_message
from tests.support.sender import Sender

pytestmark = pytest.mark.loopback
OURS = "+12025550100"


@pytest.fixture
def sender(caller, sms_provider):
    """A sender whose texts go to a provider of this machine."""
    provider = sms_provider(
        callbacks={"on": False, "sent_after": 600.0, "ended_after": 900.0}, now=make.NOW.isoformat(), slow=0.05
    )
    sms = TwilioSms(provider.account, provider.token, OURS, None, provider.url, 2.5)
    made = Sender(caller, sms)
    made.give(Gateways(sms, None, "https://practice.example", Limits(in_flight=4)))
    made.provider = provider
    return made


@pytest.mark.parametrize(
    ("fault", "state", "tries"),
    [
        ("error_after", State.SENT, ["unclear", "found"]),
        ("error_before", State.SENT, ["unclear", "absent", "accepted"]),
        ("silent_after", State.SENT, ["unclear", "found"]),
        ("silent_before", State.SENT, ["unclear", "absent", "accepted"]),
        ("not_json_after", State.SENT, ["unclear", "found"]),
        ("cut_json_after", State.SENT, ["unclear", "found"]),
        ("reset_after", State.SENT, ["unclear", "found"]),
        ("reset_before", State.SENT, ["unclear", "absent", "accepted"]),
        ("unavailable", State.SENT, ["unclear", "absent", "accepted"]),
        ("busy", State.SENT, ["later", "accepted"]),
        ("21211", State.FAILED, ["refused"]),
        ("21610", State.FAILED, ["refused"]),
        ("21614", State.FAILED, ["refused"]),
    ],
)
def test_each_fault_ends_with_one_text_or_a_reason(sender, fault, state, tries):
    message = a_message(1)
    sender.queue(message)
    sender.provider.control(script=[fault])
    sender.run()
    sender.run(wait=60)
    sender.run(minutes=2)
    stands = sender.stands(message)
    assert (stands.state, sender.attempts(message)) == (state, tries)
    assert len(sender.provider.accepted()) == (state is State.SENT)
    if state is State.SENT:
        assert stands.provider_id == sender.provider.accepted()[0]["sid"]


def test_a_look_up_that_fails_decides_nothing(sender):
    message = a_message(1)
    sender.queue(message)
    sender.provider.control(script=["error_after"], find_script=["error", "not_json", "silent"])
    sender.run()
    for _ in range(3):
        sender.run(wait=60)
        assert sender.stands(message).state is State.CLAIMED
    sender.run(wait=60)
    assert (sender.stands(message).state, len(sender.provider.accepted())) == (State.SENT, 1)


def test_many_faults_end_with_every_text_once(sender):
    messages = [
        a_message(number, recipient_id=make.an_id(700 + number), fields={"case": f"case {number}"})
        for number in range(1, 61)
    ]
    sender.queue(*messages)
    faults = ("error_after", "error_before", "reset_after", "not_json_after", "busy", "slow")
    sender.provider.control(faults=dict.fromkeys(faults, 0.08))
    for _ in range(12):
        sender.run(wait=60)
        sender.later(20)
        sender.provider.control(now=sender.caller.clock.now().isoformat())
    assert {sender.stands(one).state for one in messages} == {State.SENT}
    assert set(Counter(one["body"] for one in sender.provider.accepted()).values()) == {1}
    assert len(sender.provider.accepted()) == 60
