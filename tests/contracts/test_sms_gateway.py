"""One promise of every way to send texts: four answers, no exceptions, and nothing hidden from a look-up."""

import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Thread

import pytest

from app.gateways.facts import Answer, Outcome
from app.gateways.recording import RecordingSms
from app.gateways.twilio_sms import TwilioSms
from app.platform.clock import FixedClock
from app.platform.logs import set_up_logs
from tests.support import make
from tests.support.mail_server import wait_for

pytestmark = pytest.mark.loopback
NUMBER, OTHER, SENDER = "+12025550101", "+12025550102", "+12025550100"
CALLBACK = "https://practice.example/hooks/sms/status/abc"

ANSWERS = {
    "ok": None,
    "21211": Answer(Outcome.REFUSED, code="21211"),
    "21610": Answer(Outcome.REFUSED, code="21610"),
    "busy": Answer(Outcome.LATER, code="20429", retry_after=1),
    "error_before": Answer(Outcome.UNCLEAR, code="20500"),
    "error_after": Answer(Outcome.UNCLEAR, code="20500"),
    "silent_after": Answer(Outcome.UNCLEAR, code="no-answer"),
    "not_json_after": Answer(Outcome.UNCLEAR, code="not-json"),
    "reset_before": Answer(Outcome.UNCLEAR, code="no-answer"),
}


class Fake:
    """The recording gateway, told to answer as the provider would."""

    def __init__(self):
        self.gateway = RecordingSms(FixedClock(make.NOW))

    def next(self, fault):
        """Say what befalls the next send."""
        self.gateway.taken = fault.endswith("_after")
        if ANSWERS[fault] is not None:
            self.gateway.answers.append(ANSWERS[fault])

    def cut_off(self):
        """Let it be asked nothing."""
        self.gateway.reachable = False

    def has(self):
        """The texts that the provider has."""
        return [one.text for one in self.gateway.sent if one.provider_id]


class Real:
    """The real client against a provider of this machine."""

    def __init__(self, sms_provider):
        self.provider = sms_provider(now=make.NOW.isoformat(), callbacks={"on": False})
        self.gateway = TwilioSms(self.provider.account, self.provider.token, SENDER, None, self.provider.url, 2.5)

    def next(self, fault):
        """Say what befalls the next send."""
        self.provider.control(script=[fault])

    def cut_off(self):
        """Let it be asked nothing."""
        self.provider.control(find_faults={"error": 1.0})

    def has(self):
        """The texts that the provider has."""
        return [one["body"] for one in self.provider.accepted()]


@pytest.fixture(params=["fake", "twilio"])
def rig(request, sms_provider):
    """Each way to send texts, and what to tell its provider."""
    return Fake() if request.param == "fake" else Real(sms_provider)


def test_a_text_that_is_taken_has_an_id_and_is_found_by_number(rig):
    answer = rig.gateway.send(NUMBER, "Text", CALLBACK)
    assert (answer.outcome, answer.segments) == (Outcome.ACCEPTED, 1)
    rig.gateway.send(OTHER, "Another", None)
    found = rig.gateway.find(NUMBER, make.NOW - timedelta(minutes=1))
    assert [(one.provider_id, one.body, one.created_at) for one in found] == [(answer.provider_id, "Text", make.NOW)]
    assert list(rig.gateway.find(NUMBER, make.NOW + timedelta(minutes=1))) == []


@pytest.mark.parametrize(
    ("fault", "outcome", "code", "taken"),
    [
        ("21211", Outcome.REFUSED, "21211", 0),
        ("21610", Outcome.REFUSED, "21610", 0),
        ("busy", Outcome.LATER, "20429", 0),
        ("error_before", Outcome.UNCLEAR, "20500", 0),
        ("error_after", Outcome.UNCLEAR, "20500", 1),
        ("silent_after", Outcome.UNCLEAR, "no-answer", 1),
        ("not_json_after", Outcome.UNCLEAR, "not-json", 1),
        ("reset_before", Outcome.UNCLEAR, "no-answer", 0),
    ],
)
def test_an_answer_is_one_of_four_and_a_look_up_tells_the_truth(rig, fault, outcome, code, taken):
    rig.next(fault)
    answer = rig.gateway.send(NUMBER, "Text", CALLBACK)
    assert (answer.outcome, answer.code) == (outcome, code)
    assert answer.retry_after == (1 if fault == "busy" else None)
    assert len(rig.has()) == len(rig.gateway.find(NUMBER, make.NOW - timedelta(minutes=1))) == taken
    assert rig.gateway.send(NUMBER, "Next", CALLBACK).outcome is Outcome.ACCEPTED


