"""A form that comes after its session has ended, or from a page that was open too long: nothing is lost."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from sqlalchemy import text

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import signing_in
from app.practice.actions import staff as staffing
from app.practice.facts.staff import Role
from app.practice.store import practice as store
from tests.support import make
from tests.support.web import EMAIL, equipped, token_of

OURS = {"Origin": "http://localhost"}
TYPED = {"name": "Lakeside Dermatology", "zone": "America/Chicago", "state": "TX", "group_npi": "1003000134"}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
ACTION = re.compile(r'<form method="post" action="(/setup[^"]*)">')


@pytest.fixture
def enter(web_app, web_clock):
    """`enter(browser, email)` signs a new or known person in, and returns the answer to the sign-in."""
    passwords = {}

    def sign_in(browser, email=EMAIL, then="/"):
        with web_app.app_context():
            caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
            if email not in passwords:
                roles = frozenset({Role.ADMINISTRATOR})
                passwords[email] = staffing.add_staff(caller, email, email.split("@")[0], roles)
        address = f"/sign-in?next={then}"
        form = {"email": email, "password": passwords[email], "csrf_token": token_of(browser, address), "next": then}
        return browser.post(address, data=form)

    return sign_in


def practice_name(web_app):
    """The name of the practice as stored."""
    with web_app.app_context():
        return store.practice_of(db.session(), make.PRACTICE_ID).name


def kept_count(web_app):
    """How many forms are kept."""
    with web_app.app_context():
        return db.session.execute(text("SELECT count(*) FROM kept_form")).scalar()


def late(browser, web_clock, minutes=16, **options):
    """Fill in the practice's page, let the session end, and send it. Returns the answer."""
    token = token_of(browser, "/setup")
    web_clock.instant += timedelta(minutes=minutes)
    return browser.post("/setup", data=TYPED | {"csrf_token": token}, headers=OURS, **options)


@pytest.mark.parametrize("minutes", [15, 16, 12 * 60])
def test_what_was_typed_comes_back_after_signing_in_and_is_saved_by_one_button(web_app, web_clock, enter, minutes):
    browser = web_app.test_client()
    enter(browser)
    sent = late(browser, web_clock, minutes)
    assert sent.status_code == 303
    assert sent.location.startswith("/sign-in?next=/kept/")
    assert "Lakeside" not in sent.location
    assert practice_name(web_app) == "Example Dermatology"
    assert "What you typed is kept" in browser.get(sent.location).text
    landed = enter(browser, then=sent.location.split("next=")[1])
    page = browser.get(landed.location)
    assert "You were signed out before this was saved. Nothing has been saved yet." in page.text
    assert "It came just now, and is kept for 12 hours." in page.text
    assert "<dt>Group NPI</dt>" in page.text
    assert "Lakeside Dermatology" in page.text
    assert page.text.count("1003000134") == 2  # once to read, once to send
    form = page.text.split('<div class="form-actions">')[1].split("</form>")[0]
    saved = browser.post(ACTION.search(form)[1], data={name: unescape(value) for name, value in HIDDEN.findall(form)})
    assert saved.status_code == 302
    assert practice_name(web_app) == "Lakeside Dermatology"
    assert kept_count(web_app) == 0
    assert "/kept/" not in browser.get("/").location


def test_another_person_who_signs_in_sees_nothing_of_it_and_the_owner_still_does(web_app, web_clock, enter):
    browser = web_app.test_client()
    enter(browser)
    kept = late(browser, web_clock).location.split("next=")[1]
    landed = enter(browser, "other@example.test", then=kept)
    assert landed.location == "/"
    assert browser.get(kept).status_code == 404
    assert "Lakeside" not in browser.get("/", follow_redirects=True).text
    assert browser.post(f"{kept}/discard", data={"csrf_token": token_of(browser, "/setup")}).status_code == 404
    assert kept_count(web_app) == 1
    own = web_app.test_client()
    enter(own)
    assert own.get("/").location == kept
    assert "Lakeside" in own.get(kept).text


def test_a_form_with_an_old_token_is_kept_for_whoever_is_signed_in(web_app, enter):
    browser = web_app.test_client()
    enter(browser)
    sent = browser.post("/setup", data=TYPED | {"csrf_token": "of another time"}, headers=OURS)
    assert sent.status_code == 303
    page = browser.get(sent.location).text
    assert "The page was open too long, so this was not saved. Nothing has been saved yet." in page
    assert "Lakeside Dermatology" in page
    assert practice_name(web_app) == "Example Dermatology"


def test_a_form_that_its_page_refuses_is_forgotten_because_the_page_shows_it(web_app, web_clock, enter):
    browser = web_app.test_client()
    enter(browser)
    kept = late(browser, web_clock).location.split("next=")[1]
    enter(browser, then=kept)
    form = TYPED | {"name": "", "kept_form": kept.split("/")[2], "csrf_token": token_of(browser, "/setup")}
    refused = browser.post("/setup", data=form)
    assert refused.status_code == 422
    assert "1003000134" in refused.text
    assert kept_count(web_app) == 0


