"""A provider is asked what the payer wants to know and answers it on one page; each page is accessible and fits."""

import pytest
from playwright.sync_api import Page, expect

from app.clinical.facts import FactKind, Source, SourceKind
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from tests.support.browsers import arrived, faults_of
from tests.support.web import EMAIL
from tests.web.clinical.conftest import asking_desk
from tests.web.clinical.test_criteria import AT, FACTS, NOTE, a_note, chart

pytestmark = pytest.mark.browser


@pytest.fixture
def password(web_app, web_clock, tmp_path):
    """A request of which some criteria are proven, and one person who coordinates and treats. Gives the password."""
    with web_app.app_context():
        desk = asking_desk(web_clock, tmp_path)
        a_note(desk)
        chart(desk, FactKind.DIAGNOSIS, "L20.9", number=1, onset="2019-05-01")
        chart(desk, FactKind.TRIAL, "tcs", number=2, outcome="inadequate_response", duration="2 weeks", potency="high")
        chart(desk, FactKind.SCORE, "IGA", Source(SourceKind.CALL, words="the nurse"), number=3, value="3")
        roles = frozenset({Role.COORDINATOR, Role.PROVIDER})
        return actions.add_staff(desk.caller, EMAIL, "Kim Example", roles)


def look(page: Page, name: str, folder) -> None:
    """Check for accessibility and width at three widths, and keep a picture of two; without scripts nothing to do."""
    if "no-script" in folder.name:
        return
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert (faults_of(page), wide) == ([], False), f"{name} at {width}"
        if width > 320:
            page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def sign_in(page: Page, served: str, password: str) -> None:
    """Sign in."""
    page.goto(served)
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    arrived(page, "Today - Cleared")


def record_measure(page: Page, folder) -> None:
    """Record what a criterion lacks, from the criterion."""
    look(page, "criteria", folder)
    page.get_by_role("button", name="Record measure: BSA percent").click()
    page.locator("#value").fill("14")
    page.locator("#document").select_option(str(NOTE))
    page.locator("#page").fill("2")
    page.get_by_role("button", name="Record the fact").click()
    expect(page.get_by_text("Clinical fact recorded.")).to_be_visible()


def ask(page: Page, folder) -> None:
    """Ask the provider what is left."""
    page.get_by_role("link", name="Ask the provider").click()
    page.locator("#asked_of").select_option("Kim Example")
    look(page, "ask", folder)
    page.get_by_role("button", name="Ask the provider").click()
    page.get_by_role("link", name="Kim Example was asked 2 things").click()


@pytest.fixture
def folder(tmp_path, request):
    """A folder for pictures that tells by its name whether scripts run."""
    found = tmp_path / ("no-script" if "no-script" in request.node.name else "script")
    found.mkdir()
    return found


def test_what_is_unknown_is_asked_and_answered_on_one_page(page, served, password, folder):
    sign_in(page, served, password)
    page.goto(f"{served}{AT}")
    record_measure(page, folder)
    ask(page, folder)
    look(page, "answer", folder)
    page.get_by_role("radio", name="Yes").first.check()
    page.get_by_label("Not among them").fill("biologic")
    page.get_by_role("button", name="Send the answers").click()
    expect(page.get_by_text("Answered. The case shows it at once.")).to_be_visible()
    page.goto(f"{served}{AT}")
    expect(page.get_by_text("6 criteria: 5 met and 1 not met, as of 03/02/2026.")).to_be_visible()


def test_the_chart_and_its_form_are_accessible(page, served, password, folder):
    sign_in(page, served, password)
    page.goto(f"{served}{FACTS}")
    look(page, "facts", folder)
    page.get_by_role("link", name="Trial of therapy", exact=True).click()
    page.get_by_role("button", name="Record the fact").click()
    arrived(page, "Error: Clinical fact - Cleared")
    look(page, "faulty", folder)
