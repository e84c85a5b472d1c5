"""Finding a patient by what people have at hand; nothing typed ever stands in an address."""

from dataclasses import replace

import pytest

from app.casework.actions.finding import fill_search_keys
from app.patients import store
from app.platform.db import db
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.desk import DAY, Booking
from tests.support.queries import counted
from tests.web.casework.support import errors_of, fields_of, patient_id, words_of

PEOPLE = (
    Booking(8, "O'Neil-Peña", "María José", "approved"),
    Booking(9, "Li", "Bo", "none"),
    Booking(10, "Oneida", "Mark", "none"),
)


def search(browser, words: str):
    """Search for some words."""
    token = fields_of(browser.get("/patients"), "/patients")["csrf_token"]
    return browser.post("/patients", data={"words": words, "csrf_token": token})


@pytest.fixture
def people(desk):
    """Three patients, the first of them with a phone number."""
    desk.book(*PEOPLE)
    details = store.details(db.session(), make.PRACTICE_ID, [patient_id(1)])[patient_id(1)]
    store.change_patients(db.session(), make.PRACTICE_ID, [replace(details, phone="(555) 010-2233")])
    db.session.commit()


WAYS = [
    "O'Neil-Peña",
    "oneil pena",
    "oneilp",
    "María",
    "maria jose",
    "Peña, Mar",
    "oneil, mar",
    "maria oneil",
    "oneil 05/17/1980",
    "M00001",
    "m00001",
    "W00000001",
    "w-0000-0001",
    "PA-1041",
    "pa1041",
    "REF-701",
    "555 010 2233",
    "1-555-010-2233",
]


@pytest.mark.parametrize("words", WAYS)
def test_a_patient_is_found_by_what_is_at_hand(people, sign_in, words):
    answer = search(sign_in(Role.SCHEDULER), words)
    assert (answer.status_code, answer.headers.get("Location")) == (303, f"/patients/{patient_id(1)}"), words_of(answer)


def test_several_are_listed_by_name(people, sign_in):
    page = search(sign_in(Role.SCHEDULER), "one")
    assert "2 patients found." in words_of(page)
    assert "O'Neil-Peña, María José M00001 05/17/1980 (555) 010-2233 Acme Health" in words_of(page)
    assert page.text.index("Neil-Pe") < page.text.index("Oneida, Mark")


def test_a_short_name_is_found_whole_and_not_by_its_beginning(people, sign_in):
    browser = sign_in(Role.COORDINATOR)
    assert search(browser, "Li").headers["Location"] == f"/patients/{patient_id(2)}"
    assert "No patient fits." in words_of(search(browser, "on"))


def test_all_born_on_a_day_are_found(people, sign_in):
    assert "3 patients found." in words_of(search(sign_in(Role.COORDINATOR), "5/17/1980"))


def test_a_word_longer_than_its_key_is_compared(people, sign_in):
    browser = sign_in(Role.COORDINATOR)
    assert "No patient fits." in words_of(search(browser, "oneidx"))
    assert search(browser, "oneid").headers["Location"] == f"/patients/{patient_id(3)}"


def test_a_changed_name_is_no_longer_found_by_the_old_one(people, sign_in):
    details = store.details(db.session(), make.PRACTICE_ID, [patient_id(3)])[patient_id(3)]
    store.change_patients(db.session(), make.PRACTICE_ID, [replace(details, last_name="Vargas")])
    db.session.commit()
    browser = sign_in(Role.COORDINATOR)
    assert "No patient fits." in words_of(search(browser, "Oneida"))
    assert search(browser, "Vargas").headers["Location"] == f"/patients/{patient_id(3)}"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (" . ", "Enter a name, record number, member ID, authorization number, case, phone number or birth date"),
        ("x", "Enter at least three letters of a name, or the whole name where it is shorter"),
        ("ab" * 60, "Search for at most 100 characters"),
    ],
)
def test_words_that_cannot_be_looked_up_are_said(people, sign_in, words, sentence):
    answer = search(sign_in(Role.COORDINATOR), words)
    assert answer.status_code == 422
    assert errors_of(answer) == [sentence]


def test_no_more_than_fifty_are_shown(desk, sign_in):
    desk.book(*(Booking(8, "Kovalenko", f"Given{number}", "none") for number in range(52)))
    page = search(sign_in(Role.COORDINATOR), "kova")
    assert page.text.count("<tr data-row>") == 50
    assert "More than 50 patients may fit. Narrow it: add the first name or the birth date." in words_of(page)


def test_nothing_typed_stands_in_an_address(people, sign_in):
    browser = sign_in(Role.COORDINATOR)
    page = search(browser, "one")
    links = [part.split('"')[0] for part in page.text.split('href="')[1:]]
    assert not [link for link in links if "one" in link.lower().replace("pass/none", "")]
    assert "one" not in page.text[page.text.index("<title>") : page.text.index("</title>")].lower()


def test_the_queries_of_a_search_do_not_grow_with_the_patients(desk, sign_in):
    desk.book(Booking(8, "Kovalenko", "Ana", "none"), Booking(8, "Kovalenko", "Bea", "none"))
    browser = sign_in(Role.COORDINATOR)
    seen = []
    for more in ((), DAY, tuple(Booking(8, "Kovalenko", f"Given{number}", "none") for number in range(20))):
        desk.book(*more)
        token = fields_of(browser.get("/patients"), "/patients")["csrf_token"]
        with counted(db.engine) as statements:
            assert browser.post("/patients", data={"words": "kovalenko", "csrf_token": token}).status_code == 200
        seen.append(len(statements))
    assert len(set(seen)) == 1


def test_patients_who_came_before_the_keys_are_found_after_the_job(people, desk, sign_in):
    session = desk.session
    session.connection().exec_driver_sql("DELETE FROM patient_search_key")
    session.commit()
    browser = sign_in(Role.COORDINATOR)
    assert "No patient fits." in words_of(search(browser, "oneil"))
    assert fill_search_keys(desk.caller) == 3
    assert fill_search_keys(desk.caller) == 0
    for words in ("oneil pena", "W00000001", "PA-1041", "5550102233"):
        assert search(browser, words).headers["Location"] == f"/patients/{patient_id(1)}"


def test_another_practice_finds_nobody(people, desk):
    keys = store.found_under(desk.session, make.PRACTICE_ID, [("last", "one")], 10)
    assert len(keys) == 2
    assert store.found_under(desk.session, make.OTHER_PRACTICE_ID, [("last", "one")], 10) == ()


def test_a_provider_may_search_and_an_administrator_may_not(people, sign_in):
    assert sign_in(Role.ADMINISTRATOR).get("/patients").status_code == 403
