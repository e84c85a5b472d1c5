"""837 and other sets as far as their envelope; 275 with what it carries."""

from io import BytesIO
from typing import Any

from app.standards.x12.envelopes import MOST_LEVELS, read_275, read_envelope
from app.standards.x12.reader import transactions
from tests.support.edi import edi, only


def read(text: str, reader: Any = read_envelope, **envelope: Any) -> dict[str, Any]:
    document: dict[str, Any] = reader(next(iter(transactions(BytesIO(edi(text, **envelope))))))
    return document


def test_a_claim_file_is_read_as_far_as_its_envelope():
    text = "BHT*0019*00*CLAIMS-1*20261201*0915*CH\nHL*1**20*1\nHL*2*1*22*0\nCLM*PAT-1*150***11:B:1*Y*A*Y*Y"
    document = read(text, set_id="837", version="005010X222A1", functional="HC")
    assert (document["kind"], document["transaction"], document["interchange"]) == ("x12.837", "0001", "000000417")
    assert document["content"] == {
        "version": "005010X222A1",
        "functional_group": "HC",
        "purpose": "00",
        "reference": "CLAIMS-1",
        "segments": 6,
        "levels": 2,
        "hierarchy": [{"id": "1", "parent": None, "code": "20"}, {"id": "2", "parent": "1", "code": "22"}],
    }


def test_a_set_that_nobody_knows_has_an_envelope_too():
    assert read("BGN*00*1*20261201", set_id="834", version="005010X220A1", functional="BE")["kind"] == "x12.834"


def test_of_very_many_levels_only_the_first_are_told():
    text = "\n".join(f"HL*{number}*{number - 1}*22*1" for number in range(1, MOST_LEVELS + 500))
    content = read(text, set_id="837")["content"]
    assert (content["levels"], len(content["hierarchy"])) == (MOST_LEVELS + 499, MOST_LEVELS)


def test_275_says_about_whom_it_is_what_it_answers_and_what_it_carries():
    content = read(
        """
        BGN*02*ATT-1*20261201
        NM1*40*2*Lakeside Health Plan*****46*LHP01
        NM1*41*2*North Shore Dermatology*****46*NSD1
        NM1*1P*2*North Shore Dermatology*****XX*1234567893
        NM1*QC*1*Marlow*Quentin****MI*LHP00042
        REF*EJ*PAT-1
        DTP*472*D8*20261120
        LX*1
        TRN*2*PEND-1
        STC*R4:18594-2::LOI
        CAT*AE*HL
        EFI*05
        BIN*12*<doc>A</doc>
        LX*2
        CAT*AE*TX
        BDS*B64*8*QUJDREVG
        """,
        reader=read_275,
        set_id="275",
        version="006020X316",
        functional="PI",
    )["content"]
    assert content["patient"] == {"last_name": "Marlow", "first_name": "Quentin", "member_id": "LHP00042"}
    assert (content["receiver"]["name"], content["provider"]["id"]) == ("Lakeside Health Plan", "1234567893")
    assert (content["traces"], content["asked"], content["references"]) == (["PEND-1"], ["18594-2"], {"EJ": "PAT-1"})
    assert content["attachments"] == [
        {"form": "HL", "encoding": None, "length": 12},
        {"form": "TX", "encoding": "B64", "length": 8},
    ]
    assert "QUJDREVG" not in str(content)
    assert (content["reference"], content["dates"]) == ("ATT-1", {"472": "2026-11-20"})


def test_loinc_codes_are_found_where_old_versions_put_them():
    text = "BGN*11*1*20261201\nSTC*R4*18594-2::LOI"
    assert only(read(text, reader=read_275, set_id="275")["content"]["asked"]) == "18594-2"
