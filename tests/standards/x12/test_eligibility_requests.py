"""Eligibility requests (270): read; and written, whatever the values hold, so that reading gives them back."""

from copy import deepcopy
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.standards.reading import documents
from app.standards.x12.eligibility.writing import as_written, write_270
from app.standards.x12.writing import Cover, Party, WritingError
from tests.support.edi import CONTROL, edi, only

ABOVE = (
    "BHT*0022*13*R-1*20261201*0915\nHL*1**20*1\nNM1*PR*2*Example Health Plan*****PI*60054\n"
    "HL*2*1*21*1\nNM1*1P*2*LAKE DERMATOLOGY*****XX*1245319599\n"
)
MEMBER = "HL*3*2*22*0\nTRN*1*T-1*9512345678\nNM1*IL*1*RIVERA*Ana****MI*W123456789\nDMG*D8*19800214*F\n"
DEPENDENT = "HL*4*3*23*0\nTRN*1*T-2*9512345678\nNM1*03*1*RIVERA*Leo\nDMG*D8*20150301*M\nINS*N*19\n"
COVER = Cover(
    Party("ZZ", "CLINIC", "CLINIC"), Party("ZZ", "PAYERHUB", "PAYERHUB"), 7, datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
)
REQUEST: dict[str, Any] = {
    "trace": ["T-1"],
    "payer": {"name": "Example Health Plan", "id": "60054"},
    "provider": {"name": "LAKE DERMATOLOGY", "npi": "1245319599"},
    "subscriber": {
        "member_id": "W123456789",
        "last_name": "RIVERA",
        "first_name": "Ana",
        "birth_date": "1980-02-14",
        "sex": "F",
    },
    "dependent": None,
    "service_dates": {"begins": "2026-12-01", "ends": "2026-12-01"},
    "service_types": ["30", "98"],
    "procedures": [{"qualifier": "HC", "code": "17311", "modifiers": ["59"]}],
}


def requests(text: str, **envelope: Any) -> list[dict[str, Any]]:
    content = edi(text, **{"set_id": "270", "version": "005010X279A1", "functional": "HS"} | envelope)
    found: list[dict[str, Any]] = only(list(documents(BytesIO(content))))["requests"]
    return found


def read_back(content: bytes) -> list[dict[str, Any]]:
    return [only(document["requests"]) for document in documents(BytesIO(content))]


def test_the_whole_of_a_request():
    text = ABOVE + MEMBER + "DTP*291*D8*20261201\nEQ*30^98\nEQ**HC:17311:59"
    assert requests(text) == [REQUEST]
    (document,) = documents(BytesIO(edi(text, set_id="270", version="005010X279A1")))
    assert (document["kind"], document["transaction"], document["interchange"], document["control_number"]) == (
        "x12.270",
        "0001",
        CONTROL,
        "0001",
    )


def test_a_dependent_is_asked_about_in_its_own_loop():
    (found,) = requests(ABOVE + MEMBER + DEPENDENT + "EQ*30")
    assert (found["trace"], found["subscriber"]["member_id"]) == (["T-2"], "W123456789")
    assert found["dependent"] == {
        "last_name": "RIVERA",
        "first_name": "Leo",
        "birth_date": "2015-03-01",
        "sex": "M",
        "relationship": "19",
    }


def test_a_subscriber_of_whom_is_asked_above_a_dependent_has_a_request_too():
    found = requests(ABOVE + MEMBER + "EQ*30\n" + DEPENDENT + "EQ*98\n" + MEMBER.replace("Ana", "Eva"))
    assert [(one["dependent"] or one["subscriber"])["first_name"] for one in found] == ["Ana", "Leo", "Eva"]
    assert [one["service_types"] for one in found] == [["30"], ["98"], []]


@pytest.mark.parametrize(
    ("dates", "begins", "ends"),
    [
        ("DTP*291*RD8*20261201-20261231", "2026-12-01", "2026-12-31"),
        ("DTP*472*D8*20261201", "2026-12-01", "2026-12-01"),
        ("DTP*307*RD8*20261201-20261231", "2026-12-01", "2026-12-31"),
        ("DTP*102*D8*20200101\nDTP*307*D8*20261201", "2026-12-01", "2026-12-01"),
        ("DTP*472*D8*20261202\nDTP*291*D8*20261201", "2026-12-01", "2026-12-01"),
        ("DTP*291*D8*tomorrow", None, None),
        ("", None, None),
    ],
)
def test_the_days_that_are_asked_for(dates, begins, ends):
    (found,) = requests(ABOVE + MEMBER + dates + "\nEQ*30")
    assert found["service_dates"] == {"begins": begins, "ends": ends}


def test_service_types_repeat_and_several_questions_are_one_request():
    (found,) = requests(ABOVE + MEMBER + "EQ*30**IND\nEQ*98^BY\nEQ**HC:11102", version="004010X092A1")
    assert found["service_types"] == ["30", "98", "BY"]
    assert found["procedures"] == [{"qualifier": "HC", "code": "11102", "modifiers": []}]


