"""The Outbox: what waits and why, how messages read, and what an administrator may do. Patients are never named."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest

from app.alerts.actions import braking
from app.alerts.facts.delivery import Brake, Means, Tried
from app.alerts.facts.outbox import Language, Message, To, Way
from app.alerts.rules.fields import FIELDS
from app.alerts.store import brakes, outbox
from app.alerts.views.outbox import TEMPLATES
from app.alerts.views.reasons import BRAKES, MEANS, OUTCOMES
from app.patients import store as patient_store
from app.patients.facts import PatientDetails
from app.platform.caller import Caller
from app.platform.db import db
from app.platform.sessions import session_on
from app.practice.facts.staff import Role
from app.practice.store import practice as practice_store
from tests.support import make
from tests.support.queries import counted
from tests.support.swept import ANA, Practice, approval_ends
from tests.support.web import token_of

PAGE = "/admin/outbox"
LENA = make.an_id(700)
NOW = make.NOW


def words(text: str) -> str:
    """A page as it reads."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text))).strip()


def message(number: int, **changed: object) -> Message:
    """Make a text to Ana."""
    made = Message(
        make.an_id(number), f"key-{number}", Way.SMS, To.STAFF, ANA, "staff.test", NOW, NOW, NOW + timedelta(hours=4)
    )
    return replace(made, **changed)


@pytest.fixture
def practice(web_app, web_clock):
    """A practice with people to tell, through a session of its own."""
    with web_app.app_context():
        engine = db.engine
    with session_on(engine, make.keys()) as session:
        caller = Caller(session, make.PRACTICE_ID, web_clock, via="test")
        patient_store.add_patients(
            session, make.PRACTICE_ID, [PatientDetails(LENA, "M1", "Abbott", "Lena", date(1980, 5, 17))]
        )
        session.commit()
        yield Practice(caller).furnish()


@pytest.fixture
def browser(practice, sign_in):
    """The browser of an administrator."""
    return sign_in(Role.ADMINISTRATOR)


def queue(practice, *messages: Message) -> None:
    """Queue messages."""
    outbox.queue_all(practice.caller.session, make.PRACTICE_ID, messages)
    practice.caller.session.commit()


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.MANAGER, Role.SCHEDULER])
def test_others_may_not_open_it(practice, sign_in, role):
    assert sign_in(role).get(PAGE).status_code == 403


def test_before_anything_is_set_up_messages_stay_and_the_page_says_what_to_set(practice, browser):
    page = words(browser.get(PAGE).text)
    assert "No message was queued yet." in page
    assert "Texts are not set up: they stay here until the settings TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN," in page
    assert "E-mails are not set up: they stay here until the settings SMTP_HOST and SMTP_FROM are given." in page
    queue(practice, message(1))
    page = words(browser.get(PAGE).text)
    assert "Waits in the Outbox Waits until texts are set up." in page
    assert "Test to Ana, 10:00 AM Ana Text" in page


def test_a_message_to_a_patient_is_shown_with_its_fields_blank(practice, browser):
    queue(
        practice,
        message(
            1, to=To.PATIENT, recipient_id=LENA, template="patient.waiting", fields={"visit_date": "2026-03-05"}
        ),
        message(
            2, to=To.PATIENT, recipient_id=LENA, template="patient.waiting", language=Language.SPANISH
        ),
    )  # fmt: skip
    listing = browser.get(PAGE).text
    assert "A patient" in listing and "Lena" not in listing and str(LENA) not in listing
    page = browser.get(f"{PAGE}/{make.an_id(1)}").text
    assert "____, we are still waiting on your insurance for your visit ____." in words(page)
    assert "Lena" not in page and str(LENA) not in page and "03/05" not in page
    assert "____, seguimos en espera" in words(browser.get(f"{PAGE}/{make.an_id(2)}").text)


def test_a_message_to_staff_reads_as_it_will_and_names_no_patient(practice, browser):
    practice.watch(approval_ends(1, date(2026, 3, 16), patient_id=LENA))
    practice.sweep()
    found = outbox.page(practice.caller.session, make.PRACTICE_ID)[0]
    page = browser.get(f"{PAGE}/{found.message.id}").text
    text = words(page)
    assert "Approval ends: e-mail to Ana" in text
    assert f"A-{make.an_id(1).hex[-6:].upper()}" in text and "Mon 03/16/2026" in text
    assert "Abbott" not in page and "Lena" not in page
    assert "<title>Message - Cleared</title>" in page


def test_a_message_that_cannot_be_written_says_why(practice, browser):
    queue(practice, message(1, template="staff.expiring", fields={}), message(2, recipient_id=make.an_id(903)))
    assert "It cannot be written. A value that it needs is missing." in words(
        browser.get(f"{PAGE}/{make.an_id(1)}").text
    )
    assert "It cannot be written. No mobile number is on file." in words(browser.get(f"{PAGE}/{make.an_id(2)}").text)


