"""278: each clause of the reading contract, and each trap that real payers' files have."""

from io import BytesIO
from typing import Any

import pytest

from app.standards.errors import Fault, ReadingError
from app.standards.x12.reader import transactions
from app.standards.x12.review.reading import read_278
from tests.support.edi import edi, only

HEAD = """
BHT*0007*11*REF-0907*20261201*0915*18
HL*1**20*1
NM1*X3*2*Lakeside Health Plan*****PI*LHP01
HL*2*1*21*1
NM1*1P*1*Okafor*Ines****XX*1234567893
HL*3*2*22*1
NM1*IL*1*Marlow*Quentin****MI*LHP00042
DMG*D8*19610203*M
"""
EVENT = """
HL*4*3*EV*1
TRN*2*CASE-77*9CLINIC001
UM*HS*I*2*11:B
"""
NO_DAYS = {"begins": None, "ends": None}


def read(text: str, **envelope: Any) -> dict[str, Any]:
    return read_278(next(iter(transactions(BytesIO(edi(text, **envelope))))))


def review(text: str, **envelope: Any) -> dict[str, Any]:
    """Read the one review of an answer whose event has these segments more."""
    found: dict[str, Any] = only(read(HEAD + EVENT + text, **envelope)["reviews"])
    return found


def test_an_answer_is_read_into_the_whole_shape():
    document = read(
        HEAD
        + EVENT
        + """
        HCR*A6*AU-5512*0F^0G
        DTP*AAH*RD8*20261207-20261218
        DTP*007*RD8*20261201-20270228
        DTP*102*D8*20261130
        DTP*036*D8*20270301
        HI*ABK:L400*ABF:L4050
        HSD*VS*3*WK**34*8
        MSG*Call the nurse line for changes.
        HL*5*4*SS*0
        TRN*2*CASE-77-1*9CLINIC001
        HCR*A1*AU-5512-1
        DTP*472*D8*20261207
        DTP*007*RD8*20261207-20261231
        SV1*HC:96910:59:GP::::96913*45000*UN*24
        MSG*Narrow band only.
        """
    )
    assert document == {
        "kind": "x12.278",
        "transaction": "0001",
        "interchange": "000000417",
        "control_number": "0001",
        "direction": "response",
        "reviews": [
            {
                "trace": ["CASE-77"],
                "reference": "REF-0907",
                "payer": "Lakeside Health Plan",
                "request_category": "HS",
                "certification_type": "I",
                "service_type": "2",
                "place": "11",
                "quantity": "3",
                "unit": "VS",
                "delivery": [
                    {"qualifier": "VS", "quantity": "3", "per": "WK", "period": "34", "period_count": "8"},
                ],
                "event_dates": {"AAH": "2026-12-07/2026-12-18"},
                "decision": "modified",
                "patient": {
                    "member_id": "LHP00042",
                    "last_name": "Marlow",
                    "first_name": "Quentin",
                    "birth_date": "1961-02-03",
                },
                "action": "A6",
                "number": "AU-5512",
                "reasons": ["0F", "0G"],
                "effective": {"begins": "2026-12-01", "ends": "2027-02-28"},
                "issued": "2026-11-30",
                "expires": "2027-03-01",
                "diagnoses": ["L400", "L4050"],
                "rejections": [],
                "messages": ["Call the nurse line for changes.", "Narrow band only."],
                "services": [
                    {
                        "code": "96910",
                        "code_to": "96913",
                        "modifiers": ["59", "GP"],
                        "quantity": "24",
                        "unit": "UN",
                        "action": "A1",
                        "number": "AU-5512-1",
                        "reasons": [],
                        "service_dates": {"begins": "2026-12-07", "ends": "2026-12-07"},
                        "effective": {"begins": "2026-12-07", "ends": "2026-12-31"},
                    }
                ],
            }
        ],
    }


def test_a_request_reads_the_same_with_nothing_decided():
    text = HEAD + EVENT + "HCR*A1*AU-1\nHI*ABK:L400\nHL*5*4*SS*0\nHCR*A1*AU-2\nSV1*HC:96910**UN*24"
    document = read(text.replace("BHT*0007*11", "BHT*0007*13").replace("TRN*2", "TRN*1"))
    asked = only(document["reviews"])
    assert document["direction"] == "request"
    assert (asked["decision"], asked["action"], asked["number"], asked["reasons"]) == (None, None, None, [])
    assert (asked["services"][0]["action"], asked["services"][0]["number"]) == (None, None)
    assert (asked["trace"], asked["diagnoses"], asked["services"][0]["code"]) == (["CASE-77"], ["L400"], "96910")


