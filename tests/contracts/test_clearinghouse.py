"""One promise of every clearinghouse: four answers, no exceptions; whole files out, what comes in settled once."""

import hashlib
import os
from datetime import timedelta

import pytest

from app.gateways.clearinghouse.core_https import CoreHttps
from app.gateways.clearinghouse.folder import FolderClearinghouse
from app.gateways.clearinghouse.recording import RecordingClearinghouse
from app.gateways.clearinghouse.settings import ClearinghouseSettings
from app.gateways.facts import Answer, Incoming, Outcome, Sends
from tests.support import make
from tests.support.core_server import core_server

__all__ = ["core_server"]

pytestmark = pytest.mark.loopback
CONTENT = b"ISA*00*~IEA*1*000000001~"


def _settings(**more):
    return ClearinghouseSettings("main", "CLINIC1", "HOUSE9", **more)


def _https(core_server, **more):
    settings = _settings(url=core_server.url, user="kim", password="secret word", **more)
    return CoreHttps(settings, clock=make.clock(), seconds=0.5, every=timedelta(0))


class Fake:
    """The recording gateway."""

    def __init__(self, *_):
        self.gateway = RecordingClearinghouse()

    def arrive(self, content):
        """Let a file come in."""
        self.gateway.incoming.append(Incoming("answers.x12", content))

    def has(self):
        """What was handed over."""
        return [content for _name, content in self.gateway.sent]


class Folder:
    """Two folders."""

    def __init__(self, _server, tmp_path):
        self.out, self.come = tmp_path / "out", tmp_path / "in"
        self.out.mkdir()
        self.come.mkdir()
        self.gateway = FolderClearinghouse(_settings(out=self.out, incoming=self.come), make.clock())

    def arrive(self, content):
        """Let a file come in that no longer grows."""
        path = self.come / "answers.x12"
        path.write_bytes(content)
        old = make.NOW.timestamp() - 60
        os.utime(path, (old, old))

    def has(self):
        """What was handed over."""
        return [path.read_bytes() for path in sorted(self.out.iterdir())]


class Https:
    """The real client against a server of this machine."""

    def __init__(self, server, _path):
        self.server, self.gateway = server, _https(server)

    def arrive(self, content):
        """Let an answer to a batch wait."""
        self.server.results.append(content)

    def has(self):
        """What was handed over."""
        return [fields["Payload"] for fields in self.server.taken if "Payload" in fields]


@pytest.fixture(params=[Fake, Folder, Https])
def rig(request, core_server, tmp_path):
    """Each clearinghouse."""
    return request.param(core_server, tmp_path)


def test_a_file_is_taken_whole_and_the_same_name_again_is_the_same_file(rig):
    assert rig.gateway.send(CONTENT, "batch-1").outcome is Outcome.ACCEPTED
    assert rig.gateway.send(CONTENT, "batch-1").outcome is Outcome.ACCEPTED
    assert set(rig.has()) == {CONTENT}
    assert rig.gateway.parties.usage == "P"


def test_what_came_in_is_given_until_it_is_settled(rig):
    assert list(rig.gateway.waiting()) == []
    rig.arrive(b"ISA*answer~")
    (one,) = rig.gateway.waiting()
    assert one.content == b"ISA*answer~"
    rig.gateway.settle(one, None)
    assert list(rig.gateway.waiting()) == []


