"""The end of a session that nobody used: how long pages are told to wait, and what is kept of what was typed."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from app.practice.facts.staff import Role
from tests.support.factors import add_person, is_signed_in, show_password
from tests.support.web import token_of

TYPED = {"name": "Lakeside Dermatology", "zone": "America/Chicago", "state": "TX", "group_npi": "1003000134"}


@pytest.fixture
def person(web_app, web_clock):
    """An administrator."""
    return add_person(web_app, web_clock, Role.ADMINISTRATOR)


@pytest.fixture
def browser(client, person):
    """A browser in which the administrator is signed in."""
    show_password(client, person)
    return client


def told(browser):
    """What a page is told of the end of its session: the seconds unused, and at the latest."""
    page = browser.get("/settings").text
    return int(re.search(r'data-idle="(\d+)"', page)[1]), int(re.search(r'data-ends="(\d+)"', page)[1])


def end(browser, token, **fields):
    """Ask what becomes of a page. Returns the answer."""
    return browser.post("/sign-in/idle", data={"csrf_token": token, "page": "/settings"} | fields)


def test_a_page_is_told_the_seconds_by_the_servers_clock(browser, web_clock):
    assert told(browser) == (900, 43_200)
    web_clock.instant += timedelta(seconds=50)
    assert told(browser) == (850, 43_150)  # this use was not written down: it is the same minute
    web_clock.instant += timedelta(seconds=20)
    assert told(browser) == (900, 43_130)


def test_asking_prolongs_nothing(browser, web_clock):
    token = token_of(browser, "/settings")
    for _ in range(7):
        web_clock.instant += timedelta(minutes=2)
        assert end(browser, token).json["left"] > 0
    web_clock.instant += timedelta(minutes=1)
    assert end(browser, token).json == {"to": "/sign-in?next=/settings"}
    assert not is_signed_in(browser)


def test_what_was_typed_is_kept_for_its_person_and_shown_after_sign_in(browser, person, web_clock):
    token = token_of(browser, "/setup")
    web_clock.instant += timedelta(minutes=15)
    typed = urlencode(TYPED | {"csrf_token": token, "old_password": "never kept"})
    led = end(browser, token, path="/setup", typed=typed).json["to"]
    assert led.startswith("/sign-in?next=/kept/")
    assert "Lakeside" not in led
    assert "What you typed is kept" in browser.get(led).text
    landed = show_password(browser, person, next_path=led.split("next=")[1])
    page = browser.get(landed.location).text
    assert "Lakeside Dermatology" in page
    assert 'action="/setup"' in page
    assert "never kept" not in page


@pytest.mark.parametrize(
    "path", ["https://evil.example/setup", "//evil.example", "/nothing", "/settings/x", "/sign-in"]
)
def test_a_form_that_goes_to_no_page_of_ours_is_not_kept(browser, web_clock, path):
    token = token_of(browser, "/setup")
    web_clock.instant += timedelta(minutes=15)
    assert end(browser, token, path=path, typed=urlencode(TYPED)).json == {"to": "/sign-in?next=/settings"}


def test_a_stranger_and_one_who_signed_out_leave_nothing(client, browser, web_app):
    token = token_of(browser, "/settings")
    browser.post("/sign-out", data={"csrf_token": token})
    stranger = web_app.test_client()
    token = token_of(stranger)
    answer = end(stranger, token, path="/setup", typed=urlencode(TYPED), page="https://evil.example/")
    assert answer.json == {"to": "/sign-in"}


def test_without_its_token_the_question_is_refused(browser):
    assert browser.post("/sign-in/idle", data={"page": "/settings"}).status_code == 400
