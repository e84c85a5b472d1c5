"""What a payer says for one patient: recorded from the visit or by record number, taken back, never past the year."""

import re
from datetime import date
from html import unescape
from uuid import UUID

import pytest

from app.platform.caller import Caller
from app.platform.db import db
from app.policies.facts.answers import Need
from app.policies.store.answers import answers_in_patient_order, answers_of
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.desk import DAY, PAYER, Booking, Desk
from tests.support.web import equipped, token_of

BY_NUMBER = "/rules/payer-answer"
TYPED = {
    "payer": PAYER,
    "name": "11102",
    "need": "not_required",
    "reference": "7781-A",
    "said_on": "t",
    "until": "12/31",
}


@pytest.fixture
def desk(web_app):
    """A furnished practice with a visit of a code that no rule speaks of."""
    with web_app.app_context():
        made = Desk(equipped(Caller(db.session(), make.PRACTICE_ID, make.clock(), via="test"))).furnish()
        made.ids = made.book(Booking(8, "Ngo", "Kim", "unknown"), *DAY[:1])
        yield made.imported().judge()


@pytest.fixture
def browser(desk, sign_in):
    return sign_in(Role.COORDINATOR)


def words(page):
    """A page's text without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def form_of(browser, address, **typed):
    page = browser.get(address)
    once = re.search(r'name="once" value="([^"]+)"', page.text)[1]
    return TYPED | {"once": once, "csrf_token": token_of(browser, address)} | typed


def answers(desk):
    desk.session.rollback()
    return [one for _id, them in answers_in_patient_order(desk.session, desk.practice_id) for one in them]


def test_the_panel_of_a_visit_leads_to_both_forms_and_names_nobody_in_their_addresses(browser, desk):
    page = browser.get(f"/visits/{desk.ids[0]}")
    links = re.search(
        r'Record what the payer says: <a href="([^"]+)">for every patient</a> or <a href="([^"]+)"', page.text
    )
    rule, answer = map(unescape, links.groups())
    form = browser.get(rule)
    assert f'<option value="{PAYER}" selected>' in form.text and ">11102</textarea>" in form.text
    assert 'value="commercial" checked' in form.text and "Ngo" not in rule + answer
    form = browser.get(answer)
    assert "Ngo, Kim" in words(form) and 'value="11102"' in form.text and "Ngo" not in re.search(
        "<title>(.*)</title>", form.text
    )[1]  # fmt: skip


def test_an_answer_is_recorded_once_changes_its_visit_and_is_undone(browser, desk):
    page = browser.get(f"/visits/{desk.ids[0]}")
    address = unescape(re.search(r'href="(/patients/[^"]+/payer-answer[^"]*)"', page.text)[1])
    form = form_of(browser, address)
    page = browser.post(address, data=form, follow_redirects=True)
    assert "The payer's answer for one patient is recorded. 1 visit has another answer now." in words(page)
    (kept,) = answers(desk)
    assert (kept.need, kept.reference, kept.span.ends) == (Need.NOT_REQUIRED, "7781-A", date(2026, 12, 31))
    assert "nothing was saved twice" in words(browser.post(address, data=form, follow_redirects=True))
    assert len(answers(desk)) == 1
    undo = re.search(r'action="(/rules/undo/[^"]+)"', page.text)[1]
    page = browser.post(undo, data={"csrf_token": form["csrf_token"]}, follow_redirects=True)
    assert "It is undone. 1 visit has another answer now." in words(page)
    patient = address.split("/")[2]
    assert answers(desk) == [] and answers_of(desk.session, desk.practice_id, [UUID(patient)]) == {}


WRONG = [
    ({"mrn": "nobody"}, "No patient with this record number is on file. Enter it as the patient's page shows it."),
    ({"name": "11102 99213"}, "Enter one code or drug, like 96910 or dupixent; found 11102 99213."),
    ({"reference": ""}, "Enter the payer's reference for the answer, like 7781-A."),
    ({"need": "maybe"}, "Choose what the payer says."),
    ({"said_on": "t+1"}, "The day must be today, 03/02/2026, or earlier; found Tue 03/03/2026."),
    ({"until": "1/1/2027"}, "an answer for a patient never lasts past 31 December; found Fri 01/01/2027."),
]


def test_by_record_number_and_what_cannot_be_recorded_is_said(browser, desk):
    mrn = re.search(r"MRN</span> ([^<]+)<", browser.get(f"/visits/{desk.ids[0]}").text)[1]
    form = form_of(browser, BY_NUMBER, mrn=mrn)
    for typed, says in WRONG:
        page = browser.post(BY_NUMBER, data=form | typed)
        assert page.status_code == 422
        assert words(page).count(says) == 2
    assert answers(desk) == []
    assert "is recorded" in words(browser.post(BY_NUMBER, data=form, follow_redirects=True))
    assert len(answers(desk)) == 1
