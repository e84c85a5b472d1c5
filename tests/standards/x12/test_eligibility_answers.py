"""Eligibility answers (271): each trap of the trade by its name, against invented documents."""

from io import BytesIO
from typing import Any

import pytest

from app.standards.errors import Fault, ReadingError
from app.standards.reading import documents
from tests.support.edi import CONTROL, edi, only

PAYER = "BHT*0022*11*R-1*20261201*0915\nHL*1**20*1\nNM1*PR*2*Example Health Plan*****PI*60054\n"
PROVIDER = "HL*2*1*21*1\nNM1*1P*2*LAKE DERMATOLOGY*****XX*1245319599\n"
ABOVE = PAYER + PROVIDER
MEMBER = "HL*3*2*22*0\nTRN*2*T-1*9512345678\nNM1*IL*1*RIVERA*Ana****MI*W123456789\nDMG*D8*19800214*F\n"


def read(text: str, **envelope: Any) -> dict[str, Any]:
    given = {"set_id": "271", "version": "005010X279A1", "functional": "HB"} | envelope
    found: dict[str, Any] = only(list(documents(BytesIO(edi(text, **given)))))
    return found


def answer(text: str, **envelope: Any) -> dict[str, Any]:
    """The answer about the one member, whose loop goes on with some lines."""
    found: dict[str, Any] = only(read(ABOVE + MEMBER + text, **envelope)["responses"])
    return found


