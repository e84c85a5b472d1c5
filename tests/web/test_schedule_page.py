"""The schedule page: which visits of some days can go ahead?"""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from app.audit import store as audit_store
from app.clearance.actions.answering import Asking, clear_visits
from app.clearance.views.shapes import visit_shape
from app.platform.caller import Caller
from app.platform.db import db
from app.practice.facts.staff import Role
from app.practice.store import staff as practice_store
from app.schedule.facts import VisitStatus
from app.worklists import store as work_store
from tests.support import make
from tests.support.desk import CHEN, DAY, NORTH, PARK, RIVERA, TODAY, Booking, Desk
from tests.support.queries import counted
from tests.support.web import TOKEN, equipped

ROW = re.compile(r'<tr class="visit[^"]*"[^>]*>(.*?)</tr>', re.DOTALL)
NEXT = re.compile(r'href="([^"]+)" rel="next">Next page</a>')
PREVIOUS = re.compile(r'href="([^"]+)" rel="prev">Previous page</a>')
NAME = re.compile(r'<th scope="row" class="who">(?:<a [^>]*>)?(.*?)(?:</a>)? <span')
OFFICE = Booking(8, "Abbott", "Lena", "office")


@pytest.fixture
def desk(web_app, web_clock):
    """A practice with sites, people and a payer, and nobody booked yet."""
    with web_app.app_context():
        yield Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()


def crowd(size):
    """Make many visits of one day, half of them with an approval."""
    return [
        Booking(7 + place / 20, f"Name{place:03}", "Lee", ("office", "approved")[place % 2]) for place in range(size)
    ]


def names_of(page):
    """Read the patients that a page lists, in its order."""
    return [unescape(NAME.search(row).group(1)) for row in ROW.findall(page.text)]


def count_of(page, badge):
    """Read one count of the summary strip."""
    found = re.search(rf'badge={badge}[^"]*"[^>]*><span class="strip-number">([\d,]+)<', page.text)
    return int(found.group(1))


def test_the_day_shows_each_visit_with_its_badge_and_reason_as_the_command_line_answers(desk, sign_in):
    desk.book(*DAY)
    desk.imported().judge()
    page = sign_in(Role.SCHEDULER).get("/schedule")
    assert page.status_code == 200
    answers = [visit_shape(one) for one in clear_visits(desk.caller, Asking(TODAY, TODAY))]
    assert {one["badge"] for one in answers} == {
        "blocked", "not_checked", "waiting", "at_risk", "cleared", "self_pay"
    }  # fmt: skip
    rows = {re.search(r"MRN (\w+)<", row).group(1): row for row in ROW.findall(page.text)}
    assert len(rows) == len(answers) == len(DAY)
    for answer in answers:
        row = rows[answer["patient_mrn"]]
        assert f"visit-badge-{answer['badge']}" in row
        assert answer["short"] in unescape(row)
        assert all(line["code"] in row for line in answer["lines"] if line["code"])


def test_units_are_shown_where_they_are_counted(desk, sign_in):
    desk.book(Booking(9, "Bauer", "Otto", "approved"), OFFICE)
    desk.judge()
    page = sign_in(Role.SCHEDULER).get("/schedule")
    assert re.findall(r'<td class="number">(.*?)</td>', page.text) == ["", "22 of 36"]


def test_counts_filter_by_badge_and_site_and_keep_each_other(desk, sign_in):
    desk.book(*DAY)
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    assert count_of(browser.get("/schedule"), "blocked") == 3
    page = browser.get("/schedule?badge=blocked")
    assert names_of(page) == ["Ibarra, Tomás", "Castillo, Marisol", "Jensen, Karl"]
    page = browser.get(f"/schedule?badge=blocked&site={NORTH}")
    assert names_of(page) == ["Jensen, Karl"]
    assert count_of(page, "blocked") == 1
    assert f"site={NORTH}" in re.search(r'href="([^"]+)" rel="next"', page.text).group(1)
    page = browser.get(f"/schedule?badge=waiting&site={NORTH}")
    assert "No waiting visits on Mon 03/02/2026 at North Clinic." in page.text


