"""An 835 is read exactly as the contract says."""

import pytest

from app.standards.errors import Fault, ReadingError
from app.standards.x12.remittance.reading import read_835
from tests.standards.remittance.making import claim, remittance, transaction


def test_a_payment_with_one_claim_and_one_line_has_every_field():
    read = remittance(
        """CLP*A-1*1*250*180.5*20*12*PCN77*11*1
        CAS*CO*45*10**45*5.5*2
        NM1*QC*1*Rivera*Ana****MI*W123
        NM1*74*1*RIVERA*ANA****C*W124
        NM1*82*1*DOE*JO****XX*1245319599
        MOA***MA01*N1
        DTM*232*20261001
        DTM*233*20261002
        DTM*050*20261005
        REF*G1*AUTH9
        SVC*HC:11102:59:LT*250*180.50**2*HC:11103
        DTM*472*20261001
        CAS*PR*1*20
        CAS*CO*45*34
        REF*6R*1
        AMT*B6*200
        LQ*HE*N14"""
    )
    assert read == {
        "kind": "x12.835",
        "payment": {
            "amount": "100.00",
            "method": "ACH",
            "date": "2026-10-15",
            "trace": "CHK-778",
            "payer": "EXAMPLE HEALTH PLAN",
            "payee_npi": "1245319599",
        },
        "claims": [
            {
                "claim_id": "A-1",
                "status": "1",
                "charge": "250.00",
                "paid": "180.50",
                "patient_responsibility": "20.00",
                "payer_control_number": "PCN77",
                "patient": {"last_name": "Rivera", "first_name": "Ana", "member_id": "W123"},
                "corrected": {"member_id": "W124", "last_name": "RIVERA", "first_name": "ANA"},
                "service_dates": {"begins": "2026-10-01", "ends": "2026-10-02"},
                "adjustments": [
                    {"group": "CO", "reason": "45", "amount": "10.00", "quantity": None},
                    {"group": "CO", "reason": "45", "amount": "5.50", "quantity": "2"},
                ],
                "remarks": ["MA01", "N1"],
                "lines": [
                    {
                        "code": "11102",
                        "modifiers": ["59", "LT"],
                        "charge": "250.00",
                        "paid": "180.50",
                        "units": "2",
                        "service_dates": {"begins": "2026-10-01", "ends": "2026-10-01"},
                        "adjustments": [
                            {"group": "PR", "reason": "1", "amount": "20.00", "quantity": None},
                            {"group": "CO", "reason": "45", "amount": "34.00", "quantity": None},
                        ],
                        "remarks": ["N14"],
                    }
                ],
                "denial_categories": [],
            }
        ],
    }


def test_a_set_without_a_payment_or_claims_is_read_as_empty():
    assert read_835(transaction("")) == {
        "kind": "x12.835",
        "payment": {"amount": None, "method": None, "date": None, "trace": None, "payer": None, "payee_npi": None},
        "claims": [],
    }


def test_trap_six_adjustments_stand_in_one_segment():
    found = claim("CLP*A*1*21*0\nSVC*HC:99213*21*0\nCAS*CO*1*1**2*2**3*3**4*4**5*5**6*6*9")["lines"][0]["adjustments"]
    assert [(each["reason"], each["amount"], each["quantity"]) for each in found] == [
        ("1", "1.00", None),
        ("2", "2.00", None),
        ("3", "3.00", None),
        ("4", "4.00", None),
        ("5", "5.00", None),
        ("6", "6.00", "9"),
    ]


def test_trap_an_empty_triplet_between_two_is_passed_over():
    found = claim("CLP*A*1*21*0\nCAS*CO*45*1*****253*2")["adjustments"]
    assert [(each["reason"], each["amount"]) for each in found] == [("45", "1.00"), ("253", "2.00")]


