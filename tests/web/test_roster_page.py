"""On call and away: kept by managers and administrators, with clashes named."""

import pytest

from app.alerts.store import people as store
from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.web import equipped, token_of

PAGE = "/alerts/on-call"
LEE = make.an_id(7)


@pytest.fixture
def browser(web_app, web_clock, sign_in):
    """A manager's browser; Lee works here too."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        actions.add_staff(caller, "lee@example.test", "Lee Other", frozenset({Role.COORDINATOR}), LEE)
    return sign_in(Role.MANAGER)


def duty(browser, **changed) -> dict[str, str]:
    """The form of a duty."""
    return {
        "csrf_token": token_of(browser, PAGE),
        "key": str(make.an_id(900)),
        "duty_who": str(LEE),
        "duty_begins": "t",
        "duty_from": "7 PM",
        "duty_ends": "t+1",
        "duty_until": "7 AM",
    } | changed


def lee(web_app):
    """Read Lee as routing does."""
    with web_app.app_context():
        session = equipped(Caller(db.session(), make.PRACTICE_ID, make.clock())).session
        return next(one for one in store.people(session, make.PRACTICE_ID) if one.id == LEE)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SCHEDULER, Role.PROVIDER, Role.BILLER])
def test_others_may_not_open_it(sign_in, role):
    browser = sign_in(role)
    assert browser.get(PAGE).status_code == 403
    assert browser.post(f"{PAGE}/duties", data={"csrf_token": token_of(browser, "/settings")}).status_code == 403


def test_an_administrator_may(sign_in):
    assert "Nobody is on call now" in sign_in(Role.ADMINISTRATOR).get(PAGE).text


def test_a_duty_is_kept_once_in_the_practices_zone(browser, web_app, web_clock):
    for _twice in range(2):
        assert browser.post(f"{PAGE}/duties", data=duty(browser)).status_code == 303
    (found,) = lee(web_app).on_call
    assert (found.begins_at.isoformat(), found.ends_at.isoformat()) == (
        "2026-03-03T00:00:00+00:00", "2026-03-03T12:00:00+00:00",
    )  # fmt: skip
    page = browser.get(PAGE).text
    assert "Mon 03/02/2026 7:00 PM" in page and "Tue 03/03/2026 7:00 AM" in page
    token = {"csrf_token": token_of(browser, PAGE)}
    assert browser.post(f"{PAGE}/duties/{make.an_id(900)}/remove", data=token).status_code == 303
    assert lee(web_app).on_call == ()
    assert browser.post(f"{PAGE}/duties/{make.an_id(900)}/restore", data=token).status_code == 303
    assert len(lee(web_app).on_call) == 1


def test_who_keeps_it_is_led_to_it_from_the_own_preferences(browser):
    assert f'href="{PAGE}"' in browser.get("/alerts/preferences").text


def test_who_is_on_call_now_is_named(browser):
    browser.post(f"{PAGE}/duties", data=duty(browser, duty_from="9 AM"))
    assert "On call now: Lee Other." in browser.get(PAGE).text


@pytest.mark.parametrize(
    ("changed", "field", "error"),
    [
        ({"duty_who": ""}, "duty_who", "Choose who is on call"),
        ({"duty_ends": "t", "duty_until": "6 PM"}, "duty_ends", "The duty must end after it begins"),
        ({"duty_ends": "t+40"}, "duty_ends", "One duty is at most 31 days long. Enter a longer one in parts"),
        ({"duty_from": "late"}, "duty_from", "Begins at must be a time of day, like 7:00 PM"),
        ({"duty_begins": ""}, "duty_begins", "Enter the first day on call"),
        ({"duty_who": str(make.an_id(99))}, "duty_who", "This person no longer works here. Choose another"),
    ],
)
def test_a_duty_that_cannot_be(browser, web_app, changed, field, error):
    answer = browser.post(f"{PAGE}/duties", data=duty(browser, **changed))
    assert answer.status_code == 422
    assert f'id="{field}-error">{error}' in answer.text
    assert lee(web_app).on_call == ()


def absence(browser, **changed) -> dict[str, str]:
    """The form of an absence of Lee."""
    return {
        "csrf_token": token_of(browser, PAGE),
        "key": str(make.an_id(901)),
        "who": str(LEE),
        "begins": "t",
        "ends": "t+1",
    } | changed


def test_nobody_is_on_call_while_away(browser, web_app):
    assert browser.post(f"{PAGE}/away", data=absence(browser)).status_code == 303
    answer = browser.post(f"{PAGE}/duties", data=duty(browser))
    assert answer.status_code == 422
    assert "Lee Other is away Mon 03/02/2026 to Tue 03/03/2026. Take that back first" in answer.text
    later = duty(browser, duty_begins="t+2", duty_ends="t+3")
    assert browser.post(f"{PAGE}/duties", data=later).status_code == 303


def test_nobody_is_away_while_on_call_nor_twice(browser, web_app):
    browser.post(f"{PAGE}/duties", data=duty(browser))
    answer = browser.post(f"{PAGE}/away", data=absence(browser, begins="t+1", ends="t+2"))
    assert answer.status_code == 422 and "Lee Other is on call Mon 03/02/2026 7:00 PM to" in answer.text
    assert browser.post(f"{PAGE}/away", data=absence(browser, begins="t+2", ends="t+3")).status_code == 303
    again = absence(browser, begins="t+3", ends="t+4", key=str(make.an_id(902)))
    assert browser.post(f"{PAGE}/away", data=again).status_code == 422
    assert len(lee(web_app).absences) == 1


def test_an_absence_that_a_duty_has_taken_the_place_of_stays_taken_back(browser, web_app):
    token = {"csrf_token": token_of(browser, PAGE)}
    browser.post(f"{PAGE}/away", data=absence(browser))
    browser.post(f"{PAGE}/away/{make.an_id(901)}/remove", data=token)
    browser.post(f"{PAGE}/duties", data=duty(browser))
    browser.post(f"{PAGE}/away/{make.an_id(901)}/restore", data=token)
    assert lee(web_app).absences == ()
    assert "is on call Mon 03/02/2026 7:00 PM" in browser.get(PAGE).text
