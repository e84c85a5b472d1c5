"""Passkeys: bound to this place, to one challenge and to a person who was verified; a copy is noticed."""

import pytest

from app.practice.facts.staff import Role
from tests.support.factors import add_person, is_signed_in, show_password
from tests.support.passkeys import PRESENT, Authenticator
from tests.support.web import token_of


def options_of(browser, address, page):
    """Ask what a passkey must sign. Returns the options."""
    answer = browser.post(address, data={"csrf_token": token_of(browser, page)})
    assert answer.status_code == 200
    return answer.json


@pytest.fixture
def key(web_app, web_clock):
    """A passkey of a biller, made in a browser that has signed out since."""
    browser, key = web_app.test_client(), Authenticator()
    show_password(browser, add_person(web_app, web_clock, Role.BILLER))
    page = "/sign-in/set-up"
    options = options_of(browser, f"{page}/passkey/options", page)
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["rp"]["id"] == "localhost"
    form = {"credential": key.make(options["challenge"]), "name": "Desk", "csrf_token": token_of(browser, page)}
    made = browser.post(f"{page}/passkey", data=form)
    assert "Your recovery codes" in made.text, made.text
    browser.post("/sign-out", data={"csrf_token": token_of(browser, "/settings")})
    return key


def challenge_in(browser):
    """Ask for a challenge on the page of sign-in."""
    options = options_of(browser, "/sign-in/passkey/options", "/sign-in")
    assert options["userVerification"] == "required"
    assert options["allowCredentials"] == []  # tells nobody whose passkeys there are
    return options["challenge"]


def show(browser, credential):
    """Send what an authenticator answered."""
    return browser.post("/sign-in/passkey", data={"credential": credential, "csrf_token": token_of(browser)})


def test_a_passkey_alone_signs_in_and_its_answer_is_good_once(client, key, web_app):
    answer = key.show(challenge_in(client))
    thief = web_app.test_client()
    thief.set_cookie("cleared", client.get_cookie("cleared").value)
    assert show(client, answer).status_code == 302
    assert is_signed_in(client)
    assert show(thief, answer).status_code == 422
    assert not is_signed_in(thief)


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://cleared.evil.example"},
        {"origin": "http://localhost:8080"},
        {"host": "evil.example"},
        {"flags": PRESENT},
        {"flags": 0},
        {"count": -1},
        {"id": b"of-somebody-else"},
        {"key": Authenticator().key},
    ],
    ids=["origin", "port", "host", "not-verified", "not-present", "counter", "unknown", "key"],
)
def test_an_answer_that_does_not_hold_signs_nobody_in(client, key, lie):
    key.count += 5
    assert show(client, key.show(challenge_in(client))).status_code == 302
    client.post("/sign-out", data={"csrf_token": token_of(client, "/settings")})
    for name, value in lie.items():
        setattr(key, name, value)
    refused = show(client, key.show(challenge_in(client)))
    assert refused.status_code == 422
    assert "The passkey was not taken." in refused.text
    assert not is_signed_in(client)


@pytest.mark.parametrize("typed", ["", "{}", "[]", "null", "9" * 30_000, '{"id": "x", "rawId": "y"}'])
def test_what_is_no_answer_is_refused_in_plain_words(client, key, typed):
    challenge_in(client)
    assert show(client, typed).status_code == 422


def test_an_answer_to_another_challenge_or_none_is_refused(client, key, web_app):
    old = key.show(challenge_in(client))
    challenge_in(client)
    assert show(client, old).status_code == 422
    assert show(web_app.test_client(), key.show("bm9uZQ")).status_code == 422


def test_after_a_password_only_the_passkey_of_that_person_counts(client, key, web_app, web_clock):
    other = add_person(web_app, web_clock, Role.BILLER, email="sam@example.test", with_app=True)
    show_password(client, other)
    options = options_of(client, "/sign-in/passkey/options", "/sign-in/factor")
    assert show(client, key.show(options["challenge"])).status_code == 422
    assert not is_signed_in(client)
