"""Today: what must be done now?"""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

from app.audit import store as audit_store
from app.platform.db import db
from app.practice.facts.staff import Role
from app.worklists import store
from tests.support import make
from tests.support.desk import DAY, NORTH, TODAY, Booking
from tests.support.queries import counted
from tests.web.worklists.support import LEE, desk, me_of, once, plain, post

__all__ = ["desk"]
TOMORROW = TODAY + timedelta(days=1)
OFFICE = Booking(8, "Abbott", "Lena", "office", day=TOMORROW)
ROW = re.compile(r"<tr data-row>(.*?)</tr>", re.DOTALL)


def rows_of(page):
    """Read the patients at risk, in the page's order."""
    return [
        unescape(re.search(r'<th scope="row"[^>]*>(?:<a [^>]*>)?(.*?)(?:</a>)? <span', row)[1])
        for row in ROW.findall(page.text)
    ]


def test_one_lands_on_today(desk, sign_in):
    browser = sign_in(Role.SCHEDULER)
    assert browser.get("/").location == "/today"
    assert "<title>Today - Cleared</title>" in browser.get("/today").text


def test_the_next_day_is_counted_by_site_and_its_first_visits_at_risk_are_listed(desk, sign_in):
    desk.book(*(replace(one, day=TOMORROW) for one in DAY), replace(OFFICE, day=TODAY, last="Past"))
    desk.imported().judge()
    page = sign_in(Role.SCHEDULER).get("/today")
    words = plain(page)
    assert "Tomorrow at risk: Tue 03/03/2026" in words
    assert "Main Street 9 visits 2 Blocked 1 Not checked 1 Waiting 1 At risk 3 Cleared" in words
    assert rows_of(page)[0] == "Jensen, Karl" and len(rows_of(page)) == 7
    assert "Past, Lena" not in page.text and "Abbott, Lena" not in page.text
    assert f"site={NORTH}&amp;badge=blocked" in page.text
    why = unescape(re.search(r'href="([^"]+)" data-key="w"', page.text)[1])
    assert why.startswith("/schedule?day=2026-03-03&visit=") and why.endswith("#panel")


def test_ten_are_listed_and_the_rest_is_counted(desk, sign_in):
    crowd = [Booking(7 + place / 20, f"Name{place:03}", "Lee", "ended", day=TOMORROW) for place in range(14)]
    desk.book(*crowd)
    desk.judge()
    page = sign_in(Role.SCHEDULER).get("/today")
    assert len(rows_of(page)) == 10
    assert "All 14 visits at risk" in page.text


def test_a_weekend_is_passed_over_and_mine_and_site_narrow(desk, sign_in):
    later = TODAY + timedelta(days=4)
    first, second = desk.book(
        Booking(9, "Castillo", "Marisol", "ended", day=later), Booking(9, "Jensen", "Karl", "none", NORTH, day=later)
    )
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    store.save_owners(desk.session, desk.practice_id, {second: me_of(desk), first: LEE}, None, desk.caller.clock.now())
    desk.session.commit()
    page = browser.get("/today")
    assert "Next day with visits, at risk: Fri 03/06/2026" in plain(page)
    assert rows_of(page) == ["Castillo, Marisol", "Jensen, Karl"]
    assert "Lee Example" in page.text
    assert rows_of(browser.get("/today?mine=yes")) == ["Jensen, Karl"]
    assert rows_of(browser.get(f"/today?site={NORTH}")) == ["Jensen, Karl"]
    wrong = browser.get("/today?site=main")
    assert wrong.status_code == 422 and "cut off" in wrong.text
    assert browser.get(f"/today?site={make.an_id(999)}").status_code == 422


def test_questions_of_colleagues_are_answered_here(desk, sign_in):
    (visit,) = desk.book(replace(OFFICE, day=TODAY))
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    post(browser, "/schedule/ask", visit=[str(visit)], note="Is the plan new?", step=once())
    page = browser.get("/today")
    assert "Asked of me" in page.text and "Is the plan new?" in page.text and "Abbott, Lena" in page.text
    assert "Is the plan new?" not in browser.get("/today?mine=yes").text
    answer = re.search(r'action="(/asks/[^"]+)"', page.text)[1]
    assert post(browser, answer, answer="No.").status_code == 303
    assert "Asked of me" not in browser.get("/today").text