@pytest.mark.parametrize(
    ("purpose", "extra", "direction"),
    [
        ("13", "", "request"),
        ("11", "", "response"),
        ("", "HCR*A4", "response"),
        ("08", "AAA*N**15*C", "response"),
        ("", "", "response"),
    ],
)
def test_bht02_says_the_direction_and_the_content_where_it_is_silent(purpose: str, extra: str, direction: str):
    text = (HEAD + EVENT + extra).replace("BHT*0007*11", f"BHT*0007*{purpose}")
    assert read(text)["direction"] == direction


def test_a_set_without_bht02_that_echoes_nothing_is_a_request():
    text = (HEAD + EVENT).replace("BHT*0007*11", "BHT*0007*").replace("TRN*2", "TRN*1")
    assert read(text)["direction"] == "request"


def test_a_wrong_gs01_and_gs08_change_nothing():
    assert review("HCR*A1*AU-1", functional="HS")["decision"] == "approved"
    assert read(HEAD + EVENT + "HCR*A1*AU-1", version="005010X279")["reviews"][0]["number"] == "AU-1"


@pytest.mark.parametrize("parent", ["", "1", "2", "9", "4", "X"])
def test_hl02_is_not_trusted(parent: str):
    text = HEAD.replace("HL*3*2*22*1", f"HL*3*{parent}*22*1") + f"HL*4*{parent}*EV*0\nTRN*2*CASE-77\nHCR*A1*AU-1"
    found = only(read(text)["reviews"])
    assert (found["patient"]["member_id"], found["number"], found["payer"]) == (
        "LHP00042",
        "AU-1",
        "Lakeside Health Plan",
    )


def test_each_patient_event_is_a_review():
    second = EVENT.replace("HL*4*3", "HL*5*3").replace("CASE-77", "CASE-78")
    other = """
    HL*6*2*22*1
    NM1*IL*1*Imai*Rosa****MI*LHP00077
    HL*7*6*EV*0
    TRN*2*CASE-79
    HCR*A4
    """
    found = read(HEAD + EVENT + "HCR*A1*AU-1\n" + second + "HCR*A3**0H\n" + other)["reviews"]
    assert [(one["trace"], one["decision"], one["patient"]["member_id"]) for one in found] == [
        (["CASE-77"], "approved", "LHP00042"),
        (["CASE-78"], "denied", "LHP00042"),
        (["CASE-79"], "pended", "LHP00077"),
    ]


def test_a_dependent_is_the_patient_with_the_subscribers_member_id():
    dependent = "HL*4*3*23*1\nNM1*QC*1*Marlow*Pia\nDMG*D8*20140909*F\nINS*N*19\nHL*5*4*EV*0\nTRN*2*CASE-77\nHCR*A1*AU-1"
    found = only(read(HEAD + dependent)["reviews"])
    assert found["patient"] == {
        "member_id": "LHP00042",
        "last_name": "Marlow",
        "first_name": "Pia",
        "birth_date": "2014-09-09",
    }


def test_a_dependents_own_member_id_counts_and_a_social_security_number_does_not():
    own = HEAD + "HL*4*3*23*1\nNM1*QC*1*Marlow*Pia****MI*LHP00043\nHL*5*4*EV*0\nHCR*A1"
    assert only(read(own)["reviews"])["patient"]["member_id"] == "LHP00043"
    assert only(read(own.replace("MI*LHP00043", "34*987654320"))["reviews"])["patient"]["member_id"] == "LHP00042"


