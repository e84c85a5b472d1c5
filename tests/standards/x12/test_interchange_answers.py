"""The TA1 that answers an interchange whose envelope does not hold, and one that was taken in."""

from datetime import UTC, datetime
from io import BytesIO

import pytest

from app.standards.reading import documents
from app.standards.x12.acknowledgements.interchanges import write_ta1
from app.standards.x12.facts import Interchange
from app.standards.x12.reader import checked, transactions
from app.standards.x12.writing import Cover, Party, WritingError
from tests.support.edi import CONTROL, edi, only

COVER = Cover(
    Party("ZZ", "CLINIC", "CLINIC"), Party("ZZ", "PAYERHUB", "PAYERHUB"), 7, datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
)
GOOD = edi("BHT*0022*11", set_id="271", version="005010X279A1")


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        (b"IEA*1*000000417", b"IEA*1*000000418", "001"),
        (b"IEA*1*", b"IEA*2*", "021"),
        (b"GE*1*41", b"GE*1*42", "022"),
        (b"SE*3*", b"SE*4*", "022"),
        (b"GE*1*41~\nIEA*1*000000417~\n", b"", "023"),
        (b"BHT*0022", b"BHT*\x000022", "024"),
    ],
)
def test_a_broken_interchange_is_refused_by_its_numbers_and_why(old, new, note):
    found = checked(BytesIO(GOOD.replace(old, new)))
    assert found.broken is not None
    content = write_ta1(found.broken, found.fault, COVER)
    (answer,) = documents(BytesIO(content))
    assert answer["kind"] == "x12.ta1"
    assert answer["content"] == {
        "acknowledged": CONTROL,
        "date": "2026-12-01",
        "time": "0915",
        "status": "R",
        "code": note,
    }
    assert content.endswith(b"\nIEA*0*000000007~\n")


def test_an_interchange_that_was_taken_in_is_accepted():
    received = only(list(transactions(BytesIO(GOOD)))).interchange
    assert f"TA1*{CONTROL}*261201*0915*A*000~".encode() in write_ta1(received, None, COVER)


def test_what_a_ta1_cannot_name_is_refused():
    broken = Interchange("ZZ", "A", "ZZ", "B", "000000001", "00501", "P", "26*201", "0915")
    with pytest.raises(WritingError, match="date"):
        write_ta1(broken, None, COVER)
    with pytest.raises(WritingError, match="control"):
        write_ta1(broken, None, Cover(COVER.sender, COVER.receiver, 10**9, COVER.moment))
