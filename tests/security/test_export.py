"""The export of a patient: all that is on file about one person, nothing of others, with who took it and why."""

import json
import re
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from sqlalchemy import select

from app.audit import store as audit_store
from app.documents.actions import add_document
from app.documents.facts import DocumentKind
from app.exports.actions.exporting import LimitedSightError, PatientNotFoundError, export_patient
from app.exports.facts import LEFT_OUT, NOT_ABOUT_PATIENTS, PARTS, READ_BY_OTHERS
from app.exports.views.packed import DATA, PAGE, page
from app.exports.views.record import record_json
from app.patients import store as patient_store
from app.patients.facts import PatientDetails
from app.platform.caller import Caller
from app.platform.db import SealedText, db
from app.practice.facts.staff import Role
from app.practice.store import practice as practices
from app.values.scope import Scope
from app.web.models import all_tables
from app.web.sample.tour import STORIES
from app.web.sampling import fill_sample
from app.web.wiring import wire
from tests.support import make, papers
from tests.support.web import equipped, token_of

LENA, OTHER = make.an_id(700), make.an_id(701)
ABOUT = {"patient_id", "visit_id", "authorization_id", "coverage_id"}


def test_every_table_is_in_the_record_or_is_named_with_a_reason():
    groups = [{part.table for part in PARTS}, set(READ_BY_OTHERS), set(LEFT_OUT), set(NOT_ABOUT_PATIENTS)]
    everywhere = [name for group in groups for name in group]
    assert sorted(everywhere) == sorted(all_tables().tables), "each table stands in one of the four, and in one only"
    assert all(len(reason) > 10 for reason in (*LEFT_OUT.values(), *READ_BY_OTHERS.values()))


def test_no_table_that_names_a_person_counts_as_one_that_does_not():
    """Whatever rests on a patient, directly or by way of other tables, is in the record or left out with a reason."""
    about, before = {"patient"}, set()
    while about != before:
        before = set(about)
        about |= {
            table.name
            for table in all_tables().tables.values()
            if any(key.referred_table.name in before for key in table.foreign_key_constraints)
            or ABOUT & {column.name for column in table.columns}
        }
    assert not about & NOT_ABOUT_PATIENTS


def test_each_part_is_found_by_a_column_that_it_has():
    known = set()
    for part in PARTS:
        assert part.column in all_tables().tables[part.table].columns
        assert part.of is None or part.of in known
        known.add(part.table)


@pytest.fixture
def sample(caller, monkeypatch):
    """A sample practice, with one of each story."""
    monkeypatch.setattr("app.web.sample.building.PEOPLE", len(STORIES))
    wire()
    practices.save_practice(caller.session, make.PRACTICE_ID, replace(make.practice(), sample=True))
    caller.session.commit()
    assert fill_sample(caller)
    return caller


def people_of(caller: Caller) -> list[PatientDetails]:
    """Everybody on file."""
    ids = caller.session.scalars(select(db.metadata.tables["patient"].c.id)).all()
    return [found[0] for one in ids if (found := patient_store.on_file(caller.session, make.PRACTICE_ID, one))]


def test_it_holds_every_row_of_the_person_opened_and_nobody_elses(sample):
    people = people_of(sample)
    held = {part.table: 0 for part in PARTS}
    for who in people:
        record = export_patient(replace(sample, reason="asked by the patient"), who.id)
        text, html = record_json(record).decode(), page(record)
        assert f"{who.first_name} {who.last_name}" in html and who.mrn in text and who.mrn in html
        for other in people:
            if other.id != who.id:
                assert json.dumps(other.mrn) not in text and str(other.id) not in text
        for table, rows in record.tables.items():
            held[table] += len(rows)
        hold_opened(record)
        hold_alone(html)
    for table in ("patient", "coverage", "authorization", "authorization_event", "visit", "service_line"):
        counted = sample.session.execute(select(db.metadata.tables[table].c.id)).all()
        assert held[table] == len(counted), table
    assert held["visit_verdict"] and held["visit_verdict_past"] and held["alert"]


SEALED = {
    (part.table, column.name)
    for part in PARTS
    for column in all_tables().tables[part.table].columns
    if isinstance(column.type, SealedText)
}


def hold_opened(record) -> None:
    """Every sealed word of the person is opened."""
    assert len(SEALED) > 20
    for table, name in SEALED:
        assert all(row[name] is None or isinstance(row[name], str) for row in record.tables[table])
    assert "Sealed(" not in record_json(record).decode()