def test_visits_are_grouped_by_site_then_provider_then_time(desk, sign_in):
    desk.book(*reversed(DAY))
    desk.judge()
    page = sign_in(Role.SCHEDULER).get("/schedule")
    heads = re.findall(r'<caption><h2>(.*?)</h2>|scope="rowgroup"[^>]*>(.*?)</th>', page.text)
    assert [a or b for a, b in heads] == ["Main Street", "Dr. Chen", "Dr. Rivera", "North Clinic", "Jo Park, PA"]
    times = re.findall(r'<td class="time">(.*?)</td>', page.text)
    assert times[:5] == ["10:00 AM", "10:30 AM", "11:00 AM", "11:30 AM", "8:00 AM"]


def test_a_week_holds_monday_to_sunday_and_the_day_its_own(desk, sign_in):
    days = [TODAY + timedelta(days=offset) for offset in (-1, 0, 6, 7)]
    desk.book(*(replace(OFFICE, last=f"On{day:%d}", day=day) for day in days))
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    assert names_of(browser.get("/schedule?span=week&day=2026-03-05")) == ["On02, Lena", "On08, Lena"]
    assert names_of(browser.get("/schedule?day=3/9/26")) == ["On09, Lena"]
    assert names_of(browser.get("/schedule")) == ["On02, Lena"]


def test_pages_of_fifty_hold_every_visit_once(desk, sign_in):
    desk.book(*crowd(120))
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    seen, address = [], "/schedule"
    for size in (50, 50, 20):
        page = browser.get(address)
        assert len(names_of(page)) == size
        seen += names_of(page)
        address = unescape(found.group(1)) if (found := NEXT.search(page.text)) else None
    assert address is None
    for first in (50, 0):
        page = browser.get(unescape(PREVIOUS.search(page.text).group(1)))
        assert names_of(page) == seen[first : first + 50]
        assert NEXT.search(page.text)
    assert PREVIOUS.search(page.text) is None
    assert names_of(browser.get(unescape(NEXT.search(page.text).group(1)))) == seen[50:100]
    assert sorted(seen) == sorted(f"Name{place:03}, Lee" for place in range(120))


def test_the_number_of_queries_does_not_grow_with_the_visits(web_app, desk, sign_in):
    browser = sign_in(Role.SCHEDULER)
    desk.book(*crowd(2))
    desk.judge()
    engine = db.engine
    assert browser.get("/schedule").status_code == 200
    with counted(engine) as few:
        browser.get("/schedule")
    desk.book(*(replace(one, last=f"More{place:03}") for place, one in enumerate(crowd(70))))
    desk.judge()
    with counted(engine) as many:
        assert len(names_of(browser.get("/schedule"))) == 50
    assert len(few) == len(many)
    assert len(many) <= 40


def test_one_audit_line_names_the_patients_shown(desk, sign_in):
    desk.book(*DAY[:3])
    desk.book(replace(OFFICE, day=TODAY + timedelta(days=1)))
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    before = list(audit_store.entries(desk.session, desk.practice_id))
    browser.get("/schedule")
    desk.session.rollback()
    lines = [entry for entry, _mac in audit_store.entries(desk.session, desk.practice_id)][len(before) :]
    (seen,) = [line for line in lines if line.action == "schedule.seen"]
    assert set(seen.subjects) == {make.an_id(10_001), make.an_id(10_002), make.an_id(10_003)}
    assert not seen.details


def test_nothing_is_shown_past_its_last_day(desk, sign_in, web_clock):
    later = TODAY + timedelta(days=20)
    desk.book(replace(OFFICE, day=later))
    desk.judge()
    web_clock.instant += timedelta(days=14)  # the check of 1 March is no longer fresh 6 days before the visit
    page = sign_in(Role.SCHEDULER).get(f"/schedule?day={later}")
    assert count_of(page, "cleared") == 0
    assert count_of(page, "not_checked") == 1
    assert "visit-badge-not_checked" in ROW.findall(page.text)[0]


