"""A change of plans in a browser: found on the list, the new plan's word recorded, the approval usable again."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.eligibility.facts.asking import Route
from app.eligibility.jobs.sentinel import watch_plans
from app.eligibility.store import asking as asking_store
from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from tests.browser.test_denials import enter, looked_at
from tests.support import make
from tests.support.switching import AFTER, KINDS, NEW, Switchers
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser


@pytest.fixture
def password(web_app, web_clock):
    """Members of every kind, switched and looked at, and a coordinator who may sign in."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        switchers = Switchers(caller, len(KINDS))
        switchers.switch()
        watch_plans(caller)
        asking_store.save_route(caller.session, make.PRACTICE_ID, Route(NEW, "60054"))
        caller.session.commit()
        web_clock.instant = AFTER
        return actions.add_staff(caller, EMAIL, "Kim Example", frozenset({Role.COORDINATOR}))


def test_an_approval_of_the_old_plan_is_made_usable_by_the_new_plans_word(
    served: str, page: Page, password: str, tmp_path: Path
) -> None:
    enter(page, served, password)
    page.goto(f"{served}/eligibility/changes")
    confirming = page.get_by_role("link", name="Record what the plan said").first.get_attribute("href")
    assert confirming is not None
    looked_at(
        page,
        served,
        {
            "changes": "/eligibility/changes",
            "confirm": confirming,
            "asking": "/rules/asking",
            "route": f"/rules/asking/{NEW}",
        },
        tmp_path,
    )
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(served + confirming)
    page.get_by_label("Reference of the call or letter").fill("REF-7")
    page.get_by_label("The course may go on to").fill("3/31/2027")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_role("status").first).to_contain_text("Recorded.")
    expect(page.get_by_text("The new plan lets it go on to 03/31/2027")).to_be_visible()
