"""A request for a services review: written as 005010X217 has it, read back as asked, and never broken by a value."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.standards.x12.reader import transactions
from app.standards.x12.review.asking import AskedService, Member, Organization, Provider, ReviewRequest, Spread
from app.standards.x12.review.reading import read_278
from app.standards.x12.review.writing import write_278
from app.standards.x12.writing import DELIMITERS, Cover, Party, WritingError
from tests.support.edi import only

MOMENT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
COVER = Cover(Party("ZZ", "CLINIC", "CLINIC"), Party("ZZ", "PAYERHUB", "PAYERHUB"), 31, MOMENT, "T")
PAYER = Organization("Lakeside Health Plan", "LHP01")
DOCTOR = Provider("Okafor", "1234567893", "Ines")
CLINIC = Provider("North Shore Dermatology", "1245319599")
SUBSCRIBER = Member("Marlow", "Quentin", "LHP00042", date(1961, 2, 3), "M")
CHILD = Member("Marlow", "Pia", None, date(2014, 9, 9), "F", "19")
LIGHT = AskedService("96910", 24, None, ("59",), date(2026, 12, 7), date(2027, 2, 26))
REQUEST = ReviewRequest(
    reference="REQ-31",
    moment=MOMENT,
    trace="CASE-77",
    origin="9CLINIC001",
    payer=PAYER,
    requester=DOCTOR,
    subscriber=SUBSCRIBER,
    services=(LIGHT,),
    diagnoses=("L40.0", "L40.50"),
    performer=CLINIC,
    place="11",
    begins=date(2026, 12, 7),
    ends=date(2027, 2, 26),
    spread=Spread(3, "VS", "WK", "34", 3),
    message="Narrow band; topical treatment failed.",
)


def read(content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = only([read_278(each) for each in transactions(BytesIO(content))])
    return found


def test_the_whole_text_of_a_request():
    assert write_278(REQUEST, COVER).decode().split("~\n") == [
        "ISA*00*          *00*          *ZZ*CLINIC         *ZZ*PAYERHUB       *261201*0930*^*00501*000000031*0*T*:",
        "GS*HI*CLINIC*PAYERHUB*20261201*0930*31*X*005010X217",
        "ST*278*0001*005010X217",
        "BHT*0007*13*REQ-31*20261201*0930",
        "HL*1**20*1",
        "NM1*X3*2*Lakeside Health Plan*****PI*LHP01",
        "HL*2*1*21*1",
        "NM1*1P*1*Okafor*Ines****XX*1234567893",
        "HL*3*2*22*1",
        "NM1*IL*1*Marlow*Quentin****MI*LHP00042",
        "DMG*D8*19610203*M",
        "HL*4*3*EV*1",
        "TRN*1*CASE-77*9CLINIC001",
        "UM*HS*I**11:B",
        "DTP*AAH*RD8*20261207-20270226",
        "HI*ABK:L400*ABF:L4050",
        "HSD*VS*3*WK**34*3",
        "MSG*Narrow band; topical treatment failed.",
        "NM1*SJ*2*North Shore Dermatology*****XX*1245319599",
        "HL*5*4*SS*0",
        "DTP*472*RD8*20261207-20270226",
        "SV1*HC:96910:59**UN*24",
        "SE*21*0001",
        "GE*1*31",
        "IEA*1*000000031",
        "",
    ]


def test_it_reads_back_as_a_request():
    document = read(write_278(REQUEST, COVER))
    review = only(document["reviews"])
    assert document["direction"] == "request"
    assert (review["trace"], review["reference"], review["decision"]) == (["CASE-77"], "REQ-31", None)
    assert review["delivery"] == [
        {"qualifier": "VS", "quantity": "3", "per": "WK", "period": "34", "period_count": "3"},
    ]
    assert review["services"][0]["service_dates"] == {"begins": "2026-12-07", "ends": "2027-02-26"}


def test_a_dependent_is_asked_for_below_the_subscriber_and_services_stand_side_by_side():
    content = write_278(replace(REQUEST, dependent=CHILD, services=(LIGHT, replace(LIGHT, code="96912"))), COVER)
    levels = [line for line in content.decode().split("~\n") if line.startswith("HL*")]
    assert levels == [
        "HL*1**20*1",
        "HL*2*1*21*1",
        "HL*3*2*22*1",
        "HL*4*3*23*1",
        "HL*5*4*EV*1",
        "HL*6*5*SS*0",
        "HL*7*5*SS*0",
    ]
    assert b"NM1*QC*1*Marlow*Pia~\nDMG*D8*20140909*F~\nINS*N*19~" in content
    review = only(read(content)["reviews"])
    assert (review["patient"]["first_name"], review["patient"]["member_id"]) == ("Pia", "LHP00042")
    assert [one["code"] for one in review["services"]] == ["96910", "96912"]


def test_a_renewal_names_the_number_it_renews_and_a_range_of_codes_is_written():
    asked = replace(REQUEST, certification="R", previous="AU-5512", services=(replace(LIGHT, code_to="96913"),))
    content = write_278(asked, COVER)
    assert b"UM*HS*R**11:B~\nREF*BB*AU-5512~" in content
    assert only(only(read(content)["reviews"])["services"])["code_to"] == "96913"


def test_a_request_with_as_little_as_there_may_be():
    bare = replace(REQUEST, services=(), diagnoses=(), performer=None, place=None, begins=None, ends=None)
    bare = replace(bare, spread=None, message=None, subscriber=Member("Marlow", "", "LHP00042"))
    review = only(read(write_278(bare, COVER))["reviews"])
    assert (review["services"], review["diagnoses"], review["patient"]["birth_date"]) == ([], [], None)


@pytest.mark.parametrize("sign", sorted(DELIMITERS))
@pytest.mark.parametrize(
    ("field", "broken"),
    [
        ("trace", lambda sign: replace(REQUEST, trace=f"CASE{sign}77")),
        ("reference", lambda sign: replace(REQUEST, reference=f"REQ{sign}31")),
        ("payer's name", lambda sign: replace(REQUEST, payer=replace(PAYER, name=f"Lake{sign}side"))),
        ("payer's id", lambda sign: replace(REQUEST, payer=replace(PAYER, id=f"LHP{sign}1"))),
        ("requester's name", lambda sign: replace(REQUEST, requester=replace(DOCTOR, name=f"Oka{sign}for"))),
        ("requester's NPI", lambda sign: replace(REQUEST, requester=replace(DOCTOR, npi=f"12345{sign}7893"))),
        (
            "subscriber's last name",
            lambda sign: replace(REQUEST, subscriber=replace(SUBSCRIBER, last_name=f"Mar{sign}")),
        ),
        ("member id", lambda sign: replace(REQUEST, subscriber=replace(SUBSCRIBER, member_id=f"LHP{sign}42"))),
        ("dependent's first name", lambda sign: replace(REQUEST, dependent=replace(CHILD, first_name=f"P{sign}a"))),
        ("diagnosis", lambda sign: replace(REQUEST, diagnoses=(f"L40{sign}0",))),
        ("code of service 1", lambda sign: replace(REQUEST, services=(replace(LIGHT, code=f"969{sign}0"),))),
        ("modifier of service 1", lambda sign: replace(REQUEST, services=(replace(LIGHT, modifiers=(f"5{sign}",)),))),
        ("previous number", lambda sign: replace(REQUEST, previous=f"AU{sign}1")),
    ],
)
def test_a_delimiter_in_what_identifies_is_refused_by_the_fields_name(field: str, broken: Any, sign: str):
    with pytest.raises(WritingError) as refused:
        write_278(broken(sign), COVER)
    assert refused.value.field == field
    assert "which X12 keeps for itself" in refused.value.sentence


@pytest.mark.parametrize("sign", [*sorted(DELIMITERS), "\n", "\x1d", "\u2028"])
def test_free_text_has_a_blank_for_each_delimiter(sign: str):
    content = write_278(replace(REQUEST, message=f"Twice{sign}a week"), COVER)
    assert only(read(content)["reviews"])["messages"] == ["Twice a week"]


def test_names_are_written_in_plain_letters():
    asked = replace(REQUEST, subscriber=replace(SUBSCRIBER, last_name="Pe\u00f1a\u2019s", first_name="Zo\u00eb"))
    assert b"NM1*IL*1*Pena's*Zoe****MI*LHP00042" in write_278(asked, COVER)


@pytest.mark.parametrize(
    ("field", "broken"),
    [
        ("dates", replace(REQUEST, ends=date(2026, 12, 6))),
        ("diagnoses", replace(REQUEST, diagnoses=("L400",) * 13)),
        ("member id", replace(REQUEST, subscriber=replace(SUBSCRIBER, member_id=None))),
        ("relationship", replace(REQUEST, dependent=replace(CHILD, relationship=None))),
        ("quantity of service 1", replace(REQUEST, services=(replace(LIGHT, quantity=0),))),
        ("code of service 1", replace(REQUEST, services=(replace(LIGHT, code=""),))),
        ("service 1", replace(REQUEST, services=(replace(LIGHT, modifiers=("59",) * 5),))),
        ("subscriber's last name", replace(REQUEST, subscriber=replace(SUBSCRIBER, last_name="\u5f20"))),
        ("message", replace(REQUEST, message="x" * 265)),
        ("trace", replace(REQUEST, trace="x" * 51)),
        ("origin", replace(REQUEST, origin="short")),
        ("requester's NPI", replace(REQUEST, requester=replace(DOCTOR, npi="12345"))),
    ],
)
def test_what_the_guide_does_not_take_is_refused_by_the_fields_name(field: str, broken: ReviewRequest):
    with pytest.raises(WritingError) as refused:
        write_278(broken, COVER)
    assert refused.value.field == field


@pytest.mark.parametrize("control", [0, -1, 1_000_000_000])
def test_a_control_number_has_one_to_nine_digits(control: int):
    with pytest.raises(WritingError):
        write_278(REQUEST, replace(COVER, control=control))


def test_a_party_may_not_break_the_fixed_width_of_the_envelope():
    with pytest.raises(WritingError):
        write_278(REQUEST, replace(COVER, sender=Party("ZZ", "A NAME OF SIXTEEN", "CLINIC")))


ANY = st.text(max_size=20)
ASKED = st.builds(
    replace,
    st.just(REQUEST),
    trace=ANY,
    reference=ANY,
    message=ANY,
    previous=st.none() | ANY,
    diagnoses=st.lists(st.text("L40.5:*~^", max_size=7), max_size=13).map(tuple),
    payer=st.builds(Organization, ANY, ANY),
    subscriber=st.builds(Member, ANY, ANY, ANY, st.none() | st.dates(), st.sampled_from(["F", "M", None])),
    services=st.lists(st.builds(AskedService, st.text(max_size=6), st.integers(-2, 10**16)), max_size=3).map(tuple),
)


@settings(max_examples=300)
@given(ASKED)
def test_any_content_of_fields_is_written_as_it_is_or_refused(asked: ReviewRequest):
    try:
        content = write_278(asked, COVER)
    except WritingError as refused:
        assert refused.field
        return
    review = only(read(content)["reviews"])
    assert review["trace"] == [asked.trace]
    assert review["patient"]["member_id"] == asked.subscriber.member_id
    assert [one["code"] for one in review["services"]] == [one.code for one in asked.services]
    assert content.count(b"~\n") == content.count(b"~") == len(content.splitlines())


WRITABLE = st.text("ABCabc 019-'.,;/&#()+_=!?\"%@[]{}|\\<>`$", min_size=1, max_size=30).map(str.strip).filter(bool)


@settings(max_examples=150)
@given(WRITABLE, WRITABLE, WRITABLE, st.dates(date(1000, 1, 1)), st.integers(1, 999))
def test_any_plain_text_and_day_is_written_and_reads_back(trace: str, last: str, text: str, day: date, count: int):
    person = replace(SUBSCRIBER, last_name=last, birth_date=day)
    service = replace(LIGHT, begins=day, ends=None, quantity=count)
    review = only(
        read(write_278(replace(REQUEST, trace=trace, subscriber=person, message=text, services=(service,)), COVER))[
            "reviews"
        ]
    )
    assert (review["trace"], review["patient"]["last_name"]) == ([trace], last)
    assert review["patient"]["birth_date"] == day.isoformat()
    assert review["messages"] == [" ".join(text.split())]
    assert review["services"][0]["service_dates"] == {"begins": day.isoformat(), "ends": day.isoformat()}
