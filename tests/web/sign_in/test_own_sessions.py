"""One's own browsers: listed, ended one by one or all others; an administrator's hand on another's sign-in."""

import re

import pytest

from app.practice.facts.staff import Role
from tests.support.factors import add_person, code_of, is_signed_in, show_code, show_password
from tests.support.web import token_of

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 (KHTML, like Gecko) Version/18 Safari/604"
)


@pytest.fixture
def browsers(web_app, web_clock):
    """Three browsers in which one administrator is signed in."""
    person = add_person(web_app, web_clock, Role.ADMINISTRATOR)
    made = [web_app.test_client() for _ in range(3)]
    for one, agent in zip(made, (FIREFOX, SAFARI, "curl"), strict=True):
        one.environ_base["HTTP_USER_AGENT"] = agent
        show_password(one, person)
    return made


def marks(page):
    """The sessions that a page can end."""
    return re.findall(r'name="session" value="([0-9a-f]{16})"', page)


def test_a_person_sees_each_browser_by_name_and_ends_one(browsers):
    here, phone, third = browsers
    page = here.get("/sign-in/own").text
    assert "Firefox on Windows" in page
    assert "Safari on iPhone" in page
    assert page.count("127.0.0.1") == 3
    assert len(marks(page)) == 2
    mark = re.search(r'value="([0-9a-f]{16})">\s*<button[^>]*>Sign out<span class="visually-hidden"> Safari', page)[1]
    form = {"session": mark, "csrf_token": token_of(here, "/sign-in/own")}
    assert here.post("/sign-in/own/sessions/end", data=form).status_code == 303
    assert [is_signed_in(one) for one in (here, phone, third)] == [True, False, True]
    assert "signed out already" in here.post("/sign-in/own/sessions/end", data=form, follow_redirects=True).text


def test_all_others_end_at_once_and_the_own_session_gets_another_id(browsers, web_app):
    here, phone, third = browsers
    before = here.get_cookie("cleared").value
    form = {"csrf_token": token_of(here, "/sign-in/own")}
    assert here.post("/sign-in/own/sessions/end-others", data=form).status_code == 303
    assert [is_signed_in(one) for one in (here, phone, third)] == [True, False, False]
    thief = web_app.test_client()
    thief.set_cookie("cleared", before)
    assert not is_signed_in(thief)


def test_the_page_holds_no_session_id(browsers):
    here = browsers[0]
    with here.session_transaction() as cookie:
        own = cookie["_user_id"]
    assert own not in here.get("/sign-in/own").text


def test_another_persons_session_cannot_be_ended_by_its_mark(browsers, web_app, web_clock):
    page = browsers[0].get("/sign-in/own").text
    other = web_app.test_client()
    show_password(other, add_person(web_app, web_clock, Role.BILLER, email="sam@example.test"))
    for mark in marks(page):
        form = {"session": mark, "csrf_token": token_of(other, "/sign-in/own")}
        other.post("/sign-in/own/sessions/end", data=form)
    assert all(is_signed_in(one) for one in browsers)


def test_an_administrator_removes_a_persons_factors_and_ends_their_browsers(browsers, web_app, web_clock):
    person = add_person(web_app, web_clock, Role.BILLER, email="sam@example.test", with_app=True)
    theirs = web_app.test_client()
    show_password(theirs, person)
    show_code(theirs, code_of(person.secret, web_clock.now()))
    address = f"/admin/users/{person.id}/sign-in"
    page = browsers[0].get(address).text
    assert "Authenticator app" in page
    assert "10 recovery codes are" in page
    form = {"csrf_token": token_of(browsers[0], address)}
    assert browsers[0].post(f"{address}/factors", data=form).status_code == 303
    assert not is_signed_in(theirs)
    assert "has no second factor" in browsers[0].get(address).text
    show_password(theirs, person)
    assert is_signed_in(theirs)  # the practice of this test asks for none
    assert browsers[0].post(f"{address}/sessions", data=form).status_code == 303
    assert not is_signed_in(theirs)


def test_only_administrators_touch_another_persons_sign_in(browsers, web_app, web_clock):
    other = web_app.test_client()
    person = add_person(web_app, web_clock, Role.MANAGER, email="sam@example.test")
    show_password(other, person)
    token = token_of(other, "/sign-in/own")
    for path in ("factors", "sessions"):
        address = f"/admin/users/{person.id}/sign-in/{path}"
        assert other.post(address, data={"csrf_token": token}).status_code == 403
