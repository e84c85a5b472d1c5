"""The list of a day on paper: sheets of one site, kept as it was printed."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from app.audit import store as audit_store
from app.platform.db import db
from app.practice.facts.staff import Role
from app.worklists.actions import printing as actions
from app.worklists.views.printing import initials_of
from tests.support import make
from tests.support.desk import DAY, NORTH, Booking
from tests.support.queries import counted
from tests.web.worklists.support import desk, plain, post

__all__ = ["desk"]
OFFICE = Booking(8, "Abbott", "Lena", "office")
SHEET = re.compile(r'<section class="sheet".*?</section>', re.DOTALL)
WHO = re.compile(r'<th scope="row">(.*?)</th>')


def crowd(size):
    """Make many visits of one day."""
    cases = ("office", "approved", "ended")
    return [Booking(7 + place / 20, f"Name{place:03}", "Lee", cases[place % 3]) for place in range(size)]


def printed(browser, **fields):
    """Print a list, and read it as it is shown then."""
    answer = post(browser, "/schedule/print", **{"day": "2026-03-02", **fields})
    assert answer.status_code == 303, answer.text
    return browser.get(answer.location)


def sheets_of(page):
    """Read the patients of each sheet."""
    return [[unescape(name) for name in WHO.findall(sheet)] for sheet in SHEET.findall(page.text)]


def test_each_sheet_holds_one_site_and_at_most_25_visits_in_order_of_time(desk, sign_in):
    desk.book(*crowd(60), replace(OFFICE, site=NORTH))
    desk.imported().judge()
    browser = sign_in(Role.SCHEDULER)
    assert "Main Street : 60 visits, 3 sheets North Clinic : 1 visit, 1 sheet" in plain(browser.get("/schedule/print"))
    page = printed(browser)
    assert [len(sheet) for sheet in sheets_of(page)] == [25, 25, 10, 1]
    assert [name for sheet in sheets_of(page)[:3] for name in sheet] == [f"Name{place:03}, Lee" for place in range(60)]
    feet = re.findall(r'class="sheet-foot">(.*?)</p>', page.text)
    assert feet[1] == (
        "Printed 03/02/2026 10:00 AM by Kim Example. Schedule import 03/02/2026 6:00 AM. Main Street, sheet 2 of 3."
    )
    assert feet[3].endswith("North Clinic, sheet 1 of 1.")


def test_a_row_has_badge_reason_units_and_latest_day(desk, sign_in):
    desk.book(Booking(9, "Bauer", "Otto", "approved"), Booking(10, "Castillo", "Marisol", "ended"))
    desk.judge()
    words = plain(printed(sign_in(Role.SCHEDULER)))
    assert "9:00 AM Bauer, Otto M00001 Dr. Rivera 96910 Acme Health" in words
    assert "22 of 36 Tue 06/30" in words
    assert "Blocked Approval ends 3 days before visit 21 of 36 was Fri 02/27" in words


def test_initials_stand_for_names(desk, sign_in):
    desk.book(*DAY)
    desk.judge()
    page = printed(sign_in(Role.SCHEDULER), initials="yes")
    assert "Castillo" not in page.text and "M. C." in sheets_of(page)[0]
    assert "E. K." in sheets_of(page)[1]


@pytest.mark.parametrize(
    ("first", "last", "initials"),
    [("Ewa-Katarzyna Maria", "Kowalski", "E. K."), ("", "", ""), ("Li", "van Dam-Xu", "L. V. D. X.")],
)
def test_initials_are_of_the_first_name_and_each_part_of_the_last(first, last, initials):
    assert initials_of(first, last) == initials


def test_what_is_printed_is_kept_and_shown_again_as_it_was(desk, sign_in, web_clock):
    desk.book(*DAY)
    desk.imported().judge()
    browser = sign_in(Role.SCHEDULER)
    answer = post(browser, "/schedule/print", day="2026-03-02", site=str(NORTH))
    assert answer.status_code == 303
    page = browser.get(answer.location)
    assert "data-print" in page.text
    kept = sheets_of(page)
    assert len(kept) == 1 and "Jensen, Karl" in kept[0]
    desk.book(replace(OFFICE, site=NORTH, last="Later"))
    web_clock.instant += timedelta(minutes=5)
    address = answer.location.partition("?")[0]
    again = browser.get(address)
    assert sheets_of(again) == kept and "data-print" not in again.text
    assert "Printed 03/02/2026 10:00 AM by Kim Example." in again.text
    listed = browser.get("/schedule/print?day=2026-03-02")
    assert f'href="{address}">03/02/2026 10:00 AM by Kim Example, 4 visits</a>' in listed.text
    raw = desk.session.connection().exec_driver_sql("SELECT content FROM printed_list").scalar()
    assert b"Jensen" not in bytes(raw)
    lines = [entry for entry, _mac in audit_store.entries(desk.session, desk.practice_id)]
    (printed,) = [line for line in lines if line.action == "schedule.printed"]
    assert len(printed.subjects) == 5 and dict(printed.details) == {"visits": 4}


def test_another_practices_list_and_an_unknown_one_are_not_found(desk, sign_in):
    assert sign_in(Role.SCHEDULER).get(f"/schedule/printed/{make.an_id(7)}").status_code == 404


def test_an_unread_day_or_site_is_said_and_kept(desk, sign_in):
    browser = sign_in(Role.SCHEDULER)
    page = browser.get("/schedule/print?day=never")
    assert page.status_code == 422 and "Day must be a date" in page.text and 'value="never"' in page.text
    page = browser.get(f"/schedule/print?site={make.an_id(77)}")
    assert page.status_code == 422 and "not one of the practice" in page.text
    empty = browser.get("/schedule/print?day=2026-05-04")
    assert "No visits are booked on Mon 05/04/2026." in empty.text and "Print list</button>" not in empty.text
    for fields, sentence in (
        ({"day": ""}, "Enter the day to print."),
        ({"day": "13/45/2026"}, "Day must be a date"),
        ({"day": "2026-03-02", "site": str(make.an_id(77))}, "not one of the practice"),
    ):
        page = post(browser, "/schedule/print", **fields)
        assert page.status_code == 422 and sentence in page.text


def test_a_day_of_more_than_one_list_holds_asks_for_a_site(desk, sign_in, monkeypatch):
    monkeypatch.setattr(actions, "MOST_VISITS", 3)
    desk.book(*crowd(4))
    desk.judge()
    page = post(sign_in(Role.SCHEDULER), "/schedule/print", day="2026-03-02")
    assert page.status_code == 422 and "The day has more than 3 visits. Choose one site." in page.text


def test_the_number_of_queries_does_not_grow_with_the_day(desk, sign_in):
    browser = sign_in(Role.SCHEDULER)
    desk.book(*crowd(4))
    desk.judge()
    seen = []
    for _ in range(2):
        printed(browser)
        with counted(db.engine) as shown:
            browser.get("/schedule/print")
        with counted(db.engine) as statements:
            page = printed(browser)
        seen.append((len(shown), len(statements)))
        desk.book(*(replace(one, last=f"More{place:03}") for place, one in enumerate(crowd(90))))
        desk.judge()
    assert sum(map(len, sheets_of(page))) == 94
    assert seen[0] == seen[1]


def test_the_titles_and_addresses_name_nobody(desk, sign_in):
    desk.book(*DAY)
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    for page in (browser.get("/schedule/print"), printed(browser)):
        spoken = " ".join(map(str, re.findall(r'(?:href|action)="([^"]+)"|<title>(.*?)</title>', page.text)))
        assert "Print" in spoken and not any(one.last in spoken for one in DAY)
