"""Admin, Audit: search the log, one patient's access report, and who may know what of patients."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from app.audit import store as audit_store
from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.db import db, writing
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.desk import DAY, Desk
from tests.support.queries import counted
from tests.support.web import equipped, token_of

ADMIN = "/admin/audit"


@pytest.fixture
def desk(web_app, web_clock):
    """A practice with a day of visits."""
    with web_app.app_context():
        yield Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()


def plain(page):
    """Read a page's text without its marks."""
    main = page.text.partition("<main")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def write(desk, count, *subjects, action="clearance.seen", days=2, **more):
    """Write audit lines of so many days ago."""
    for number in range(count):
        at = make.NOW - timedelta(days=days, seconds=number)
        caller = replace(desk.caller, clock=make.clock(at), **more)
        with writing(desk.session):
            record(caller, action, subjects)


def patient_of(desk, visit):
    """The patient of a visit."""
    from app.schedule import store as schedule_store  # noqa: PLC0415

    return schedule_store.visits_by_ids(desk.session, desk.practice_id, [visit])[visit].patient_id


def test_a_patient_is_found_by_the_whole_number_posted_and_the_address_holds_our_own_id(desk, sign_in):
    (visit, *_others) = desk.book(*DAY[:2])
    patient = patient_of(desk, visit)
    write(desk, 1, patient, source="203.0.113.7")
    browser = sign_in(Role.ADMINISTRATOR)
    form = {"words": "m00001", "csrf_token": token_of(browser, ADMIN), "action": "clearance.seen"}
    answer = browser.post(f"{ADMIN}/patient", data=form)
    assert answer.status_code == 303
    assert answer.location == f"{ADMIN}?patient={patient}&action=clearance.seen"
    page = browser.get(answer.location)
    assert "Saw a visit Record" in plain(page)
    assert "203.0.113.7" in plain(page)
    assert f"Record {patient.hex[-8:]}" in plain(page)
    assert "Abbott" not in page.text and "M00001" not in page.text


@pytest.mark.parametrize(
    ("words", "said"), [("", "Enter the whole record number"), ("M0000", "Nobody has exactly this")]
)
def test_who_is_not_found_is_said_beside_the_field_and_what_was_typed_stays(desk, sign_in, words, said):
    desk.book(*DAY[:1])
    browser = sign_in(Role.ADMINISTRATOR)
    form = {"words": words, "csrf_token": token_of(browser, ADMIN)}
    answer = browser.post(f"{ADMIN}/patient", data=form)
    assert answer.status_code == 422
    assert said in plain(answer) and "<title>Error: Audit" in answer.text
    assert f'value="{words}"' in answer.text


def test_lines_are_searched_by_person_action_and_days_of_the_practice(desk, sign_in):
    write(desk, 1, action="schedule.printed")
    write(desk, 1, action="clearance.seen", days=1)
    browser = sign_in(Role.ADMINISTRATOR)
    page = plain(browser.get(f"{ADMIN}?action=schedule.printed&begins=t-7&ends=2/28"))
    assert "Printed a list of visits Nobody" in page
    assert "Saw a visit Nobody" not in page
    assert "No line matches" in plain(browser.get(f"{ADMIN}?action=schedule.printed&begins=3/1&ends=3/1"))
    faulty = browser.get(f"{ADMIN}?begins=never&ends=2/1&person=me")
    assert faulty.status_code == 422
    assert "Write the day like 12/01/2026" in plain(faulty) and "Choose a person" in plain(faulty)
    mixed = browser.get(f"{ADMIN}?begins=3/2&ends=3/1")
    assert "same as or after the first day" in plain(mixed)


def test_older_lines_follow_on_pages_without_a_gap_and_queries_do_not_grow(desk, web_app, sign_in):
    write(desk, 3)
    browser = sign_in(Role.ADMINISTRATOR)
    with counted(db.engine) as few:
        browser.get(ADMIN)
    write(desk, 120)
    with counted(db.engine) as many:
        page = browser.get(ADMIN)
    assert len(many) == len(few)
    seen = []
    while True:
        seen += re.findall(r'data-label="Line" class="number"><span>([\d,]+)<', page.text)
        older = re.search(r'href="([^"]+)">Older lines', page.text)
        if older is None:
            break
        page = browser.get(unescape(older[1]))
    assert len(seen) == len(set(seen)) >= 123


def test_reading_the_log_is_itself_a_line(desk, sign_in):
    (visit,) = desk.book(*DAY[:1])
    patient = patient_of(desk, visit)
    browser = sign_in(Role.ADMINISTRATOR)
    browser.get(f"{ADMIN}?patient={patient}")
    browser.get(f"{ADMIN}/patients/{patient}")
    lines = [line for line, _mac in audit_store.entries(desk.session, desk.practice_id)][-2:]
    assert [line.action for line in lines] == ["audit.searched", "audit.report_read"]
    assert all(line.subjects == (patient,) and line.source and line.under and line.user_id for line in lines)


def test_the_access_report_tells_each_look_and_change_also_by_what_belongs_to_the_patient(desk, sign_in):
    mine, other = desk.book(*DAY[:2])
    patient = patient_of(desk, mine)
    write(desk, 1, mine, action="worklists.assigned", source="203.0.113.7")
    write(desk, 1, patient_of(desk, other), action="schedule.printed")
    browser = sign_in(Role.ADMINISTRATOR)
    page = browser.get(f"{ADMIN}/patients/{patient}")
    words = plain(page)
    assert "Assigned visits 203.0.113.7" in words
    assert "Printed a list" not in words
    assert f"Patient Record {patient.hex[-8:]}" in words
    assert "Example Dermatology" in words and "by Kim Example" in words
    assert "Nobody saw or changed" in plain(browser.get(f"{ADMIN}/patients/{patient}?begins=1/1/2026&ends=1/2/2026"))


def test_an_administrator_with_a_clinical_role_knows_initials_and_reasons_others_neither(desk, sign_in, web_app):
    (visit,) = desk.book(*DAY[:1])
    patient = patient_of(desk, visit)
    write(desk, 1, patient, user_id=None, reason="The mother called")
    both = sign_in(Role.ADMINISTRATOR, Role.MANAGER)
    page = both.get(f"{ADMIN}?patient={patient}")
    assert f"LA, record {patient.hex[-8:]}" in plain(page)
    assert "Why: The mother called" in plain(page)
    assert "Abbott" not in page.text


def test_an_administrator_alone_reads_neither_initials_nor_reasons(desk, sign_in):
    (visit,) = desk.book(*DAY[:1])
    patient = patient_of(desk, visit)
    write(desk, 1, patient, reason="The mother called")
    page = sign_in(Role.ADMINISTRATOR).get(f"{ADMIN}?patient={patient}")
    assert "LA, record" not in page.text and "mother" not in page.text
    assert "A reason was given" in plain(page)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SCHEDULER, Role.BILLER, Role.PROVIDER, Role.MANAGER])
def test_nobody_else_opens_the_log(desk, sign_in, role):
    browser = sign_in(role)
    assert browser.get(ADMIN).status_code == 403
    assert browser.get(f"{ADMIN}/patients/{make.an_id(1)}").status_code in (403, 404)


def test_a_patient_of_another_practice_is_not_there(desk, sign_in):
    assert sign_in(Role.ADMINISTRATOR).get(f"{ADMIN}/patients/{make.an_id(77)}").status_code == 404
