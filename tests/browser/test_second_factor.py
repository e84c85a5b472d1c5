"""A person sets up a second factor at the first sign-in by keyboard, signs in with it, and by a passkey alone."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.practice.facts.staff import Role
from app.practice.rules.passkeys import Place
from app.web.signin import PLACE
from tests.support.browsers import arrived, faults_of
from tests.support.factors import add_person, code_of, require_factor

pytestmark = pytest.mark.browser


@pytest.fixture
def person(web_app, web_clock, served):
    """An administrator without a second factor, in a practice that asks for one; passkeys hold where it is served."""
    web_app.extensions[PLACE] = Place("localhost", served)
    require_factor(web_app)
    return add_person(web_app, web_clock, Role.ADMINISTRATOR, Role.COORDINATOR)


def sign_in(page: Page, person) -> None:
    """Fill in the page of sign-in by keyboard."""
    page.get_by_label("E-mail address").fill(person.email)
    page.keyboard.press("Tab")
    page.keyboard.type(person.password)
    page.keyboard.press("Enter")


def sign_out(page: Page) -> None:
    """Open the person's menu by keyboard and sign out."""
    page.locator(".top-bar summary").press("Enter")
    page.get_by_role("button", name="Sign out").first.press("Enter")
    arrived(page, "Sign in - Cleared")


def set_up_app(page: Page, web_clock) -> str:
    """Set an authenticator app up. Returns its secret."""
    page.get_by_role("button", name="Set up an authenticator app").press("Enter")
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    secret = page.locator("p.secret").inner_text().replace("-", "")
    page.get_by_label("Code").fill(code_of(secret, web_clock.now()))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    return secret


def test_a_first_sign_in_sets_up_an_app_and_the_next_asks_for_its_code(page, served, person, web_clock):
    page.goto(f"{served}/settings")
    sign_in(page, person)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second factor")
    secret = set_up_app(page, web_clock)
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").press("Enter")
    arrived(page, "Settings - Cleared")
    sign_out(page)
    web_clock.instant += timedelta(minutes=1)
    sign_in(page, person)
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    page.get_by_label("Code").fill("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This code is not taken.")
    page.get_by_label("Code").fill(code_of(secret, web_clock.now()))
    page.keyboard.press("Enter")
    expect(page.locator(".top-bar")).to_be_visible()


@pytest.fixture
def page_with_passkeys(chromium):
    """A page whose browser has an authenticator that is always present and always knows its person."""
    context = chromium.new_context()
    page = context.new_page()
    tool = context.new_cdp_session(page)
    tool.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    tool.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield page
    context.close()


def test_a_passkey_is_made_and_then_signs_in_alone_and_proves_who_it_is(page_with_passkeys, served, person, web_clock):
    page = page_with_passkeys
    page.goto(f"{served}/settings")
    sign_in(page, person)
    page.get_by_label("Name of the passkey").fill("Front desk 2")
    page.get_by_role("button", name="Make a passkey").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    page.goto(f"{served}/sign-in/own")
    expect(page.get_by_role("rowheader", name="Front desk 2")).to_be_visible()
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").press("Enter")
    expect(page.locator(".top-bar")).to_be_visible()
    page.goto(f"{served}/sign-in/own")
    expect(page.get_by_role("cell", name="Passkey").first).to_be_visible()
    web_clock.instant += timedelta(minutes=11)
    page.goto(f"{served}/admin/users/new")
    expect(page.get_by_role("heading", level=1)).to_have_text("Is it you?")
    page.get_by_role("button", name="Use a passkey").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Add a person")
    sign_out(page)
    sign_in(page, person)
    page.get_by_role("button", name="Use a passkey").press("Enter")
    expect(page.locator(".top-bar")).to_be_visible()


class Looker:
    """Looks at pages by the heading that they must have: what breaks a rule, and what is wider than the screen."""

    def __init__(self, page: Page, folder) -> None:
        self.page, self.folder, self.found = page, folder, []

    def at(self, heading: str, title: str | None = None) -> None:
        """Wait for a page, and look at it."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        if title:
            arrived(self.page, title)
        wide = self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        self.page.screenshot(path=self.folder / f"{title or heading}.png", full_page=True)
        self.found += [(heading, fault) for fault in faults_of(self.page)] + [(heading, "too wide")] * bool(wide)


@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_of_sign_in_are_accessible_and_fit_the_screen(chromium, served, person, web_clock, width, tmp_path):
    context = chromium.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    look = Looker(page, tmp_path)
    page.goto(f"{served}/settings")
    look.at("Sign in")
    sign_in(page, person)
    look.at("Set up a second factor")
    page.get_by_role("button", name="Set up an authenticator app").click()
    look.at("Authenticator app")
    page.get_by_label("Code").fill("000000")
    page.keyboard.press("Enter")
    look.at("Authenticator app", "Error: Authenticator app - Cleared")
    page.goto(f"{served}/sign-in/set-up")
    set_up_app(page, web_clock)
    look.at("Your recovery codes")
    _look_at_pages_of_people(look, served, person, web_clock)
    context.clear_cookies()
    page.goto(f"{served}/sign-in")
    sign_in(page, person)
    look.at("Second step")
    context.close()
    assert look.found == []


def _look_at_pages_of_people(look: Looker, served: str, person, web_clock) -> None:
    look.page.goto(f"{served}/sign-in/own")
    look.at("Your sign-in")
    look.page.goto(f"{served}/admin/users/{person.id}/sign-in")
    look.at("Sign-in of Kim Example")
    web_clock.instant += timedelta(minutes=11)
    look.page.goto(f"{served}/admin/users/{person.id}/sign-in")
    look.at("Is it you?")