def hold_alone(html: str) -> None:
    """The page asks for no other file, and is marked up for everybody."""
    assert not re.search(r"(src|href)=.(?!#)", html)
    assert html.count("<h1>") == 1 and 'lang="en"' in html and "<title>Patient record</title>" in html
    marks = re.findall(r'id="([^"]+)"', html)
    assert len(marks) == len(set(marks))


def test_whoever_does_not_see_the_whole_practice_cannot_export(caller):
    limited = replace(caller, scope=Scope(frozenset({make.an_id(1)}), None, frozenset()))
    with pytest.raises(LimitedSightError):
        export_patient(limited, LENA)
    with pytest.raises(PatientNotFoundError):
        export_patient(caller, make.an_id(12345))


@pytest.fixture
def on_file(web_app, web_clock):
    """Two people on file."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        two = [PatientDetails(LENA, "M1", "Abbott", "Lena", None), PatientDetails(OTHER, "M2", "Bruno", "Otto", None)]
        patient_store.add_patients(caller.session, make.PRACTICE_ID, two)
        caller.session.commit()
        for number, patient in ((7, LENA), (8, OTHER)):
            photo = papers.picture("PNG")
            add_document(caller, patient, make.an_id(number), "photo.png", photo, DocumentKind.PHOTO)


def address(patient=LENA) -> str:
    """The page of an export."""
    return f"/patients/{patient}/export"


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SCHEDULER, Role.PROVIDER, Role.BILLER, Role.ADMINISTRATOR])
def test_only_managers_may_export(on_file, sign_in, role):
    browser = sign_in(role)
    assert browser.get(address()).status_code in (403, 404)
    token = token_of(browser, "/settings")
    assert browser.post(address(), data={"reason": "because", "csrf_token": token}).status_code in (403, 404)


def test_without_a_reason_nothing_is_given_out(on_file, sign_in):
    browser = sign_in(Role.MANAGER)
    answer = browser.post(address(), data={"reason": "  ", "csrf_token": token_of(browser, address())})
    assert answer.status_code == 422
    assert "Enter why the record is given out" in answer.text and "<title>Error: " in answer.text
    long = browser.post(address(), data={"reason": "x" * 201, "csrf_token": token_of(browser, address())})
    assert long.status_code == 422 and "x" * 201 in long.text


def test_a_manager_gets_one_file_that_no_browser_keeps_and_the_log_says_why(on_file, sign_in, web_app, web_clock):
    browser = sign_in(Role.MANAGER)
    answer = browser.post(
        address(), data={"reason": "asked by the patient", "csrf_token": token_of(browser, address())}
    )
    assert answer.status_code == 200 and answer.mimetype == "application/zip"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="patient-record.zip"'
    assert "no-store" in answer.headers["Cache-Control"]
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        assert sorted(archive.namelist()) == sorted([PAGE, DATA, f"documents/{make.an_id(7)}.png"])
        assert archive.read(f"documents/{make.an_id(7)}.png") == papers.picture("PNG")
        content = json.loads(archive.read(DATA))
        html = archive.read(PAGE).decode()
    assert content["parts"]["patient"]["rows"][0]["last_name"] == "Abbott"
    assert "Lena Abbott" in html and "Bruno" not in html and "M2" not in html
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        lines = [entry for entry, _ in audit_store.entries(caller.session, make.PRACTICE_ID)]
        (line,) = [one for one in lines if one.action == "exports.patient"]
        assert LENA in line.subjects and line.user_id is not None and line.reason_mac is not None
        reasons = audit_store.reasons_of(caller.session, make.PRACTICE_ID, [line.id])
        assert reasons[line.id] == "asked by the patient"


def test_somebody_who_is_not_on_file_is_not_found(on_file, sign_in):
    browser = sign_in(Role.MANAGER)
    assert browser.get(address(make.an_id(999))).status_code == 404


def test_an_old_proof_of_who_one_is_does_not_do(on_file, sign_in, web_clock):
    browser = sign_in(Role.MANAGER)
    assert browser.get(address()).status_code == 200
    web_clock.instant += make.clock().instant.resolution * 11 * 60 * 1_000_000
    answer = browser.get(address())
    assert answer.status_code in (302, 303) and "/sign-in/again" in answer.location


def test_the_command_writes_a_new_file_for_its_owner_alone(manage, tmp_path):
    target = tmp_path / "record.zip"
    words = ("export", "patient", "--mrn", "M1", "--to", str(target), "--reason", "asked")
    assert manage(*words).code == 2 and not target.exists()
    target.write_text("theirs")
    assert manage("export", "patient", "--mrn", "M1", "--to", str(target), "--reason", " ").code == 2
    assert target.read_text() == "theirs"