def test_what_is_asked_of_coordinators_is_not_asked_of_a_scheduler(desk, sign_in):
    (visit,) = desk.book(replace(OFFICE, day=TODAY))
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    post(browser, "/schedule/ask", visit=[str(visit)], note="Is the plan new?", step=once())
    assert "Asked of me" not in browser.get("/today").text


def test_open_questions_stand_with_their_counts(desk, sign_in):
    desk.book(Booking(10, "Moreau", "Anne", "unmapped", day=TOMORROW))
    desk.judge()
    page = sign_in(Role.COORDINATOR).get("/today")
    assert "1 visit:" in page.text and "Light therapy" in page.text
    assert "Record answer" in page.text


def test_the_biggest_questions_stand_above_the_schedule(desk, sign_in):
    desk.book(Booking(10, "Moreau", "Anne", "unmapped", day=TOMORROW))
    desk.judge()
    page = sign_in(Role.COORDINATOR).get("/schedule")
    assert "1 visit:" in page.text and "Light therapy" in page.text


def test_an_old_schedule_is_said(desk, sign_in):
    browser = sign_in(Role.COORDINATOR)
    assert "No schedule has been imported yet." in browser.get("/today").text
    desk.imported(hours_ago=26)
    assert "The schedule is 26 hours old." in browser.get("/today").text
    desk.imported(hours_ago=2)
    assert "hours old" not in browser.get("/today").text


def test_nothing_due_says_what_comes_next(desk, sign_in):
    browser = sign_in(Role.SCHEDULER)
    assert "Nothing is due. No visits are booked after today." in browser.get("/today").text
    desk.book(OFFICE)
    desk.judge()
    page = browser.get("/today")
    assert "Nothing is due. The next visits are on Tue 03/03/2026, and none of them is at risk." in page.text
    desk.book(Booking(9, "Castillo", "Marisol", "ended", day=TOMORROW + timedelta(days=6)))
    desk.judge()
    assert "Nothing is due. Next: Mon 03/09/2026, where visits are not cleared yet." in browser.get("/today").text


def test_the_page_notes_whom_it_showed_and_its_queries_are_fixed(desk, sign_in):
    browser = sign_in(Role.COORDINATOR)
    ended = [Booking(9 + place / 20, f"Name{place}", "Lee", "ended", day=TOMORROW) for place in range(40)]
    visits = desk.book(OFFICE, *ended[:2])
    desk.judge()
    post(browser, "/schedule/ask", visit=[str(visits[0])], step=once())
    browser.get("/today")
    desk.session.rollback()
    lines = [entry for entry, _mac in audit_store.entries(desk.session, desk.practice_id)]
    (seen,) = [line for line in lines if line.action == "worklists.today_seen"]
    assert set(seen.subjects) == {make.an_id(10_001), make.an_id(10_002), make.an_id(10_003)}
    with counted(db.engine) as few:
        browser.get("/today")
    more = desk.book(*ended[2:])
    desk.judge()
    post(browser, "/schedule/ask", visit=[str(one) for one in more[:9]], step=once())
    with counted(db.engine) as many:
        browser.get("/today")
    assert len(few) == len(many)
    assert len(many) <= 84


def test_a_role_without_patients_is_refused(desk, sign_in):
    assert sign_in(Role.ADMINISTRATOR).get("/today").status_code == 403


def test_a_provider_sees_nothing_of_the_schedule_there(desk, sign_in):
    desk.book(OFFICE, Booking(9, "Eriksen", "Astrid", "ended", day=TOMORROW))
    desk.judge()
    page = sign_in(Role.PROVIDER).get("/today")
    assert page.status_code == 200
    assert "at risk" not in page.text
    assert "Eriksen" not in page.text