@pytest.mark.parametrize(
    ("dates", "effective", "issued", "expires"),
    [
        ("DTP*007*RD8*20261201-20270228", {"begins": "2026-12-01", "ends": "2027-02-28"}, None, None),
        ("DTP*007*D8*20261201", {"begins": "2026-12-01", "ends": "2026-12-01"}, None, None),
        ("DTP*036*D8*20270301", {"begins": None, "ends": "2027-03-01"}, None, "2027-03-01"),
        (
            "DTP*007*D8*20261201\nDTP*036*D8*20270301",
            {"begins": "2026-12-01", "ends": "2026-12-01"},
            None,
            "2027-03-01",
        ),
        ("DTP*102*D8*20261130", NO_DAYS, "2026-11-30", None),
        ("DTP*AAH*D8*20261207", NO_DAYS, None, None),
    ],
)
def test_the_days_of_an_approval(dates: str, effective: dict[str, Any], issued: str | None, expires: str | None):
    found = review("HCR*A1*AU-1\n" + dates)
    assert (found["effective"], found["issued"], found["expires"]) == (effective, issued, expires)


def test_the_day_of_the_event_is_not_the_approved_days():
    found = review("HCR*A1*AU-1\nDTP*AAH*RD8*20261207-20261218\nDTP*435*DT*202612070830\nDTP*472*D8*20261208")
    assert found["event_dates"] == {
        "AAH": "2026-12-07/2026-12-18",
        "435": "2026-12-07T08:30:00",
        "472": "2026-12-08",
    }
    assert found["effective"] == NO_DAYS


@pytest.mark.parametrize("qualifier", ["007", "036", "102"])
def test_an_approval_with_a_date_that_is_none_is_refused_with_its_segment(qualifier: str):
    with pytest.raises(ReadingError) as refused:
        review(f"HCR*A1*AU-1\nDTP*{qualifier}*D8*20261301")
    assert (refused.value.fault, refused.value.place, refused.value.where) == (Fault.BAD_VALUE, "segment", 16)
    assert refused.value.kind == "x12.278"
    assert "20261301" not in refused.value.sentence


@pytest.mark.parametrize(
    ("action", "decision"),
    [
        ("A1", "approved"),
        ("A2", "modified"),
        ("A3", "denied"),
        ("A4", "pended"),
        ("A6", "modified"),
        ("NA", "not_required"),
        ("C", "canceled"),
        ("CT", "pended"),
        ("ZZ", None),
    ],
)
def test_what_an_action_decides(action: str, decision: str | None):
    assert review(f"HCR*{action}*AU-1")["decision"] == decision


@pytest.mark.parametrize(
    ("event", "services", "decision"),
    [
        ("A1", ["A1", "A4"], "pended"),
        ("A4", ["A1", "A1"], "pended"),
        ("A3", ["A3"], "denied"),
        ("A1", ["A1", "A3"], "partly_approved"),
        (None, ["A1", "A3"], "partly_approved"),
        (None, ["A3", "A3"], "denied"),
        ("A1", ["A6"], "modified"),
        ("A1", ["A1"], "approved"),
        (None, ["A1", "NA"], "approved"),
        ("A1", ["ZZ"], None),
        ("A1", ["C"], "partly_approved"),
        (None, [], None),
    ],
)
def test_the_worst_informative_level_decides(event: str | None, services: list[str], decision: str | None):
    lines = [f"HCR*{event}*AU-1"] if event else []
    for number, action in enumerate(services, 5):
        lines += [f"HL*{number}*4*SS*0", f"HCR*{action}*AU-{number}", "SV1*HC:17000**UN*1"]
    assert review("\n".join(lines))["decision"] == decision


def test_a_service_has_its_own_decision_number_and_days_or_none():
    found = review(
        """
        HCR*A1*AU-1
        DTP*007*RD8*20261201-20270228
        HL*5*4*SS*0
        HCR*A3**0J^0K
        SV1*HC:17110**UN*1
        HL*6*4*SS*0
        SV1*HC:17000**UN*1
        """
    )
    first, second = found["services"]
    assert (first["action"], first["number"], first["reasons"], first["effective"]) == (
        "A3",
        None,
        ["0J", "0K"],
        NO_DAYS,
    )
    assert (second["action"], second["number"], second["reasons"], second["effective"]) == (None, None, [], NO_DAYS)
    assert found["decision"] == "partly_approved"


def test_procedures_of_all_three_forms():
    found = review(
        """
        HCR*A1*AU-1
        HL*5*4*SS*0
        SV1*HC:11102:25*150*UN*1
        HL*6*4*SS*0
        SV2*0450*HC:99283*200*DA*2
        HL*7*4*SS*0
        SV2*0120**900*DA*3
        HL*8*4*SS*0
        SV3*AD:D7286*90***2*1
        """
    )
    assert [(one["code"], one["modifiers"], one["quantity"], one["unit"]) for one in found["services"]] == [
        ("11102", ["25"], "1", "UN"),
        ("99283", [], "2", "DA"),
        ("0120", [], "3", "DA"),
        ("D7286", [], "1", None),
    ]


