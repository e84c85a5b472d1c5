"""The tour of the sample practice, as a person takes it."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.clearance.facts.reasons import Badge
from app.platform.caller import Caller
from app.platform.clock import FixedClock
from app.platform.db import db
from app.practice.facts.staff import Role
from app.practice.store import practice as practices
from app.web.sample.tour import STORIES
from app.web.sampling import fill_sample
from tests.support import make
from tests.support.web import equipped, token_of

LINK = re.compile(r'<li><a href="(/schedule\?day=[^"]+)">')


@pytest.fixture
def sample(web_app: Flask, web_clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The practice of the web program is the sample, filled with its stories."""
    monkeypatch.setattr("app.web.sample.building.PEOPLE", len(STORIES))
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        practices.save_practice(caller.session, make.PRACTICE_ID, replace(make.practice(), sample=True))
        caller.session.commit()
        assert fill_sample(caller)


@pytest.mark.usefixtures("sample")
def test_every_page_of_the_sample_leads_to_the_tour_and_each_stop_opens_its_reason(
    sign_in: Callable[..., FlaskClient],
) -> None:
    browser = sign_in(Role.COORDINATOR)
    assert 'href="/tour"' in browser.get("/schedule").text
    page = browser.get("/tour")
    assert page.status_code == 200
    links = [unescape(link) for link in LINK.findall(page.text)]
    assert len(links) == len(STORIES)
    assert all(story.sentence in unescape(page.text) for story in STORIES)
    assert {badge for badge in Badge if f'id="tour-{badge.value}"' in page.text} == set(Badge)
    for link in links[:: len(STORIES) // 6]:
        opened = browser.get(link)
        assert opened.status_code == 200
        assert 'id="panel"' in opened.text


@pytest.mark.usefixtures("sample")
def test_a_step_of_time_is_played_from_the_tour(
    sign_in: Callable[..., FlaskClient],
) -> None:
    browser = sign_in(Role.COORDINATOR)
    page = browser.get("/tour")
    assert "Play one step" in page.text
    form = {"csrf_token": token_of(browser, "/tour")}
    done = browser.post("/tour/tick", data=form, follow_redirects=True)
    assert "approved request" in done.text


@pytest.mark.usefixtures("sample")
def test_whoever_may_not_import_plays_no_step(sign_in: Callable[..., FlaskClient]) -> None:
    browser = sign_in(Role.SCHEDULER)
    assert "Play one step" not in browser.get("/tour").text
    form = {"csrf_token": token_of(browser, "/tour")}
    assert browser.post("/tour/tick", data=form).status_code == 403


def test_a_real_practice_has_no_tour(sign_in: Callable[..., FlaskClient]) -> None:
    browser = sign_in(Role.COORDINATOR)
    assert "/tour" not in browser.get("/schedule").text
    assert browser.get("/tour").status_code == 404
