"""Today: what is due and overdue stands first, in the order of what is due."""

import re
from datetime import date, timedelta

import pytest

from app.platform import store as runs
from app.platform.caller import Caller
from app.platform.db import db, writing
from app.platform.runs import JobRun, Ran
from app.platform.sessions import session_on
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.queries import counted
from tests.support.swept import MAIN, NORTH, Practice, approval_ends
from tests.web.worklists.support import plain

TODAY = date(2026, 3, 2)
BLOCK = re.compile(r'<section class="due" aria-labelledby="due">.*?</section>', re.DOTALL)
TITLE = re.compile(r'data-label="What"><a href="(/alerts/[^"]+)">([^<]+)</a>')


@pytest.fixture
def practice(web_app, web_clock):
    """A practice with people to tell, on the database of the web program."""
    with web_app.app_context():
        engine = db.engine
    with session_on(engine, make.keys()) as session:
        yield Practice(Caller(session, make.PRACTICE_ID, web_clock, via="test")).furnish()


def block_of(page):
    """The block of what is due."""
    found = BLOCK.search(page.text)
    return found.group() if found else ""


def code(number):
    """How an approval is named."""
    return make.an_id(number).hex[-6:].upper()


def ends_in(*days, site=MAIN):
    """Approvals that end so many days from today, numbered by that."""
    return [approval_ends(500 + number, TODAY + timedelta(days=number), site_id=site) for number in days]


def test_what_is_due_first_stands_first_and_leads_to_its_page(practice, sign_in):
    browser = sign_in(Role.COORDINATOR)
    practice.watch(*ends_in(14, 1, 7, 30))
    practice.sweep()
    block = block_of(browser.get("/today"))
    named = [words for _address, words in TITLE.findall(block)]
    assert [f"Approval A-{code(500 + number)} ends" for number in (1, 7, 14, 30)] == named
    assert "Overdue" not in block
    assert "All 4 alerts" in block
    address = TITLE.findall(block)[0][0]
    assert browser.get(address).status_code == 200


def test_what_is_over_is_marked_and_stands_first(practice, sign_in):
    browser = sign_in(Role.COORDINATOR)
    practice.watch(*ends_in(-2, 1))
    practice.sweep()
    block = block_of(browser.get("/today"))
    assert [words for _address, words in TITLE.findall(block)] == [
        f"Approval A-{code(498)} ends",
        f"Approval A-{code(501)} ends",
    ]
    assert block.count("Overdue</span>") == 1
    assert "Sat 02/28/2026 (2 days ago)" in block


def test_mine_and_site_narrow_it_and_the_link_leads_to_the_same_list(practice, sign_in):
    browser = sign_in(Role.SCHEDULER)
    practice.watch(*ends_in(7), *ends_in(14, site=NORTH))
    practice.sweep()
    everybody = block_of(browser.get("/today"))
    assert len(TITLE.findall(everybody)) == 2
    assert 'href="/alerts?whose=all"' in everybody
    north = block_of(browser.get(f"/today?site={NORTH}"))
    assert [words for _address, words in TITLE.findall(north)] == [f"Approval A-{code(514)} ends"]
    assert block_of(browser.get("/today?mine=yes")) == ""


def test_an_alert_that_somebody_dealt_with_is_gone(practice, sign_in):
    browser = sign_in(Role.COORDINATOR)
    practice.watch(*ends_in(7, 14))
    practice.sweep()
    first = practice.alerts()[0]
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/alerts").text).group(1)
    done = browser.post("/alerts/work", data={"csrf_token": token, "do": f"acknowledge:{first.id}.{first.version}"})
    assert done.status_code == 303
    assert len(TITLE.findall(block_of(browser.get("/today")))) == 1


def test_six_are_shown_of_many_with_a_fixed_number_of_queries(practice, sign_in, web_app):
    browser = sign_in(Role.COORDINATOR)
    with web_app.app_context():
        engine = db.engine
    practice.watch(*ends_in(3, 4))
    practice.sweep()
    with counted(engine) as few:
        browser.get("/today")
    practice.watch(*ends_in(*range(5, 17)))
    practice.sweep()
    with counted(engine) as many:
        page = browser.get("/today")
    assert len(TITLE.findall(block_of(page))) == 6
    assert "All 14 alerts" in plain(page)
    assert len(few) == len(many) <= 68


def test_a_job_that_failed_is_one_line_with_a_link_until_it_runs_well_again(practice, sign_in):
    browser = sign_in(Role.ADMINISTRATOR, Role.MANAGER)
    at = practice.caller.clock.instant
    session = practice.caller.session

    def ran(minutes, **more):
        run = JobRun("sweep", at + timedelta(minutes=minutes), at + timedelta(minutes=minutes), **more)
        with writing(session):
            runs.record_run(session, make.PRACTICE_ID, run)
        return browser.get("/today").text

    page = ran(-9, ran=Ran(failed=1), incident="0badcafe")
    assert "The job sweep failed, last at 9:51 AM. Incident 0badcafe." in page
    assert 'href="/admin/jobs"' in page
    assert "The job sweep failed" not in ran(-8)


def test_whoever_may_not_look_after_jobs_is_not_told_of_them(practice, sign_in):
    session, at = practice.caller.session, practice.caller.clock.instant
    with writing(session):
        runs.record_run(session, make.PRACTICE_ID, JobRun("sweep", at, at, Ran(failed=1), "0badcafe"))
    assert "0badcafe" not in sign_in(Role.COORDINATOR).get("/today").text
