"""The stand-ins of the two providers do what tests believe of them: seen through the real clients."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from urllib.parse import parse_qsl

import pytest
import requests
from flask import Flask, request
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from tests.support import mail_server as mails
from tests.support import sms_provider as texts
from tests.support.serving import serving

pytestmark = pytest.mark.loopback
NUMBER, OTHER, SENDER = "+12025550101", "+12025550102", "+12025550100"


class Nearby(TwilioHttpClient):
    """The real client, with its requests led to this machine."""

    def __init__(self, url, timeout):
        super().__init__(timeout=timeout)
        self.url = url

    def request(self, method, url, *arguments, **more):
        return super().request(method, url.replace("https://api.twilio.com", self.url), *arguments, **more)


def client_of(provider, patience=60):
    """A client that gives up after so many seconds: late, so that a busy machine is no failure."""
    return Client(provider.account, provider.token, http_client=Nearby(provider.url, patience))


def test_a_message_is_taken_shown_listed_by_pages_and_kept_over_a_restart(sms_provider, tmp_path):
    provider = sms_provider(callbacks={"sent_after": 0.0, "ended_after": 0.0})
    client = client_of(provider)
    sent = [client.messages.create(to=NUMBER, from_=SENDER, body=f"Text {number}") for number in range(5)]
    client.messages.create(to=OTHER, from_=SENDER, body="Text of another")
    assert {one.status for one in sent} == {"queued"}
    assert client.messages(sent[2].sid).fetch().body == "Text 2"
    listed = client.messages.list(to=NUMBER, page_size=2)
    assert [one.body for one in listed] == [f"Text {number}" for number in (4, 3, 2, 1, 0)]
    assert client.messages.list(to=NUMBER, date_sent_after=sent[0].date_created, limit=9) != []
    provider.stop()
    again = texts.start(provider.folder)
    try:
        assert len(client_of(again).messages.list(to=NUMBER)) == 5
    finally:
        again.stop()


def test_a_message_that_still_waits_is_not_found_by_its_date_of_sending(sms_provider):
    provider = sms_provider(callbacks={"sent_after": 60.0})
    client = client_of(provider)
    sent = client.messages.create(to=NUMBER, from_=SENDER, body="Text")
    assert client.messages.list(to=NUMBER, date_sent_after=sent.date_created) == []
    assert len(client.messages.list(to=NUMBER)) == 1


@pytest.mark.parametrize(
    ("fault", "taken", "status", "code"),
    [
        ("error_after", 1, 500, 20500),
        ("error_before", 0, 500, 20500),
        ("unavailable", 0, 503, 20500),
        ("busy", 0, 429, 20429),
        ("21610", 0, 400, 21610),
        ("21211", 0, 400, 21211),
        ("21614", 0, 400, 21614),
    ],
)
def test_a_fault_answers_with_its_code_before_or_after_the_message_is_taken(sms_provider, fault, taken, status, code):
    provider = sms_provider(script=[fault])
    with pytest.raises(TwilioRestException) as caught:
        client_of(provider).messages.create(to=NUMBER, from_=SENDER, body="Text")
    assert (caught.value.status, caught.value.code) == (status, code)
    assert len(provider.accepted()) == taken


@pytest.mark.parametrize(
    ("fault", "taken", "error"),
    [
        ("silent_after", 1, requests.exceptions.ReadTimeout),
        ("silent_before", 0, requests.exceptions.ReadTimeout),
        ("late", 0, requests.exceptions.ReadTimeout),
        ("reset_after", 1, requests.exceptions.ConnectionError),
        ("reset_before", 0, requests.exceptions.ConnectionError),
        ("not_json_after", 1, ValueError),
        ("cut_json_after", 1, ValueError),
    ],
)
def test_a_fault_breaks_the_answer_off(sms_provider, fault, taken, error):
    provider = sms_provider(script=[fault], late=5.0)
    with pytest.raises(error):
        client_of(provider, patience=2).messages.create(to=NUMBER, from_=SENDER, body="Text")
    assert len(provider.accepted()) == taken
    if fault == "late":  # it is taken after its sender gave up
        mails.wait_for(lambda: len(provider.accepted()) == 1)


def test_the_same_seed_draws_the_same_faults_and_numbers_have_their_own(sms_provider):
    drawn = []
    for _ in range(2):
        provider = sms_provider(seed=7, faults={"busy": 0.5}, numbers={OTHER: "21610"})
        client = client_of(provider)
        for number in [*[NUMBER] * 12, OTHER]:
            with suppress(TwilioRestException):
                client.messages.create(to=number, from_=SENDER, body="Text")
        drawn.append([(entry["what"], entry["fault"]) for entry in provider.log()])
    assert drawn[0] == drawn[1]
    assert {what for what, _ in drawn[0]} == {"accepted", "refused"}
    assert drawn[0][-1] == ("refused", "21610")


def test_a_wrong_token_is_turned_away(sms_provider):
    provider = sms_provider()
    with pytest.raises(TwilioRestException) as caught:
        Client(provider.account, "another", http_client=Nearby(provider.url, 60)).messages("SM" + "0" * 32).fetch()
    assert (caught.value.status, caught.value.code) == (401, 20003)


def test_reports_and_replies_are_signed_and_reports_doubled_and_out_of_order(sms_provider):
    heard = []
    app = Flask("listener")

    @app.post("/<path:_path>")
    def hear(_path):
        signed = RequestValidator(texts.TOKEN).validate(
            f"https://practice.example{request.full_path.rstrip('?')}",
            dict(parse_qsl(request.get_data(as_text=True))),
            request.headers["X-Twilio-Signature"],
        )
        heard.append((request.form.get("MessageStatus") or request.form["Body"], signed))
        return ""

    with serving(app) as url:
        provider = sms_provider(
            fates={OTHER: "30006"}, callbacks={"double": 1.0, "shuffle": 1.0, "late": 0.3, "through": url}
        )
        client = client_of(provider)
        client.messages.create(
            to=NUMBER, from_=SENDER, body="Text", status_callback="https://practice.example/told?r=1"
        )
        mails.wait_for(lambda: len(heard) == 6)
        assert sorted(status for status, _ in heard) == ["delivered", "delivered", "queued", "queued", "sent", "sent"]
        client.messages.create(to=OTHER, from_=SENDER, body="Text", status_callback="https://practice.example/told")
        mails.wait_for(lambda: len(heard) == 12)
        assert "undelivered" in {status for status, _ in heard}
        assert provider.inbound("https://practice.example/said", NUMBER, SENDER, "STOP") == 200
        assert all(signed for _, signed in heard)
        provider.inbound("https://practice.example/said", NUMBER, SENDER, "STOP", forge=True)
        assert heard[-1] == ("STOP", False)


def mail_to(address="kim@example.test"):
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"], mail["Message-ID"] = "Hello", "a@example.test", address, "<1@x.test>"
    mail.set_content("Text")
    return mail


@pytest.mark.parametrize(
    ("fault", "taken", "error"),
    [
        ("ok", 1, None),
        ("slow", 1, None),
        ("421", 0, smtplib.SMTPDataError),
        ("451", 0, smtplib.SMTPDataError),
        ("550", 0, smtplib.SMTPDataError),
        ("rcpt_550", 0, smtplib.SMTPRecipientsRefused),
        ("drop_after", 1, smtplib.SMTPServerDisconnected),
        ("drop_before", 0, smtplib.SMTPServerDisconnected),
    ],
)
def test_a_mail_server_takes_refuses_or_drops(mail_server, fault, taken, error):
    server = mail_server()
    server.script.append(fault)
    client = smtplib.SMTP(server.host, server.port, timeout=60)
    try:
        if error is None:
            client.send_message(mail_to())
        else:
            with pytest.raises(error):
                client.send_message(mail_to())
    finally:
        client.close()
    assert server.ids() == ["<1@x.test>"] * taken
    assert server.tried == [("kim@example.test", fault)]


def test_a_mail_server_demands_tls_and_a_log_in(mail_server):
    server = mail_server(starttls=True, login=("sender", "word"))
    with smtplib.SMTP(server.host, server.port, timeout=60) as client, pytest.raises(smtplib.SMTPException):
        client.send_message(mail_to())
    context = ssl.create_default_context(cafile=str(server.certificate))
    with smtplib.SMTP(server.host, server.port, timeout=60) as client:
        client.starttls(context=context)
        client.login("sender", "word")
        client.send_message(mail_to())
    assert server.over_tls == [True]