@pytest.mark.parametrize(
    ("segments", "quantity", "unit"),
    [
        ("HCR*A6*AU-1\nHSD*VS*12", "12", "VS"),
        ("HCR*A2*AU-1\nHSD*VS*12", "12", "VS"),
        ("HCR*A1*AU-1\nHSD*VS*12", "36", "UN"),
        ("HCR*A6*AU-1\nHSD*VS*3*WK**34*12", "36", "UN"),
        ("HCR*A6*AU-1\nHSD*VS*40", "36", "UN"),
        ("HCR*A6*AU-1", "36", "UN"),
    ],
)
def test_of_a_changed_service_the_smaller_plain_count_is_what_is_granted(segments, quantity, unit):
    (found,) = review(f"HL*5*4*SS*0\nSV1*HC:96910**UN*36\n{segments}")["services"]
    assert (found["quantity"], found["unit"]) == (quantity, unit)


def test_a_service_counted_by_its_delivery_takes_its_quantity_from_there():
    found = review("HCR*A1*AU-1\nHL*5*4*SS*0\nSV1*HC:96910\nHSD*VS*36*WK")
    assert (found["services"][0]["quantity"], found["services"][0]["unit"], found["quantity"]) == ("36", "VS", None)


def test_two_deliveries_stand_in_order():
    found = review("HCR*A1*AU-1\nHSD*VS*3*WK**34*2\nHSD*VS*1*WK**34*1")
    assert (found["quantity"], found["unit"]) == ("3", "VS")
    assert [one["quantity"] for one in found["delivery"]] == ["3", "1"]


@pytest.mark.parametrize(
    ("place", "level"),
    [
        ("HL*2*1*21*1", "source"),
        ("HL*3*2*22*1", "receiver"),
        ("HL*4*3*EV*1", "subscriber"),
    ],
)
def test_a_rejection_above_the_event_is_an_error_and_never_approval(place: str, level: str):
    text = (HEAD + EVENT).replace(place, f"AAA*N**42*P\n{place}")
    found = only(read(text)["reviews"])
    assert (found["rejections"], found["decision"]) == ([{"code": "42", "follow_up": "P", "level": level}], "error")
    assert only(read(text + "HCR*A1*AU-1")["reviews"])["decision"] == "error"
    assert only(read(text + "HCR*A3")["reviews"])["decision"] == "denied"


def test_rejections_of_the_event_and_of_a_service():
    found = review("AAA*N**33*C\nHL*5*4*SS*0\nAAA*N**57*N\nSV1*HC:17000")
    assert found["rejections"] == [
        {"code": "33", "follow_up": "C", "level": "event"},
        {"code": "57", "follow_up": "N", "level": "service"},
    ]
    assert found["decision"] == "error"


def test_a_service_that_was_not_processed_leaves_a_part():
    assert review("HCR*A1*AU-1\nHL*5*4*SS*0\nAAA*N**57*C\nSV1*HC:17000")["decision"] == "partly_approved"
    assert review("HCR*A3\nHL*5*4*SS*0\nAAA*N**57*C\nSV1*HC:17000")["decision"] == "denied"
    assert review("HL*5*4*SS*0\nAAA*N**57*C\nSV1*HC:17000")["decision"] == "error"


def test_a_payer_that_cannot_answer_gives_a_review_that_names_nobody():
    text = """
    BHT*0007*11*REF-0907*20261201*0915*18
    HL*1**20*0
    AAA*Y**42*P
    NM1*X3*2*Lakeside Health Plan*****PI*LHP01
    """
    found = only(read(text)["reviews"])
    assert (found["decision"], found["reference"], found["payer"]) == ("error", "REF-0907", "Lakeside Health Plan")
    assert found["rejections"] == [{"code": "42", "follow_up": "P", "level": "source"}]
    assert found["patient"] == {"member_id": None, "last_name": None, "first_name": None, "birth_date": None}