def test_a_booked_visit_that_no_run_has_judged_is_judged_and_shown(desk, sign_in):
    desk.book(OFFICE)
    desk.judge()
    desk.book(replace(OFFICE, last="Unjudged"))
    browser = sign_in(Role.SCHEDULER)
    for _ in range(2):
        page = browser.get("/schedule")
        assert names_of(page) == ["Abbott, Lena", "Unjudged, Lena"]
        assert count_of(page, "cleared") == 2


def test_only_booked_visits_are_listed(desk, sign_in):
    desk.book(OFFICE, *(replace(OFFICE, last=one.value, status=one) for one in VisitStatus if one != "booked"))
    desk.judge()
    assert names_of(sign_in(Role.SCHEDULER).get("/schedule")) == ["Abbott, Lena"]


def test_an_empty_day_and_a_stale_or_missing_import_are_said(desk, sign_in):
    browser = sign_in(Role.SCHEDULER)
    page = browser.get("/schedule")
    assert "No visits are loaded for Mon 03/02/2026." in page.text
    assert "No schedule has been imported yet." in page.text
    desk.imported(hours_ago=26)
    assert "The schedule is 26 hours old." in browser.get("/schedule").text
    desk.imported(hours_ago=23)
    assert "hours old" not in browser.get("/schedule").text


UNREADABLE = (
    ("day=13/45/2026", "Day must be a date between 2000 and 2100, like 12/05/2026; found 13/45/2026."),
    ("day=0001-01-01", "Day must be a date between 2000 and 2100"),
    ("day=9999-12-31&span=week", "Day must be a date between 2000 and 2100"),
    ("badge=green", "Badge must be one of blocked, not_checked"),
    ("span=year", "Span must be one of day, week; found year."),
    ("site=main", "The site in the address is cut off."),
    (f"site={make.an_id(999)}", "This site is not one of the practice's."),
    ("visit=1", "The visit in the address is cut off."),
    (f"visit={make.an_id(999)}", "The visit that this address names is not on file."),
    ("provider=123", "The provider in the address is not an NPI of 10 digits."),
    ("owner=kim", "The owner in the address is cut off."),
    ("patient=M00001", "The patient in the address is cut off."),
    ("before=1", "The address of the previous page is cut off."),
    ("after=20260302-99999999T999999-00000000000000000000000000000000", "The address of the next page is cut off."),
)


def test_an_address_that_cannot_be_read_is_named_and_the_rest_is_shown(desk, sign_in):
    desk.book(OFFICE)
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    for address, sentence in UNREADABLE:
        page = browser.get(f"/schedule?{address}")
        assert page.status_code == 422, address
        assert sentence in unescape(page.text)
        assert "<title>Error: Schedule" in page.text
        assert names_of(page) == ["Abbott, Lena"]


def test_addresses_and_the_title_name_no_person(desk, sign_in):
    desk.book(*DAY)
    desk.imported().judge()
    page = sign_in(Role.SCHEDULER).get("/schedule")
    links = re.findall(r'href="([^"]+)"', page.text)
    assert len(links) > 30
    words = {word.casefold() for one in DAY for word in (one.last, one.first)} | {"m0000", "v2000"}
    spoken = " ".join(links).casefold() + re.search("<title>(.*?)</title>", page.text).group(1).casefold()
    assert [word for word in words if word in spoken] == []


def test_the_panel_opens_beside_the_list_and_leads_back_to_the_row(desk, sign_in):
    first, _second = desk.book(Booking(9, "Castillo", "Marisol", "ended"), OFFICE)
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    why = re.search(rf'id="v-{first}" href="([^"]+)"', browser.get("/schedule?badge=blocked").text).group(1)
    page = browser.get(unescape(why).split("#")[0])
    assert why.endswith("#panel") and 'id="panel"' in page.text
    assert "Ask Acme Health to extend it" in page.text
    back = unescape(re.search(r'id="close-panel" href="([^"]+)"', page.text).group(1))
    assert back == f"/schedule?day=2026-03-02&badge=blocked#v-{first}"
    assert f'id="v-{first}"' in browser.get(back.split("#")[0]).text


