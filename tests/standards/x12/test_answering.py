"""The 999 that we answer: accepted, refused in part with segment and position, refused; read back; valid for pyx12."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.standards.x12.acknowledgements.answering import answers_to
from app.standards.x12.acknowledgements.facts import GroupAnswer, SegmentFault, SetAnswer
from app.standards.x12.acknowledgements.reading import read_999
from app.standards.x12.acknowledgements.writing import write_999
from app.standards.x12.facts import Group
from app.standards.x12.reader import transactions
from app.standards.x12.writing import Cover, Party, WritingError
from tests.bench.x12_remittance import validate
from tests.support.edi import edi, only

COVER = Cover(
    Party("ZZ", "CLINIC", "CLINIC"), Party("ZZ", "PAYERHUB", "PAYERHUB"), 7, datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
)
GOOD = "BHT*0007*11*R-1*20261201*0915*18\nHL*1**20*1\nHL*2*1*21*1\nHL*3*2*22*1\nHL*4*3*EV*0\nHCR*A1*AU-1"
BAD = GOOD + "\nDTP*AAH*D8*20261201\nDTP*036*D8*20261399"


def answer_to(content: bytes) -> GroupAnswer:
    found: GroupAnswer = only(list(answers_to(BytesIO(content))))
    return found


def said(content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = read_999(next(iter(transactions(BytesIO(content)))))["content"]
    return found


def test_a_group_that_we_read_is_accepted():
    content = write_999(answer_to(edi(GOOD, GOOD)), COVER)
    assert said(content)["group_status"] == "A"
    assert said(content)["counts"] == {"included": 2, "received": 2, "accepted": 2}
    assert said(content)["group"] == {"functional": "HI", "control_number": "41", "version": "005010X217"}
    assert content.startswith(
        b"ISA*00*          *00*          *ZZ*CLINIC         *ZZ*PAYERHUB       *261201*0930*^*00501*"
    )
    assert b"\nAK2*278*0001*005010X217~\nIK5*A~\n" in content


def test_a_set_that_we_cannot_read_is_refused_by_segment_and_position():
    answer = answer_to(edi(GOOD, BAD))
    content = write_999(answer, COVER)
    assert said(content)["group_status"] == "P"
    assert said(content)["counts"] == {"included": 2, "received": 2, "accepted": 1}
    refused = said(content)["sets"][1]
    assert (refused["status"], refused["reasons"]) == ("R", ["5"])
    assert refused["errors"] == [{"segment": "DTP", "position": "9", "code": "8"}]
    assert "20261399" not in content.decode()


def test_the_position_counts_from_the_st_of_each_set():
    lines = edi(GOOD, BAD).decode().split("~\n")
    begins = next(place for place, line in enumerate(lines) if line.startswith("ST*278*0002"))
    assert lines[begins + 9 - 1] == "DTP*036*D8*20261399"


def test_a_group_of_which_nothing_can_be_read_is_refused():
    assert said(write_999(answer_to(edi(BAD)), COVER))["group_status"] == "R"


def test_each_group_has_its_answer_and_acknowledgements_have_none():
    assert list(answers_to(BytesIO(edi("AK1*HI*41\nAK9*A*1*1*1", set_id="999")))) == []
    both = list(answers_to(BytesIO(edi(GOOD) + edi(BAD))))
    assert [one.status for one in both] == ["A", "R"]


def test_sets_that_we_do_not_need_are_accepted_by_their_envelope():
    assert answer_to(edi("BHT*0019*00*1", set_id="837", functional="HC")).status == "A"


def test_an_interchange_whose_envelope_does_not_hold_has_no_999():
    assert list(answers_to(BytesIO(edi(GOOD).replace(b"GE*1", b"GE*2")))) == []


@pytest.mark.parametrize("sets", [(GOOD,), (GOOD, BAD), (BAD,), (GOOD, GOOD, BAD, BAD)])
def test_pyx12_finds_what_we_answer_valid(sets: tuple[str, ...]):
    assert validate(write_999(answer_to(edi(*sets)), COVER))


def test_pyx12_refuses_what_breaks_the_guide():
    assert not validate(write_999(answer_to(edi(GOOD)), COVER).replace(b"IK5*A", b"IK5*Q"))


GROUP = Group(functional="HI", sender="PAYERHUB", receiver="CLINIC", control="41", version="005010X217")
SET = SetAnswer("278", "0001", "005010X217")


@pytest.mark.parametrize(
    "answer",
    [
        GroupAnswer(replace(GROUP, control="4*1"), (SET,)),
        GroupAnswer(replace(GROUP, functional="H~"), (SET,)),
        GroupAnswer(GROUP, (replace(SET, control="00:1"),)),
        GroupAnswer(GROUP, (replace(SET, control=""),)),
        GroupAnswer(GROUP, (replace(SET, faults=(SegmentFault("D^P", 3, "8"),)),)),
    ],
)
def test_numbers_of_others_that_would_break_our_answer_are_refused(answer: GroupAnswer):
    with pytest.raises(WritingError):
        write_999(answer, COVER)


CODES = st.text("0123456789ABCIX", min_size=1, max_size=3)
SETS = st.builds(
    SetAnswer,
    st.sampled_from(["270", "271", "278", "835"]),
    st.text("0123456789AZ", min_size=4, max_size=9),
    st.sampled_from(["005010X217", "005010X279A1", ""]),
    st.lists(CODES, max_size=5).map(tuple),
    st.lists(
        st.builds(SegmentFault, st.sampled_from(["NM1", "HL", "DTP"]), st.integers(1, 10**9), CODES), max_size=4
    ).map(tuple),
)


@settings(max_examples=60)
@given(st.lists(SETS, min_size=1, max_size=5).map(tuple))
def test_any_answer_reads_back_as_it_was_meant(sets: tuple[SetAnswer, ...]):
    answer = GroupAnswer(GROUP, sets)
    content = said(write_999(answer, COVER))
    assert [one["status"] for one in content["sets"]] == ["A" if one.accepted else "R" for one in sets]
    assert content["counts"]["accepted"] == sum(one.accepted for one in sets)
