"""The doors for the provider of texts: forged, replayed, doubled, late and large forms change nothing."""

import pytest
from sqlalchemy.exc import OperationalError
from twilio.request_validator import RequestValidator

from app.alerts.actions import hearing
from app.alerts.facts.outbox import Message, State
from app.alerts.store import outbox, replies, texts
from app.gateways.facts import Gateways
from app.gateways.twilio_sms import TwilioSms
from app.platform.caller import Caller
from app.platform.db import db, writing
from tests.support import make
from tests.support.messages import a_message
from tests.support.web import equipped

TOKEN, BASE = "token-of-a-test", "https://practice.example"
NUMBER, OURS = "+12025550101", "+12025550100"
SID, OTHER_SID = "SM" + "1" * 32, "SM" + "2" * 32


@pytest.fixture
def provider(web_app, client):
    """The provider's side: posts forms to the program, signed with the account's token."""
    sms = TwilioSms("AC" + "0" * 32, TOKEN, OURS)
    web_app.extensions["cleared_gateways"] = Gateways(sms, None, BASE)

    def post(path, form, token=TOKEN, signed_path=None, **more):
        signature = RequestValidator(token).compute_signature(BASE + (signed_path or path), form)
        headers = {"X-Twilio-Signature": signature}
        return client.post(path, data=form, headers=headers, base_url="http://localhost", **more)

    return post