def benefits(text: str, **envelope: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer(text, **envelope)["benefits"]
    return found


def test_the_whole_of_an_answer():
    text = """
        REF*6P*G00123*EXAMPLE EMPLOYER
        N3*1 MAIN STREET
        N4*AUSTIN*TX*78701
        INS*Y*18*001*25
        DTP*346*D8*20260101
        DTP*347*D8*20261231
        EB*1*IND*30*PR*Open Access Plus
    """
    document = read(ABOVE + MEMBER + text)
    assert {key: document[key] for key in ("kind", "transaction", "interchange", "control_number")} == {
        "kind": "x12.271",
        "transaction": "0001",
        "interchange": CONTROL,
        "control_number": "0001",
    }
    assert document["responses"] == [
        {
            "trace": ["T-1"],
            "payer": {"name": "Example Health Plan", "id": "60054"},
            "provider": {"name": "LAKE DERMATOLOGY", "npi": "1245319599"},
            "subscriber": {
                "member_id": "W123456789",
                "last_name": "RIVERA",
                "first_name": "Ana",
                "birth_date": "1980-02-14",
                "sex": "F",
                "group_number": "G00123",
            },
            "dependent": None,
            "status": "active",
            "rejections": [],
            "dates": {"346": "2026-01-01", "347": "2026-12-31"},
            "plan": {
                "name": "Open Access Plus",
                "insurance_type": "PR",
                "begins": "2026-01-01",
                "ends": "2026-12-31",
            },
            "benefits": [
                {
                    "info": "1",
                    "coverage_level": "IND",
                    "service_types": ["30"],
                    "insurance_type": "PR",
                    "plan": "Open Access Plus",
                    "period": None,
                    "amount": None,
                    "percent": None,
                    "quantity_qualifier": None,
                    "quantity": None,
                    "authorization_required": None,
                    "in_network": None,
                    "procedure": None,
                    "dates": {},
                    "entities": [],
                    "references": {},
                    "delivery": [],
                    "messages": [],
                }
            ],
        }
    ]


# Status


def test_an_aaa_without_active_coverage_is_never_inactive():
    for text in ("AAA*N**42*R", "AAA*Y**75*C\nEB*6**30", "AAA*Y**67*N\nEB*1**30"):
        assert answer(text)["status"] == "rejected"


@pytest.mark.parametrize("place", ["source", "receiver", "subscriber"])
def test_an_aaa_anywhere_above_or_in_the_patient_rejects(place):
    aaa = {"source": "", "receiver": "", "subscriber": ""} | {place: "AAA*N**42*R\n"}
    text = PAYER + aaa["source"] + PROVIDER + aaa["receiver"] + MEMBER + aaa["subscriber"] + "EB*1**30"
    (found,) = read(text)["responses"]
    assert found["status"] == "rejected"
    assert found["rejections"] == [{"code": "42", "follow_up": "R", "valid": False, "level": place}]


def test_an_aaa_below_a_benefit_changes_no_status():
    found = answer("EB*1**30\nAAA*Y**60*W\nEB*B**98***27*30")
    assert found["status"] == "active"
    assert found["rejections"] == [{"code": "60", "follow_up": "W", "valid": True, "level": "benefit"}]


def test_an_aaa_above_is_said_of_each_patient_below_and_of_no_other():
    text = PAYER + PROVIDER + "AAA*Y**41*C\n" + MEMBER + "EB*1**30\n" + PROVIDER.replace("HL*2", "HL*4") + MEMBER
    first, second = read(text + "EB*1**30")["responses"]
    assert (first["status"], [one["level"] for one in first["rejections"]]) == ("rejected", ["receiver"])
    assert (second["status"], second["rejections"]) == ("active", [])


@pytest.mark.parametrize("above", [PAYER + "AAA*Y**42*R", PAYER + "AAA*Y**42*R\n" + PROVIDER, ABOVE + "AAA*Y**50*N"])
def test_a_rejection_of_everybody_is_not_lost_though_no_patient_stands_below(above):
    (found,) = read(above)["responses"]
    assert (found["status"], len(found["rejections"])) == ("rejected", 1)
    assert found["subscriber"]["member_id"] is None


def test_no_patient_and_no_rejection_give_no_response():
    assert read(ABOVE)["responses"] == []


@pytest.mark.parametrize("info", ["1", "2", "3", "4", "5"])
def test_every_kind_of_active_is_active(info):
    assert answer(f"EB*{info}**30")["status"] == "active"


@pytest.mark.parametrize("info", ["6", "7", "8"])
def test_every_kind_of_inactive_is_inactive_and_names_no_plan(info):
    found = answer(f"EB*{info}**30**OLD PLAN")
    assert (found["status"], found["plan"]["name"]) == ("inactive", None)


@pytest.mark.parametrize("text", ["", "EB*C**30***23*1500", "EB*V**30", "EB*U**30", "EB*R**30*OT*OTHER", "EB*I**30"])
def test_without_active_or_inactive_the_status_is_unknown(text):
    assert answer(text)["status"] == "unknown"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("EB*6**88\nEB*1**30", "active"),
        ("EB*1**98\nEB*6**30", "inactive"),
        ("EB*1**35\nEB*6**1^30^98", "inactive"),
        ("EB*6\nEB*1**30", "active"),
        ("EB*1\nEB*6**98", "active"),
        ("EB*1**98^A0", "active"),
        ("EB*6**98", "inactive"),
        ("EB*1**88", "unknown"),
        ("EB*1**35^AL", "unknown"),
        ("EB*6**35", "unknown"),
    ],
)
def test_the_health_plan_is_service_type_30_first_and_never_dental_pharmacy_or_vision_alone(text, status):
    assert answer(text)["status"] == status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("EB*6**30\nDTP*349*D8*20251231\nEB*1**30", "active"),
        ("EB*1**30\nEB*6**30\nDTP*291*RD8*20250101-20251231", "active"),
        ("EB*6**30\nEB*1**30\nDTP*346*D8*20260101", "active"),
        ("EB*1**30\nDTP*349*D8*20251231\nEB*6**30", "inactive"),
        ("EB*1**30\nDTP*291*RD8*20250101-20251231\nEB*6**30\nDTP*346*D8*20260101", "inactive"),
        ("EB*1**30\nDTP*346*D8*20270101\nEB*6**30", "inactive"),
        ("EB*1**30\nDTP*349*D8*20251231", "active"),
        ("EB*6**30\nDTP*349*D8*20251231", "inactive"),
    ],
)
def test_a_past_inactive_span_does_not_cancel_a_current_active_one_nor_a_past_active_a_current_inactive(text, status):
    assert answer(text)["status"] == status


def test_the_day_that_was_asked_decides_which_span_is_past():
    text = "DTP*291*D8*20250601\nEB*1**30\nDTP*349*D8*20251231\nEB*6**30\nDTP*346*D8*20260101"
    assert answer(text)["status"] == "active"


# Plan


def test_the_plan_is_that_of_the_active_benefit_of_the_health_plan():
    found = answer("EB*1**88*OT*RX PLAN\nEB*6**30*PR*OLD\nDTP*349*D8*20251231\nEB*1**30*HM*GOLD")
    assert found["plan"] == {"name": "GOLD", "insurance_type": "HM", "begins": None, "ends": None}


