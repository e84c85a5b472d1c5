"""The ways out that settings name, and none where they name none."""

import json

import pytest
from twilio.http.response import Response

from app.gateways.facts import Gateways, Outcome
from app.gateways.setup import gateways_from
from app.gateways.smtp_mail import SmtpMail
from app.gateways.twilio_sms import TwilioSms
from config import load
from tests.support import make

TEXTS = {"TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "token-of-a-test", "TWILIO_FROM": "+12025550100"}
MAIL = {"SMTP_HOST": "mail.practice.example", "SMTP_FROM": "cleared@practice.example"}


def test_without_settings_there_is_no_way_out():
    assert gateways_from(load({})) == Gateways(base_url="http://127.0.0.1:8000")


@pytest.mark.parametrize(
    ("settings", "sms", "mail"), [(TEXTS, True, False), (MAIL, False, True), (TEXTS | MAIL, True, True)]
)
def test_each_way_is_made_of_its_own_settings(settings, sms, mail):
    made = gateways_from(load(settings | {"PUBLIC_BASE_URL": "https://practice.example"}))
    assert (isinstance(made.sms, TwilioSms), isinstance(made.mail, SmtpMail)) == (sms, mail)
    assert made.base_url == "https://practice.example"


def test_nothing_shows_a_secret():
    made = gateways_from(load(TEXTS | MAIL | {"SMTP_USER": "sender", "SMTP_PASSWORD": "word-of-a-test"}))
    assert "of-a-test" not in repr(made)


@pytest.mark.parametrize(
    ("address", "given"),
    [
        ("https://practice.example/hooks/sms/status/x", True),
        ("http://127.0.0.1:8000/hooks/sms/status/x", False),
        ("http://localhost:8000/hooks/sms/status/x", False),
    ],
)
def test_twilio_is_given_no_address_that_it_cannot_call(address, given):
    sms = gateways_from(load(TEXTS)).sms
    forms = []

    def answer(_method, _url, data=None, **_more):
        forms.append(data)
        return Response(201, '{"sid": "SM1", "num_segments": "1"}')

    sms._http.request = answer
    assert sms.send("+12025550101", "Text", address).outcome is Outcome.ACCEPTED
    assert ("StatusCallback" in forms[0]) is given


def test_a_text_of_a_trial_account_is_found_as_it_was_written():
    sms = gateways_from(load(TEXTS)).sms
    body = "Sent from your Twilio trial account - Cleared: 2 things need you."
    listed = {"messages": [{"sid": "SM1", "body": body, "status": "sent", "date_created": None}]}
    sms._http.request = lambda *_arguments, **_more: Response(200, json.dumps(listed))
    found = sms.find("+12025550101", make.NOW)
    assert [(one.provider_id, one.body) for one in found] == [("SM1", "Cleared: 2 things need you.")]