def test_a_member_who_was_not_found_gives_a_review_without_an_event():
    found = only(read(HEAD + "AAA*N**75*C")["reviews"])
    assert (found["decision"], found["patient"]["member_id"]) == ("error", "LHP00042")
    assert found["rejections"] == [{"code": "75", "follow_up": "C", "level": "subscriber"}]


def test_a_rejection_of_one_subscriber_is_not_the_next_ones():
    other = "HL*5*2*22*1\nNM1*IL*1*Imai*Rosa****MI*LHP00077\nHL*6*5*EV*0\nHCR*A1*AU-9"
    first, second = read(HEAD + "AAA*N**75*C\n" + other)["reviews"]
    assert (first["decision"], second["decision"], second["rejections"]) == ("error", "approved", [])


def test_a_set_with_nothing_but_its_beginning_has_no_reviews():
    assert read("BHT*0078*11*121231*20261201*0915")["reviews"] == []


def test_004010_has_no_event_level_and_its_one_service_level_speaks_for_the_event():
    found = only(
        read(
            """
            BHT*0078*11*REF-1*20261201*0915
            HL*1**20*1
            NM1*X3*2*Lakeside Health Plan*****PI*LHP01
            HL*2*1*21*1
            NM1*1P*1*Okafor*Ines****24*111222333
            HL*3*2*22*1
            TRN*2*CASE-70*9CLINIC001
            HI*BF:6961
            NM1*IL*1*Marlow*Quentin****MI*LHP00042
            HL*4*3*19*1
            MSG*In network.
            NM1*SJ*1*Okafor*Ines****24*111222333
            HL*5*4*SS*0
            UM*SC*I*3*11:B
            HCR*A1*AU-70
            DTP*472*RD8*20261207-20261218
            DTP*007*RD8*20261201-20270228
            HI*BO:96910:D8:20261207::12
            HSD*VS*12
            MSG*As asked.
            """,
            version="004010X094A1",
            isa_version="00401",
            signs="*U:~",
        )["reviews"]
    )
    assert (found["trace"], found["request_category"], found["place"]) == (["CASE-70"], "SC", "11")
    assert (found["decision"], found["action"], found["number"]) == ("approved", "A1", "AU-70")
    assert found["effective"] == {"begins": "2026-12-01", "ends": "2027-02-28"}
    assert (found["diagnoses"], found["messages"]) == (["6961"], ["In network.", "As asked."])
    service = only(found["services"])
    assert (service["code"], service["quantity"], service["number"]) == ("96910", "12", "AU-70")
    assert service["service_dates"] == {"begins": "2026-12-07", "ends": "2026-12-07"}


def test_004010_with_several_services_keeps_each_ones_decision():
    found = only(
        read(
            HEAD
            + "TRN*2*CASE-70\nHL*4*3*SS*0\nUM*HS*I\nHCR*A1*AU-1\nHI*BO:17000\n"
            + "HL*5*3*SS*0\nUM*HS*I\nHCR*A3\nHI*BO:17110",
            version="004010X094A1",
        )["reviews"]
    )
    assert [(one["code"], one["action"]) for one in found["services"]] == [("17000", "A1"), ("17110", "A3")]
    assert (found["decision"], found["action"], found["number"]) == ("partly_approved", None, None)
    assert (found["request_category"], found["trace"]) == ("HS", ["CASE-70"])


def test_a_decision_at_the_patients_own_level_is_read():
    found = only(read(HEAD + "TRN*2*CASE-70\nUM*HS*I\nHCR*A4**0U", version="003070X094")["reviews"])
    assert (found["decision"], found["reasons"], found["trace"]) == ("pended", ["0U"], ["CASE-70"])


@pytest.mark.parametrize("signs", ["*^:~", "|^>~", "*>:\n", "*U:~", "|{}\x1d", "*U:'"])
def test_any_delimiters_and_a_set_that_repeats_under_isa11_u(signs: str):
    found = review("HCR*A6*AU-1*0F^0G\nHL*5*4*SS*0\nSV1*HC:96910:59**UN*12", signs=signs, ends="")
    assert (found["reasons"], found["place"], found["services"][0]["modifiers"]) == (["0F", "0G"], "11", ["59"])


def test_another_component_sign_than_the_envelope_names_is_understood():
    content = edi(HEAD + EVENT + "HCR*A1*AU-1\nHI*ABK:L400\nHL*5*4*SS*0\nSV1*HC:96910:59**UN*12")
    body = content[106:].replace(b":", b">")
    found = only(read_278(next(iter(transactions(BytesIO(content[:106] + body)))))["reviews"])
    assert (found["place"], found["diagnoses"], found["services"][0]["modifiers"]) == ("11", ["L400"], ["59"])