def test_a_pending_message_is_cancelled_once(practice, browser):
    queue(practice, message(1))
    token = {"csrf_token": token_of(browser, "/settings")}
    for _twice in range(2):
        assert browser.post(f"{PAGE}/{make.an_id(1)}/cancel", data=token).status_code == 303
    page = words(browser.get(f"{PAGE}/{make.an_id(1)}").text)
    assert "Cancelled before it went A person cancelled it." in page
    assert "The message is cancelled. Its alert stays." in page and "no longer waiting" in page
    assert browser.post(f"{PAGE}/{make.an_id(9)}/cancel", data=token).status_code == 404
    assert browser.get(f"{PAGE}/{make.an_id(9)}").status_code == 404


def test_states_are_filters_in_the_address(practice, browser):
    queue(practice, message(1), message(2))
    outbox.cancel(practice.caller.session, make.PRACTICE_ID, make.an_id(2), NOW)
    practice.caller.session.commit()
    page = browser.get(f"{PAGE}?state=cancelled").text
    assert str(make.an_id(2)) in page and str(make.an_id(1)) not in page
    assert re.search(r"1</span>\s*Waits in the Outbox", page)
    assert "No message is in this state." in browser.get(f"{PAGE}?state=failed").text
    for address in ("state=lost", "before=1"):
        assert browser.get(f"{PAGE}?{address}").status_code == 422


def test_the_brake_is_shown_and_released_by_a_person_once(practice, browser):
    session = practice.caller.session
    on = Brake(Way.SMS, NOW, 20, 20, 20, NOW, "sender", "30034")
    brakes.save_brake(session, make.PRACTICE_ID, on)
    session.commit()
    page = words(browser.get(PAGE).text)
    assert "Texts have been stopped since 10:00 AM. The provider refuses this account." in page
    assert "(code 30034)" in page
    token = {"csrf_token": token_of(browser, "/settings")}
    for _twice in range(2):
        assert browser.post(f"{PAGE}/brakes/sms/release", data=token).status_code == 303
    page = words(browser.get(PAGE).text)
    assert "Texts leave again." in page and "Texts were not stopped." in page and "have been stopped" not in page
    session.rollback()
    assert brakes.brake_of(session, make.PRACTICE_ID, Way.SMS, NOW).on_since is None
    assert not braking.release(practice.caller, Way.SMS)


@pytest.mark.parametrize(("what", "said"), [("let", "reminders let through"), ("discard", "reminders discarded")])
def test_what_a_sweep_held_back_waits_for_a_person(practice, browser, what, said):
    practice.watch(*(approval_ends(number, date(2026, 3, 16)) for number in range(1, 7)))
    practice.sweep(notices=3)
    page = words(browser.get(PAGE).text)
    assert "came due at once, more than is believable" in page
    token = {"csrf_token": token_of(browser, "/settings")}
    assert browser.post(f"{PAGE}/held/{what}", data=token).status_code == 303
    page = words(browser.get(PAGE).text)
    assert said in page and "more than is believable" not in page


def test_the_sample_says_that_nothing_leaves(practice, browser):
    home = replace(make.practice(), sample=True)
    practice_store.save_practice(practice.caller.session, make.PRACTICE_ID, home)
    practice.caller.session.commit()
    page = words(browser.get(PAGE).text)
    assert "Sample data: nothing leaves the building. Messages stay here." in page
    assert "TWILIO" not in page


def test_fifty_a_page_in_a_fixed_number_of_queries(practice, browser):
    queue(practice, message(1), message(2))
    browser.get(PAGE)
    engine = practice.caller.session.get_bind()
    with counted(engine) as few:
        browser.get(PAGE)
    queue(practice, *(message(number) for number in range(3, 61)))
    with counted(engine) as many:
        page = browser.get(PAGE).text
    assert len(re.findall(r"<tr data-row>", page)) == 50 and len(many) == len(few)
    following = re.search(r'href="(/admin/outbox\?before=[^"]+)"', page).group(1)
    assert len(re.findall(r"<tr data-row>", browser.get(following).text)) == 10


def test_every_state_reason_and_template_has_words():
    assert set(MEANS) == set(Means) and set(OUTCOMES) == set(Tried)
    assert {"too_many", "sender", "in_a_row", "share"} == set(BRAKES)
    assert {key.split(".")[1] for key in FIELDS if key.startswith("patient.")} <= set(TEMPLATES)


def test_many_messages_of_a_state_are_counted_no_further_than_a_thousand(practice, browser, monkeypatch):
    monkeypatch.setattr("app.alerts.actions.overseeing.MOST_COUNTED", 3)
    monkeypatch.setattr("app.alerts.views.outbox.MOST_COUNTED", 3)
    queue(practice, message(1), message(2))
    assert re.search(r'strip-number">2</span>\s*Waits', browser.get(PAGE).text)
    queue(practice, message(3), message(4))
    page = browser.get(PAGE).text
    assert re.search(r'strip-number">3\+</span>\s*Waits', page) and re.search(r'strip-number">3\+</span>\s*All', page)