def test_trap_the_day_a_claim_was_received_is_no_day_of_service():
    assert claim("CLP*A*1*1*1\nDTM*050*20261005")["service_dates"] == {"begins": None, "ends": None}


def test_trap_the_end_of_coverage_is_no_day_of_service():
    assert claim("CLP*A*1*1*1\nDTM*036*20261005\nDTM*232*20261001")["service_dates"] == {
        "begins": "2026-10-01",
        "ends": "2026-10-01",
    }


@pytest.mark.parametrize(
    ("lines", "begins", "ends"),
    [
        ("DTM*472*20261001", "2026-10-01", "2026-10-01"),
        ("DTM*150*20261001\nDTM*151*20261003", "2026-10-01", "2026-10-03"),
        ("DTM*151*20261003\nDTM*150*20261001", "2026-10-01", "2026-10-03"),
        ("DTM*150*20261001", "2026-10-01", "2026-10-01"),
        ("DTM*151*20261003", None, "2026-10-03"),
        ("DTM*150*20261001\nDTM*151*20261399", "2026-10-01", None),
        ("DTM*472****RD8*20261001-20261002", "2026-10-01", "2026-10-02"),
        ("DTM*472*11111111", "1111-11-11", "1111-11-11"),
        ("DTM*472*20260230", None, None),
        ("", None, None),
    ],
)
def test_days_of_a_line(lines, begins, ends):
    read = claim(f"CLP*A*1*1*1\nDTM*232*20260901\nSVC*HC:99213*1*1\n{lines}")
    assert read["lines"][0]["service_dates"] == {"begins": begins, "ends": ends}
    assert read["service_dates"] == {"begins": "2026-09-01", "ends": "2026-09-01"}


def test_trap_a_payers_day_that_is_none_is_null_and_not_an_error():
    assert read_835(transaction("BPR*I*1*C*CHK************20990080"))["payment"]["date"] is None


def test_trap_a_tax_number_is_no_npi():
    read = read_835(transaction("N1*PR*PLAN\nN1*PE*LAKE*FI*123456789\nREF*TJ*987654321"))
    assert read["payment"]["payee_npi"] is None


def test_trap_a_header_that_comes_again_changes_nothing():
    read = remittance("CLP*A*1*1*1\nN1*PR*ANOTHER\nN1*PE*ANOTHER*XX*1\nTRN*1*OTHER\nCLP*B*1*1*1")
    assert read["payment"]["payer"] == "EXAMPLE HEALTH PLAN"
    assert read["payment"]["trace"] == "CHK-778"
    assert [each["claim_id"] for each in read["claims"]] == ["A", "B"]


def test_trap_the_same_control_number_stands_on_several_claims():
    read = remittance("CLP*A*1*1*1\nCLP*A*22*-1*-1")
    assert [(each["claim_id"], each["status"], each["charge"]) for each in read["claims"]] == [
        ("A", "1", "1.00"),
        ("A", "22", "-1.00"),
    ]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("5", "5.00"),
        (".5", "0.50"),
        ("-9.00", "-9.00"),
        ("-0.4", "-0.40"),
        ("1234567.1", "1234567.10"),
        ("0", "0.00"),
        ("-0", "0.00"),
        ("2.505", "2.51"),
        ("", None),
        ("+7", "7.00"),
        ("7.", "7.00"),
    ],
)
def test_money_has_two_places(text, amount):
    assert claim(f"CLP*A*1*{text}*1")["charge"] == amount


@pytest.mark.parametrize(
    "text", ["abc", "1,5", "1e9", "NaN", ".", "-", "1.2.3", "9" * 16, "\N{ARABIC-INDIC DIGIT ONE}x"]
)
def test_an_amount_that_is_none_is_refused_with_its_segment(text):
    with pytest.raises(ReadingError) as refused:
        remittance(f"CLP*A*1*{text}*1")
    assert (refused.value.fault, refused.value.place, refused.value.where) == (Fault.BAD_VALUE, "segment", 10)
    assert text not in refused.value.sentence.split()


