"""A second opinion on acknowledgements: pyx12 finds valid what we write in tests, and says what we read."""

import pytest

from app.standards.x12.status.reading import read_277
from tests.bench.x12_remittance import validate
from tests.standards.x12.test_acknowledgements import REFUSED
from tests.standards.x12.test_statuses import CLAIM, HEAD
from tests.support.edi import edi, only, sets_of

CLAIMS = HEAD + CLAIM


def test_pyx12_finds_the_999_valid_that_we_read():
    assert validate(edi(REFUSED, set_id="999", version="005010X231A1", functional="FA"))


def test_pyx12_finds_the_277ca_valid_that_we_read():
    content = edi(CLAIMS, set_id="277", version="005010X214", functional="HN")
    assert validate(content)
    assert only(read_277(only(sets_of(content)))["content"]["claims"])["accepted"] is True


@pytest.mark.parametrize("broken", [("STC*A2:20:PR", "STC*XX:20:PR"), ("TRN*2*CLM-1", "TRN*7*CLM-1")])
def test_pyx12_refuses_a_277ca_that_breaks_the_guide(broken: tuple[str, str]):
    assert not validate(edi(CLAIMS.replace(*broken), set_id="277", version="005010X214", functional="HN"))
