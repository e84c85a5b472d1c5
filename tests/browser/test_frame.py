"""The frame in a browser: keys, menus, swapped parts, days echoed, guarded forms, an idle session, dark pages."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_pages import blocked, sign_in, too_wide
from tests.support.browsers import arrived, faults_of

pytestmark = pytest.mark.browser
__all__ = ["blocked"]
DARK = {
    "schedule": "/schedule",
    "panel": "/schedule?visit={visit}",
    "visit": "/visits/{visit}",
    "finder": "/finder?payer=medicare_ffs&code=J0585&with=64615&pos=22&state=TX",
    "patients": "/patients",
    "rules": "/rules",
    "settings": "/settings",
    "keys": "/keys",
}
ADD = """([html, where]) => document.querySelector(where).insertAdjacentHTML("beforeend", html)"""


@pytest.fixture
def desk(chromium, served, blocked):
    """A page with JavaScript, signed in as a scheduler, on the schedule. Its clock can be moved."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.clock.install()
    sign_in(page, served, blocked[1])
    yield page
    context.close()


def test_keys_lead_to_pages_and_to_search_and_can_be_switched_off(desk: Page):
    desk.keyboard.press("?")
    arrived(desk, "Keys - Cleared")
    desk.keyboard.press("g")
    desk.keyboard.press("f")
    arrived(desk, "Finder - Cleared")
    desk.keyboard.press("/")
    search = desk.get_by_label("Search patients and cases")
    expect(search).to_be_focused()
    desk.keyboard.type("g?s")
    expect(search).to_have_value("g?s")
    desk.goto(desk.url.replace("/finder", "/settings"))
    desk.get_by_label("Single keys do something").uncheck()
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_text("Your settings are saved.")).to_be_visible()
    desk.keyboard.press("?")
    desk.keyboard.press("g")
    desk.keyboard.press("s")
    arrived(desk, "Settings - Cleared")


def test_rows_are_walked_ticked_and_opened_by_keys(desk: Page):
    desk.keyboard.press("j")
    first = desk.locator("tr[data-row]").first
    expect(first).to_have_class(re.compile("current"))
    desk.keyboard.press("j")
    desk.keyboard.press("k")
    expect(first).to_have_class(re.compile("current"))
    desk.keyboard.press("x")
    expect(first.get_by_role("checkbox")).to_be_checked()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Why")).to_be_visible()


def test_a_menu_closes_by_escape_and_by_a_click_beside_it(desk: Page):
    desk.get_by_text("Kim Example").first.click()
    expect(desk.get_by_role("button", name="Sign out")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(desk.locator(".top-bar summary")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("button", name="Sign out")).to_be_visible()
    desk.locator("h1").click()
    expect(desk.get_by_role("button", name="Sign out")).to_be_hidden()


def test_a_marked_link_swaps_its_part_moves_focus_says_so_and_back_returns(desk: Page, served):
    desk.goto(f"{served}/settings")
    desk.evaluate("window.untouched = true")
    desk.evaluate(ADD, ['<p><a id="go" data-swap="#main" href="/keys">Keys here</a></p>', "main"])
    desk.locator("#go").press("Enter")
    arrived(desk, "Keys - Cleared")
    arrived(desk, at=f"{served}/keys")
    expect(desk.get_by_role("heading", level=1)).to_be_focused()
    expect(desk.locator("#announcer")).to_have_text("Keys")
    assert desk.evaluate("window.untouched") is True
    desk.go_back()
    arrived(desk, "Settings - Cleared")
    assert desk.evaluate("window.untouched") is True


def test_a_swap_that_leads_elsewhere_loads_the_page_as_a_plain_link_does(desk: Page, served):
    desk.goto(f"{served}/settings")
    desk.evaluate(ADD, ['<p><a id="go" data-swap="#main" href="/">First page</a></p>', "main"])
    desk.locator("#go").click()
    expect(desk.locator("h1")).to_contain_text(re.compile("Today|Schedule"))
    assert not desk.url.endswith("/settings")


def test_a_typed_day_is_echoed_with_its_weekday(desk: Page, served):
    desk.goto(f"{served}/settings")
    field = '<div class="day-input"><input id="day" data-day><output for="day"></output></div>'
    desk.evaluate(ADD, [field, "main"])
    desk.locator("#day").press_sequentially("t+3")
    desk.clock.run_for(400)
    expect(desk.locator("output[for=day]")).to_have_text("Thu 03/05/2026")
    desk.locator("#day").fill("soon")
    desk.clock.run_for(400)
    expect(desk.locator("output[for=day]")).to_have_text("This is not read as a day.")


def test_a_form_is_posted_once_however_often_its_button_is_pressed(desk: Page, served):
    desk.goto(f"{served}/settings")
    posted = []
    desk.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    save = desk.get_by_role("button", name="Save", exact=True)
    save.evaluate("button => { button.click(); button.click(); button.click() }")
    expect(desk.get_by_text("Your settings are saved.")).to_be_visible()
    assert len(posted) == 1


def test_leaving_a_page_with_something_typed_is_asked_about_and_saving_is_not(desk: Page, served):
    desk.goto(f"{served}/settings")
    asked = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    desk.get_by_label("Dark").check()
    desk.get_by_role("link", name="Finder").first.click()
    arrived(desk, "Finder - Cleared")
    assert asked == ["beforeunload"]
    desk.goto(f"{served}/settings")
    desk.get_by_label("Dark").check()
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_text("Your settings are saved.")).to_be_visible()
    assert asked == ["beforeunload"]


