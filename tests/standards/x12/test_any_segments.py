"""Any segments in any order: a reader gives a document that is JSON, or refuses by name. It never fails."""

import json
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.standards.errors import ReadingError
from app.standards.reading import documents
from tests.standards.x12.test_acknowledgements import REFUSED
from tests.standards.x12.test_reviews import EVENT, HEAD
from tests.standards.x12.test_statuses import CLAIM
from tests.standards.x12.test_statuses import HEAD as BATCH
from tests.support.edi import edi

LINES = [line for text in (HEAD, EVENT, BATCH, CLAIM, REFUSED) for line in text.split("\n") if line] + [
    *("HL*4*3*23*1", "HL*5*4*SS*0", "HCR*A1*AU-1*0F^0G", "HCR*A3", "AAA*N**75*C", "DTP*007*RD8*20261201-20270228"),
    *("SV1*HC:96910:59**UN*24", "SV2*0120", "HI*ABK:L400*BO:17000:D8:2026", "HSD*VS*3*WK**34*2", "BIN*4*ABCD"),
    *("SVC*HC:96910*1*2", "DTP*036", "QTY*90*9*9", "BHT*0007*13", "CAT*AE*HL", "BDS*B64"),
    *("MSG", "UM", "HL", "HL*1", "TRN", "NM1", "STC"),
]
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="*^:~\n\r\0", exclude_categories=["Cs"]), max_size=6)
TORN = st.builds(lambda line, cut, word: line[:cut] + word, st.sampled_from(LINES), st.integers(3, 40), WORDS)
ANY = st.lists(st.sampled_from(LINES) | TORN, max_size=40)
OPENERS = ("ISA", "GS*", "ST*", "SE*", "GE*", "IEA")


@pytest.mark.parametrize("set_id", ["278", "277", "276", "999", "997", "275", "837", "TA3"])
@settings(max_examples=60)
@given(lines=ANY, version=st.sampled_from(["005010X217", "005010X214", "004010X094", ""]))
def test_any_segments_in_any_order_give_a_document_or_a_named_refusal(set_id: str, lines: list[str], version: str):
    kept = [line for line in lines if not line.startswith(OPENERS)]
    try:
        found = list(documents(BytesIO(edi("\n".join(kept), set_id=set_id, version=version))))
    except ReadingError as refused:
        assert refused.fault
        return
    assert len(found) == 1
    json.dumps(found)
    assert found[0]["transaction"] == "0001"
