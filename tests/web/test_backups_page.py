"""Admin > Backups: how they stand, and the release of a practice that was restored."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from app.audit.store import entries
from app.backups.facts.records import Backup, Proof
from app.backups.store import add_backup, note_removed, note_test
from app.platform.caller import Caller
from app.platform.db import db
from app.platform.sessions import session_on
from app.practice.facts.staff import Role
from app.practice.store import practice as practices
from tests.support import make
from tests.support.queries import counted
from tests.support.web import token_of

PAGE = "/admin/backups"
NAME = "cleared-2026-03-02T140000Z-{:08x}.backup"


def words(text: str) -> str:
    """A page as it reads."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text))).strip()


@pytest.fixture
def on_file(web_app, web_clock):
    """A session of the test's own beside the web's."""
    with web_app.app_context():
        engine = db.engine
    with session_on(engine, make.keys()) as session:
        yield Caller(session, make.PRACTICE_ID, web_clock, via="test")


@pytest.fixture
def browser(sign_in):
    """The browser of an administrator."""
    return sign_in(Role.ADMINISTRATOR)


def a_backup(number: int, **changed: object) -> Backup:
    """Make a backup of an hour before the tests' now."""
    at = make.NOW - timedelta(hours=1)
    made = Backup(make.an_id(number), at, at, NAME.format(number), 12_400_000, "0" * 64, "0023_backups", 4285)
    return replace(made, **changed)


def keep(on_file, *backups: Backup) -> None:
    """Note backups."""
    for one in backups:
        add_backup(on_file.session, make.PRACTICE_ID, one)
    on_file.session.commit()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.COORDINATOR, Role.PROVIDER])
def test_others_may_not_open_it(sign_in, role):
    assert sign_in(role).get(PAGE).status_code == 403


def test_before_the_first_one_the_page_says_so_and_how_it_comes(browser):
    page = words(browser.get(PAGE).text)
    assert "There is no backup. One is made within 15 minutes of the scheduler's start." in page
    assert "Keep a copy of the key file apart from the backups" in page
    assert "7 days, 4 weeks and 12 months" in page
    assert "There is no backup." in words(browser.get("/admin").text)


def test_the_last_one_its_size_its_test_and_the_next_of_each(browser, on_file):
    keep(on_file, a_backup(1))
    page = words(browser.get(PAGE).text)
    assert "The last backup began 9:00 AM and has 12.4 MB. The next is due Tue 03/03/2026 9:00 AM." in page
    assert "No backup was restored as a test yet." in page and "Not tested" in page
    note_test(on_file.session, make.PRACTICE_ID, make.an_id(1), make.NOW, Proof.PASSED, 42, None)
    on_file.session.commit()
    page = words(browser.get(PAGE).text)
    assert "The last test restore, 10:00 AM, came back whole in 42 seconds. The next is due Mon 03/09/2026" in page
    assert "Restored whole 10:00 AM" in page
    assert "Made every day, and tried every week." in words(browser.get("/admin").text)


def test_what_failed_or_is_old_is_said_on_the_page_and_on_admin(browser, on_file, web_clock):
    keep(on_file, a_backup(1))
    note_test(on_file.session, make.PRACTICE_ID, make.an_id(1), make.NOW, Proof.FAILED, 2, "damaged")
    on_file.session.commit()
    page = words(browser.get(PAGE).text)
    assert "The last test restore, 10:00 AM, failed. The file is damaged." in page
    keep(on_file, a_backup(2, began_at=make.NOW, name=None, size=0, rows=0, why="not_written"))
    said = "The try at 10:00 AM failed: it could not be written: the disk is full"
    assert said in words(browser.get(PAGE).text)
    assert said in words(browser.get("/admin").text)


def test_a_backup_of_the_day_before_yesterday_is_too_old(browser, on_file):
    keep(on_file, a_backup(1, began_at=make.NOW - timedelta(hours=27)))
    assert "It is too old: one is due every 24 hours." in words(browser.get(PAGE).text)


def test_a_file_that_is_gone_or_lies_elsewhere_is_no_backup_to_rely_on(browser, on_file):
    keep(on_file, a_backup(1), a_backup(2, elsewhere=True))
    note_removed(on_file.session, make.PRACTICE_ID, [NAME.format(1)], make.NOW)
    on_file.session.commit()
    page = words(browser.get(PAGE).text)
    assert "There is no backup." in page
    assert "Removed 10:00 AM" in page and "in another folder" in page


def test_the_page_asks_the_same_however_many_there_are(browser, on_file, web_app):
    with web_app.app_context():
        engine = db.engine
    browser.get(PAGE)
    with counted(engine) as few:
        browser.get(PAGE)
    keep(on_file, *(a_backup(number) for number in range(60)))
    with counted(engine) as many:
        page = browser.get(PAGE).text
    assert len(many) == len(few)
    assert page.count("<tr>") == 51


def test_a_restored_practice_says_so_on_every_page_until_it_is_released(browser, on_file):
    practices.hold_restored(on_file.session, make.PRACTICE_ID, make.NOW)
    on_file.session.commit()
    said = "This practice was restored from a backup. No message leaves until an administrator releases it"
    assert said in words(browser.get("/admin").text) and said in words(browser.get("/rules").text)
    assert "nothing leaves the building until it is released" in words(browser.get("/admin/outbox").text)
    page = browser.get(PAGE)
    assert "This practice was restored" in page.text
    answer = browser.post(f"{PAGE}/release", data={"csrf_token": token_of(browser, PAGE)})
    assert answer.status_code == 303
    page = words(browser.get(PAGE).text)
    assert "Messages leave again." in page and said not in page
    log = [entry.action for entry, _ in entries(on_file.session, make.PRACTICE_ID)]
    assert log.count("backups.released") == 1


def test_a_second_release_does_nothing_and_says_so(browser):
    browser.post(f"{PAGE}/release", data={"csrf_token": token_of(browser, PAGE)})
    assert "Nothing was held: this practice sends already." in words(browser.get(PAGE).text)
