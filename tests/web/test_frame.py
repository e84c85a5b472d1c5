"""What every page costs and shows around its own content."""

import gzip
import re
from pathlib import Path

import flask_bootstrap
import pytest

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.facts.staff import Density, Role, Theme
from tests.support import make
from tests.support.desk import DAY, Desk
from tests.support.queries import counted
from tests.support.source import ROOT
from tests.support.web import equipped, token_of

BADGES = ("blocked", "not_checked", "waiting", "at_risk", "cleared", "accepted_risk", "self_pay")
TOKEN = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
LARGEST_ASSETS, LARGEST_LIST = 90 * 1024, 100 * 1024


def test_the_frame_of_a_page_takes_three_queries_and_this_page_one(web_app, sign_in):
    browser = sign_in(Role.ADMINISTRATOR)
    with web_app.app_context():
        engine = db.engine
    with counted(engine) as seen:
        assert browser.get("/admin/sites").status_code == 200
    assert len([statement for statement in seen if "staff_session" in statement]) == 1
    assert len([statement for statement in seen if "alert_person" in statement]) == 1  # the bell, shown twice
    assert len(seen) == 4


def test_a_role_sees_only_the_pages_that_it_may_open(sign_in):
    page = sign_in(Role.BILLER).get("/schedule").text
    assert ">Schedule<" in page
    assert "Kim Example" in page
    assert ">Admin<" not in page
    assert ">Imports<" not in page


def test_an_administrator_without_another_role_is_not_led_to_patients(sign_in):
    page = sign_in(Role.ADMINISTRATOR).get("/", follow_redirects=True).text
    assert ">Schedule<" not in page
    assert 'role="search"' not in page
    assert ">Admin<" in page


def test_who_may_log_approvals_finds_new_in_the_bar_and_who_may_not_does_not(sign_in, web_app):
    assert 'data-key="c"' in sign_in(Role.COORDINATOR).get("/settings").text


def test_a_scheduler_has_no_new_in_the_bar(sign_in):
    page = sign_in(Role.SCHEDULER).get("/settings").text
    assert 'data-key="/"' in page
    assert 'data-key="c"' not in page


def test_a_persons_settings_hold_for_every_page_and_for_nobody_else(sign_in, web_app):
    browser = sign_in(Role.SCHEDULER)
    assert '<html lang="en" data-bs-theme="auto" data-density="comfortable">' in browser.get("/keys").text
    form = {"theme": Theme.DARK, "density": Density.COMPACT, "csrf_token": token_of(browser, "/settings")}
    assert browser.post("/settings", data=form).status_code == 303
    page = browser.get("/keys").text
    assert '<html lang="en" data-bs-theme="dark" data-density="compact">' in page
    assert 'data-keys="off"' in page
    assert "you have switched them off" in page
    assert 'data-bs-theme="auto"' in web_app.test_client().get("/sign-in").text
    browser.post("/settings", data=form | {"theme": Theme.LIGHT, "single_keys": "yes"})
    assert 'data-bs-theme="light"' in browser.get("/schedule").text
    assert 'data-keys="on"' in browser.get("/schedule").text


@pytest.mark.parametrize(
    ("field", "sentence"),
    [("theme", "Choose how bright the pages are."), ("density", "Choose how dense the lists are.")],
)
def test_each_error_of_the_settings_is_said_beside_its_field(sign_in, field, sentence):
    browser = sign_in(Role.SCHEDULER)
    form = {"theme": "dark", "density": "compact", "csrf_token": token_of(browser, "/settings"), field: "loud"}
    answer = browser.post("/settings", data=form)
    assert answer.status_code == 422
    assert "<title>Error: Settings" in answer.text
    assert f'id="{field}-error">{sentence}<' in answer.text


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("12/5", "Sat 12/05/2026"),
        ("3/9/2026", "Mon 03/09/2026"),
        ("t", "Mon 03/02/2026"),
        ("t+30", "Wed 04/01/2026"),
        ("m+6", "Wed 09/02/2026"),
        ("2026-12-05", "Sat 12/05/2026"),
        ("13/45", "This is not read as a day."),
        ("", ""),
    ],
)
def test_a_typed_day_is_read_in_the_practices_zone(sign_in, typed, read):
    answer = sign_in(Role.SCHEDULER).get("/day", query_string={"text": typed})
    assert (answer.text, answer.mimetype, answer.headers["Cache-Control"]) == (read, "text/plain", "no-store")


def test_the_keys_page_lists_the_pages_of_the_role(sign_in):
    page = sign_in(Role.SCHEDULER).get("/keys").text
    assert "Go to Schedule" in page
    assert "Go to Admin" not in page
    assert "Go to Alerts" in page and "Acknowledge the alert" in page
    assert "<kbd>Ctrl</kbd>" in page


def test_staying_prolongs_the_session(sign_in, web_clock):
    browser = sign_in(Role.SCHEDULER)
    for _ in range(3):
        web_clock.instant = web_clock.instant.replace(minute=(web_clock.instant.minute + 14) % 60)
        assert browser.get("/stay").status_code == 204


def _luminance(color):
    channels = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """The contrast of two colors, by WCAG."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def tokens():
    """The colors of tracker.css by name: light, dark."""
    found = TOKEN.findall((ROOT / "app/static/css/tracker.css").read_text())
    return {name: (light, dark) for name, light, dark in found}


@pytest.mark.parametrize("badge", BADGES)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_badge_is_readable_in_both_themes(badge, dark):
    assert contrast(tokens()[badge][dark], tokens()[f"{badge}-tint"][dark]) >= 7


@pytest.mark.parametrize("name", ["bs-body-color", "quiet", "bad", "bs-link-color", "bs-secondary-color"])
@pytest.mark.parametrize("ground", ["bs-body-bg", "hover", "soft", "chosen"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_is_readable_on_every_ground_in_both_themes(name, ground, dark):
    assert contrast(tokens()[name][dark], tokens()[ground][dark]) >= 4.5


def test_all_style_and_script_together_stay_small():
    bootstrap = Path(flask_bootstrap.__file__).parent / "static/bootstrap5/css/bootstrap.min.css"
    assets = [bootstrap, *(ROOT / "app/static").rglob("*.css"), *(ROOT / "app/static").rglob("*.js")]
    sizes = {path.name: len(gzip.compress(path.read_bytes(), mtime=0)) for path in assets}
    assert len(sizes) >= 3
    assert sum(sizes.values()) <= LARGEST_ASSETS, sizes
    assert len((ROOT / "app/static/js/enhance.js").read_text().splitlines()) <= 200


def test_a_full_list_stays_small(web_app, web_clock, sign_in):
    browser = sign_in(Role.COORDINATOR)
    with web_app.app_context():
        desk = Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()
        desk.book(*(DAY * 4))
        desk.imported().judge()
    page = browser.get("/schedule").get_data()
    assert page.count(b'<tr class="visit') == 50
    assert len(page) <= LARGEST_LIST