def test_two_minutes_before_an_idle_session_ends_it_is_said_and_can_be_kept(desk: Page):
    warning = desk.get_by_role("alertdialog")
    desk.clock.fast_forward("12:00")
    expect(warning).to_have_count(0)
    desk.clock.fast_forward("01:02")
    expect(warning).to_have_text(re.compile("You will be signed out in 2 minutes"))
    expect(desk.get_by_role("status").filter(has_text="signed out in 2 minutes")).to_have_count(1)
    assert faults_of(desk) == []
    expect(desk.get_by_role("button", name="Stay signed in")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(warning).to_have_count(0)
    desk.clock.fast_forward("13:02")
    expect(warning).to_have_count(1)


def test_when_the_session_ends_what_was_typed_is_kept_and_the_page_left(desk: Page, served, web_clock):
    desk.goto(f"{served}/settings")
    desk.get_by_label("Dark").check()
    web_clock.instant += timedelta(minutes=15)
    desk.clock.fast_forward("13:02")
    expect(desk.get_by_role("alertdialog")).to_have_count(1)
    desk.clock.fast_forward("02:10")
    arrived(desk, "Sign in - Cleared")
    expect(desk.get_by_text("What you typed is kept; sign in to see it.")).to_be_visible()


def test_use_in_another_tab_counts_for_this_one(desk: Page, served, web_clock):
    desk.goto(f"{served}/settings")
    web_clock.instant += timedelta(minutes=10)
    other = desk.context.new_page()
    other.goto(f"{served}/settings")
    desk.clock.fast_forward("13:02")
    web_clock.instant += timedelta(minutes=6)
    desk.clock.fast_forward("02:10")
    arrived(desk, "Settings - Cleared")
    expect(desk.get_by_role("alertdialog")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_is_accessible_in_the_dark_theme(chromium, served, blocked, tmp_path, width):
    visit, password = blocked
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme="dark")
    page = context.new_page()
    sign_in(page, served, password)
    faults = {}
    for name, address in DARK.items():
        page.goto(served + address.format(visit=visit))
        page.screenshot(path=tmp_path / f"{name}-{width}-dark.png", full_page=width < 1280)
        faults[name] = faults_of(page) + (["wider than the screen"] if too_wide(page) else [])
    page.emulate_media(media="print")
    paper = page.evaluate("getComputedStyle(document.body).color")
    context.close()
    assert {name: found for name, found in faults.items() if found} == {}
    assert paper == "rgb(33, 37, 41)"


def test_on_a_phone_the_bottom_bar_holds_the_day_search_and_the_rest(chromium, served, blocked):
    context = chromium.new_context(viewport={"width": 390, "height": 700}, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, served, blocked[1])
    bar = page.locator(".bottom-bar")
    expect(bar.get_by_role("link", name="Schedule")).to_be_visible()
    expect(bar.get_by_role("link", name="Finder")).to_be_hidden()
    bar.get_by_text("More").click()
    bar.get_by_role("link", name="Finder").click()
    arrived(page, "Finder - Cleared")
    page.locator(".bottom-bar").get_by_role("link", name="Search").click()
    arrived(page, "Patients - Cleared")
    context.close()


def test_of_two_parts_asked_for_the_last_is_shown_however_late_the_first_is_answered(desk: Page, served):
    desk.goto(f"{served}/settings")
    for name, address in (("first", "/keys"), ("second", "/finder")):
        desk.evaluate(ADD, [f'<a id="{name}" data-swap="#main" href="{address}">{name}</a>', "header"])
    held: list[Route] = []
    desk.route("**/keys", lambda route: held.append(route))
    with desk.expect_request("**/keys"):
        desk.locator("#first").click()
    desk.locator("#second").click()
    arrived(desk, "Finder - Cleared", at=f"{served}/finder")
    with desk.expect_response("**/keys"):
        held[0].continue_()
    desk.evaluate("fetch('/settings').then(answer => answer.text())")  # by now the page has seen the late answer
    arrived(desk, "Finder - Cleared", at=f"{served}/finder")
