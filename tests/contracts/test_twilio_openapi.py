"""Every request of our Twilio gateway is as Twilio's own OpenAPI describes it; and so are the answers of our stand-in.

Prism stands between the gateway and the stand-in, and refuses what the description does not allow.
"""

import json
import os
import shutil
import socket
import subprocess
import time
from datetime import timedelta
from functools import cache

import pytest
import requests

from app.gateways.facts import Outcome
from app.gateways.twilio_sms import TwilioSms
from app.platform.clock import SystemClock
from config import ROOT
from tests.support import sms_provider as texts
from tests.support.mail_server import wait_for

PLACE = ROOT / ".local/tools/openapi"
PRISM, DESCRIPTION = PLACE / "node_modules/.bin/prism", PLACE / "twilio_api_v2010.json"
MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages"
NUMBER, SENDER, SERVICE = "+12025550101", "+12025550100", "MG" + "0" * 31 + "1"
WORDS = "Cleared: 2 things need you. List: https://practice.example/a/7KQ2MX09TB"

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.skipif(
        not (shutil.which("node") and PRISM.exists() and DESCRIPTION.exists()),
        reason="Prism and Twilio's description are not here: Node or npm was missing when scripts/contracts ran",
    ),
]


@cache
def described():
    """Twilio's description of messages."""
    whole = json.loads(DESCRIPTION.read_text())
    ours = {f"{MESSAGES}.json", f"{MESSAGES}/{{Sid}}.json"}
    whole["paths"] = {path: what for path, what in whole["paths"].items() if path in ours}
    assert set(whole["paths"]) == ours
    return whole


def for_prism():
    """The description as Prism reads it: addresses in Twilio's answers are relative, which `uri` does not allow."""
    return json.dumps(described()).replace('"format": "uri"', '"format": "uri-reference"')


def free_port():
    with socket.socket() as finder:
        finder.bind(("127.0.0.1", 0))
        return finder.getsockname()[1]


class Between:
    """Prism before a stand-in: its address, the stand-in, and what it found wrong."""

    def __init__(self, folder):
        self.provider, port = texts.start(folder / "provider"), free_port()
        self.url, self.words = f"http://127.0.0.1:{port}", folder / "prism.log"
        (folder / "description.json").write_text(for_prism())
        command = [PRISM, "proxy", folder / "description.json", self.provider.url, "--errors"]
        with self.words.open("w") as log:
            self.process = subprocess.Popen(
                [*command, "-h", "127.0.0.1", "-p", str(port)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "NO_COLOR": "1"},
            )
        self.heard = 0

    def wait(self):
        until = time.monotonic() + 240
        while "is listening" not in self.words.read_text():
            assert self.process.poll() is None and time.monotonic() < until, self.words.read_text()
            time.sleep(0.1)

    def faults(self):
        """What Prism found wrong since it was last asked."""
        found = [line for line in self.words.read_text().splitlines() if "terminated with error" in line]
        self.heard, fresh = len(found), found[self.heard :]
        return fresh

    def end(self):
        self.process.terminate()
        self.process.wait(60)
        self.provider.stop()


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    between = Between(tmp_path_factory.mktemp("prism"))
    try:
        between.wait()
        yield between
    finally:
        between.end()


@pytest.fixture
def prism(started):
    """Prism, of which nothing that earlier tests did is told."""
    started.faults()
    started.provider.control(numbers={})
    return started


def gateway_at(prism, **sender):
    return TwilioSms(prism.provider.account, prism.provider.token, base=prism.url, **(sender or {"sender": SENDER}))


@pytest.mark.parametrize("callback", [None, "https://practice.example/webhooks/twilio/status?reference=AbC-123_x"])
@pytest.mark.parametrize("sender", [{"sender": SENDER}, {"service": SERVICE}])
def test_every_text_that_is_sent_conforms(prism, sender, callback):
    answer = gateway_at(prism, **sender).send(NUMBER, WORDS, callback)
    assert (answer.outcome, answer.segments) == (Outcome.ACCEPTED, 1)
    taken = prism.provider.accepted()[-1]
    assert (taken["to"], taken["body"], taken["callback"]) == (NUMBER, WORDS, callback)
    assert taken["sid"] == answer.provider_id
    body = described()["paths"][f"{MESSAGES}.json"]["post"]["requestBody"]["content"]
    assert set(taken["fields"]) <= set(body["application/x-www-form-urlencoded"]["schema"]["properties"])
    assert prism.faults() == []


def test_every_look_up_conforms(prism):
    before = SystemClock().now() - timedelta(minutes=1)
    gateway, number = gateway_at(prism), "+12025550177"
    sent = [gateway.send(number, f"{WORDS}{last}", None).provider_id for last in range(3)]
    found = gateway.find(number, before)
    assert found is not None
    assert sorted(one.provider_id for one in found) == sorted(sent)
    asked = prism.provider.log("asked")[-1]
    known = {one["name"] for one in described()["paths"][f"{MESSAGES}.json"]["get"]["parameters"]}
    assert {"To", "PageSize"} <= set(asked["fields"]) <= known
    assert prism.faults() == []


def test_a_refusal_comes_through_as_itself(prism):
    prism.provider.control(numbers={NUMBER: "21610"})
    answer = gateway_at(prism).send(NUMBER, WORDS, None)
    assert (answer.outcome, answer.code) == (Outcome.REFUSED, "21610")


@pytest.mark.parametrize("form", [{"Body": WORDS, "From": SENDER}, {"To": NUMBER, "Body": WORDS, "MaxPrice": "much"}])
def test_a_request_that_does_not_conform_is_caught(prism, form):
    provider, taken = prism.provider, len(prism.provider.accepted())
    path = f"{MESSAGES}.json".replace("{AccountSid}", provider.account)
    answer = requests.post(prism.url + path, form, auth=(provider.account, provider.token), timeout=20)
    assert answer.status_code == 422
    wait_for(lambda: prism.faults() != [], seconds=30)  # it writes its words down a little later
    assert len(provider.accepted()) == taken