@pytest.mark.parametrize("line", ["SVC*HC:99213*1*1", "CAS*CO*45*1", "LQ*HE*N1", "MOA***N1", "NM1*QC*1*A*B"])
def test_what_belongs_to_a_claim_is_refused_before_any(line):
    with pytest.raises(ReadingError) as refused:
        remittance(line)
    assert (refused.value.fault, refused.value.where) == (Fault.BAD_VALUE, 10)


@pytest.mark.parametrize(
    ("composite", "code", "modifiers"),
    [
        ("HC:11102", "11102", []),
        ("HC:11102:59:LT:76:77", "11102", ["59", "LT", "76", "77"]),
        ("HC:11102::LT", "11102", ["LT"]),
        ("HC:11102:59::::words", "11102", ["59"]),
        ("NU:0250", "0250", []),
        ("N4:00024591401", "00024591401", []),
        ("ZZ:M2200:HE", "M2200", ["HE"]),
        ("HC", None, []),
        ("11102", "11102", []),
        ("", None, []),
        ("HC>11102>26", "11102", ["26"]),
    ],
)
def test_a_procedure_gives_its_code_and_modifiers(composite, code, modifiers):
    line = claim(f"CLP*A*1*1*1\nSVC*{composite}*1*1")["lines"][0]
    assert (line["code"], line["modifiers"]) == (code, modifiers)


def test_other_component_signs_are_read():
    assert claim("CLP*A*1*1*1\nSVC*HC:11102:59*1*1", component=">")["lines"][0]["modifiers"] == ["59"]


def test_trap_the_code_is_the_one_paid_and_not_the_one_billed():
    assert claim("CLP*A*1*1*1\nSVC*HC:59430*1*1**1*HC:59410")["lines"][0]["code"] == "59430"


def test_trap_units_that_are_not_sent_are_not_one():
    first, second = claim("CLP*A*1*1*1\nSVC*HC:1*1*1\nSVC*HC:1*1*1**1.9")["lines"]
    assert (first["units"], second["units"]) == (None, "1.9")


def test_trap_the_insured_is_not_the_patient():
    read = claim("CLP*A*1*1*1\nNM1*QC*1*Rivera*Eva****MI*\nNM1*IL*1*Rivera*Ana****MI*W9")
    assert read["patient"] == {"last_name": "Rivera", "first_name": "Eva", "member_id": "W9"}
    both = claim("CLP*A*1*1*1\nNM1*IL*1*Rivera*Ana****MI*W9\nNM1*QC*1*Rivera*Eva****MI*W8")
    assert both["patient"]["member_id"] == "W8"


def test_remarks_of_a_line_keep_their_order_and_repeats():
    read = claim("CLP*A*1*1*1\nMIA*0*****MA01***************M1*M2\nSVC*HC:1*1*1\nLQ*HE*N14\nLQ*RX*75\nLQ*HE*N14")
    assert read["lines"][0]["remarks"] == ["N14", "N14"]


def test_remarks_of_an_inpatient_claim_stand_at_five_and_twenty_to_twenty_three():
    elements = [""] * 24
    elements[5], elements[20], elements[21], elements[22], elements[23] = "MA01", "N1", "N2", "N3", "N4"
    elements[4] = "100"
    read = claim("CLP*A*1*1*1\n" + "*".join(["MIA", *elements[1:]]))
    assert read["remarks"] == ["MA01", "N1", "N2", "N3", "N4"]


def test_a_claims_remark_before_its_lines_is_the_claims():
    assert claim("CLP*A*4*1*0\nCAS*CO*16*1\nLQ*HE*M62")["remarks"] == ["M62"]


def test_a_correction_without_values_is_still_told():
    assert claim("CLP*A*1*1*1\nNM1*74*1***C")["corrected"] == {"member_id": None, "last_name": None, "first_name": None}
