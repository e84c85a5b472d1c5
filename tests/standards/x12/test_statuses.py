"""276, 277 and 277CA: claims with their traces, numbers, amounts and statuses, and what is said above them."""

from io import BytesIO
from typing import Any

import pytest

from app.standards.x12.reader import transactions
from app.standards.x12.status.reading import read_276, read_277
from tests.support.edi import edi, only

HEAD = """
BHT*0085*08*BATCH-31*20261202*0710*TH
HL*1**20*1
NM1*PR*2*Lakeside Health Plan*****PI*LHP01
TRN*1*PAYER-RUN-5
DTP*050*D8*20261201
DTP*009*D8*20261202
HL*2*1*21*1
NM1*41*2*North Shore Dermatology*****46*NSD1
TRN*2*BATCH-31
STC*A1:19:PR*20261202*WQ*795.5
QTY*90*2
QTY*AA*1
AMT*YU*645.5
HL*3*2*19*1
NM1*85*2*North Shore Dermatology*****XX*1234567893
TRN*1*0
STC*A1:19:PR**WQ*795.5
"""
CLAIM = """
HL*4*3*PT
NM1*QC*1*Marlow*Quentin****MI*LHP00042
TRN*2*CLM-1
STC*A2:20:PR*20261202*WQ*645.5
REF*1K*PCN-900
DTP*472*RD8*20261120-20261121
"""


def read(text: str, reader: Any = read_277, **envelope: Any) -> dict[str, Any]:
    given = {"set_id": "277", "version": "005010X214", "functional": "HN"} | envelope
    document: dict[str, Any] = reader(next(iter(transactions(BytesIO(edi(text, **given))))))
    return document


def claim(text: str) -> dict[str, Any]:
    found: dict[str, Any] = only(read(HEAD + text)["content"]["claims"])
    return found


def test_an_accepted_claim_is_read_into_the_whole_shape():
    document = read(HEAD + CLAIM)
    assert (document["kind"], document["control_number"]) == ("x12.277ca", "0001")
    found = only(document["content"]["claims"])
    assert found["trace"] == ["CLM-1"]
    assert (found["payer_control_number"], found["accepted"], found["charge"]) == ("PCN-900", True, "645.50")
    assert found["statuses"] == [{"category": "A2", "code": "20", "entity": "PR"}]
    assert found["service_dates"] == {"begins": "2026-11-20", "ends": "2026-11-21"}
    assert found["patient"] == {"last_name": "Marlow", "first_name": "Quentin", "member_id": "LHP00042"}
    assert found["provider"] == {"name": "North Shore Dermatology", "id": "1234567893"}


def test_levels_above_the_claims_say_what_they_say():
    content = read(HEAD + CLAIM)["content"]
    assert content["payer"] == {"name": "Lakeside Health Plan", "id": "LHP01"}
    assert content["received"] == "2026-12-01"
    receiver, provider = content["levels"]
    assert receiver == {
        "level": "receiver",
        "name": "North Shore Dermatology",
        "id": "NSD1",
        "trace": ["BATCH-31"],
        "accepted": True,
        "statuses": [{"category": "A1", "code": "19", "entity": "PR"}],
        "counts": {"90": 2, "AA": 1},
        "amounts": {"YU": "645.50"},
    }
    assert (provider["level"], provider["accepted"], provider["counts"]) == ("provider", True, {})


def test_a_whole_batch_refused_at_the_receiver_has_no_claims():
    text = HEAD.replace("STC*A1:19:PR*20261202*WQ*795.5", "STC*A8:23:41*20261202*U*795.5")
    content = read(text)["content"]
    assert (content["claims"], content["levels"][0]["accepted"]) == ([], False)


@pytest.mark.parametrize(
    ("status", "accepted"),
    [
        ("A1:20", True),
        ("A2:20", True),
        ("A3:21", False),
        ("A6:562:85", False),
        ("A7:562:85", False),
        ("A8:746", False),
        ("A4:35", None),
        ("P1:3", None),
        ("", None),
    ],
)
def test_the_category_says_whether_a_claim_was_accepted(status: str, accepted: bool | None):
    assert claim(CLAIM.replace("A2:20:PR*20261202*WQ", f"{status}*20261202*"))["accepted"] is accepted


def test_the_action_says_it_where_the_category_does_not_and_a_refusal_always_counts():
    assert claim(CLAIM.replace("A2:20:PR*20261202*WQ", "A4:35*20261202*U"))["accepted"] is False
    assert claim(CLAIM.replace("A2:20:PR*20261202*WQ", "A4:35*20261202*WQ"))["accepted"] is True
    assert claim(CLAIM.replace("A2:20:PR*20261202*WQ", "A2:20*20261202*U"))["accepted"] is False


def test_several_stc_and_the_composites_of_one_stc_are_all_statuses():
    found = claim(
        CLAIM.replace(
            "STC*A2:20:PR*20261202*WQ*645.5", "STC*A7:562:85*20261202*U*645.5******A7:21:85*A8:746:40*Fix the NPI."
        )
        + "STC*A3:187:QC*20261202*U"
    )
    assert [(one["category"], one["code"], one["entity"]) for one in found["statuses"]] == [
        ("A7", "562", "85"),
        ("A7", "21", "85"),
        ("A8", "746", "40"),
        ("A3", "187", "QC"),
    ]
    assert (found["accepted"], found["charge"], found["messages"]) == (False, "645.50", ["Fix the NPI."])


