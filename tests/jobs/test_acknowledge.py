"""What clearinghouses brought is acknowledged as they want it: once, whatever comes twice or is killed half-way."""

import io
from datetime import timedelta

import pytest

from app.casework.store import pas
from app.gateways.clearinghouse.recording import RecordingClearinghouse
from app.gateways.facts import Acknowledges, Answer, Gateways, Incoming, Outcome
from app.mailroom.actions import acknowledging
from app.mailroom.actions.receiving import receive
from app.mailroom.facts import AnswerKind, AnswerState, Via
from app.mailroom.jobs.incoming import take_incoming
from app.mailroom.rules.acknowledging import FIRST_CONTROL
from app.mailroom.store import answers as store
from app.mailroom.store import documents
from app.platform.runs import Ran
from app.standards.reading import documents as read
from tests.support.desk import Desk
from tests.support.edi import edi

LINES = "BHT*0022*11*1*20261201*0915"
GOOD = edi(LINES, set_id="271", version="005010X279A1", functional="HB")
ASKS = GOOD.replace(b"*0*P*", b"*1*P*", 1)
CUT = GOOD[: GOOD.index(b"GE*1")]


@pytest.fixture
def house(caller):
    """A practice, and a clearinghouse that reaches nobody."""
    Desk(caller).furnish()
    house = RecordingClearinghouse()
    caller.session.info["gateways"] = Gateways(clearinghouses={"main": house})
    return house


def _bring(caller, house, content, name="a.x12"):
    house.incoming.append(Incoming(name, content))
    return take_incoming(caller)


def _told(house):
    """What was told: the kind, which number it answers, and how."""
    found = []
    for name, content in house.acknowledged:
        for one in read(io.BytesIO(content)):
            said = one["content"]
            if one["kind"] == "x12.ta1":
                found.append((name[:3], said["acknowledged"], said["status"], said["code"]))
            else:
                found.append((name[:3], said["group"]["control_number"], said["group_status"], len(said["sets"])))
    return found


def test_a_file_is_acknowledged_once_however_often_it_comes(caller, house):
    assert _bring(caller, house, GOOD).failed == 0
    assert _told(house) == [("999", "41", "A", 1)]
    _bring(caller, house, GOOD, "again.x12")
    assert len(house.acknowledged) == 1
    ((name, content),) = house.acknowledged
    assert name.startswith(f"999-{FIRST_CONTROL}-")
    assert b"*ZZ*CLINIC         *ZZ*PAYERHUB       *" in content


def test_numbers_of_acknowledgements_lie_apart_from_those_of_requests():
    assert FIRST_CONTROL - pas.FIRST_CONTROL > 100_000_000


def test_a_ta1_goes_where_it_is_asked_for_or_the_envelope_is_refused(caller, house):
    _bring(caller, house, ASKS)
    assert _told(house) == [("ta1", "000000417", "A", "000"), ("999", "41", "A", 1)]
    controls = [int(name.split("-")[1]) for name, _content in house.acknowledged]
    assert controls == [FIRST_CONTROL, FIRST_CONTROL + 1]
    house.acknowledged.clear()
    _bring(caller, house, CUT, "cut.x12")
    assert _told(house) == [("ta1", "000000417", "R", "023")]


def test_of_a_file_that_is_not_filed_no_set_is_accepted(caller, house):
    """One interchange is whole and one is cut off: nothing of the file is filed, so nothing of it may be accepted."""
    _bring(caller, house, GOOD + CUT.replace(b"000000417", b"000000418"))
    assert _told(house) == [("ta1", "000000418", "R", "023"), ("999", "41", "R", 1)]


@pytest.mark.parametrize(("set_id", "functional"), [("999", "FA"), ("997", "FA")])
def test_an_acknowledgement_is_never_acknowledged(caller, house, set_id, functional):
    content = edi("AK1*HS*7*005010X279A1\nAK9*A*1*1*1", set_id=set_id, version="005010X231A1", functional=functional)
    _bring(caller, house, content.replace(b"*0*P*", b"*1*P*", 1))
    _bring(caller, house, content[: content.index(b"GE*1")], "cut.x12")
    assert house.acknowledged == []


def test_a_clearinghouse_gets_what_it_wants(caller, house):
    house.acknowledges = Acknowledges.NONE
    _bring(caller, house, ASKS)
    assert house.acknowledged == []
    house.acknowledges = Acknowledges.REFUSALS
    _bring(caller, house, ASKS.replace(b"000000417", b"000000500"), "b.x12")
    assert house.acknowledged == []
    _bring(caller, house, CUT, "c.x12")
    assert _told(house) == [("ta1", "000000417", "R", "023")]


def test_what_came_by_hand_is_not_acknowledged_until_a_clearinghouse_brings_it(caller, house):
    report = receive(caller, GOOD, "a.x12", Via.UPLOAD)
    assert take_incoming(caller) == Ran() and house.acknowledged == []
    _bring(caller, house, GOOD)
    assert [one[0] for one in _told(house)] == ["999"]
    (kept,) = store.of_document(caller.session, caller.practice_id, report.document_id)
    assert (kept.kind, kept.state, kept.clearinghouse) == (AnswerKind.X999, AnswerState.SENT, "main")


@pytest.mark.parametrize("where", ["wanted_of", "written", "name_of"])
def test_a_kill_between_any_two_steps_loses_and_doubles_nothing(caller, house, monkeypatch, where):
    house.incoming.append(Incoming("a.x12", ASKS))

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(acknowledging, where, killed)
    with pytest.raises(KeyboardInterrupt):
        take_incoming(caller)
    caller.session.rollback()
    monkeypatch.undo()
    caller.clock.instant += timedelta(minutes=11)
    take_incoming(caller)
    assert _told(house) == [("ta1", "000000417", "A", "000"), ("999", "41", "A", 1)]
    take_incoming(caller)
    assert len(house.acknowledged) == 2


def test_the_same_bytes_go_again_where_it_is_not_clear_that_they_arrived(caller, house):
    house.answers.append(Answer(Outcome.UNCLEAR, code="no-answer"))
    _bring(caller, house, GOOD)
    caller.clock.instant += timedelta(minutes=11)
    take_incoming(caller)
    assert len(house.acknowledged) == 2 and house.acknowledged[0] == house.acknowledged[1]
    (document,) = documents.documents(caller.session, caller.practice_id, None, 5)
    (kept,) = store.of_document(caller.session, caller.practice_id, document.id)
    assert (kept.state, kept.tries) == (AnswerState.SENT, 2)
