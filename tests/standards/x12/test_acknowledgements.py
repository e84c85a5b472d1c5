"""999, 997 and TA1: what was taken in, what was not, and why; counts are numbers."""

from io import BytesIO
from typing import Any

import pytest

from app.standards.x12.acknowledgements.reading import read_999, read_ta1
from app.standards.x12.reader import transactions
from tests.support.edi import CONTROL, edi

REFUSED = """
AK1*HI*41*005010X217
AK2*278*0001*005010X217
IK5*A
AK2*278*0002*005010X217
IK3*NM1*8**8
CTX*CLM01:77
IK4*9*67*7*BADID
CTX*SITUATIONAL TRIGGER*NM1*8
IK3*HCR*12*2000*3
IK5*R*5*I5
AK9*P*2*2*1*5
"""


def read(text: str, **envelope: Any) -> dict[str, Any]:
    given = {"set_id": "999", "version": "005010X231A1", "functional": "FA"} | envelope
    return read_999(next(iter(transactions(BytesIO(edi(text, **given))))))


def test_a_group_that_was_taken_in_in_part():
    document = read(REFUSED)
    assert (document["kind"], document["control_number"]) == ("x12.999", "0001")
    content = document["content"]
    assert content["group_status"] == "P"
    assert content["counts"] == {"included": 2, "received": 2, "accepted": 1}
    assert content["group"] == {"functional": "HI", "control_number": "41", "version": "005010X217"}
    assert content["reasons"] == ["5"]
    accepted, refused = content["sets"]
    assert (accepted["control_number"], accepted["status"], accepted["errors"]) == ("0001", "A", [])
    assert (refused["control_number"], refused["status"], refused["reasons"]) == ("0002", "R", ["5", "I5"])


def test_errors_name_segment_position_and_code_and_the_element_where_one_is_meant():
    errors = read(REFUSED)["content"]["sets"][1]["errors"]
    assert errors == [
        {"segment": "NM1", "position": "8", "code": "8", "context": ["CLM01:77"]},
        {
            "segment": "NM1",
            "position": "8",
            "code": "7",
            "element": "9",
            "context": ["SITUATIONAL TRIGGER", "NM1", "8"],
        },
        {"segment": "HCR", "position": "12", "code": "3"},
    ]


def test_an_error_of_a_segment_alone_has_three_fields():
    text = "AK1*HC*28\nAK2*837*0028\nIK3*NM*17**1\nIK5*R*5\nAK9*R*1*1*0"
    content = read(text)["content"]
    assert content["sets"][0]["errors"] == [{"segment": "NM", "position": "17", "code": "1"}]
    assert (content["group_status"], content["counts"]) == ("R", {"included": 1, "received": 1, "accepted": 0})


def test_a_group_refused_as_a_whole_names_no_sets():
    content = read("AK1*HI*41*005010X217\nAK9*R*3*3*0*1*2")["content"]
    assert (content["sets"], content["reasons"], content["group_status"]) == ([], ["1", "2"], "R")


@pytest.mark.parametrize("count", ["", "one", "-1", "1.0", "9" * 40])
def test_a_count_that_is_no_number_is_none(count: str):
    assert read(f"AK1*HI*41\nAK9*A*{count}*1*1")["content"]["counts"]["included"] is None


def test_what_is_missing_is_none():
    content = read("AK1*HI*41\nAK2*278*0001")["content"]
    assert (content["group_status"], content["sets"][0]["status"]) == (None, None)
    assert content["counts"] == {"included": None, "received": None, "accepted": None}


def test_segments_out_of_their_place_belong_to_nothing():
    content = read("IK3*NM1*8**8\nIK5*R*5\nCTX*NM1\nIK4*9*67*7\nAK9*A*1*1*1")["content"]
    assert (content["sets"], content["group_status"]) == ([], "A")


def test_997_of_older_versions_is_read_alike():
    document = read(
        "AK1*HC*28\nAK2*837*0028\nAK3*NM1*17**8\nAK4*9*67*1\nAK5*R*5\nAK9*R*1*1*0",
        set_id="997",
        version="004010",
        isa_version="00401",
        signs="*U:~",
    )
    assert document["kind"] == "x12.997"
    assert document["content"]["sets"][0]["errors"][1] == {
        "segment": "NM1",
        "position": "17",
        "code": "1",
        "element": "9",
    }


def test_a_ta1_says_which_interchange_it_answers():
    text = f"TA1*000000905*261201*0915*R*024~IEA*0*{CONTROL}~".encode()
    content = edi("").split(b"\n")[0] + text
    document = read_ta1(next(iter(transactions(BytesIO(content)))))
    assert document["kind"] == "x12.ta1"
    assert document["content"] == {
        "acknowledged": "000000905",
        "date": "2026-12-01",
        "time": "0915",
        "status": "R",
        "code": "024",
    }


@pytest.mark.parametrize("status", ["A", "E", "M", "P", "R", "W", "X"])
def test_the_status_of_a_group_and_of_a_set_is_given_as_sent(status: str):
    content = read(f"AK1*HI*41\nAK2*278*0001\nIK5*{status}\nAK9*{status}*1*1*1")["content"]
    assert (content["group_status"], content["sets"][0]["status"]) == (status, status)
