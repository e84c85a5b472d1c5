"""Contact wishes, consent to texts, and the word that there is no insurance."""

import pytest

from app.coverage.models import CoverageRow
from app.patients import store
from app.patients.facts import ContactWay, WaySaid
from app.platform.db import db
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.desk import Booking
from tests.web.casework.support import errors_of, fields_of, fill, patient_id, words_of

PAGE = f"/patients/{patient_id()}"
AT = f"{PAGE}/wishes"
NONE = f"{PAGE}/no-coverage"
YES = {"consent": "yes", "said": "on_paper", "phone": "555.010.2233", "contact": "text"}


def person():
    """What is on file of the patient."""
    db.session.rollback()
    found = store.on_file(db.session(), make.PRACTICE_ID, patient_id())
    assert found is not None
    return found[0]


def test_consent_is_no_until_it_was_given(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    browser = sign_in(Role.COORDINATOR)
    assert "Texts No: no consent on record" in words_of(browser.get(PAGE))
    assert fields_of(browser.get(AT), AT)["consent"] == "no"


def test_consent_is_kept_with_who_when_and_how(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    browser = sign_in(Role.COORDINATOR)
    answer = fill(browser, AT, **YES, email="otto@example.test", language="German")
    text = words_of(browser.get(answer.location))
    assert "Texts Yes, on a signed form; recorded 03/02/2026 10:00 AM by Kim Example" in text
    assert "Reach by Text message" in text and "Phone (555) 010-2233" in text
    assert "Contact wishes recorded 03/02/2026 10:00 AM, Kim Example" in text
    (wish,) = store.wishes_of(db.session(), make.PRACTICE_ID, patient_id())
    assert (wish.text_consent, wish.said, wish.contact) == (True, WaySaid.ON_PAPER, ContactWay.TEXT)
    assert (person().text_consent, person().phone, person().language) == (True, "5550102233", "German")


def test_consent_taken_back_is_added_and_the_earlier_word_stays(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    browser = sign_in(Role.COORDINATOR)
    fill(browser, AT, **YES)
    fill(browser, AT, consent="no", said="by_phone")
    assert [one.text_consent for one in store.wishes_of(db.session(), make.PRACTICE_ID, patient_id())] == [False, True]
    assert person().text_consent is False


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"phone": "555 010 223"}, "Phone must have 10 digits; you entered 9"),
        ({"phone": ""}, "Enter the phone number for texts"),
        ({"said": ""}, "Choose how the patient said yes"),
        ({"consent": ""}, "Choose whether texts may be sent"),
        ({"email": "otto@"}, "E-mail must be an address, like lee@example.com"),
        ({"contact": "pigeon"}, "Reach by must be one of the list; choose it again"),
    ],
)
def test_what_cannot_be_read_is_said(desk, sign_in, typed, sentence):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    answer = fill(sign_in(Role.COORDINATOR), AT, **YES | typed)
    assert answer.status_code == 422
    assert errors_of(answer) == [sentence]
    assert person().text_consent is False


def test_the_second_to_save_sees_both_values(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    browser = sign_in(Role.COORDINATOR)
    late = fields_of(browser.get(AT), AT) | {"language": "Polish"}
    fill(browser, AT, language="German")
    answer = browser.post(AT, data=late)
    assert answer.status_code == 409
    assert "Language German Polish" in words_of(answer)
    assert browser.post(AT, data=fields_of(answer, AT)).status_code == 303
    assert person().language == "Polish"


def test_no_insurance_is_the_practices_word_and_can_be_taken_back(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    desk.session.query(CoverageRow).delete()
    desk.session.commit()
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    page = browser.get(PAGE)
    assert "No coverage on file. Add coverage." in words_of(page)
    answer = browser.post(NONE, data=fields_of(page, NONE))
    text = words_of(browser.get(answer.location))
    assert "No insurance recorded. 1 visit changed: 1 is now self-pay." in text
    assert "No insurance, by the practice's word of 03/02/2026. Visits are self-pay." in text
    browser.post(NONE, data=fields_of(browser.get(PAGE), NONE))
    assert person().no_coverage_on is None


def test_no_insurance_is_refused_while_a_coverage_is_on_file(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    browser = sign_in(Role.COORDINATOR)
    form = fields_of(browser.get(AT), AT) | {"none": "yes"}
    answer = browser.post(NONE, data=form)
    assert "A coverage is on file." in words_of(browser.get(answer.location))
    assert person().no_coverage_on is None


def test_a_scheduler_cannot_edit_wishes(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    browser = sign_in(Role.SCHEDULER)
    token = fields_of(browser.get("/patients"), "/patients")["csrf_token"]
    assert browser.get(AT).status_code == 403
    for address in (AT, NONE):
        assert browser.post(address, data={"csrf_token": token, "none": "yes"}).status_code == 403