@pytest.mark.parametrize(
    ("dates", "span"),
    [
        ("DTP*346*D8*20260101", ("2026-01-01", None)),
        ("DTP*347*D8*20261231", (None, "2026-12-31")),
        ("DTP*356*D8*20260101\nDTP*357*D8*20261231", ("2026-01-01", "2026-12-31")),
        ("DTP*291*RD8*20260101-20261231", ("2026-01-01", "2026-12-31")),
        ("DTP*291*D8*20261201", ("2026-12-01", "2026-12-01")),
        ("DTP*291*D8*20261201\nDTP*346*D8*20260101", ("2026-01-01", None)),
        ("DTP*291*RD8*20260301-20261231\nDTP*346*D8*20260101", ("2026-01-01", "2026-12-31")),
        ("DTP*346*RD8*20260101-20261231", ("2026-01-01", "2026-12-31")),
        ("DTP*346*D8*20260101\nDTP*356*D8*20250101", ("2026-01-01", None)),
        ("DTP*307*D8*20261201", (None, None)),
    ],
)
def test_the_plan_runs_by_the_dates_of_the_patients_loop(dates, span):
    plan = answer(f"{dates}\nEB*1**30\nDTP*346*D8*20200101\nDTP*347*D8*20201231")["plan"]
    assert (plan["begins"], plan["ends"]) == span


# People

DEPENDENT = "HL*4*3*23*0\nTRN*2*T-2*9512345678\nNM1*03*1*RIVERA*Leo\nDMG*D8*20150301*M\nINS*N*19\n"


def test_a_dependent_is_not_the_subscriber():
    (found,) = read(ABOVE + MEMBER + DEPENDENT + "EB*1**30")["responses"]
    assert found["trace"] == ["T-2"]
    assert found["subscriber"]["member_id"] == "W123456789"
    assert found["subscriber"]["first_name"] == "Ana"
    assert found["dependent"] == {
        "last_name": "RIVERA",
        "first_name": "Leo",
        "birth_date": "2015-03-01",
        "sex": "M",
        "relationship": "19",
    }


def test_each_dependent_has_a_response_and_so_has_a_subscriber_with_benefits():
    both = DEPENDENT + "EB*6**30\n" + DEPENDENT.replace("Leo", "Mia") + "EB*1**30\n"
    found = read(ABOVE + MEMBER + "EB*1**30\n" + both + MEMBER.replace("Ana", "Eva") + "EB*6**30")["responses"]
    assert [(one["dependent"] or one["subscriber"])["first_name"] for one in found] == ["Ana", "Leo", "Mia", "Eva"]
    assert [one["status"] for one in found] == ["active", "inactive", "active", "inactive"]
    assert [one["dependent"] is None for one in found] == [True, False, False, True]


def test_an_aaa_at_the_subscriber_rejects_the_dependent_but_one_below_a_benefit_does_not():
    rejected = read(ABOVE + MEMBER + "AAA*Y**75*C\n" + DEPENDENT + "EB*1**30")["responses"]
    assert [(one["status"], one["rejections"][0]["level"]) for one in rejected] == [("rejected", "subscriber")]
    _subscriber, dependent = read(ABOVE + MEMBER + "EB*1**30\nAAA*Y**60*C\n" + DEPENDENT + "EB*1**30")["responses"]
    assert (dependent["status"], dependent["rejections"]) == ("active", [])


def test_an_aaa_at_one_dependent_says_nothing_of_the_next():
    text = ABOVE + MEMBER + DEPENDENT + "AAA*Y**58*C\n" + DEPENDENT + "EB*1**30"
    assert [one["status"] for one in read(text)["responses"]] == ["rejected", "active"]


def test_the_group_number_stands_at_the_subscriber_or_the_dependent_and_not_at_another_plan():
    (found,) = read(ABOVE + MEMBER + DEPENDENT + "REF*6P*G-7\nEB*R**30\nREF*6P*OTHER")["responses"]
    assert found["subscriber"]["group_number"] == "G-7"
    assert answer("REF*1L*P-1\nREF*18*X\nEB*1**30")["subscriber"]["group_number"] is None


def test_parents_that_hl02_names_are_not_believed():
    text = (ABOVE + MEMBER + DEPENDENT).replace("HL*4*3*23", "HL*4*1*23").replace("HL*3*2*22", "HL*3*9*22")
    (found,) = read(text + "EB*1**30")["responses"]
    assert (found["payer"]["id"], found["dependent"]["first_name"]) == ("60054", "Leo")


def test_several_payers_and_providers_stand_above_their_own_patients():
    other = (ABOVE + MEMBER).replace("60054", "87726").replace("1245319599", "1306849450").partition("\n")[2]
    found = read(ABOVE + MEMBER + "EB*1**30\n" + other)["responses"]
    assert [(one["payer"]["id"], one["provider"]["npi"]) for one in found] == [
        ("60054", "1245319599"),
        ("87726", "1306849450"),
    ]


