"""Setting up a second factor at the first sign-in, adding and removing later; nothing else opens before the first."""

import base64
import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.platform.db import db
from app.practice.facts.staff import Role
from tests.support.factors import add_person, caller_in, code_of, is_signed_in, require_factor, show_code, show_password
from tests.support.web import token_of

SECRET = re.compile(r'<p class="secret">([A-Z2-7-]+)</p>')
CODE = re.compile(r'<span class="secret">([a-z2-9-]+)</span>')


def post(client, address, page=None, **fields):
    """Send a form of a page. Returns the answer."""
    return client.post(address, data=fields | {"csrf_token": token_of(client, page or address)})


def set_up_app(client, web_clock, name=""):
    """Set an authenticator app up in a signed-in browser. Returns its secret and the last answer."""
    assert post(client, "/sign-in/set-up/app", "/sign-in/set-up").location == "/sign-in/set-up/app"
    secret = SECRET.search(client.get("/sign-in/set-up/app").text)[1].replace("-", "")
    code = code_of(secret, web_clock.now())
    return secret, post(client, "/sign-in/set-up/app/code", "/sign-in/set-up/app", code=code, name=name)


@pytest.fixture
def asked(web_app, web_clock, client):
    """A browser in which somebody has shown the password, in a practice that asks for a second factor."""
    require_factor(web_app)
    client.person = add_person(web_app, web_clock, Role.ADMINISTRATOR)
    assert show_password(client, client.person, next_path="/settings").location == "/settings"
    return client


def test_nothing_opens_before_a_second_factor_is_set_up(asked):
    for address in ("/", "/settings", "/admin", "/admin/users", "/setup", "/sign-in/own", "/schedule", "/visits/x"):
        answer = asked.get(address)
        assert answer.status_code in (303, 404), address
        assert answer.status_code == 404 or answer.location == "/sign-in/set-up", address
    token = token_of(asked, "/sign-in/set-up")
    assert asked.post("/settings", data={"csrf_token": token, "theme": "dark"}).location == "/sign-in/set-up"
    assert "Your practice keeps its patients" in asked.get("/sign-in/set-up").text


def test_an_app_is_set_up_and_the_codes_are_shown_once_and_lead_to_the_page_asked_for(asked, web_app, web_clock):
    asked.get("/settings")
    before = asked.get_cookie("cleared").value
    secret, page = set_up_app(asked, web_clock)
    assert page.status_code == 200
    codes = CODE.findall(page.text)
    assert len(set(codes)) == 10
    assert 'href="/settings">I have kept them' in page.text
    assert asked.get("/settings").status_code == 200
    thief = web_app.test_client()
    thief.set_cookie("cleared", before)
    assert not is_signed_in(thief)  # the session has another id since the factor was shown
    other = web_app.test_client()
    show_password(other, asked.person)
    assert show_code(other, codes[0]).status_code == 302
    third = web_app.test_client()
    show_password(third, asked.person)
    assert show_code(third, code_of(secret, web_clock.now())).status_code == 422  # its first code was taken
    assert show_code(third, code_of(secret, web_clock.now(), 1)).status_code == 302


def test_a_wrong_first_code_keeps_the_key_and_says_what_to_do(asked):
    post(asked, "/sign-in/set-up/app", "/sign-in/set-up")
    secret = SECRET.search(asked.get("/sign-in/set-up/app").text)[1]
    wrong = post(asked, "/sign-in/set-up/app/code", "/sign-in/set-up/app", code="000000", name="Phone")
    assert wrong.status_code == 422
    assert "<title>Error: " in wrong.text
    assert "This is not the code that the app shows now." in wrong.text
    assert SECRET.search(wrong.text)[1] == secret
    assert 'value="Phone"' in wrong.text
    assert asked.get("/settings").location == "/sign-in/set-up"


def test_the_picture_is_drawn_here_and_fetches_nothing(asked):
    post(asked, "/sign-in/set-up/app", "/sign-in/set-up")
    page = asked.get("/sign-in/set-up/app")
    drawn = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page.text)[1]
    assert base64.b64decode(drawn).startswith(b"<svg ")
    assert "img-src 'self' data:" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"


def test_a_key_that_was_begun_long_ago_confirms_nothing(asked, web_clock):
    post(asked, "/sign-in/set-up/app", "/sign-in/set-up")
    secret = SECRET.search(asked.get("/sign-in/set-up/app").text)[1].replace("-", "")
    for _ in range(2):
        web_clock.instant += timedelta(minutes=8)
        asked.get("/stay")
    post(asked, "/sign-in/again", next="/sign-in/set-up", proof=asked.person.password)
    late = post(asked, "/sign-in/set-up/app/code", "/sign-in/set-up", code=code_of(secret, web_clock.now()))
    assert late.location == "/sign-in/set-up"


def test_a_second_factor_is_added_removed_and_named_and_the_last_one_stays(asked, web_clock):
    set_up_app(asked, web_clock)
    web_clock.instant += timedelta(minutes=1)
    _, added = set_up_app(asked, web_clock, "Work phone")
    assert added.location == "/sign-in/own"
    page = asked.get("/sign-in/own").text
    assert "Work phone" in page
    first, second = re.findall(r'id="remove-([0-9a-f-]{36})"', page)
    assert post(asked, "/sign-in/own/factors/name", "/sign-in/own", factor=second, name="Desk").status_code == 303
    assert "Desk" in asked.get("/sign-in/own").text
    assert post(asked, "/sign-in/own/factors/name", "/sign-in/own", factor=second, name="x" * 61).status_code == 422
    assert post(asked, "/sign-in/own/factors/remove", "/sign-in/own", factor=first).status_code == 303
    refused = post(asked, "/sign-in/own/factors/remove", "/sign-in/own", factor=second)
    assert refused.status_code == 422
    assert "your practice asks for a second factor" in refused.text
    assert post(asked, "/sign-in/own/factors/remove", "/sign-in/own", factor=first).status_code == 404


def test_new_recovery_codes_take_the_place_of_the_old(asked, web_app, web_clock):
    _, page = set_up_app(asked, web_clock)
    old = CODE.findall(page.text)
    new = CODE.findall(post(asked, "/sign-in/own/codes", "/sign-in/own").text)
    assert len(new) == 10
    assert not set(new) & set(old)
    other = web_app.test_client()
    show_password(other, asked.person)
    assert show_code(other, old[0]).status_code == 422
    assert show_code(other, new[0]).status_code == 302


def test_another_persons_factor_is_not_there(asked, web_app, web_clock):
    set_up_app(asked, web_clock)
    add_person(web_app, web_clock, Role.BILLER, email="sam@example.test", with_app=True)
    with web_app.app_context():
        caller_in(web_app, web_clock)
        theirs = db.session.execute(
            text("SELECT f.id FROM staff_factor f JOIN staff s ON s.id = f.staff_id WHERE s.email = 'sam@example.test'")
        ).scalar()
    factor = str(theirs) if not isinstance(theirs, bytes) else theirs.hex()
    for address in ("/sign-in/own/factors/remove", "/sign-in/own/factors/name"):
        assert post(asked, address, "/sign-in/own", factor=factor, name="Mine").status_code == 404
