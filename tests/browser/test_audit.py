"""The audit log in a browser: a patient's access report is found by the record number, and every page is accessible."""

import pytest
from playwright.sync_api import Page, expect

from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.db import db, writing
from app.practice.actions import staff as staffing
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.browsers import faults_of
from tests.support.desk import DAY, Desk
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("page", [True], indirect=True)
def test_an_administrator_finds_a_patient_and_reads_the_access_report(served, page: Page, web_app, web_clock):
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test", source="203.0.113.8"))
        Desk(caller).furnish().book(*DAY[:2])
        with writing(caller.session):
            record(caller, "casework.patient_seen", [make.an_id(10_001)])
        roles = frozenset({Role.ADMINISTRATOR, Role.MANAGER})
        password = staffing.add_staff(caller, EMAIL, "Kim Example", roles)
    page.goto(f"{served}/sign-in")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").first.click()
    expect(page.locator(".top-bar")).to_be_visible()
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{served}/admin/audit")
        page.get_by_label("Record number or member ID").fill("M00001")
        page.get_by_role("button", name="Find patient").click()
        expect(page.get_by_text("LA, record").first).to_be_visible()
        assert "M00001" not in page.url
        assert faults_of(page) == []
        page.get_by_role("link", name="Access report").click()
        expect(page.get_by_role("heading", name="Access report")).to_be_visible()
        expect(page.get_by_text("Opened a patient's page").first).to_be_visible()
        assert faults_of(page) == []
        page.goto(f"{served}/admin/audit/unusual")
        assert faults_of(page) == []