def test_a_provider_that_cannot_be_asked_has_not_said_no(rig):
    rig.gateway.send(NUMBER, "Text", CALLBACK)
    rig.cut_off()
    assert rig.gateway.find(NUMBER, make.NOW) is None


def test_twilio_takes_nothing_where_nothing_listens():
    gateway = TwilioSms("AC" + "0" * 32, "token", SENDER, None, "http://127.0.0.1:9", 0.5)
    assert gateway.send(NUMBER, "Text", None) == Answer(Outcome.LATER, code="no-connection")
    assert gateway.find(NUMBER, make.NOW) is None


def test_twilio_says_later_when_the_account_is_not_let_in(sms_provider):
    provider = sms_provider()
    answer = TwilioSms(provider.account, "another", SENDER, None, provider.url).send(NUMBER, "Text", None)
    assert (answer.outcome, answer.code) == (Outcome.LATER, "20003")
    assert provider.accepted() == []


def test_twilio_is_given_the_service_or_the_number_and_the_callback(sms_provider):
    provider = sms_provider()
    service = "MG" + "1" * 32
    TwilioSms(provider.account, provider.token, SENDER, service, provider.url).send(NUMBER, "One", CALLBACK)
    TwilioSms(provider.account, provider.token, SENDER, None, provider.url).send(NUMBER, "Two", None)
    told = [(one["sender"], one["callback"]) for one in provider.accepted()]
    assert told == [(service, CALLBACK), (SENDER, None)]


def test_twilio_finds_what_waits_and_reads_every_page(sms_provider, monkeypatch):
    monkeypatch.setattr("app.gateways.twilio_sms.PAGE", 3)
    provider = sms_provider(callbacks={"on": False, "sent_after": 60.0})
    gateway = TwilioSms(provider.account, provider.token, SENDER, None, provider.url)
    for number in range(8):
        gateway.send(NUMBER, f"Text {number}", None)
    since = datetime.fromisoformat(provider.accepted()[0]["at"])
    assert len(gateway.find(NUMBER, since)) == 8
    monkeypatch.setattr("app.gateways.twilio_sms.MOST_FOUND", 5)
    assert gateway.find(NUMBER, since) is None


def test_twilio_answers_of_several_sends_at_a_time_are_not_mixed_up(sms_provider):
    provider = sms_provider(faults={"slow": 0.3, "21211": 0.2}, slow=0.02)
    gateway = TwilioSms(provider.account, provider.token, SENDER, None, provider.url)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: gateway.send(NUMBER, f"Text {number}", None), range(120)))
    by_id = {one["sid"]: one["body"] for one in provider.accepted()}
    taken = [(place, one) for place, one in enumerate(answers) if one.outcome is Outcome.ACCEPTED]
    assert len(by_id) == len(taken) > 60
    assert all(by_id[one.provider_id] == f"Text {place}" for place, one in taken)


def test_a_late_text_shows_up_after_its_sender_gave_up(sms_provider):
    provider = sms_provider(script=["late"], late=3.0)
    gateway = TwilioSms(provider.account, provider.token, SENDER, None, provider.url, 0.3)
    assert gateway.send(NUMBER, "Text", None).outcome is Outcome.UNCLEAR
    wait_for(lambda: len(provider.accepted()) == 1)


def test_secrets_and_texts_are_not_shown():
    gateway = TwilioSms("AC" + "0" * 32, "secret-token", SENDER)
    assert "secret" not in repr(gateway) + repr(vars(gateway))


@pytest.mark.parametrize("base", ["https://api.example.com", "http://10.0.0.1:80", "http://127.0.0.1.example.com"])
def test_another_address_must_be_of_this_machine(base):
    with pytest.raises(ValueError, match="this machine"):
        TwilioSms("AC" + "0" * 32, "token", SENDER, None, base)


def test_a_look_up_whose_answer_is_broken_writes_no_number_into_the_log(caplog):
    set_up_logs()
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nbroken header\r\n\r\n{}"
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=_answer_once, args=(server, answer), daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        with caplog.at_level("DEBUG"):
            assert TwilioSms("AC" + "0" * 32, "token", SENDER, None, url, 1.0).find(NUMBER, make.NOW) is None
        thread.join(5)
    assert NUMBER[1:] not in caplog.text


def _answer_once(server, answer):
    connection, _ = server.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(answer)
