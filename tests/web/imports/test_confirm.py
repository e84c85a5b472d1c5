"""Step Confirm: once, as the check showed, whoever else does what; and what is kept private."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from app.audit import store as audit
from app.imports.actions import confirming
from app.imports.store import drafts, runs
from app.patients import store as patients
from app.platform.caller import Caller
from app.platform.db import db
from app.practice.facts.staff import Role
from tests.store.imports.support import bring
from tests.support import make
from tests.support.queries import counted
from tests.support.web import equipped
from tests.web.imports.support import Files, csv_of, second_person, tallies, visits


def count_runs(web_app):
    """Count the files that were brought in, where no context is open (two browsers would share it)."""
    with web_app.app_context():
        return len(runs.past_runs(db.session(), make.PRACTICE_ID, None, 99))


def runs_of(desk):
    """The files that were brought in."""
    desk.session.rollback()
    return runs.past_runs(desk.session, make.PRACTICE_ID, None, 99)


def test_nothing_is_written_before_it_is_confirmed_and_then_all_is(files, desk):
    address = files.begun(csv_of(visits(3)))
    assert patients.count(desk.session, make.PRACTICE_ID) == 0
    assert files.post(address, "/confirm").status_code == 303
    page = files.page(address)
    assert "<h1>Brought in</h1>" in page
    assert tallies(page) == (3, 0, 0, 0)
    desk.session.rollback()
    assert patients.count(desk.session, make.PRACTICE_ID) == 3
    page = files.page("/imports")
    assert "Under way" not in page
    assert re.search(r"03/02/2026 10:00 AM.*Schedule.*Kim Example", page, re.DOTALL)


def test_the_same_file_again_says_that_it_changes_nothing(files):
    files.post(files.begun(csv_of(visits(3))), "/confirm")
    address = files.begun(csv_of(visits(3)))
    page = files.page(address)
    assert tallies(page) == (0, 0, 3, 0)
    assert "This file changes nothing: all 3 rows are on file as they stand here." in page
    assert "The very same file was brought in on 03/02/2026 10:00 AM (Kim Example)." in page
    files.post(address, "/confirm")
    assert "Nothing was changed: everything that could be read was on file already." in files.page(address)


def test_a_double_click_confirms_once(files, desk):
    address = files.begun(csv_of(visits(3)))
    version = files.version(address)
    answers = [files.post(address, "/confirm", version=version) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    page = files.page(address)
    assert "before you" not in page
    assert tallies(page) == (3, 0, 0, 0)
    assert len(runs_of(desk)) == 1


def test_the_second_of_two_people_is_told_who_was_first(files, web_app, web_clock):
    address = files.begun(csv_of(visits(3)))
    sam = Files(second_person(web_app, web_clock))
    version = sam.version(address)
    files.post(address, "/confirm")
    sam.post(address, "/confirm", version=version)
    page = sam.page(address)
    assert "Kim Example has confirmed this file before you." in page
    assert "Confirmed by Kim Example" in page
    assert count_runs(web_app) == 1


def test_what_changed_since_the_check_is_shown_and_nothing_is_written(files, desk, tmp_path):
    address = files.begun(csv_of(visits(3)))
    bring(desk, tmp_path, schedule=visits(2))
    assert files.post(address, "/confirm").status_code == 303
    page = files.page(address)
    assert "<h1>Check</h1>" in page
    assert "What is on file has changed since you read the check, so nothing was written." in page
    assert tallies(page) == (1, 0, 2, 0)
    assert len(runs_of(desk)) == 1
    files.post(address, "/confirm")
    assert tallies(files.page(address)) == (1, 0, 2, 0)
    assert len(runs_of(desk)) == 2


def test_a_check_that_someone_else_changed_is_read_again_before_it_is_confirmed(files, web_app, web_clock):
    address = files.begun(csv_of(visits(2, starts_at="soon")))
    sam = Files(second_person(web_app, web_clock))
    stale = sam.version(address)
    files.post(address, "/rows", **{"cell-2-1": "3/9/2026 9:00 AM"})
    answer = sam.post(address, "/confirm", version=stale)
    assert answer.status_code == 409
    assert "Someone has changed this file since you opened the page." in answer.text
    assert "<title>Error: Check" in answer.text
    assert count_runs(web_app) == 0


@pytest.mark.parametrize("step", ["/confirm", "/rows", "/check", "/discard", "/columns"])
def test_a_draft_that_is_gone_leads_to_the_list_with_a_word(files, step):
    address = files.begun(csv_of(visits(2, starts_at="soon")))
    version = files.version(address)
    assert files.post(address, "/discard", version=version).status_code == 303
    assert "The file was discarded. Nothing of it was written." in files.page("/imports")
    answer = files.post(address, step, version=version, **{"cell-2-1": "3/9/2026"})
    assert answer.location == "/imports"
    assert "That file is no longer under way: it was discarded, or its 24 hours are over." in files.page("/imports")


def test_a_draft_lives_a_day(files, web_app, web_clock):
    address = files.begun(csv_of(visits(2)))
    web_clock.instant += timedelta(hours=23, minutes=59)
    assert "<h1>Check</h1>" in Files(second_person(web_app, web_clock)).page(address)
    web_clock.instant += timedelta(minutes=1)
    late = Files(second_person(web_app, web_clock, "pat@example.test"))
    assert "That file is no longer under way" in late.page(address)


def test_a_confirmed_or_done_draft_is_neither_discarded_nor_changed(files, desk):
    address = files.begun(csv_of(visits(2)))
    files.post(address, "/confirm")
    for step in ("/discard", "/check", "/rows", "/columns"):
        answer = files.post(address, step, version="4", **{"cell-2-1": "x", "kind": "schedule"})
        assert answer.status_code in (303, 422), step
        assert "<h1>Brought in</h1>" in files.page(address)


def test_while_another_import_works_a_confirmation_waits_for_the_worker(files, desk, monkeypatch):
    address = files.begun(csv_of(visits(2)))
    with confirming.alone(desk) as mine:
        assert mine
        files.post(address, "/confirm")
        page = files.page(address)
    assert "<h1>Waiting to be written</h1>" in page
    assert files.browser.get(address).headers["Refresh"] == "3"
    assert runs_of(desk) == ()


def test_another_practice_finds_no_draft_of_ours(files, desk, web_app, web_clock):
    address = files.begun(csv_of(visits(2)))
    with web_app.app_context():
        other = equipped(Caller(db.session(), make.OTHER_PRACTICE_ID, web_clock, via="test"))
        assert drafts.drafts(other.session, make.OTHER_PRACTICE_ID) == ()
        assert drafts.draft_of(other.session, make.OTHER_PRACTICE_ID, draft_id(address)) is None


def draft_id(address):
    """The id in an address."""
    return UUID(hex=address.rsplit("/", 1)[1])


def test_no_address_title_cookie_or_log_names_a_patient(files, capsys):
    rows = visits(3, patient_last="Zubrowka", patient_mrn="M777001", member_id="W555123", payer="Aetna")
    rows[1]["starts_at"] = "soon"
    address = files.begun(csv_of(rows))
    seen = [files.browser.get(address), files.browser.get(f"{address}/columns"), files.browser.get("/imports")]
    seen.append(files.post(address, "/rows", **{"cell-3-1": "Zubrowka M777001"}))
    seen += [files.browser.get(address), files.post(address, "/confirm"), files.browser.get(address)]
    spoken = capsys.readouterr()
    told = [spoken.out, spoken.err]
    for answer in seen:
        told += [answer.headers.get("Set-Cookie", ""), answer.location or ""]
        told += re.findall(r'href="([^"]+)"|action="([^"]+)"|<title>(.*?)</title>', answer.text)
    text = repr(told)
    assert "Zubrowka" in seen[0].text
    assert not [word for word in ("Zubrowka", "M777001", "W555123") if word in text]


def test_every_step_is_in_the_audit_log(files, desk):
    address = files.begun(csv_of(visits(2, starts_at="soon")))
    files.page(address)
    files.post(address, "/rows", **{"cell-2-1": "3/9/2026 9:00 AM"})
    files.browser.get(f"{address}/refused.csv")
    files.post(address, "/confirm")
    desk.session.rollback()
    done = [entry.action for entry, _mac in audit.entries(desk.session, make.PRACTICE_ID)]
    wanted = ("imports.draft_begun", "imports.draft_seen", "imports.draft_checked", "imports.refused_downloaded",
              "imports.confirmed", "imports.schedule", "imports.ended")  # fmt: skip
    assert [action for action in wanted if action not in done] == []


def test_the_list_asks_a_fixed_number_of_queries_and_pages_older_imports(files, desk, tmp_path):
    def fill(number):
        for place in range(number):
            bring(desk, tmp_path, schedule=visits(1, starts_at=f"2026-04-0{1 + place % 9} 10:00"))

    fill(1)
    files.page("/imports")
    with counted(db.engine) as few:
        files.page("/imports")
    fill(60)
    with counted(db.engine) as many:
        page = files.page("/imports")
    assert len(few) == len(many)
    assert page.count('data-label="When"') == 50
    older = re.search(r'rel="next" href="([^"]+)"', page).group(1)
    assert files.page(older).count('data-label="When"') == 11
    assert files.browser.get("/imports?after=cut").status_code == 200


def test_the_check_asks_a_fixed_number_of_queries(files, desk):
    few_rows, many_rows = (files.begun(csv_of(visits(size, starts_at="soon"))) for size in (2, 400))
    files.page(few_rows)
    with counted(db.engine) as few:
        files.page(few_rows)
    with counted(db.engine) as many:
        files.page(many_rows)
    assert len(few) == len(many)


def test_a_manager_may_import_too_and_a_biller_may_not(sign_in):
    assert sign_in(Role.BILLER).get("/imports").status_code == 403
