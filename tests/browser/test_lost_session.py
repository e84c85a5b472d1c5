"""A person is called away with a form half filled in; the session ends, and nothing is lost."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from app.practice.store import practice as store
from tests.support import make
from tests.support.browsers import faults_of
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser


@pytest.fixture
def password(web_app, web_clock):
    """The password of an administrator who may sign in."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        return actions.add_staff(caller, EMAIL, "Kim Example", frozenset({Role.ADMINISTRATOR}))


def sign_in(page, password):
    """Fill in the page of sign-in by keyboard."""
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


@pytest.mark.parametrize(("script", "width"), [(True, 390), (False, 1280)], ids=["script", "no-script"])
def test_what_was_typed_before_the_session_ended_is_saved_after_it(
    chromium, served, password, web_app, web_clock, tmp_path, script, width
):
    # Given a page that is half filled in, when the session ends and Save is pressed, then sign-in says that it is kept.
    context = chromium.new_context(viewport={"width": width, "height": 800}, java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{served}/setup")
    sign_in(page, password)
    page.get_by_label("Name").fill("Lakeside Dermatology")
    web_clock.instant += timedelta(minutes=16)
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_text("What you typed is kept; sign in to see it.")).to_be_visible()
    assert not script or faults_of(page) == []
    # When the same person signs in, then it is shown, and saved by one button.
    sign_in(page, password)
    expect(page.get_by_text("Nothing has been saved yet.")).to_be_visible()
    expect(page.get_by_text("Lakeside Dermatology")).to_be_visible()
    page.screenshot(path=tmp_path / f"kept-{width}.png", full_page=True)
    assert not script or faults_of(page) == []
    page.get_by_role("button", name="Save it now").press("Enter")
    expect(page.get_by_text("The practice's page is saved.")).to_be_visible()
    with web_app.app_context():
        assert store.practice_of(db.session(), make.PRACTICE_ID).name == "Lakeside Dermatology"
    context.close()