@pytest.mark.parametrize(
    ("name", "provider"),
    [
        ("NM1*1P*1*CHO*Min****XX*1245319599", {"name": "Min CHO", "npi": "1245319599"}),
        ("NM1*1P*2*LAKE DERM*****SV*0202034", {"name": "LAKE DERM", "npi": None}),
        ("NM1*FA*2*HOSPITAL*****FI*123456789", {"name": "HOSPITAL", "npi": None}),
        ("NM1*1P*2******XX*1245319599", {"name": None, "npi": "1245319599"}),
    ],
)
def test_a_provider_has_an_npi_only_where_the_qualifier_says_so(name, provider):
    (found,) = read(PAYER + f"HL*2*1*21*1\n{name}\n" + MEMBER)["responses"]
    assert found["provider"] == provider


def test_every_trace_of_the_patient_is_given():
    text = (ABOVE + MEMBER).replace("TRN*2*T-1*9512345678", "TRN*1*OURS\nTRN*2*T-1*9512345678*NOTE\nTRN*2*T-9")
    assert read(text)["responses"][0]["trace"] == ["OURS", "T-1", "T-9"]


@pytest.mark.parametrize("text", ["Birth Date", "19801340", "", "0214", "00000000", "19810229"])
def test_a_birth_date_that_is_none_is_not_guessed(text):
    (found,) = read((ABOVE + MEMBER).replace("19800214", text))["responses"]
    assert (found["subscriber"]["birth_date"], found["subscriber"]["sex"]) == (None, "F")


def test_the_last_of_february_is_a_day_of_leap_years():
    (found,) = read((ABOVE + MEMBER).replace("19800214", "19800229"))["responses"]
    assert found["subscriber"]["birth_date"] == "1980-02-29"


# Benefits


@pytest.mark.parametrize(("flag", "value"), [("Y", True), ("N", False), ("U", None), ("", None), ("W", None)])
def test_eb11_and_eb12_are_true_false_or_not_known(flag, value):
    (found,) = benefits(f"EB*CB**98********{flag}*{flag}")
    assert (found["authorization_required"], found["in_network"]) == (value, value)


def test_an_absent_eb11_is_not_known():
    assert benefits("EB*B**98***27*30")[0]["authorization_required"] is None


def test_blanks_that_fill_up_elements_mean_nothing():
    found = answer("EB*1 *IND*30 *HM *GOLD PLAN      *****  *N \nDTP*346 *D8 *20260101 \n")
    assert (found["status"], found["plan"]["name"]) == ("active", "GOLD PLAN")
    assert (found["benefits"][0]["service_types"], found["benefits"][0]["authorization_required"]) == (["30"], False)
    assert found["benefits"][0]["dates"] == {"346": "2026-01-01"}


def test_eb03_repeats():
    assert benefits("EB*1**1^33^98^UC")[0]["service_types"] == ["1", "33", "98", "UC"]
    assert benefits("EB*1**1^33^98^UC", signs="|>:!")[0]["service_types"] == ["1", "33", "98", "UC"]
    assert benefits("EB*1**1^33", signs="*^^~")[0]["service_types"] == ["1", "33"]
    assert benefits("EB*1**1^33", signs="*U:~", version="004010X092A1")[0]["service_types"] == ["1", "33"]
    assert benefits("EB*1")[0]["service_types"] == []


@pytest.mark.parametrize("signs", ["*^:~", "*^|~", "|~>!", "*U^~"])
def test_eb13_is_a_composite_with_modifiers(signs):
    first, second, third = benefits(
        "EB*CB**********Y**HC:17311:59:RT::LT:what it is\nEB*D************HC:90669\nEB*D", signs=signs
    )
    assert first["procedure"] == {"qualifier": "HC", "code": "17311", "modifiers": ["59", "RT", "LT"]}
    assert first["authorization_required"] is True
    assert second["procedure"] == {"qualifier": "HC", "code": "90669", "modifiers": []}
    assert third["procedure"] is None


def test_signs_that_the_isa_does_not_name_are_read_where_nothing_else_can_be_meant():
    (found,) = benefits("EB*CB**98^BY**********HC>11102>59")
    assert found["procedure"] == {"qualifier": "HC", "code": "11102", "modifiers": ["59"]}
    content = edi(ABOVE + MEMBER + "EB*1**30#98", set_id="271", version="005010X279A1", signs="*{:~").replace(
        b"#", b"^"
    )
    (document,) = documents(BytesIO(content))
    assert document["responses"][0]["benefits"][0]["service_types"] == ["30", "98"]


