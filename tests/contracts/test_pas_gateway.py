"""One promise of every payer's system by FHIR: four answers, no exceptions, nothing sent twice, no secret shown."""

import json
import socket
from dataclasses import replace

import pytest
from fhir.resources.R4B.subscription import Subscription

from app.gateways.facts import Answer, Outcome
from app.gateways.pas.https import PasHttps
from app.gateways.pas.recording import RecordingPas
from app.gateways.pas.settings import PasSettings
from tests.support.pas_server import TOKEN, pas_server

__all__ = ["pas_server"]

pytestmark = pytest.mark.loopback
CONTENT = b'{"resourceType": "Bundle"}'
SECRET = "s" * 40
OWN = PasSettings("main", "", frozenset({"exh"}), "9012345", "EXH01", token="fixed", hook_secret=SECRET)

ANSWERS = {
    "ok": Answer(Outcome.ACCEPTED, content=CONTENT),
    "400": Answer(Outcome.REFUSED, code="http-400"),
    "401": Answer(Outcome.LATER, code="http-401"),
    "403": Answer(Outcome.REFUSED, code="http-403"),
    "409": Answer(Outcome.UNCLEAR, code="http-409"),
    "302": Answer(Outcome.UNCLEAR, code="http-302"),
    "422": Answer(Outcome.REFUSED, code="http-422"),
    "429": Answer(Outcome.LATER, code="http-429", retry_after=7),
    "500": Answer(Outcome.UNCLEAR, code="http-500"),
    "503": Answer(Outcome.UNCLEAR, code="http-503"),
    "silent": Answer(Outcome.UNCLEAR, code="no-answer"),
    "reset": Answer(Outcome.UNCLEAR, code="no-answer"),
    "drop": Answer(Outcome.UNCLEAR, code="no-answer"),
    "page": Answer(Outcome.UNCLEAR, code="unreadable"),
    "spoiled": Answer(Outcome.UNCLEAR, code="unreadable"),
}


def real(server, **more):
    """The real client against a server of this machine."""
    return PasHttps(replace(OWN, url=f"{server.url}/fhir", **more), seconds=20.0)


class Fake:
    """The recording system, told to answer as the payer would."""

    def __init__(self, _server):
        self.gateway = RecordingPas(frozenset({"exh"}), secret=SECRET)

    def next(self, fault):
        """Say what befalls the next call."""
        self.gateway.answers.append(ANSWERS[fault])

    def has(self):
        """What was handed over."""
        return self.gateway.submitted, self.gateway.inquired


class Real:
    """The real client."""

    def __init__(self, server):
        self.server, self.gateway = server, real(server)

    def next(self, fault):
        """Say what befalls the next call."""
        self.server.script.append(fault)
        self.gateway.seconds = 0.4 if fault == "silent" else 20.0

    def has(self):
        """What the payer has."""
        return tuple([body for one, body in self.server.taken if one == name] for name in ("$submit", "$inquire"))


@pytest.fixture(params=[Fake, Real], ids=["fake", "real"])
def system(request, pas_server):
    """One of the two."""
    return request.param(pas_server)


@pytest.mark.parametrize("fault", ANSWERS)
def test_every_end_of_a_call_is_one_of_four_answers(system, fault):
    system.next(fault)
    assert system.gateway.submit(CONTENT) == ANSWERS[fault]


def test_what_was_handed_over_is_handed_over_once(system):
    system.next("ok")
    system.next("ok")
    assert system.gateway.submit(CONTENT).content == CONTENT
    assert system.gateway.inquire(b"{}").content == CONTENT
    assert system.has() == ([CONTENT], [b"{}"])


def test_only_the_payers_own_secret_is_its_secret(system):
    assert system.gateway.notifies
    assert system.gateway.told_by(SECRET)
    assert not system.gateway.told_by("s" * 39)
    assert not system.gateway.told_by("")


def test_both_say_who_asks_whom(system):
    own = (system.gateway.submitter, system.gateway.payer_id, system.gateway.payers)
    assert own == ("9012345", "EXH01", frozenset({"exh"}))


def test_a_server_that_is_not_there_has_nothing():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    gateway = PasHttps(replace(OWN, url=f"http://127.0.0.1:{port}"), seconds=0.5)
    assert gateway.submit(CONTENT) == Answer(Outcome.LATER, code="no-connection")


def test_a_host_inside_that_no_setting_names_is_not_called():
    gateway = PasHttps(replace(OWN, url="http://169.254.169.254"), seconds=0.5)
    assert gateway.submit(CONTENT) == Answer(Outcome.LATER, code="no-connection")


def test_a_token_is_fetched_once_and_used_until_its_end(pas_server):
    gateway = real(pas_server, token=None, token_url=f"{pas_server.url}/token", client_id="c", client_secret="k" * 9)
    assert [gateway.submit(CONTENT).outcome for _ in range(2)] == [Outcome.ACCEPTED] * 2
    assert pas_server.tokens == 1
    assert [one["Authorization"] for one in pas_server.headers] == [f"Bearer {TOKEN}-1"] * 2


@pytest.mark.parametrize("life", [10, "soon", -5, None])
def test_a_token_without_a_sound_life_is_not_kept_for_long(pas_server, life):
    pas_server.life = life
    gateway = real(pas_server, token=None, token_url=f"{pas_server.url}/token", client_id="c", client_secret="k" * 9)
    gateway.submit(CONTENT)
    gateway.submit(CONTENT)
    assert pas_server.tokens == (2 if life == 10 else 1)


@pytest.mark.parametrize(("body", "read"), [(b'\xef\xbb\xbf {"a": 1}', True), (b'{"a": "\xff"}', False), (b"", False)])
def test_an_answer_is_text_that_begins_like_an_object(pas_server, body, read):
    pas_server.answer = body
    assert (real(pas_server).submit(CONTENT).content == body) is read


def test_a_token_that_is_refused_is_fetched_anew(pas_server):
    pas_server.script.append("401")
    gateway = real(pas_server, token=None, token_url=f"{pas_server.url}/token", client_id="c", client_secret="k" * 9)
    assert [gateway.submit(CONTENT).outcome for _ in range(2)] == [Outcome.LATER, Outcome.ACCEPTED]
    assert pas_server.tokens == 2


def test_without_a_token_nothing_is_sent(pas_server):
    pas_server.no_token = True
    gateway = real(pas_server, token=None, token_url=f"{pas_server.url}/token", client_id="c", client_secret="k" * 9)
    assert gateway.submit(CONTENT) == Answer(Outcome.LATER, code="no-token")
    assert pas_server.taken == []


def test_a_subscription_names_our_address_whose_requests_and_the_secret(pas_server):
    assert real(pas_server).subscribe("https://cleared.example").outcome is Outcome.ACCEPTED
    ((operation, body),) = pas_server.taken
    Subscription.model_validate_json(body)
    channel = json.loads(body)["channel"]
    assert (operation, channel["endpoint"]) == ("Subscription", "https://cleared.example/hooks/pas/main")
    assert channel["header"] == [f"Authorization: Bearer {SECRET}"]
    assert json.loads(body)["_criteria"]["extension"][0]["valueString"] == "org-identifier=9012345"


def test_without_a_secret_nothing_is_subscribed(pas_server):
    assert real(pas_server, hook_secret=None).subscribe("https://cleared.example").outcome is Outcome.REFUSED
    assert pas_server.taken == []


def test_no_secret_is_shown(pas_server):
    gateway = real(pas_server, token="very-secret-token", client_secret="very-secret-key")
    shown = f"{gateway!r} {gateway.settings!r}"
    assert "very-secret" not in shown
    assert SECRET not in shown