def test_a_role_without_the_schedule_is_refused(desk, sign_in):
    assert sign_in(Role.PROVIDER).get("/schedule").status_code == 403


def test_providers_without_a_name_are_called_by_npi(desk, sign_in):
    desk.book(replace(OFFICE, npi="1003000183"), replace(OFFICE, npi=PARK))
    desk.judge()
    assert re.findall(r'scope="rowgroup"[^>]*>(.*?)</th>', sign_in(Role.SCHEDULER).get("/schedule").text) == [
        "Jo Park, PA",
        "NPI 1003000183",
    ]


def test_the_list_keeps_to_a_provider_an_owner_or_what_nobody_owns(desk, sign_in):
    visits = desk.book(*DAY)
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    me = next(one.id for one in practice_store.staff_of(desk.session, desk.practice_id))
    work_store.save_owners(desk.session, desk.practice_id, {visits[0]: me, visits[5]: me}, me, desk.caller.clock.now())
    work_store.save_owners(desk.session, desk.practice_id, {visits[1]: None}, me, desk.caller.clock.now())
    desk.session.commit()
    page = browser.get(f"/schedule?provider={CHEN}")
    assert len(names_of(page)) == 4 and "Greene, Walter" in names_of(page)
    assert count_of(page, "blocked") == 1
    assert names_of(browser.get(f"/schedule?owner={me}")) == ["Fontaine, Claire", "Abbott, Lena"]
    assert names_of(browser.get(f"/schedule?owner={me}&provider={CHEN}")) == ["Fontaine, Claire"]
    nobody = names_of(browser.get("/schedule?owner=nobody"))
    assert len(nobody) == len(DAY) - 2 and "Bauer, Otto" in nobody
    empty = browser.get(f"/schedule?owner={me}&provider={CHEN}&badge=blocked")
    assert "fit the filters" in empty.text and 'href="/schedule?day=2026-03-02"' in empty.text


def test_a_record_number_keeps_to_one_patient_and_stands_in_no_address(desk, sign_in):
    desk.book(*DAY)
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    token = TOKEN.search(browser.get("/schedule").text).group(1)
    data = {"csrf_token": token, "mrn": " m00003 ", "back": "day=2026-03-02&after=x"}
    answer = browser.post("/schedule/find", data=data)
    assert answer.status_code == 303
    assert answer.location == f"/schedule?day=2026-03-02&patient={make.an_id(10_003)}"
    page = browser.get(answer.location)
    assert names_of(page) == ["Castillo, Marisol"]
    assert "Only visits of Castillo, Marisol, MRN M00003." in page.text
    unknown = browser.post("/schedule/find", data=data | {"mrn": "X9"})
    assert unknown.status_code == 422
    assert "No patient has this record number." in unknown.text and 'value="X9"' in unknown.text
    assert browser.post("/schedule/find", data=data | {"mrn": ""}).location == "/schedule?day=2026-03-02"


def test_the_latest_day_stands_beside_each_line(desk, sign_in):
    desk.book(Booking(9, "Bauer", "Otto", "approved"), Booking(10, "Castillo", "Marisol", "ended"))
    desk.judge()
    rows = ROW.findall(sign_in(Role.SCHEDULER).get("/schedule").text)
    assert "Latest day Tue 06/30" in rows[0]
    assert "Latest day was Fri 02/27" in rows[1]


def test_the_number_of_queries_is_fixed_for_every_filter(desk, sign_in):
    visits = desk.book(*crowd(4))
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    addresses = (
        f"/schedule?provider={RIVERA}", "/schedule?owner=nobody", "/schedule?badge=cleared", "/schedule?span=week",
        f"/schedule?visit={visits[1]}",
    )  # fmt: skip
    counts = []
    for address in addresses:
        browser.get(address)
        with counted(db.engine) as few:
            browser.get(address)
        counts.append(len(few))
    desk.book(*(replace(one, last=f"More{place:03}") for place, one in enumerate(crowd(60))))
    desk.judge()
    for address, few in zip(addresses, counts, strict=True):
        with counted(db.engine) as many:
            browser.get(address)
        assert len(many) == few, address