def test_a_byte_order_mark_and_leading_blanks_are_passed_over():
    content = b"\xef\xbb\xbf" + edi(HEAD + EVENT + "HCR*A1*AU-1").replace(b"\n", b"\r\n   ")
    assert only(read_278(next(iter(transactions(BytesIO(content)))))["reviews"])["number"] == "AU-1"


def test_dates_behind_diagnoses_and_questions_for_documents_are_no_diagnoses():
    found = review("HCR*A4**0U\nHI*ABK:L400:D8:20261101*LOI:18594-2\nHI*BO:96910\nREF*NT*PEND-1\nPWK*AS*VO")
    assert found["diagnoses"] == ["L400"]
    assert [one["code"] for one in found["services"]] == ["96910"]


def test_a_payer_without_a_name_is_told_by_its_id():
    text = (HEAD + EVENT).replace("Lakeside Health Plan", "")
    assert only(read(text)["reviews"])["payer"] == "LHP01"


def test_levels_that_stand_before_their_patients_are_kept_apart():
    found = read("BHT*0007*11*R\nHL*1**SS*0\nHCR*A1*AU-1\nSV1*HC:17000\nHL*2**EV*0\nHCR*A4")["reviews"]
    assert [(one["decision"], one["patient"]["member_id"]) for one in found] == [("approved", None), ("pended", None)]


def test_a_level_of_too_many_segments_is_refused():
    with pytest.raises(ReadingError) as refused:
        review("HCR*A1*AU-1\n" + "MSG*more\n" * 50_001)
    assert refused.value.fault is Fault.TOO_LARGE
    assert refused.value.place == "segment"


@pytest.mark.parametrize(("version", "purpose"), [("005010X215", "13"), ("005010X216", "18"), ("006020X315", "11")])
def test_inquiries_notifications_and_newer_versions_are_read_by_their_segments(version: str, purpose: str):
    text = (HEAD + EVENT + "HCR*A1*AU-1").replace("BHT*0007*11", f"BHT*0007*{purpose}")
    document = read(text, version=version)
    asked = purpose == "13"
    assert document["direction"] == ("request" if asked else "response")
    assert only(document["reviews"])["number"] == (None if asked else "AU-1")
    assert only(document["reviews"])["patient"]["member_id"] == "LHP00042"


def test_a_pended_answer_names_what_it_waits_for_by_its_reason():
    found = review("HCR*A4**0U\nREF*NT*P20261201001\nPWK*AS*VO\nHI*ABK:L400*LOI:18594-2")
    assert (found["decision"], found["action"], found["number"], found["reasons"]) == ("pended", "A4", None, ["0U"])
    assert found["diagnoses"] == ["L400"]


def test_a_denied_answer_with_a_number_keeps_it_as_sent_and_is_denied():
    found = review("HCR*A3*AU-1*0H\nDTP*007*RD8*20261201-20270228")
    assert (found["decision"], found["number"], found["reasons"]) == ("denied", "AU-1", ["0H"])


def test_a_level_of_another_kind_is_no_review_unless_it_rejects():
    stray = "HL*9**26*0\nNM1*SJ*1*Okafor*Ines\nMSG*x\n"
    start, patient = HEAD.split("HL*3*2*22*1")
    whole = start + stray + "HL*3*2*22*1" + patient + EVENT + "HCR*A1*AU-1"
    assert only(read(whole)["reviews"])["number"] == "AU-1"
    rejected = read(whole.replace("MSG*x", "AAA*N**42*R"))["reviews"]
    assert [one["decision"] for one in rejected] == ["error", "approved"]


def test_a_set_of_too_many_reviews_or_services_is_refused():
    many = "".join(f"HL*{number}*2*22*0\nNM1*IL*1*Marlow\n" for number in range(20_002))
    services = "HL*6*4*SS*0\nSV1*HC:17000**UN*1\n" * 20_003
    for text in (HEAD + many, HEAD + EVENT + services):
        with pytest.raises(ReadingError) as refused:
            read(text)
        assert refused.value.fault is Fault.TOO_LARGE
