"""A long file's page: how far it is, without a script; and what it says when the work stopped."""

import re
from uuid import UUID

import pytest

from app.imports import jobs
from app.imports.actions import drafts, pieces, working
from app.imports.facts import DraftState
from app.imports.store import drafts as store
from tests.support import make
from tests.web.imports.support import csv_of, tallies, visits


@pytest.fixture
def long(files, monkeypatch):
    """A file of twelve rows, which is long here, and its address."""
    monkeypatch.setattr(drafts, "AT_ONCE", 5)
    return files.begun(csv_of(visits(12)))


def stand_at(desk, address, state, done):
    """Let the worker stand in the middle of a step."""
    draft = drafts.found_draft(desk, UUID(hex=address.rsplit("/", 1)[1]))
    store.change_draft(desk.session, make.PRACTICE_ID, draft, desk.clock.now(), state=state, done=done)
    desk.session.commit()


def test_the_page_of_a_long_file_tells_how_far_it_is_and_loads_itself_anew(files, desk, long):
    page = files.page(long)
    assert "<h1>Waiting to be checked</h1>" in page
    assert "12 rows, not begun yet" in page
    stand_at(desk, long, DraftState.CHECKING, 8)
    answer = files.browser.get(long)
    assert "<h1>Checking</h1>" in answer.text
    assert re.search(r'<progress [^>]*max="12" value="8">8 of 12 rows</progress>', answer.text)
    assert answer.headers["Refresh"] == "3"
    assert "Being checked: 8 of 12 rows" in files.page("/imports")
    jobs.work_on_drafts(desk)
    answer = files.browser.get(long)
    assert tallies(answer.text) == (12, 0, 0, 0)
    assert "Refresh" not in answer.headers


def test_writing_tells_how_far_it_is_and_cannot_be_discarded(files, desk, long):
    jobs.work_on_drafts(desk)
    files.post(long, "/confirm")
    assert "<h1>Waiting to be written</h1>" in files.page(long)
    stand_at(desk, long, DraftState.TO_CONFIRM, 4)
    assert "<h1>Checking once more before writing</h1>" in files.page(long)
    stand_at(desk, long, DraftState.CONFIRMING, 10)
    page = files.page(long)
    assert "<h1>Writing</h1>" in page
    assert "10 of 12 rows" in page
    assert "Discard" not in files.page("/imports")
    assert files.post(long, "/discard", version="1").status_code == 303
    jobs.work_on_drafts(desk)
    assert "<h1>Brought in</h1>" in files.page(long)


def broken(*_arguments, **_named):
    """Break like a full disk."""
    raise RuntimeError("no space left")


def test_a_check_that_stopped_says_so_with_its_number_and_is_tried_again(files, desk, long, monkeypatch):
    with monkeypatch.context() as fault:
        fault.setattr(working, "check", broken)
        jobs.work_on_drafts(desk)
    page = files.page(long)
    assert "<h1>Stopped</h1>" in page
    assert "Nothing was written." in page
    assert re.search(r'tell your administrator this number: <span class="incident">\w{8}</span>', page)
    assert "Refresh" not in files.browser.get(long).headers
    assert files.post(long, "/check").status_code == 303
    jobs.work_on_drafts(desk)
    assert tallies(files.page(long)) == (12, 0, 0, 0)


def test_writing_that_stopped_says_that_what_was_written_stands(files, desk, long, monkeypatch):
    jobs.work_on_drafts(desk)
    files.post(long, "/confirm")
    with monkeypatch.context() as fault:
        fault.setattr(pieces, "write", broken)
        jobs.work_on_drafts(desk)
    page = files.page(long)
    assert "Rows that were written stand; trying again writes the rest and changes nothing twice." in page
    files.post(long, "/check")
    jobs.work_on_drafts(desk)
    files.post(long, "/confirm")
    jobs.work_on_drafts(desk)
    assert tallies(files.page(long)) == (12, 0, 0, 0)
