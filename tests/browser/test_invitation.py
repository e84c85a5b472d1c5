"""An administrator invites a scheduler, who accepts, signs in, and cannot edit an approval; pages are accessible."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.accounts import GOOD
from tests.support.browsers import arrived, faults_of
from tests.support.desk import Booking, Desk
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser
PATIENT = f"/patients/{make.an_id(10_001)}"
APPROVAL = f"{PATIENT}/approvals/{make.an_id(60_001)}"
JO = "jo@example.test"


@pytest.fixture
def password(web_app, web_clock):
    """A patient with an approval, and an administrator who may sign in."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        desk = Desk(caller).furnish()
        desk.book(Booking(8, "Bauer", "Otto", "cleared"))
        desk.imported().judge()
        return actions.add_staff(caller, EMAIL, "Kim Example", frozenset({Role.ADMINISTRATOR}))


def _sign_in(page: Page, email: str, password: str) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).press("Enter")


def _invite(page: Page, served: str, password: str) -> str:
    page.goto(f"{served}/admin/users")
    _sign_in(page, EMAIL, password)
    page.get_by_role("link", name="Add a person").press("Enter")
    page.get_by_label("Name", exact=True).fill("Jo Park")
    page.get_by_label("E-mail address").fill(JO)
    page.get_by_label(re.compile("^Scheduler")).press("Space")
    page.get_by_role("button", name="Invite").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Invitation for Jo Park")
    return page.locator(".secret").inner_text()


def test_a_scheduler_is_invited_accepts_signs_in_and_cannot_edit_an_approval(chromium, served, password):
    admin, jo = (chromium.new_context().new_page() for _ in range(2))
    code = _invite(admin, served, password)
    jo.goto(f"{served}/choose-password#{code}")
    expect(jo.get_by_label("Code")).to_have_value(code)
    assert code not in jo.url
    jo.get_by_label("New password", exact=True).fill("jo park")
    jo.get_by_label("New password once more").fill("jo park")
    jo.get_by_role("button", name="Set the password").press("Enter")
    arrived(jo, "Error: Choose your password - Cleared")
    expect(jo.locator("#errors")).to_contain_text("at least 15 characters; this one has 7")
    expect(jo.get_by_label("Code")).to_have_value(code)
    jo.get_by_label("New password", exact=True).fill(GOOD)
    jo.get_by_label("New password once more").fill(GOOD)
    jo.get_by_role("button", name="Set the password").press("Enter")
    expect(jo.get_by_role("heading", level=1)).to_have_text("Your password is set")
    jo.get_by_role("link", name="Sign in").press("Enter")
    _sign_in(jo, JO, GOOD)
    _cannot_edit(jo, served)
    admin.get_by_role("link", name="Back to the users").press("Enter")
    expect(admin.get_by_role("row", name="Jo Park")).to_contain_text("Yes")
    for page in (admin, jo):
        page.context.close()


def _cannot_edit(page: Page, served: str) -> None:
    expect(page.locator(".user-name")).to_have_text("Jo Park")
    page.goto(f"{served}{PATIENT}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bauer, Otto")
    expect(page.get_by_role("link", name=re.compile("Log an approval|Change"))).to_have_count(0)
    token = page.locator("input[name=csrf_token]").first.input_value()
    answer = page.goto(f"{served}{APPROVAL}")
    assert answer is not None
    assert answer.status == 403
    sent = page.request.post(
        f"{served}{APPROVAL}", form={"csrf_token": token, "number": "PA-1"}, headers={"Origin": served}
    )
    assert sent.status == 403


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_pages_of_accounts_are_accessible_and_fit_the_screen(chromium, served, password, width, tmp_path: Path):
    context = chromium.new_context(viewport={"width": width, "height": 800})
    page, seen = context.new_page(), []

    def look(name: str) -> None:
        page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        seen.append((name, faults_of(page), wide))

    for name in ("choose-password", "forgotten-password", "forgotten-password/asked", "password-chosen"):
        page.goto(f"{served}/{name}")
        look(name.replace("/", "-"))
    _invite(page, served, password)
    look("code")
    for name in ("admin/users", "admin/users/new", "admin/sign-in", "password"):
        page.goto(f"{served}/{name}")
        look(name.replace("/", "-"))
    page.goto(f"{served}/admin/users")
    page.get_by_role("link", name="Jo Park").press("Enter")
    expect(page.get_by_role("heading", level=2)).to_have_text("Invitation")
    look("person")
    context.close()
    assert [one for one in seen if one[1] or one[2]] == []
