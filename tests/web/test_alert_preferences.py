"""How I am told: the page keeps what was typed, says what is wrong beside the field, and saves once."""

import re

import pytest

from app.alerts.facts.outbox import Way
from app.alerts.store import outbox
from app.alerts.store import people as store
from app.deadlines.facts import Reason
from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from app.practice.store import practice as practice_store
from tests.support import make
from tests.support.queries import counted
from tests.support.web import equipped, token_of

PAGE = "/alerts/preferences"
VERSION = re.compile(r'name="version" value="([^"]*)"')
CHECKED = re.compile(r'name="tick" value="([^"]+)" checked')


@pytest.fixture
def others(web_app, web_clock):
    """A colleague and two sites beside whoever signs in. Gives the colleague's id."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        actions.add_staff(caller, "lee@example.test", "Lee Other", frozenset({Role.MANAGER}), make.an_id(7))
        for number, name in ((1, "Main Street"), (2, "North Clinic")):
            practice_store.add_site(caller.session, make.PRACTICE_ID, make.site(number, name))
        caller.session.commit()
    return make.an_id(7)


def read(web_app, email="kim@example.test"):
    """Read a person as routing does."""
    with web_app.app_context():
        session = equipped(Caller(db.session(), make.PRACTICE_ID, make.clock())).session
        return next(one for one in store.people(session, make.PRACTICE_ID) if one.email == email)


def form_of(browser) -> dict[str, object]:
    """The form as the page shows it."""
    text = browser.get(PAGE).text
    fields = {name: _value(text, name) for name in ("phone", "quiet_from", "quiet_until", "digest")}
    zone = re.search(r'<select[^>]*id="zone".*?<option value="([^"]+)" selected', text, re.DOTALL)
    return {
        **fields,
        "zone": zone.group(1),
        "backup": "",
        "tick": CHECKED.findall(text),
        "version": VERSION.search(text).group(1),
        "csrf_token": token_of(browser, PAGE),
    }


def _value(text: str, name: str) -> str:
    return re.search(rf'id="{name}"[^>]*value="([^"]*)"', text).group(1)


def test_the_page_shows_what_comes_with_the_program(others, sign_in):
    browser = sign_in(Role.COORDINATOR)
    form = form_of(browser)
    assert (form["phone"], form["quiet_from"], form["quiet_until"], form["zone"]) == (
        "",
        "7:00 PM",
        "7:00 AM",
        make.ZONE,
    )
    assert "email-appeal" in form["tick"] and "sms-appeal" not in form["tick"] and "weekends" in form["tick"]
    assert {"approval_ends-60", "appeal-2"} <= set(form["tick"])


def test_saving_what_is_shown_changes_nothing(others, sign_in, web_app):
    browser = sign_in(Role.COORDINATOR)
    before = read(web_app)
    answer = browser.post(PAGE, data=form_of(browser))
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert "Nothing was changed." in browser.get(PAGE).text
    assert read(web_app) == before


def test_everything_that_can_be_chosen_is_saved(others, sign_in, web_app):
    browser = sign_in(Role.COORDINATOR)
    form = form_of(browser)
    ticks = [one for one in form["tick"] if one not in ("email-appeal", "approval_ends-60", "weekends")]
    form |= {
        "phone": "212.555.0123",
        "zone": "America/Denver",
        "quiet_from": "8 pm",
        "quiet_until": "6:30am",
        "digest": "8:15 AM",
        "backup": str(others),
        "tick": [*ticks, "sms-appeal", "sms-approved", f"site-{make.an_id(2)}"],
    }
    assert browser.post(PAGE, data=form).status_code == 303
    kim = read(web_app)
    assert (kim.phone, kim.zone, kim.backup_id, kim.sites) == (
        "+12125550123", "America/Denver", others, frozenset({make.an_id(2)}),
    )  # fmt: skip
    assert (f"{kim.quiet_from:%H:%M}", f"{kim.quiet_until:%H:%M}", f"{kim.digest_at:%H:%M}") == (
        "20:00",
        "06:30",
        "08:15",
    )
    assert not kim.quiet_weekends and kim.thresholds == {Reason.APPROVAL_ENDS: (30, 14, 7, 1)}
    assert kim.ways == {Reason.APPEAL: {Way.BELL, Way.SMS}, Reason.APPROVED: {Way.BELL, Way.SMS}}
    again = form_of(browser)
    assert (again["phone"], again["quiet_until"]) == ("(212) 555-0123", "6:30 AM")
    assert "sms-denied" in again["tick"]  # with a number, what comes with the role is texted


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("phone", "555-012", "Mobile number must be one of the United States that takes texts"),
        ("zone", "Mars/Base", "Choose a time zone, such as America/Chicago"),
        ("quiet_from", "seven", "Quiet from must be a time of day, like 7:00 PM"),
        ("quiet_from", "", "Enter both times, or leave both empty for no quiet hours"),
        ("digest", "11 PM", "Digest must be at a time outside your quiet hours"),
        ("backup", "nobody-here", "Backup must be another person who works here. Choose one from the list"),
    ],
)
def test_a_fault_stands_beside_its_field_and_nothing_typed_is_lost(others, sign_in, web_app, field, value, error):
    browser = sign_in(Role.COORDINATOR)
    before = read(web_app)
    form = form_of(browser) | {"digest": "8 AM", field: value}
    answer = browser.post(PAGE, data=form)
    assert answer.status_code == 422
    assert "<title>Error: Alert preferences" in answer.text
    assert re.search(rf'id="{field}-error">{re.escape(error)}', answer.text), answer.text
    assert CHECKED.findall(answer.text) == form["tick"]
    assert read(web_app) == before


def test_texts_without_a_number_are_refused_where_they_are_chosen(others, sign_in, web_app):
    browser = sign_in(Role.COORDINATOR)
    form = form_of(browser)
    answer = browser.post(PAGE, data=form | {"tick": [*form["tick"], "sms-appeal", "sms-denied"]})
    assert answer.status_code == 422
    words = "Mobile number is empty, but 2 kinds of alerts are to be texted. Enter a number, or untick the texts"
    assert words in answer.text


def test_at_least_one_step_stays(others, sign_in):
    browser = sign_in(Role.COORDINATOR)
    form = form_of(browser)
    answer = browser.post(PAGE, data=form | {"tick": [one for one in form["tick"] if not one.startswith("appeal-")]})
    assert answer.status_code == 422 and 'id="days-appeal-error"' in answer.text


def test_two_windows_of_one_person_show_both_values(others, sign_in, web_app):
    browser = sign_in(Role.COORDINATOR)
    form = form_of(browser)
    assert browser.post(PAGE, data=form | {"digest": "9 AM"}).status_code == 303
    answer = browser.post(PAGE, data=form | {"digest": "10 AM"})
    assert answer.status_code == 409
    assert "Somebody changed this while you were typing" in answer.text
    assert "9:00 AM" in answer.text and 'value="10 AM"' in answer.text
    assert f"{read(web_app).digest_at:%H:%M}" == "09:00"
    same = browser.post(PAGE, data=form | {"digest": "9 AM"})
    assert same.status_code == 303


def test_days_away_are_noted_once_and_taken_back_with_undo(others, sign_in, web_app):
    browser = sign_in(Role.SCHEDULER)
    data = {
        "csrf_token": token_of(browser, PAGE),
        "key": str(make.an_id(900)),
        "begins": "3/5",
        "ends": "3/6",
        "cover": str(others),
    }
    for _twice in range(2):
        assert browser.post(f"{PAGE}/away", data=data).status_code == 303
    assert [one.cover_id for one in read(web_app).absences] == [others]
    page = browser.get(PAGE).text
    assert "Thu 03/05/2026 to Fri 03/06/2026" in page and "Lee Other" in page
    token = {"csrf_token": data["csrf_token"]}
    assert browser.post(f"{PAGE}/away/{make.an_id(900)}/remove", data=token).status_code == 303
    assert read(web_app).absences == ()
    undo = f"{PAGE}/away/{make.an_id(900)}/restore"
    assert undo in browser.get(PAGE).text
    assert browser.post(undo, data=token).status_code == 303
    assert len(read(web_app).absences) == 1


@pytest.mark.parametrize(
    ("begins", "ends", "field", "error"),
    [
        ("3/5", "3/4", "ends", "Last day away must be the same as or after the first, 03/05/2026"),
        ("2/2", "2/3", "ends", "Last day away must not be over; today is 03/02/2026"),
        ("", "3/4", "begins", "Enter the first day away"),
        ("soon", "3/4", "begins", "First day away must be a date, like 12/5, 12/05/2026 or t+7"),
    ],
)
def test_days_away_that_cannot_be(others, sign_in, begins, ends, field, error):
    browser = sign_in(Role.SCHEDULER)
    data = {"csrf_token": token_of(browser, PAGE), "key": str(make.an_id(900)), "begins": begins, "ends": ends}
    answer = browser.post(f"{PAGE}/away", data=data)
    assert answer.status_code == 422
    assert f'id="{field}-error">{error}' in answer.text


def test_days_away_of_another_person_are_not_ones_own_to_change(others, sign_in, web_app, web_clock):
    browser = sign_in(Role.SCHEDULER)
    token = {"csrf_token": token_of(browser, PAGE)}
    assert browser.post(f"{PAGE}/away/{make.an_id(901)}/remove", data=token).status_code == 404


def test_a_test_goes_to_oneself_once(others, sign_in, web_app):
    browser = sign_in(Role.BILLER)
    data = {"csrf_token": token_of(browser, PAGE), "key": str(make.an_id(900)), "way": "email"}
    for _twice in range(2):
        assert browser.post(f"{PAGE}/test", data=data).status_code == 303
    with web_app.app_context():
        (found,) = outbox.page(db.session(), make.PRACTICE_ID)
    assert (found.message.template, found.message.way) == ("staff.test", Way.EMAIL)
    assert found.message.recipient_id == read(web_app).id
    answer = browser.post(f"{PAGE}/test", data=data | {"way": "sms"})
    assert answer.status_code == 422 and "Enter a mobile number and save it first" in answer.text


def test_the_number_of_queries_is_fixed(others, sign_in, web_app, web_clock):
    browser = sign_in(Role.COORDINATOR)
    browser.get(PAGE)
    with web_app.app_context(), counted(db.engine) as few:
        browser.get(PAGE)
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        for number in range(20):
            actions.add_staff(caller, f"p{number}@example.test", f"P {number}", frozenset({Role.BILLER}))
        with counted(db.engine) as many:
            browser.get(PAGE)
    assert len(many) == len(few)
