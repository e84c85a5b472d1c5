"""A coordinator texts a patient, takes it back, and reads a reply; every page of texts is accessible."""

import pytest
from playwright.sync_api import expect

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.browsers import arrived, faults_of
from tests.support.texting import LENA, LENAS, MAYA, OTTO, Texting
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser
LENA_PAGE = f"/patients/{LENA}/texts"


@pytest.fixture
def desk(web_app, web_clock):
    """A practice that texts patients."""
    with web_app.app_context():
        yield Texting(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()


@pytest.fixture
def password(desk):
    """A coordinator who looks after settings too may sign in."""
    roles = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})
    return actions.add_staff(desk.caller, EMAIL, "Kim Example", roles)


def sign_in(page, served, password, address):
    """Sign in on the way to a page."""
    page.goto(f"{served}{address}")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Sign in")


def test_a_text_is_chosen_by_keyboard_sent_and_taken_back(page, served, password, desk):
    sign_in(page, served, password, f"/patients/{LENA}")
    page.get_by_role("link", name="Texts to this patient").press("Enter")
    arrived(page, "Texts - Cleared")
    page.get_by_label("Call us before the visit").press("Space")
    page.get_by_role("button", name="Send the text").press("Enter")
    expect(page.get_by_text("The text goes in 30 seconds.")).to_be_visible()
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_text("The text was taken back.")).to_be_visible()
    expect(page.get_by_role("cell", name="Taken back before it went")).to_be_visible()
    assert desk.deliver(minutes=1) == []


def test_a_reply_is_read(page, served, password, desk):
    desk.reply(LENAS, "Can I come on Friday instead?")
    sign_in(page, served, password, LENA_PAGE)
    page.get_by_role("link", name="Read replies").click()
    expect(page.get_by_text("Can I come on Friday instead?")).to_be_visible()
    page.get_by_role("button", name="I have read it").click()
    expect(page.get_by_text("No reply waits to be read.")).to_be_visible()


ADDRESSES = {
    "texts": LENA_PAGE,
    "spanish": f"/patients/{OTTO}/texts",
    "no_consent": f"/patients/{MAYA}/texts",
    "replies": "/alerts/replies",
    "read": "/alerts/replies?read=yes",
    "messages": "/admin/messages",
    "patient": f"/patients/{LENA}",
    "visit": f"/visits/{make.an_id(31_000)}",
}


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("page", [True], indirect=True, ids=["script"])
def test_every_page_of_texts_is_accessible_at_every_width(page, served, password, desk, tmp_path, width):
    desk.send()
    desk.deliver(minutes=1)
    desk.book(LENA, 31_700)
    desk.reply("+13125550177", "Who is this? My number is new, and I wonder what this text is about.")
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, served, password, LENA_PAGE)
    for name, address in ADDRESSES.items():
        page.goto(f"{served}{address}")
        page.screenshot(path=str(tmp_path / f"{name}.png"), full_page=True)
        assert faults_of(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    page.goto(f"{served}{LENA_PAGE}")
    page.get_by_role("button", name="Send the text").click()
    arrived(page, "Error: Texts - Cleared")
    page.screenshot(path=str(tmp_path / "error.png"), full_page=True)
    assert faults_of(page) == []
    page.get_by_role("link", name="Choose one of the texts").click()
