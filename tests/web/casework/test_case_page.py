"""The page of a case: where it stands, what happened, who owns it and what comes next."""

import pytest

from app.practice.facts.staff import Role
from tests.support import make
from tests.support.desk import Booking
from tests.web.casework.support import errors_of, fields_of, fill, patient_id, words_of

CASE = make.an_id(60_001)
AT = f"/cases/{CASE}"


@pytest.fixture
def asked(desk):
    """A practice with one patient whose request waits for the payer."""
    desk.book(Booking(8, "Dubois", "Henri", "pending"))
    return desk


def test_the_page_says_where_the_case_stands(asked, sign_in):
    page = sign_in(Role.COORDINATOR).get(AT)
    text = words_of(page)
    assert page.status_code == 200
    assert f"Case A-{CASE.hex[-6:].upper()}" in text
    assert "Dubois, Henri MRN M00001" in text
    assert "Submitted Asked for. The payer has not decided." in text
    assert "Nobody owns this case. Choose an owner." in text