def test_a_procedure_without_a_qualifier_or_code_is_not_guessed():
    first, second = benefits("EB*D************HC\nEB*D************:11102")
    assert first["procedure"] == {"qualifier": "HC", "code": None, "modifiers": []}
    assert second["procedure"] == {"qualifier": None, "code": "11102", "modifiers": []}


@pytest.mark.parametrize(
    ("sent", "given"),
    [
        ("1500", "1500.00"),
        ("1250.5", "1250.50"),
        ("1250.50", "1250.50"),
        ("0", "0.00"),
        ("0.00", "0.00"),
        (".5", "0.50"),
        ("007", "7.00"),
        ("12.", "12.00"),
        ("12.345", "12.35"),
        ("-12.5", "-12.50"),
        ("-0", "0.00"),
        ("+3", "3.00"),
        ("", None),
        (" ", None),
    ],
)
def test_money_has_two_places(sent, given):
    assert benefits(f"EB*C**30***23*{sent}*")[0]["amount"] == given


@pytest.mark.parametrize(
    ("sent", "given"),
    [
        (".2", "20"),
        ("0.2", "20"),
        (".20", "20"),
        (".125", "12.5"),
        (".005", "0.5"),
        ("0", "0"),
        ("1", "100"),
        ("1.00", "100"),
        ("20", "20"),
        ("100", "100"),
        ("12.50", "12.5"),
        ("", None),
    ],
)
def test_a_percentage_lies_between_0_and_100(sent, given):
    assert benefits(f"EB*A**30***27**{sent}")[0]["percent"] == given


@pytest.mark.parametrize("text", ["EB*C**30***23*ABC", "EB*C**30***23*1,250", "EB*C**30***23*1E3", "EB*C**30***23*."])
def test_an_amount_that_is_no_number_is_refused_with_its_segment(text):
    with pytest.raises(ReadingError) as caught:
        answer(text)
    error = caught.value
    assert (error.fault, error.place, error.where, error.kind) == (Fault.BAD_VALUE, "segment", 13, "x12.271")


@pytest.mark.parametrize("sent", ["101", "-.2", "x", "1000000"])
def test_a_percentage_that_is_none_is_refused(sent):
    with pytest.raises(ReadingError, match="percentage"):
        answer(f"EB*A**30***27**{sent}")


def test_total_and_remaining_are_both_given_as_sent_and_never_subtracted():
    found = benefits("EB*C*IND*30***23*2000*****Y\nEB*C*IND*30***29*750.25*****Y\nEB*G*FAM*30***25*9000")
    assert [(one["info"], one["coverage_level"], one["period"], one["amount"]) for one in found] == [
        ("C", "IND", "23", "2000.00"),
        ("C", "IND", "29", "750.25"),
        ("G", "FAM", "25", "9000.00"),
    ]


def test_quantities_are_text_as_sent():
    (found,) = benefits("EB*F**98*MB**29***P6*08")
    assert (found["quantity_qualifier"], found["quantity"], found["insurance_type"]) == ("P6", "08", "MB")


@pytest.mark.parametrize("kind", ["MA", "MB", "HM", "PR", "QM", "C1"])
def test_insurance_types_are_as_sent(kind):
    assert answer(f"EB*1**30*{kind}")["plan"]["insurance_type"] == kind


def test_dates_of_one_day_and_of_a_range():
    found = answer("DTP*307*RD8*20260101-20261231\nEB*1**30\nDTP*292*D8*20260301\nDTP*348*RD8*20260101-20260630")
    assert found["dates"] == {"307": "2026-01-01/2026-12-31"}
    assert found["benefits"][0]["dates"] == {"292": "2026-03-01", "348": "2026-01-01/2026-06-30"}


@pytest.mark.parametrize("sent", ["YYYYMMDD", "20260230", "20261301", "0", "2026-01-01", "99999999"])
def test_a_date_that_is_none_is_null_and_not_left_out(sent):
    assert benefits(f"EB*R**30\nDTP*356*D8*{sent}")[0]["dates"] == {"356": None}


def test_references_before_and_behind_a_benefit():
    found = answer("REF*18*PLAN7\nREF*6P*G1\nEB*R**30\nREF*IG*POL-9*Carrier\nREF*G1*AUTH5\nEB*1**30\nREF*9F*R-3")
    assert [one["references"] for one in found["benefits"]] == [{"IG": "POL-9", "G1": "AUTH5"}, {"9F": "R-3"}]


