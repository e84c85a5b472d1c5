"""Folders of a clearinghouse, and what the settings say of one."""

import os

from app.gateways.clearinghouse.folder import FolderClearinghouse
from app.gateways.clearinghouse.settings import ClearinghouseSettings, read_clearinghouses
from app.gateways.facts import Acknowledges, Outcome
from tests.support import make

IDS = {"CLEARINGHOUSE_SENDER": "30:123456789", "CLEARINGHOUSE_RECEIVER": "HOUSE9"}


def _folder(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "in").mkdir()
    settings = ClearinghouseSettings("main", "A1", "B2", out=tmp_path / "out", incoming=tmp_path / "in")
    return FolderClearinghouse(settings, make.clock())


def _arrive(folder, name, content, age=60):
    path = folder / name
    path.write_bytes(content)
    old = make.NOW.timestamp() - age
    os.utime(path, (old, old))


def test_a_file_that_still_grows_waits(tmp_path):
    gateway = _folder(tmp_path)
    _arrive(tmp_path / "in", "growing.x12", b"ISA*", age=2)
    _arrive(tmp_path / "in", "half.x12.part", b"ISA*")
    _arrive(tmp_path / "in", ".hidden", b"ISA*")
    _arrive(tmp_path / "in", "empty.x12", b"")
    assert list(gateway.waiting()) == []


def test_what_a_crash_left_is_given_again(tmp_path):
    gateway = _folder(tmp_path)
    _arrive(tmp_path / "in", "a.x12", b"one")
    assert [one.content for one in gateway.waiting()] == [b"one"]
    assert [one.content for one in _again(tmp_path).waiting()] == [b"one"]


def _again(tmp_path):
    settings = ClearinghouseSettings("main", "A1", "B2", out=tmp_path / "out", incoming=tmp_path / "in")
    return FolderClearinghouse(settings, make.clock())


def test_a_refused_file_lies_beside_its_reason_and_replaces_none(tmp_path):
    gateway = _folder(tmp_path)
    for content in (b"one", b"two"):
        _arrive(tmp_path / "in", "a.x12", content)
        (found,) = gateway.waiting()
        gateway.settle(found, "Segment 3 is cut off.")
    refused = tmp_path / "in" / "refused"
    names = sorted(path.name for path in refused.iterdir())
    assert names == ["2-a.x12", "2-a.x12.reason.txt", "a.x12", "a.x12.reason.txt"]
    assert (refused / "a.x12.reason.txt").read_text() == "Segment 3 is cut off.\n"


def test_a_folder_that_is_gone_is_later(tmp_path):
    gateway = _folder(tmp_path)
    (tmp_path / "out").rmdir()
    assert gateway.send(b"ISA*", "a").outcome is Outcome.LATER


def test_nothing_set_is_no_clearinghouse():
    faults = []
    assert read_clearinghouses({}, faults) == ()
    assert faults == []


def test_several_clearinghouses_have_names(tmp_path):
    environment = {
        "CLEARINGHOUSES": "east, medicaid",
        "CLEARINGHOUSE_EAST_OUT": str(tmp_path),
        "CLEARINGHOUSE_EAST_IN": str(tmp_path),
        "CLEARINGHOUSE_EAST_SENDER": "A1",
        "CLEARINGHOUSE_EAST_RECEIVER": "B2",
        "CLEARINGHOUSE_MEDICAID_URL": "https://edi.example/core",
        "CLEARINGHOUSE_MEDICAID_SENDER": "30:123456789",
        "CLEARINGHOUSE_MEDICAID_RECEIVER": "STATE",
        "CLEARINGHOUSE_MEDICAID_MODE": "realtime",
    }
    faults = []
    east, medicaid = read_clearinghouses(environment, faults)
    assert faults == []
    assert (east.name, east.out, medicaid.url) == ("east", tmp_path, "https://edi.example/core")
    assert (medicaid.parties.sender_qualifier, medicaid.parties.sender, medicaid.realtime) == ("30", "123456789", True)
    assert (east.acknowledges, medicaid.acknowledges) == (Acknowledges.ALL, Acknowledges.NONE)


def test_which_acknowledgements_are_wanted_is_a_setting_of_each(tmp_path):
    house = IDS | {"CLEARINGHOUSE_OUT": str(tmp_path), "CLEARINGHOUSE_IN": str(tmp_path)}
    for told in Acknowledges:
        faults = []
        (one,) = read_clearinghouses(house | {"CLEARINGHOUSE_ACKNOWLEDGE": told.value}, faults)
        assert (one.acknowledges, faults) == (told, [])
    faults = []
    read_clearinghouses(house | {"CLEARINGHOUSE_ACKNOWLEDGE": "some"}, faults)
    assert faults == ["CLEARINGHOUSE_ACKNOWLEDGE is 'some'; write all or refusals or none."]


def test_each_fault_is_said_and_no_secret_with_it():
    faults = []
    given = {
        "CLEARINGHOUSE_URL": "http://edi.example/core",
        "CLEARINGHOUSE_PASSWORD": "hush",
        "CLEARINGHOUSE_MODE": "x",
    }
    read_clearinghouses(given | {"CLEARINGHOUSE_SENDER": "a*b"}, faults)
    text = " ".join(faults)
    for name in ("_URL", "_USER", "_MODE", "_SENDER", "_RECEIVER"):
        assert f"CLEARINGHOUSE{name}" in text
    assert "hush" not in text and "a*b" not in text
    faults = []
    read_clearinghouses({"CLEARINGHOUSES": "one,one,Two!"}, faults)
    assert len(faults) == 3
    faults = []
    read_clearinghouses(IDS | {"CLEARINGHOUSE_OUT": "out"}, faults)
    assert faults == ["CLEARINGHOUSE_IN is missing; answers to what CLEARINGHOUSE_OUT sends come by it."]


def test_it_says_for_which_payers_it_takes_requests_for_approval():
    given = {"CLEARINGHOUSE_URL": "https://x.example", "CLEARINGHOUSE_SENDER": "ME", "CLEARINGHOUSE_RECEIVER": "YOU"}
    faults: list[str] = []
    (found,) = read_clearinghouses(given | {"CLEARINGHOUSE_REVIEWS": "acme, other"}, faults)
    assert (found.reviews, faults) == (frozenset({"acme", "other"}), [])
