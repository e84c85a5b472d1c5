"""The second step of signing in: codes of an app, each once, and recovery codes; nothing opens before it."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.platform.db import db
from app.practice.facts.staff import Role
from tests.support.factors import add_person, caller_in, code_of, is_signed_in, show_code, show_password
from tests.support.web import token_of


@pytest.fixture
def person(web_app, web_clock):
    """An administrator with an authenticator app and recovery codes; the code of the step before now is used."""
    return add_person(web_app, web_clock, Role.ADMINISTRATOR, with_app=True)


def test_the_password_leads_to_the_second_step_and_the_code_to_the_page_asked_for(client, person, web_clock):
    asked = show_password(client, person, next_path="/settings")
    assert asked.location == "/sign-in/factor"
    assert not is_signed_in(client)
    page = client.get("/sign-in/factor").text
    assert 'autocomplete="one-time-code"' in page
    done = show_code(client, code_of(person.secret, web_clock.now()))
    assert (done.status_code, done.location) == (302, "/settings")
    assert is_signed_in(client)


def test_nothing_opens_between_the_password_and_the_code(client, person):
    show_password(client, person)
    for address in ("/", "/settings", "/keys", "/admin", "/stay"):
        assert client.get(address).location.startswith("/sign-in?"), address
    with client.session_transaction() as cookie:
        assert "_user_id" not in cookie


def test_a_code_opens_once_also_in_another_browser(client, person, web_app, web_clock):
    code = code_of(person.secret, web_clock.now())
    show_password(client, person)
    assert show_code(client, code).status_code == 302
    other = web_app.test_client()
    show_password(other, person)
    again = show_code(other, code)
    assert again.status_code == 422
    assert "good for about a minute and only once" in again.text
    assert not is_signed_in(other)


@pytest.mark.parametrize(("steps", "opens"), [(-2, False), (0, True), (1, True), (2, False)])
def test_one_step_of_tolerance_and_no_more(client, person, web_clock, steps, opens):
    show_password(client, person)
    assert (show_code(client, code_of(person.secret, web_clock.now(), steps)).status_code == 302) is opens


def test_a_recovery_code_opens_once_and_what_is_left_is_told(client, person, web_app):
    show_password(client, person)
    assert show_code(client, person.codes[3]).status_code == 302
    assert "That recovery code is used up. 9 recovery codes left." in client.get("/settings").text
    other = web_app.test_client()
    show_password(other, person)
    assert show_code(other, person.codes[3]).status_code == 422
    assert show_code(other, person.codes[4].upper()).status_code == 302


def test_five_wrong_codes_ask_for_the_password_again(client, person):
    show_password(client, person)
    answers = [show_code(client, f"00000{number}") for number in range(5)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 302]
    assert answers[-1].location == "/sign-in"
    assert "five codes were wrong" in client.get("/sign-in").text


def test_five_minutes_end_the_step(client, person, web_clock):
    show_password(client, person)
    web_clock.instant += timedelta(minutes=5)
    assert client.get("/sign-in/factor").location == "/sign-in"


def test_a_step_can_be_finished_once_and_its_cookie_opens_nothing_after(client, person, web_app, web_clock):
    show_password(client, person)
    token, kept = token_of(client, "/sign-in/factor"), client.get_cookie("cleared").value
    show_code(client, code_of(person.secret, web_clock.now()))
    thief = web_app.test_client()
    thief.set_cookie("cleared", kept)
    answer = thief.post("/sign-in/factor", data={"code": person.codes[0], "csrf_token": token})
    assert answer.location == "/sign-in"
    assert not is_signed_in(thief)


def test_the_secret_and_the_codes_are_nowhere_in_the_database_as_they_are_shown(person, web_app, web_clock):
    with web_app.app_context():
        caller_in(web_app, web_clock)
        rows = db.session.execute(text("SELECT * FROM staff_factor")).all()
        rows += db.session.execute(text("SELECT * FROM recovery_code")).all()
    told = repr([tuple(row) for row in rows]).encode() + b"".join(
        value for row in rows for value in row if isinstance(value, bytes)
    )
    assert len(rows) == 11
    assert person.secret.encode() not in told
    assert [code for code in person.codes if code[2:].encode() in told] == []