def test_ls_and_le_wrap_who_is_named():
    text = """
        EB*L
        LS*2120
        NM1*P3*1*JONES*Marcus****XX*1306849450
        N3*5 ELM STREET
        N4*AUSTIN*TX*78701
        PER*IC**TE*5125550111
        PRV*PE*PXC*207Q00000X
        NM1*FA*2*LAKE CLINIC*****SV*77
        LE*2120
        EB*R**30*OT
        LS*2120
        NM1*PR*2*OTHER PLAN*****PI*99
        LE*2120
    """
    first, second = benefits(text)
    assert first["entities"] == [
        {
            "role": "P3",
            "name": None,
            "last_name": "JONES",
            "first_name": "Marcus",
            "npi": "1306849450",
            "id": None,
        },
        {"role": "FA", "name": "LAKE CLINIC", "last_name": None, "first_name": None, "npi": None, "id": "77"},
    ]
    assert [(one["role"], one["name"], one["id"]) for one in second["entities"]] == [("PR", "OTHER PLAN", "99")]


def test_who_is_named_without_ls_belongs_to_the_benefit_and_not_to_the_patient():
    found = answer("EB*R**30\nNM1*IL*1*OTHER*Person****MI*X1\nEB*1**30")
    assert found["subscriber"]["last_name"] == "RIVERA"
    assert [len(one["entities"]) for one in found["benefits"]] == [1, 0]


def test_delivery_and_messages_belong_to_their_benefit():
    text = "EB*F**98\nHSD*VS*30***34*1\nHSD*DY*5*WK\nMSG*FIRST.\nMSG*SECOND.\nIII*ZZ*11\nEB*1**30"
    first, second = benefits(text)
    assert first["delivery"] == [
        {"qualifier": "VS", "quantity": "30", "per": None, "period": "34", "period_count": "1"},
        {"qualifier": "DY", "quantity": "5", "per": "WK", "period": None, "period_count": None},
    ]
    assert (first["messages"], second["messages"], second["delivery"]) == (["FIRST.", "SECOND."], [], [])


def test_names_keep_the_documents_case():
    found = answer("EB*1**30**Plan de Salud \u00d1and\u00fa")
    assert (found["plan"]["name"], found["payer"]["name"]) == ("Plan de Salud \u00d1and\u00fa", "Example Health Plan")


@pytest.mark.parametrize("version", ["004010X092", "004010X092A1", "005010X279", "005010X279A1", ""])
@pytest.mark.parametrize("functional", ["HB", "HS", "XX", ""])
def test_older_versions_and_a_wrong_gs01_are_read(version, functional):
    text = ABOVE + MEMBER + "EB*1*IND*30*HM"
    (found,) = read(text, version=version, functional=functional, signs="*U:~", isa_version="00401")["responses"]
    assert found["status"] == "active"


def test_a_benefit_outside_a_patient_is_refused():
    for text in (PAYER + "EB*1**30", ABOVE + "EB*6**30", "EB*1**30\n" + ABOVE, ABOVE + "HL*3*2*PT*0\nEB*1**30"):
        with pytest.raises(ReadingError, match="outside a patient") as caught:
            read(text)
        assert caught.value.fault is Fault.BAD_VALUE


def given_before(content: bytes) -> tuple[list[str], ReadingError]:
    """The status of each document that is given, and why the file is refused."""
    given = []
    with pytest.raises(ReadingError) as caught:
        for document in documents(BytesIO(content)):
            given.append(document["responses"][0]["status"])
    return given, caught.value


def test_one_set_that_cannot_be_read_does_not_keep_the_others():
    texts = [ABOVE + MEMBER + line for line in ("EB*1**30", "EB*C**30***23*x", "EB*6**30")]
    given, fault = given_before(edi(*texts, set_id="271", version="005010X279A1"))
    assert (given, fault.fault, fault.where) == (["active", "inactive"], Fault.BAD_VALUE, 25)


def test_the_documents_of_a_whole_interchange_are_given_though_the_next_is_broken():
    whole = edi(ABOVE + MEMBER + "EB*1**30", set_id="271", version="005010X279A1")
    given, fault = given_before(whole + whole.replace(b"IEA*1", b"IEA*3"))
    assert (given, fault.fault, fault.where) == (["active"], Fault.BAD_COUNT, 32)
