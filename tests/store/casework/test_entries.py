"""Entries of cases: sealed, found by their reference, written together with what calls them, struck and never lost."""

from datetime import date

import pytest

from app.authorizations import store as authorization_store
from app.casework.actions.entries import EntryNotFoundError, TooLateError, add_entry, note, take_entry_back
from app.casework.actions.steering import assign, set_next
from app.casework.facts.cases import CaseNotFoundError
from app.casework.facts.entries import Contact, Entry, EntryKind, NextStep, Noted, Outcome
from app.casework.store import entries as store
from app.deadlines import store as clock_store
from app.deadlines.actions import PersonNotFoundError
from app.patients import store as patient_store
from app.platform.changes import announced
from tests.support import make
from tests.support.desk import Booking, Desk

PRACTICE = make.PRACTICE_ID
CALL = Contact("Provider line", "Dana", "CR-77/120", make.NOW, 12, Outcome.STILL_PENDING)


@pytest.fixture
def cases(caller):
    """Two cases of two patients on file."""
    Desk(caller).furnish().book(Booking(8, "Dubois", "Henri", "pending"), Booking(9, "Moreau", "Anne", "pending"))
    return [make.an_id(60_001), make.an_id(60_002)]


def entry_of(caller, cases, place=0, **other):
    """A call on a case."""
    values = {"words": "In review", "contact": CALL, "next_action": "Call", "next_action_on": date(2026, 3, 4)}
    patient = make.an_id(10_001 + place)
    return Entry(make.an_id(300), cases[place], patient, EntryKind.CALL, caller.clock.now(), None, **values | other)


def test_what_is_written_is_read_back_whole_and_lies_sealed(caller, cases):
    one = entry_of(caller, cases)
    assert add_entry(caller, one)
    assert not add_entry(caller, one), "the same id counts once"
    assert store.of_cases(caller.session, PRACTICE, [cases[0]], 9) == (one,)
    raw = caller.session.connection().exec_driver_sql("SELECT words, person, reference FROM case_entry").one()
    assert not any(word in bytes(value) for value in raw for word in (b"review", b"Dana", b"CR-77"))


def test_a_case_and_its_patient_are_found_by_the_reference_of_a_call(caller, cases):
    add_entry(caller, entry_of(caller, cases))
    assert store.by_reference(caller.session, PRACTICE, "cr77 120") == (cases[0],)
    assert store.by_reference(caller.session, PRACTICE, "cr77 121") == ()
    assert patient_store.found_under(caller.session, PRACTICE, [("number", "cr77120")], 9) == (make.an_id(10_001),)


def test_an_entry_joins_the_transaction_that_is_open(caller, cases):
    with pytest.raises(ZeroDivisionError), announced(caller):
        add_entry(caller, entry_of(caller, cases))
        raise ZeroDivisionError
    assert store.of_cases(caller.session, PRACTICE, cases, 9) == ()


def test_an_entry_of_another_patient_is_refused(caller, cases):
    wrong = entry_of(caller, cases)
    with pytest.raises(CaseNotFoundError):
        add_entry(caller, Entry(wrong.id, cases[1], wrong.patient_id, wrong.kind, wrong.at, None))


def test_one_call_about_two_cases_stands_on_both_and_is_taken_back_from_both(caller, cases):
    noted = Noted(EntryKind.CALL, "Both in review", CALL, NextStep("Call again", date(2026, 3, 5)))
    assert note(caller, cases, make.an_id(400), noted)
    assert not note(caller, cases, make.an_id(400), noted)
    found = store.of_cases(caller.session, PRACTICE, cases, 9)
    assert sorted(one.case_id for one in found) == sorted(cases)
    for case in cases:
        assert authorization_store.record_of(caller.session, PRACTICE, case)[0].next_action == "Call again"
    take_entry_back(caller, cases[0], make.an_id(400))
    assert all(one.taken_back_at for one in store.of_cases(caller.session, PRACTICE, cases, 9))
    for case in cases:
        assert authorization_store.record_of(caller.session, PRACTICE, case)[0].next_action is None
    assert store.by_reference(caller.session, PRACTICE, "CR-77/120") == ()
    with pytest.raises(TooLateError):
        take_entry_back(caller, cases[0], make.an_id(400))


def test_an_entry_is_corrected_once(caller, cases):
    note(caller, [cases[0]], make.an_id(1), Noted(EntryKind.NOTE, "Wrong"))
    note(caller, [cases[0]], make.an_id(2), Noted(EntryKind.NOTE, "Right", corrects=make.an_id(1)))
    with pytest.raises(EntryNotFoundError):
        note(caller, [cases[0]], make.an_id(3), Noted(EntryKind.NOTE, "Right too", corrects=make.an_id(1)))
    with pytest.raises(EntryNotFoundError):
        note(caller, [cases[1]], make.an_id(4), Noted(EntryKind.NOTE, "Elsewhere", corrects=make.an_id(2)))


def test_cases_are_steered_all_or_none(caller, cases):
    with pytest.raises(PersonNotFoundError):
        assign(caller, cases, make.an_id(9))
    with pytest.raises(CaseNotFoundError):
        set_next(caller, [*cases, make.an_id(9)], "Call", date(2026, 3, 4))
    assert authorization_store.record_of(caller.session, PRACTICE, cases[0])[0].next_action is None
    set_next(caller, cases, "Call", date(2026, 3, 4))
    assert authorization_store.record_of(caller.session, PRACTICE, cases[1])[0].next_action_on == date(2026, 3, 4)
    with pytest.raises(ValueError, match="needs the action"):
        set_next(caller, cases, None, date(2026, 3, 4))
    assert clock_store.cases(caller.session, PRACTICE, cases) == {}