# Writing


def test_what_is_written_reads_back():
    child = deepcopy(REQUEST) | {
        "dependent": {
            "last_name": "O'Brien-Smith",
            "first_name": "Leo",
            "birth_date": "2015-03-01",
            "sex": None,
            "relationship": "19",
        }
    }
    content = write_270(COVER, [REQUEST, child])
    assert read_back(content) == [REQUEST, child]
    assert b"TRN*1*T-1*9245319599~" in content
    assert content.count(b"ST*270*") == 2
    assert content.endswith(b"GE*2*7~\nIEA*1*000000007~\n")


def test_what_is_not_known_is_left_out_and_reads_back_as_null():
    bare = deepcopy(REQUEST)
    bare["subscriber"] = dict.fromkeys(bare["subscriber"]) | {"member_id": "W1"}
    bare["payer"]["name"] = None
    bare["procedures"] = []
    bare["service_dates"] = {"begins": None, "ends": None}
    assert read_back(write_270(COVER, [bare])) == [bare]


def test_letters_with_accents_are_written_plain():
    named = deepcopy(REQUEST)
    named["subscriber"] |= {"last_name": "Mu\u00f1oz\u2019s", "first_name": "Zo\u00eb"}
    (found,) = read_back(write_270(COVER, [named]))
    assert (found["subscriber"]["last_name"], found["subscriber"]["first_name"]) == ("Munoz's", "Zoe")


PATHS = (
    *("trace", "payer.name", "payer.id", "provider.name", "subscriber.member_id", "subscriber.last_name"),
    *("subscriber.sex", "service_types", "procedures"),
)


@pytest.mark.parametrize("sign", ["*", "~", ":", "^", "\n", "\0", "\u6f22"])
@pytest.mark.parametrize("path", PATHS)
def test_a_delimiter_in_a_value_is_refused_and_the_value_is_not_repeated(sign, path):
    broken: Any = deepcopy(REQUEST)
    value = f"Q{sign}Z"
    if path in ("trace", "service_types"):
        broken[path] = [value]
    elif path == "procedures":
        broken[path] = [{"qualifier": "HC", "code": value, "modifiers": []}]
    else:
        outer, inner = path.split(".")
        broken[outer][inner] = value
    with pytest.raises(WritingError) as caught:
        write_270(COVER, [broken])
    assert value not in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        {"trace": [""]},
        {"trace": ["x" * 51]},
        {"service_types": ["30"] * 100},
        {"service_types": ["300"]},
        {"service_dates": {"begins": "12/01/2026", "ends": None}},
        {"procedures": [{"qualifier": "HC", "code": "11102", "modifiers": ["1", "2", "3", "4", "5"]}]},
    ],
)
def test_what_x12_has_no_room_for_is_refused(change):
    with pytest.raises(WritingError):
        write_270(COVER, [REQUEST | change])


def test_nobody_to_ask_about_is_refused():
    with pytest.raises(WritingError, match="nobody"):
        write_270(COVER, [])


ANY = st.text(max_size=40)
NAMES = st.none() | ANY
CODES = st.text(st.characters(categories=("Lu", "Nd"), max_codepoint=127), min_size=1, max_size=2)
DAYS = st.none() | st.dates(date(1900, 1, 1), date(2100, 12, 31)).map(date.isoformat)
PERSONS = {"last_name": NAMES, "first_name": NAMES, "birth_date": DAYS, "sex": st.none() | st.sampled_from("FMU")}
REQUESTS = st.fixed_dictionaries(
    {
        "trace": st.lists(ANY, max_size=2),
        "payer": st.fixed_dictionaries({"name": NAMES, "id": NAMES}),
        "provider": st.fixed_dictionaries({"name": NAMES, "npi": st.none() | st.just("1245319599")}),
        "subscriber": st.fixed_dictionaries({"member_id": NAMES, **PERSONS}),
        "dependent": st.none() | st.fixed_dictionaries({**PERSONS, "relationship": st.none() | CODES}),
        "service_dates": DAYS.map(lambda day: {"begins": day, "ends": day}),
        "service_types": st.lists(CODES, max_size=4),
        "procedures": st.lists(
            st.fixed_dictionaries(
                {"qualifier": st.just("HC"), "code": CODES, "modifiers": st.lists(CODES, max_size=4)}
            ),
            max_size=2,
        ),
    }
)


@given(st.lists(REQUESTS, min_size=1, max_size=3))
@settings(max_examples=120, deadline=None)
def test_whatever_values_hold_they_are_refused_or_read_back(asked):
    try:
        content = write_270(COVER, asked)
    except WritingError:
        return
    assert read_back(content) == [as_written(one) for one in asked]
