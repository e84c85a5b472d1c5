"""What an 835 denied, classed by the table of data."""

import pytest

from app.standards.x12.remittance.denials import CATEGORIES, TABLE, line_categories, read_table
from tests.standards.remittance.making import claim


def categories(cas: str, status: str = "4", charge: str = "100", paid: str = "0", more: str = "") -> list[str]:
    lines = "\n".join(f"CAS*{each}" for each in cas.split())
    return claim(f"CLP*A*{status}*{charge}*{paid}\nSVC*HC:11102*{charge}*{paid}\n{lines}\n{more}")["denial_categories"]


@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        ("authorization", "197 198 15 39 284 296 302 243"),
        ("eligibility", "27 26 31 32 33 200 177 141 109 22 24 242"),
        ("medical_necessity", "50 55 150 151 167"),
        ("benefit", "96 204 119"),
        ("timely_filing", "29 B4"),
        ("bundling", "97 234 236 231 59"),
        ("documentation", "251 252 226 227"),
        ("coding", "4 5 6 7 9 10 11 12 146 181 182"),
        ("other", "18 A7 16 9999"),
    ],
)
def test_each_reason_has_its_class(name, reasons):
    for reason in reasons.split():
        assert categories(f"CO*{reason}*100") == [name], reason


def test_trap_contract_patient_share_sequestration_and_earlier_payers_are_no_denials():
    for reason in ("45", "1", "2", "3", "253", "23"):
        for group in ("CO", "PR", "OA"):
            assert categories(f"{group}*{reason}*40", status="1", paid="60") == [], reason


def test_trap_a_paid_claim_without_denial_has_no_category():
    assert categories("CO*45*10 PR*2*20 CO*253*1.4", status="1", paid="68.60") == []


def test_trap_what_a_payer_reckons_beforehand_denies_nothing():
    assert categories("OA*101*100", status="25") == []
    assert categories("CO*131*20", status="1", paid="80") == []


def test_trap_a_deductible_that_takes_all_is_no_denial():
    assert categories("PR*1*100", status="1") == []


def test_trap_a_part_denied_for_authorization_in_a_paid_claim_counts():
    assert categories("CO*45*10 CO*197*40", status="1", paid="50") == ["authorization"]


def test_trap_a_denied_claim_that_says_no_more_is_other_and_never_nothing():
    assert categories("CO*45*100") == ["other"]
    assert claim("CLP*A*4*100*0")["denial_categories"] == ["other"]


def test_trap_a_duplicate_is_other():
    assert categories("OA*18*100") == ["other"]


def test_trap_a_reversal_takes_back_and_denies_nothing():
    assert categories("CO*197*-100", status="22", charge="-100") == []
    assert categories("CR*22*0 CR*42*0", status="22", charge="-100", paid="-100") == []


def test_trap_an_amount_of_naught_or_below_denies_nothing():
    assert categories("CO*197*0 CO*45*10", status="1", paid="90") == []
    assert categories("OA*94*-9", status="2", paid="109") == []


def test_a_denied_claim_without_a_charge_says_why_with_naught():
    assert categories("CO*197*0", charge="0") == ["authorization"]


@pytest.mark.parametrize(
    ("remarks", "name"),
    [
        ("", "other"),
        ("N14", "other"),
        ("N706", "documentation"),
        ("M127", "documentation"),
        ("M51", "coding"),
        ("MA130", "coding"),
        ("MA01", "other"),
        ("MA07 MA01 N706", "documentation"),
        ("MA130 M127", "documentation"),
        ("N382", "coding"),
        ("M62", "authorization"),
        ("MA130 N54", "authorization"),
    ],
)
def test_trap_sixteen_is_classed_by_its_remarks(remarks, name):
    assert categories("CO*16*100", more="\n".join(f"LQ*HE*{each}" for each in remarks.split())) == [name]


def test_a_claims_remark_explains_its_lines():
    read = claim("CLP*A*4*100*0\nMOA***M62\nSVC*HC:11102*100*0\nCAS*CO*16*100")
    assert read["denial_categories"] == ["authorization"]


def test_non_covered_is_benefit_whatever_the_remark_but_for_authorization():
    assert categories("CO*96*100", more="LQ*HE*N130") == ["benefit"]
    assert categories("PR*96*100", more="LQ*HE*N115") == ["benefit"]
    assert categories("CO*96*100", more="LQ*HE*N54") == ["authorization"]


def test_categories_stand_once_in_the_documents_order():
    read = claim(
        """CLP*A*4*300*0
        CAS*CO*29*50
        SVC*HC:11102*100*0
        CAS*CO*97*100
        SVC*HC:11103*150*0
        CAS*CO*197*50**97*50**29*50"""
    )
    assert read["denial_categories"] == ["timely_filing", "bundling", "authorization"]


def test_one_line_is_classed_alone():
    read = claim(
        "CLP*A*1*200*100\nSVC*HC:1*100*100\nSVC*HC:2*100*0\nCAS*CO*45*20**197*80\nSVC*HC:3*100*0\nCAS*CO*16*100\nLQ*HE*M62"
    )
    assert [line_categories(line, read["remarks"]) for line in read["lines"]] == [
        [],
        ["authorization"],
        ["authorization"],
    ]


def test_a_reason_is_no_denial_or_a_class_and_never_both():
    assert not TABLE.no_denial & frozenset(TABLE.reasons)
    assert frozenset(TABLE.reasons.values()) | {"other"} <= frozenset(CATEGORIES)
    assert TABLE.no_denial >= {"45", "1", "2", "3", "253", "23"}


SMALL = """
sources: {here: "a list"}
reasons: {CLASS: [{from: SOURCE, codes: ["1"]}], coding: [{from: here, codes: ["CODE"]}]}
no_denial: []
by_remark: []
authorization_remarks_also_for: []
remarks: {}
alerts: []
remark_beginnings: {}
"""


@pytest.mark.parametrize(
    ("name", "source", "code"), [("mood", "here", "2"), ("benefit", "there", "2"), ("benefit", "here", "1")]
)
def test_a_table_that_contradicts_itself_is_refused(name, source, code):
    with pytest.raises(ValueError, match=r"class|source"):
        read_table(SMALL.replace("CLASS", name).replace("SOURCE", source).replace("CODE", code))
    assert read_table(SMALL.replace("CLASS", "benefit").replace("SOURCE", "here").replace("CODE", "2")).reasons
