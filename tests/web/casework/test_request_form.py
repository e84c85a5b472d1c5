"""Writing a request: what the rules say at once, the case that it becomes, and bad input."""

import re
from html import unescape

from app.authorizations import store
from app.authorizations.facts import Counting, Item, Kind, Status
from app.platform.db import db
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.desk import Booking
from tests.web.casework.support import errors_of, fields_of, patient_id, words_of

TICKS = ("code", "visit", "have", "pick")
COVERAGE = str(make.an_id(50_001))


def begin_at(number: int = 1) -> str:
    """Where a request of a patient begins."""
    return f"/patients/{patient_id(number)}/requests/new"


def form_at(page) -> str:
    """The address that the form of a page goes to."""
    return re.search(r'id="request" action="([^"]+)"', page.text).group(1)


def post(browser, page, do="save", **typed):
    """Send the form of a page with some fields typed. Ticks are sent as they stand; a list takes their place."""
    at = form_at(page)
    return browser.post(
        at,
        data=ticks_of(page)
        | {name: value for name, value in fields_of(page, at).items() if name not in TICKS}
        | {"do": do}
        | typed,
    )


def ticks_of(page) -> dict[str, list[str]]:
    """What is ticked on a page, by field."""
    ticked: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="(code|visit|have|pick)" value="([^"]*)" checked', page.text):
        ticked.setdefault(name, []).append(unescape(value))
    return ticked


def cases_of(number: int = 1):
    """What is on file of a patient's cases."""
    db.session.rollback()
    return store.records_of(db.session(), make.PRACTICE_ID, [patient_id(number)]).get(patient_id(number), [])


def test_patient_coverage_and_code_make_a_case(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "none"))
    browser = sign_in(Role.COORDINATOR)
    page = browser.get(begin_at())
    assert page.status_code == 200
    asked = post(browser, page, service="96910:36")
    assert "The day may end with other codes of UVB or PUVA in the office." in words_of(asked)
    answer = post(browser, asked)
    assert answer.status_code == 303, words_of(answer)
    (case,) = cases_of()
    assert answer.location == f"/cases/{case.id}"
    assert (case.status, case.kind, case.items) == (
        Status.DRAFT,
        Kind.INITIAL,
        (Item(("96910",), None, Counting.UNITS, 36),),
    )
    assert (case.payer, case.member_id) == ("local:acme-health", "W00000001")
    assert case.next_action == "Complete the request"