def test_discarding_forgets_it_and_saves_nothing(web_app, web_clock, enter):
    browser = web_app.test_client()
    enter(browser)
    kept = late(browser, web_clock).location.split("next=")[1]
    enter(browser, then=kept)
    done = browser.post(f"{kept}/discard", data={"csrf_token": token_of(browser, kept)}, follow_redirects=True)
    assert "The form is discarded. Nothing of it was saved." in done.text
    assert kept_count(web_app) == 0
    assert practice_name(web_app) == "Example Dermatology"


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://evil.example"}, {"Referer": "https://evil.example/setup"}, {"Origin": "null"}]
)
def test_a_form_from_elsewhere_is_never_kept(web_app, web_clock, enter, headers):
    browser = web_app.test_client()
    enter(browser)
    forged = browser.post("/setup", data=TYPED | {"csrf_token": "guessed"}, headers=headers)
    assert forged.status_code in (400, 403)  # by its token, or at the gate by where it comes from
    web_clock.instant += timedelta(minutes=16)
    assert browser.post("/setup", data=TYPED, headers=headers).status_code in (401, 403)
    assert kept_count(web_app) == 0


def test_a_stranger_and_one_who_signed_out_leave_nothing(web_app, web_clock, enter, client):
    assert client.post("/setup", data=TYPED, headers=OURS).status_code == 401
    browser = web_app.test_client()
    enter(browser)
    token = token_of(browser, "/setup")
    cookie = browser.get_cookie("cleared").value
    browser.post("/sign-out", data={"csrf_token": token})
    thief = web_app.test_client()
    thief.set_cookie("cleared", cookie)
    assert thief.post("/setup", data=TYPED | {"csrf_token": token}, headers=OURS).status_code == 401
    assert kept_count(web_app) == 0


def test_what_was_typed_is_sealed_and_a_file_is_named_as_not_kept(web_app, web_clock, enter):
    browser = web_app.test_client()
    enter(browser)
    token = token_of(browser, "/setup")
    web_clock.instant += timedelta(minutes=16)
    body = TYPED | {"csrf_token": token, "file": (BytesIO(b"a,b\n"), "schedule.csv")}
    kept = browser.post("/setup", data=body, headers=OURS, content_type="multipart/form-data")
    with web_app.app_context():
        row = db.session.execute(text("SELECT * FROM kept_form")).one()
    assert b"Lakeside" not in b"".join(value for value in row if isinstance(value, bytes))
    enter(browser)
    page = browser.get(kept.location.split("next=")[1]).text
    assert "A chosen file is not kept. Choose it again on the page." in page
    assert "csv" not in page


def test_a_form_too_large_to_keep_says_how_not_to_lose_it(web_app, web_clock, enter):
    browser = web_app.test_client()
    enter(browser)
    token = token_of(browser, "/setup")
    web_clock.instant += timedelta(minutes=16)
    answer = browser.post("/setup", data={"csrf_token": token, "name": "x" * 200_000}, headers=OURS)
    assert answer.status_code == 401
    assert "Sign in again in another tab, then go back and send the form once more." in answer.text
    assert kept_count(web_app) == 0


def test_at_most_five_are_kept_and_after_twelve_hours_none(web_app, web_clock, enter):
    browser = web_app.test_client()
    enter(browser)
    token = token_of(browser, "/setup")
    web_clock.instant += timedelta(minutes=16)
    places = [
        browser.post("/setup", data=TYPED | {"csrf_token": token, "name": f"Form {number}"}, headers=OURS).location
        for number in range(7)
    ]
    assert kept_count(web_app) == 5
    enter(browser)
    assert browser.get("/").location == places[-1].split("next=")[1]
    web_clock.instant += timedelta(hours=12)
    enter(browser)
    assert "/kept/" not in browser.get("/").location
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="job"))
        assert [signing_in.forget_kept_forms(caller) for _ in range(2)] == [5, 0]


def test_the_session_is_known_long_enough_for_its_form(web_app, web_clock, enter):
    browser = web_app.test_client()
    enter(browser)
    token = token_of(browser, "/setup")
    web_clock.instant += timedelta(hours=12)
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="job"))
        assert signing_in.forget_ended_sessions(caller) == 0
        later = replace(caller, clock=make.clock(web_clock.instant + timedelta(minutes=15)))
    assert browser.post("/setup", data=TYPED | {"csrf_token": token}, headers=OURS).status_code == 303
    with web_app.app_context():
        assert signing_in.forget_ended_sessions(replace(later, session=equipped(caller).session)) == 1
    again = browser.post("/setup", data=TYPED | {"csrf_token": token}, headers=OURS)
    assert again.status_code == 401