@pytest.fixture
def outside(web_app, web_clock):
    """The practice's database beside the program, with a text that was handed to the provider."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        message = a_message(1)
        with writing(caller.session) as session:
            outbox.queue_once(session, make.PRACTICE_ID, message)

    class Outside:
        """What stands in the database."""

        reference = ""

        def stands(self, one: Message = message):
            """Read how a message stands."""
            with web_app.app_context():
                return outbox.delivery(db.session(), make.PRACTICE_ID, one.id)

        def count(self, table):
            """Count the rows of a table."""
            with web_app.app_context():
                return db.session().connection().exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()

        def holds(self):
            """Say whether a text to the practice waits to be read."""
            with web_app.app_context():
                return replies.holds(equipped(caller_of()).session, make.PRACTICE_ID, NUMBER)

        def stopped(self):
            """The stop of the number, if any."""
            with web_app.app_context():
                return texts.stop_of(equipped(caller_of()).session, make.PRACTICE_ID, NUMBER)

    def caller_of():
        return Caller(db.session(), make.PRACTICE_ID, web_clock, via="test")

    found = Outside()
    found.reference = found.stands().reference
    return found


def said(status="delivered", sid=SID, **more):
    """A report as Twilio posts it."""
    return {"MessageSid": sid, "MessageStatus": status, "To": NUMBER, "From": OURS, "AccountSid": "AC0", **more}


def path_of(outside):
    return f"/hooks/sms/status/{outside.reference}"


def test_a_signed_report_raises_the_message_that_our_reference_names(provider, outside):
    answer = provider(path_of(outside), said("sent"))
    assert (answer.status_code, answer.data) == (204, b"")
    assert (outside.stands().state, outside.stands().provider_id) == (State.SENT, SID)
    provider(path_of(outside), said("undelivered", ErrorCode="30006"))
    assert (outside.stands().state, outside.stands().code) == (State.UNDELIVERED, "30006")


def test_a_report_doubled_replayed_late_or_out_of_order_changes_nothing(provider, outside):
    provider(path_of(outside), said("delivered"))
    stands, events = outside.stands(), outside.count("provider_event")
    lines = outside.count("audit_entry")
    for status in ("delivered", "delivered"):
        assert provider(path_of(outside), said(status)).status_code == 204
    assert (outside.count("provider_event"), outside.count("audit_entry")) == (events, lines)
    for status in ("sent", "queued", "undelivered"):
        assert provider(path_of(outside), said(status)).status_code == 204
    assert outside.stands() == stands


def test_a_forged_report_is_refused_without_a_word(provider, client, outside):
    forged = [
        provider(path_of(outside), said(), token="another"),
        client.post(path_of(outside), data=said()),
        client.post(path_of(outside), data=said(), headers={"X-Twilio-Signature": ""}),
        provider(path_of(outside), said(), signed_path="/hooks/sms/status/another"),
    ]
    changed = RequestValidator(TOKEN).compute_signature(BASE + path_of(outside), said("sent"))
    forged.append(client.post(path_of(outside), data=said(), headers={"X-Twilio-Signature": changed}))
    twice = said() | {"MessageStatus": ["delivered", "sent"]}
    forged.append(client.post(path_of(outside), data=twice, headers={"X-Twilio-Signature": changed}))
    assert [(one.status_code, one.data) for one in forged] == [(403, b"")] * len(forged)
    assert outside.stands().state is State.PENDING
    assert outside.count("provider_event") == 0


def test_a_report_replayed_to_another_message_is_refused(provider, client, outside):
    form = said()
    signature = RequestValidator(TOKEN).compute_signature(f"{BASE}/hooks/sms/status/elsewhere", form)
    assert client.post(path_of(outside), data=form, headers={"X-Twilio-Signature": signature}).status_code == 403


@pytest.mark.parametrize(
    "form",
    [
        said(sid=""),
        said(sid="SM1"),
        said(status="strange"),
        said(status=""),
        {"MessageStatus": "delivered"},
    ],
)
def test_a_signed_report_that_cannot_be_read_changes_nothing(provider, outside, form):
    assert provider(path_of(outside), form).status_code == 204
    assert outside.stands().state is State.PENDING


def test_a_report_of_a_message_that_nobody_knows_changes_nothing(provider, outside):
    assert provider("/hooks/sms/status/unknown", said()).status_code == 204
    assert (
        provider("/hooks/sms/status/%C3%A9%20x", said(), signed_path="/hooks/sms/status/%C3%A9%20x").status_code == 204
    )
    assert outside.count("provider_event") == 0


def test_a_strange_error_code_is_not_kept(provider, outside):
    provider(path_of(outside), said("undelivered", ErrorCode="<script>"))
    assert (outside.stands().state, outside.stands().code) == (State.UNDELIVERED, None)


def test_large_forms_and_other_kinds_are_refused_before_they_are_read(provider, client, outside):
    large = said(Body="x" * 20_000)
    assert provider(path_of(outside), large).status_code == 413
    many = said(**{f"Field{number}": "x" for number in range(90)})
    assert provider(path_of(outside), many).status_code == 204
    headers = {"X-Twilio-Signature": "x", "Content-Type": "application/json"}
    assert client.post(path_of(outside), data=b"{}", headers=headers).status_code == 403
    assert client.get(path_of(outside)).status_code == 405


def test_without_settings_every_form_is_refused(web_app, provider, outside):
    web_app.extensions["cleared_gateways"] = Gateways(None, None, BASE)
    assert provider(path_of(outside), said()).status_code == 403
    assert provider("/hooks/sms/in", {"MessageSid": SID, "From": NUMBER, "Body": "STOP"}).status_code == 403


def test_a_stop_that_was_written_ends_texts_to_its_number_once(provider, outside):
    form = {"MessageSid": SID, "From": NUMBER, "To": OURS, "Body": "Stop ", "NumMedia": "0"}
    assert provider("/hooks/sms/in", form).status_code == 204
    assert outside.stopped() is not None
    came = outside.count("text_reply")
    lines = outside.count("audit_entry")
    assert provider("/hooks/sms/in", form).status_code == 204  # doubled
    assert (outside.count("text_reply"), outside.count("audit_entry")) == (came, lines)


def test_other_words_wait_for_a_person(provider, outside):
    provider("/hooks/sms/in", {"MessageSid": OTHER_SID, "From": NUMBER, "To": OURS, "Body": "When is my visit? ñ"})
    assert outside.holds()


def test_a_forged_text_ends_nothing(provider, client, outside):
    form = {"MessageSid": SID, "From": NUMBER, "To": OURS, "Body": "STOP"}
    assert provider("/hooks/sms/in", form, token="another").status_code == 403
    assert client.post("/hooks/sms/in", data=form).status_code == 403
    assert provider("/hooks/sms/in", form | {"MessageSid": "x"}).status_code == 204
    assert provider("/hooks/sms/in", form | {"From": ""}).status_code == 204
    assert outside.stopped() is None
    assert outside.count("text_reply") == 0


def test_a_stop_is_heard_although_the_database_was_busy(provider, outside, monkeypatch):
    take_in, tries = hearing.take_in, []

    def busy(*arguments):
        tries.append(arguments)
        if len(tries) == 1:
            raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))
        return take_in(*arguments)

    monkeypatch.setattr(hearing, "take_in", busy)
    form = {"MessageSid": SID, "From": NUMBER, "To": OURS, "Body": "STOP"}
    assert provider("/hooks/sms/in", form).status_code == 204
    assert outside.stopped() is not None