@pytest.mark.parametrize(("what", "name"), [(Sends.ANSWER_999, "X12_999_"), (Sends.ANSWER_TA1, "X12_TA1_")])
def test_an_acknowledgement_goes_as_a_batch_of_its_own_name_also_where_requests_go_in_real_time(
    core_server, what, name
):
    assert _https(core_server, realtime=True).send(CONTENT, "999-500000001", what).outcome is Outcome.ACCEPTED
    fields = core_server.taken[0]
    assert fields["PayloadType"].startswith(name.encode())
    assert (fields["ProcessingMode"], fields["Payload"]) == (b"Batch", CONTENT)
    assert "CheckSum" in fields


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        ("302", Answer(Outcome.REFUSED, code="http-302")),
        ("401", Answer(Outcome.REFUSED, code="http-401")),
        ("429", Answer(Outcome.LATER, code="http-429", retry_after=7)),
        ("503", Answer(Outcome.UNCLEAR, code="http-503")),
        ("drop", Answer(Outcome.UNCLEAR, code="no-answer")),
        ("silent", Answer(Outcome.UNCLEAR, code="no-answer")),
        ("no_envelope", Answer(Outcome.UNCLEAR, code="no-envelope")),
        ("spoiled", Answer(Outcome.UNCLEAR, code="no-envelope")),
        ("PayloadTypeIllegal", Answer(Outcome.REFUSED, code="PayloadTypeIllegal")),
        ("Receiver", Answer(Outcome.UNCLEAR, code="Receiver")),
    ],
)
def test_each_fault_of_the_other_side_is_one_of_four_answers(core_server, fault, answer):
    core_server.script.append(fault)
    assert _https(core_server).send(CONTENT, "batch-1") == answer
    assert len(core_server.calls) == 1, "a redirect is not followed, and nothing is sent twice"


def test_the_envelope_says_all_that_the_rule_asks_for(core_server):
    _https(core_server).send(CONTENT, "batch-1")
    fields = {name: value.decode() for name, value in core_server.taken[0].items()}
    assert fields == {
        "PayloadType": "X12_270_Request_005010X279A1",
        "ProcessingMode": "Batch",
        "PayloadID": "batch-1",
        "TimeStamp": make.NOW.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "SenderID": "CLINIC1",
        "ReceiverID": "HOUSE9",
        "CORERuleVersion": "2.2.0",
        "PayloadLength": str(len(CONTENT)),
        "CheckSum": hashlib.sha1(CONTENT).hexdigest(),
        "UserName": "kim",
        "Password": "secret word",
        "Payload": CONTENT.decode(),
    }


def test_in_real_time_the_answer_comes_back_at_once(core_server):
    core_server.realtime_answer = b"ISA*271~"
    gateway = _https(core_server, realtime=True, rule_version="4.0.0")
    answer = gateway.send(CONTENT, "one-1")
    assert (answer.outcome, answer.content) == (Outcome.ACCEPTED, b"ISA*271~")
    assert core_server.taken[0]["ProcessingMode"] == b"RealTime"
    assert gateway.one_at_a_time and list(gateway.waiting()) == []
    assert b"271" not in repr(answer).encode() and "secret" not in repr(gateway.settings)


def test_nobody_at_home_is_later_and_an_inner_address_is_never_called(core_server):
    closed = CoreHttps(_settings(url="http://127.0.0.1:9/core"), clock=make.clock(), seconds=0.5)
    assert closed.send(CONTENT, "batch-1") == Answer(Outcome.LATER, code="no-connection")
    secrets = CoreHttps(_settings(url="http://169.254.169.254/core"), clock=make.clock(), seconds=0.5)
    assert secrets.send(CONTENT, "batch-1") == Answer(Outcome.LATER, code="no-connection")
    assert core_server.calls == []


def test_a_server_is_not_asked_for_answers_all_the_time(core_server):
    gateway = _https(core_server)
    gateway.every = timedelta(minutes=5)
    core_server.results += [b"one", b"two"]
    assert [one.content for one in gateway.waiting()] == [b"one"]
    assert list(gateway.waiting()) == []
    gateway.clock.instant += timedelta(minutes=5)
    assert [one.content for one in gateway.waiting()] == [b"two"]


def test_requests_for_approval_go_under_their_name_and_their_answers_are_fetched_too(core_server):
    gateway = _https(core_server, reviews=frozenset({"acme"}))
    assert gateway.send(CONTENT, "278-1", Sends.REVIEWS).outcome is Outcome.ACCEPTED
    assert core_server.taken[0]["PayloadType"] == b"X12_278_Request_005010X217E1_2"
    core_server.results += [b"271", b"278"]
    assert [one.content for one in gateway.waiting()] == [b"271", b"278"]
