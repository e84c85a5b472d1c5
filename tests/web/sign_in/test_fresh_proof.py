"""What is dangerous asks for a proof of the last ten minutes; a form that comes later is kept until it is given."""

import re
from datetime import timedelta

import pytest

from app.practice.facts.staff import Role
from tests.support.factors import add_person, code_of, is_signed_in, show_code, show_password
from tests.support.web import token_of

OURS = {"Origin": "http://localhost"}


@pytest.fixture
def person(web_app, web_clock):
    """An administrator with an authenticator app."""
    return add_person(web_app, web_clock, Role.ADMINISTRATOR, with_app=True)


@pytest.fixture
def old(client, person, web_clock):
    """A browser whose person signed in eleven minutes ago."""
    show_password(client, person)
    show_code(client, code_of(person.secret, web_clock.now()))
    web_clock.instant += timedelta(minutes=11)
    return client


def prove(client, proof, next_path="/admin/users/new"):
    """Send a proof. Returns the answer."""
    form = {"proof": proof, "next": next_path, "csrf_token": token_of(client, "/sign-in/again")}
    return client.post("/sign-in/again", data=form)


def test_a_page_that_asks_for_a_fresh_proof_leads_there_and_back(old, person):
    led = old.get("/admin/users/new")
    assert (led.status_code, led.location) == (302, "/sign-in/again?next=/admin/users/new")
    assert "Is it you?" in old.get(led.location).text
    done = prove(old, person.password)
    assert (done.status_code, done.location) == (303, "/admin/users/new")
    assert old.get("/admin/users/new").status_code == 200


def test_ten_minutes_after_sign_in_the_proof_is_no_longer_fresh(client, person, web_clock):
    show_password(client, person)
    show_code(client, code_of(person.secret, web_clock.now()))
    web_clock.instant += timedelta(minutes=10) - timedelta(seconds=1)
    assert client.get("/admin/users/new").status_code == 200
    web_clock.instant += timedelta(seconds=1)
    assert client.get("/admin/users/new").status_code == 302


def test_a_code_of_the_app_proves_it_too_and_only_once(old, person, web_clock):
    code = code_of(person.secret, web_clock.now())
    assert prove(old, code).status_code == 303
    again = prove(old, code)
    assert again.status_code == 422
    assert "neither your password nor a code" in again.text


def test_a_form_that_comes_without_a_fresh_proof_is_kept_and_saved_after_it(old, person, web_app):
    form = {"csrf_token": token_of(old, "/settings"), "theme": "dark"}
    address = f"/admin/users/{person.id}/sign-in/sessions"
    sent = old.post(address, data=form, headers=OURS)
    assert sent.status_code == 303
    assert sent.location.startswith("/sign-in/again?next=/kept/")
    assert is_signed_in(old)  # nothing was done
    kept = sent.location.split("next=")[1]
    assert prove(old, person.password, kept).location == kept
    page = old.get(kept).text
    assert f'action="{address}"' in page
    saved = re.search(r'name="kept_form" value="([^"]+)"', page)[1]
    token = token_of(old, "/settings")
    old.post(address, data={"csrf_token": token, "kept_form": saved}, headers=OURS)
    assert not is_signed_in(old)  # now it was: all of the person's own browsers


def test_a_proof_gives_the_session_another_id(old, person, web_app):
    before = old.get_cookie("cleared").value
    prove(old, person.password)
    thief = web_app.test_client()
    thief.set_cookie("cleared", before)
    assert not is_signed_in(thief)


def test_a_proof_leads_to_pages_of_this_program_only(old, person):
    assert prove(old, person.password, "https://evil.example/").location == "/"
    assert prove(old, person.password, "//evil.example/").location == "/"


def test_five_wrong_proofs_are_held_up_even_with_the_right_password(old, person):
    assert [prove(old, "wrong-password").status_code for _ in range(5)] == [422] * 5
    assert prove(old, person.password).status_code == 422


def test_another_persons_password_proves_nothing(old, web_app, web_clock):
    other = add_person(web_app, web_clock, Role.ADMINISTRATOR, email="sam@example.test")
    assert prove(old, other.password).status_code == 422
