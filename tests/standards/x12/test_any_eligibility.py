"""Any segments of 270 and 271 in any order: read or refused by name, and never better than what stands there."""

import json
from io import BytesIO
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.standards.errors import ReadingError
from app.standards.reading import documents
from tests.standards.x12.test_eligibility_answers import ABOVE, DEPENDENT, MEMBER
from tests.support.edi import edi

LINES = [line for text in (ABOVE, MEMBER, DEPENDENT) for line in text.split("\n") if line] + [
    *("EB*1**30", "EB*6**30", "EB*1*IND**MA", "EB*8**98", "EB*C**30***29*12.5", "EB*A**98***27**.2", "EB*1**88"),
    *("EB", "EB*1", "EB*R**30*OT", "EB*CB*********Y*N*HC:17311:59", "EB*C**30***23*x", "AAA*N**42*R", "AAA", "AAA*Y"),
    *("DTP*346*D8*20260101", "DTP*349*D8*20250101", "DTP*291*RD8*20260101-20261231", "DTP*291", "DTP", "DTP*356*D8*x"),
    *("REF*6P*G1", "REF", "HSD", "HSD*VS*3", "MSG*TEXT", "MSG", "LS*2120", "NM1*P3*1*CHO", "LE*2120", "INS*N*19"),
    *("EQ*30^98", "EQ**HC:11102", "EQ", "HL*9*9*PT*0", "HL", "NM1", "DMG", "TRN", "III*ZZ*11", "BHT*0022*11"),
]
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="*^:~\n\r\0", exclude_categories=["Cs"]), max_size=6)
TORN = st.builds(lambda line, cut, word: line[:cut] + word, st.sampled_from(LINES), st.integers(3, 40), WORDS)
ANY = st.lists(st.sampled_from(LINES) | TORN, max_size=40)
ENVELOPE = ("ISA", "GS", "ST", "SE", "GE", "IEA")
STATUSES = ("active", "inactive", "rejected", "unknown")


def read(set_id: str, lines: list[str]) -> list[dict[str, Any]]:
    """The documents of a file, none where it is refused by name."""
    kept = [line.replace("\n", " ") for line in lines if line.split("*")[0].strip() not in ENVELOPE and line.strip()]
    try:
        return list(documents(BytesIO(edi("\n".join(kept), set_id=set_id, version="005010X279A1"))))
    except ReadingError as refused:
        assert refused.fault
        return []


@settings(max_examples=200, deadline=None)
@given(lines=ANY)
def test_any_answer_is_never_better_than_what_stands_there(lines):
    for document in read("271", [*(ABOVE + MEMBER).splitlines(), *lines]):
        json.dumps(document)
        assert document["responses"]
        for answer in document["responses"]:
            said = [benefit["info"] for benefit in answer["benefits"]]
            assert answer["status"] in STATUSES
            assert answer["status"] != "active" or set(said) & set("12345")
            assert answer["status"] != "inactive" or set(said) & set("678")
            levels = {rejected["level"] for rejected in answer["rejections"]}
            assert (answer["status"] == "rejected") is bool(levels - {"benefit"})
            assert answer["plan"]["name"] is None or set(said) & set("12345")


@settings(max_examples=100, deadline=None)
@given(lines=ANY)
def test_any_request_is_read_or_refused(lines):
    for document in read("270", lines):
        json.dumps(document)
        assert all(set(one["service_dates"]) == {"begins", "ends"} for one in document["requests"])
