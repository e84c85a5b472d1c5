"""The patient page: coverages, approvals, visits, wishes and changes of one person."""

import re
from datetime import timedelta

import pytest

from app.platform.db import db
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.desk import DAY, TODAY, Booking
from tests.support.queries import counted
from tests.web.casework.support import patient_id, words_of


def test_the_page_shows_the_person_with_coverage_approval_and_visits(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "renewal"))
    page = sign_in(Role.COORDINATOR).get(f"/patients/{patient_id()}")
    text = words_of(page)
    assert page.status_code == 200
    assert "Bauer, Otto MRN M00001" in text
    assert "Primary Acme Health, PPO Gold" in text
    assert "The plan says active, 03/01/2026 (1 day ago), electronic answer (271)" in text
    assert "Member ID W00000001" in text
    assert "96910/96912: 36 units approved, 21 used, 1 booked, 14 free" in text
    assert "First booked visit not covered: Sun 03/22/2026 96910. Approval ends 10 days before visit." in text
    assert "Mon 03/02/2026 8:00 AM" in text
    assert "<title>Patient - Cleared" in page.text


def test_a_scheduler_reads_and_is_offered_no_edit(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "approved"))
    page = sign_in(Role.SCHEDULER).get(f"/patients/{patient_id()}")
    assert page.status_code == 200
    assert not re.findall(r'href="[^"]*/(approvals|coverages)/', page.text)


@pytest.mark.parametrize("role", [Role.SCHEDULER, Role.BILLER])
def test_who_may_not_edit_is_refused_at_the_forms(desk, sign_in, role):
    desk.book(Booking(8, "Bauer", "Otto", "approved"))
    browser = sign_in(role)
    ids = {"patient": patient_id(), "approval": make.an_id(60_001), "coverage": make.an_id(50_001)}
    for address in ("approvals/new", "approvals/{approval}", "coverages/new", "coverages/{coverage}"):
        assert browser.get(f"/patients/{ids['patient']}/{address.format(**ids)}").status_code == 403, address


def test_an_administrator_sees_no_patient(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "approved"))
    assert sign_in(Role.ADMINISTRATOR).get(f"/patients/{patient_id()}").status_code == 403


def test_an_unknown_patient_is_not_found(desk, sign_in):
    assert sign_in(Role.COORDINATOR).get(f"/patients/{make.an_id(5)}").status_code == 404


def test_the_number_of_queries_does_not_grow(desk, sign_in, web_app):
    desk.book(Booking(8, "Bauer", "Otto", "none"), *DAY, Booking(9, "Last", "One", "renewal"))
    browser = sign_in(Role.COORDINATOR)
    seen = []
    for number in (1, len(DAY) + 2):
        with counted(db.engine) as statements:
            assert browser.get(f"/patients/{patient_id(number)}").status_code == 200
        seen.append(len(statements))
    assert seen[0] == seen[1]


def test_an_approval_is_offered_only_where_one_is_missing(desk, sign_in):
    held, _later = desk.book(Booking(8, "Bauer", "Otto", "renewal"), Booking(9, "Haddad", "Samira", "stale"))
    browser = sign_in(Role.COORDINATOR)
    page = browser.get(f"/patients/{patient_id()}")
    offered = re.findall(r"approvals/new[?]visit=([0-9a-f-]+)", page.text)
    assert len(offered) == 1 and offered != [str(held)]
    assert "approvals/new?visit=" not in browser.get(f"/patients/{patient_id(2)}").text


def test_twenty_visits_to_come_and_ten_past_are_shown(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "approved"))
    for place in range(45):
        day = TODAY + timedelta(days=place - 20)
        desk._visit(Booking(9, "Bauer", "Otto", "approved"), patient_id(), 90_000 + place, day)
    desk.session.commit()
    page = sign_in(Role.COORDINATOR).get(f"/patients/{patient_id()}")
    assert page.text.count('class="btn btn-outline-primary btn-sm" href="/visits/') == 30
    assert "16 more on the schedule." in words_of(page)
