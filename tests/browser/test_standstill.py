"""The scheduler stops: whoever works sees it on every page, in every light and width, until it runs again."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.platform import store as runs
from app.platform.caller import Caller
from app.platform.db import db, writing
from app.platform.runs import JobRun, Ran
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from app.web.standing import DELIVER, SWEEP, WATCH
from tests.support import make
from tests.support.browsers import faults_of
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser


@pytest.fixture
def password(web_app, web_clock):
    """The password of an administrator of a practice in which a sweep broke."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        with writing(caller.session) as session:
            broke = JobRun(SWEEP, make.NOW, make.NOW, Ran(failed=1), "0badcafe")
            runs.record_run(session, make.PRACTICE_ID, broke)
        return actions.add_staff(caller, EMAIL, "Kim Example", frozenset({Role.ADMINISTRATOR}))


def all_run(web_app, clock):
    """The jobs that reminders need finish now."""
    with web_app.app_context(), writing(equipped(Caller(db.session(), make.PRACTICE_ID, clock)).session) as session:
        for job in (WATCH, SWEEP, DELIVER):
            runs.record_run(session, make.PRACTICE_ID, JobRun(job, clock.instant, clock.instant))


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (390, "dark"), (1280, "light")])
def test_the_banner_stands_on_every_page_and_goes(chromium, served, web_app, web_clock, password, width, scheme):
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    page.goto(served + "/sign-in")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    expect(page.locator(".top-bar")).to_be_visible()
    web_clock.instant += timedelta(minutes=6)
    for address in ("/settings", "/admin/jobs"):
        page.goto(served + address)
        expect(page.get_by_role("alert")).to_contain_text("Reminders have stood still since 10:00 AM.")
        assert faults_of(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    expect(page.get_by_role("table", name="The last runs in which something broke")).to_contain_text("0badcafe")
    all_run(web_app, web_clock)
    web_clock.instant += timedelta(seconds=15)
    page.goto(served + "/admin/jobs")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_text("The scheduler runs.")).to_be_visible()
    context.close()