def test_two_claims_of_one_patient_are_two():
    second = "TRN*2*CLM-2\nSTC*A7:562:85*20261202*U*150\nREF*1K*PCN-901\n"
    first, other = read(HEAD + CLAIM + second)["content"]["claims"]
    assert (first["trace"], first["accepted"], first["charge"]) == (["CLM-1"], True, "645.50")
    assert (other["trace"], other["accepted"], other["charge"]) == (["CLM-2"], False, "150.00")
    assert other["payer_control_number"] == "PCN-901"


def test_what_is_said_of_a_service_line_is_not_said_of_its_claim():
    found = claim(CLAIM + "SVC*HC:96910:59*300*0****2\nSTC*A7:454*20261202*U\nREF*FJ*1\nDTP*472*D8*20261120\n")
    assert (found["accepted"], len(found["statuses"])) == (True, 1)
    line = only(found["services"])
    assert (line["code"], line["modifiers"], line["charge"], line["units"]) == ("96910", ["59"], "300.00", "2")
    assert (line["accepted"], line["service_dates"]["ends"]) == (False, "2026-11-20")


def test_a_claim_without_a_trace_is_a_claim():
    found = claim(CLAIM.replace("TRN*2*CLM-1\n", ""))
    assert (found["trace"], found["accepted"]) == ([], True)


@pytest.mark.parametrize("amount", ["645.5x", "", "1e9", "--1", "NaN"])
def test_an_amount_that_is_none_is_none(amount: str):
    assert claim(CLAIM.replace("WQ*645.5", f"WQ*{amount}"))["charge"] is None


@pytest.mark.parametrize(
    ("version", "beginning", "kind"),
    [
        ("005010X214", "BHT*9999*08*B*20261202*0710*XX", "x12.277ca"),
        ("004040X167", "BHT*0085*08*B*20261202*0710*TH", "x12.277ca"),
        ("005010X364", "BHT*0085*08*B*20261202*0710*TH", "x12.277ca"),
        ("005010", "BHT*0085*08*B*20261202*0710*TH", "x12.277ca"),
        ("005010", "BHT*0010*08*B*20261202*0710*DG", "x12.277"),
        ("005010X212", "BHT*0010*08*B*20261202*0710*DG", "x12.277"),
        ("006020X313", "BHT*0085*48*B*20261202*0710*RQ", "x12.277"),
    ],
)
def test_the_acknowledgement_of_claims_is_told_from_their_status(version: str, beginning: str, kind: str):
    assert read(beginning, version=version)["kind"] == kind


def test_a_status_names_the_dependent_with_the_subscribers_member_id():
    found = only(
        read(
            """
            BHT*0010*08*B*20261202*0710*DG
            HL*1**20*1
            NM1*PR*2*Lakeside Health Plan*****PI*LHP01
            HL*2*1*21*1
            NM1*41*2*North Shore Dermatology*****46*NSD1
            HL*3*2*19*1
            NM1*1P*2*North Shore Dermatology*****XX*1234567893
            HL*4*3*22*1
            NM1*IL*1*Marlow*Quentin****MI*LHP00042
            HL*5*4*23
            NM1*QC*1*Marlow*Pia
            TRN*2*CLM-3
            STC*F2:88:QC*20261202**150*0**CHK*20261202*9001
            """,
            version="005010X212",
        )["content"]["claims"]
    )
    assert found["patient"] == {"last_name": "Marlow", "first_name": "Pia", "member_id": "LHP00042"}
    assert (found["charge"], found["paid"], found["check_number"]) == ("150.00", "0.00", "9001")
    assert found["accepted"] is None


def test_a_question_for_a_claims_status_is_read_with_its_birth_date_before_the_name():
    document = read(
        """
        BHT*0010*13*ASK-9*20261202*0710
        HL*1**20*1
        NM1*PR*2*Lakeside Health Plan*****PI*LHP01
        HL*2*1*21*1
        NM1*41*2*North Shore Dermatology*****46*NSD1
        HL*3*2*19*1
        NM1*1P*2*North Shore Dermatology*****XX*1234567893
        HL*4*3*22*0
        DMG*D8*19610203*M
        NM1*IL*1*Marlow*Quentin****MI*LHP00042
        TRN*1*CLM-4
        REF*1K*PCN-4
        AMT*T3*645.5
        DTP*472*D8*20261120
        """,
        reader=read_276,
        set_id="276",
        version="005010X212",
        functional="HR",
    )
    assert (document["kind"], document["content"]["purpose"]) == ("x12.276", "13")
    found = only(document["content"]["claims"])
    assert (found["trace"], found["payer_control_number"], found["charge"]) == (["CLM-4"], "PCN-4", "645.50")
    assert found["service_dates"] == {"begins": "2026-11-20", "ends": "2026-11-20"}


def test_a_file_of_ten_thousand_claims_is_read():
    claims = "".join(CLAIM.replace("CLM-1", f"CLM-{number}") for number in range(10_000))
    found = read(HEAD + claims)["content"]["claims"]
    assert len(found) == 10_000
    assert found[-1]["trace"] == ["CLM-9999"]
