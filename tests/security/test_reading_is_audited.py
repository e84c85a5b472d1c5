"""Every address that shows something of a patient leaves an audit line about that patient: all doors are walked."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from app.audit import store
from app.patients import store as patients
from app.platform.caller import Caller
from app.platform.db import db
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.web import equipped
from tests.support.whole import NOBODYS, Whole, whole_program

PATIENT_OF = {
    "visit": "SELECT patient_id FROM visit WHERE id = :id",
    "approval": 'SELECT patient_id FROM "authorization" WHERE id = :id',
    "coverage": "SELECT patient_id FROM coverage WHERE id = :id",
    "text": "SELECT patient_id FROM patient_text WHERE id = :id",
}
"""How the patient of a kind of object is found. A patient is found by its own id."""

SHOWS_NOTHING = {
    "GET /patients/<uuid:patient_id>/export": "asks what is to be exported, and shows nothing of the patient",
    "GET /visits/<uuid:visit_id>/texts": "leads to the texts of the patient",
}
"""Doors that name a patient and show nothing about it."""

LISTS = ("/schedule", "/today", "/cases", "/questions", "/alerts", "/alerts/replies")
"""Pages that show many patients and name none in their address."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """The program on a filled practice."""
    with whole_program(Path(tmp_path_factory.mktemp("whole"))) as made:
        yield made


def last(whole):
    """The number of the last audit line."""
    with whole.app.app_context():
        return store.last_line(db.session(), make.PRACTICE_ID)


def subjects_since(whole, sequence):
    """Whom the lines after one are about, of those that people and tokens wrote."""
    with whole.app.app_context():
        lines = store.since(db.session(), make.PRACTICE_ID, sequence, 1000)
    return {one for line in lines if line.user_id is not None for one in line.subjects}


def patient_in(whole, door, address):
    """The patient whom an address names by its first object; None where it names none."""
    kinds = [kind for _name, kind in door.objects]
    if not kinds or kinds[0] not in {"patient", *PATIENT_OF}:
        return None
    named = next(part for part in address.split("/") if len(part) == 36)
    if kinds[0] == "patient":
        return UUID(named)
    with whole.app.app_context(), db.engine.connect() as connection:
        found = connection.execute(text(PATIENT_OF[kinds[0]]), {"id": UUID(named).bytes}).scalar()
    return NOBODYS if found is None else UUID(bytes=bytes(found))


def test_each_page_about_a_patient_leaves_a_line_about_that_patient(whole):
    browser = whole.enter(*Role)
    silent, seen = [], 0
    for door, address in whole.doors("GET"):
        patient = patient_in(whole, door, address)
        if patient is None or patient == NOBODYS or "/api/" in address:
            continue
        before = last(whole)
        answer = browser.get(address)
        answer.close()
        if answer.status_code == 200 and f"GET {door.address}" not in SHOWS_NOTHING:
            seen += 1
            if patient not in subjects_since(whole, before):
                silent.append(f"GET {door.address}")
    assert silent == []
    assert seen >= 8


@pytest.mark.parametrize("address", LISTS)
def test_each_list_of_patients_names_on_a_line_whom_it_showed(whole, address):
    browser = whole.enter(*Role, email=f"list{LISTS.index(address)}@example.test")
    before = last(whole)
    assert browser.get(address).status_code in (200, 302)
    shown = subjects_since(whole, before)
    with whole.app.app_context(), db.engine.connect() as connection:
        patients = {UUID(bytes=bytes(one)) for one in connection.execute(text("SELECT id FROM patient")).scalars()}
    if address in ("/schedule", "/today", "/cases"):
        assert shown & patients


def test_a_search_names_whom_it_found(whole):
    browser = whole.enter(*Role, email="search@example.test")
    page = browser.get("/patients").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    with whole.app.app_context():
        caller = equipped_caller(whole)
        name = first_name(caller)
    before = last(whole)
    assert browser.post("/patients", data={"csrf_token": token, "words": name}).status_code in (200, 303)
    assert subjects_since(whole, before)


def equipped_caller(whole):
    """A caller of the practice with the keys."""
    return equipped(Caller(db.session(), make.PRACTICE_ID, whole.clock, via="test"))


def first_name(caller):
    """The family name of somebody on file."""
    ids = [UUID(bytes=bytes(one)) for one in caller.session.execute(text("SELECT id FROM patient LIMIT 1")).scalars()]
    return next(iter(patients.opened(caller.session, caller.practice_id, ids).values())).last_name
