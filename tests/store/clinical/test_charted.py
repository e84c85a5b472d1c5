"""Clinical facts and questions to providers at rest: sealed, by patient, and only what stands."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.clinical.facts import AskedItem, ClinicalFact, FactKind, ProviderAsk, Source, SourceKind
from app.clinical.models import ClinicalFactRow, ProviderAskRow
from app.clinical.store import asks, charted
from app.documents import store as documents
from app.documents.facts import Document, DocumentKind, MediaType
from app.patients import store as patients
from app.patients.facts import PatientDetails
from app.practice.actions.staff import add_staff
from app.practice.facts.staff import Role
from app.practice.store import staff as staffing
from app.values.scope import Scope
from tests.support import make
from tests.support.queries import counted

PEOPLE = [make.an_id(10 + number) for number in range(3)]
DAY = date(2026, 2, 20)
NOTE = make.an_id(90)


@pytest.fixture
def people(caller):
    """Three patients on file."""
    found = [PatientDetails(one, f"M-{place}", "Doe", "Jo", date(1980, 1, 1)) for place, one in enumerate(PEOPLE)]
    patients.add_patients(caller.session, caller.practice_id, found)
    caller.session.commit()
    return PEOPLE


def a_fact(caller, number, patient=0, **said):
    values = {"source": Source(SourceKind.CLAIM, words="paid 8841"), "dated": DAY, "values": {"value": "12"}} | said
    at = caller.clock.now()
    return ClinicalFact(make.an_id(100 + number), PEOPLE[patient], FactKind.MEASURE, "bsa_percent", **values,
                        recorded_at=at, recorded_by=None)  # fmt: skip


def test_facts_come_back_as_they_were_and_what_they_say_is_sealed(caller, people):
    session, practice_id = caller.session, caller.practice_id
    fact = a_fact(caller, 1, values={"value": "a secret word"})
    charted.add_facts(session, practice_id, [fact])
    session.commit()
    assert charted.of_patients(session, practice_id, people) == {PEOPLE[0]: (fact,)}
    row = session.scalars(select(ClinicalFactRow)).one()
    assert (
        b"secret" not in bytes(row.content) and b"bsa" not in bytes(row.content) and b"8841" not in bytes(row.content)
    )


def test_one_reading_in_the_order_of_patients_is_all_readings_by_patient(caller, people):
    session, practice_id = caller.session, caller.practice_id
    charted.add_facts(session, practice_id, [a_fact(caller, number, number % 2) for number in range(7)])
    session.commit()
    by_patient = charted.of_patients(session, practice_id, people)
    assert dict(charted.in_patient_order(session, practice_id)) == by_patient
    assert [one for one, _facts in charted.in_patient_order(session, practice_id)] == sorted(by_patient)
    first, second = sorted(by_patient)
    assert dict(charted.in_patient_order(session, practice_id, first)) == {second: by_patient[second]}
    assert dict(charted.in_patient_order(session, practice_id, None, first)) == {first: by_patient[first]}
    with counted(session.get_bind().engine) as seen:
        charted.of_patients(session, practice_id, people)
        list(charted.in_patient_order(session, practice_id))
    assert len([one for one in seen if "clinical_fact" in one]) == 2


def test_what_was_ended_counts_no_more_and_comes_back_when_restored(caller, people):
    session, practice_id = caller.session, caller.practice_id
    fact, now = a_fact(caller, 1), caller.clock.now()
    charted.add_facts(session, practice_id, [fact])
    assert charted.end_fact(session, practice_id, fact.id, now, None) is True
    assert charted.end_fact(session, practice_id, fact.id, now, None) is False
    assert charted.of_patients(session, practice_id, people) == {}
    assert list(charted.in_patient_order(session, practice_id)) == []
    assert charted.history_of(session, practice_id, PEOPLE[0]) == (replace(fact, ended_at=now),)
    assert charted.restore_fact(session, practice_id, fact.id) is True
    assert charted.restore_fact(session, practice_id, fact.id) is False
    assert charted.of_patients(session, practice_id, people) == {PEOPLE[0]: (fact,)}


def test_a_fact_of_a_document_that_was_taken_away_counts_no_more(caller, people):
    session, practice_id, now = caller.session, caller.practice_id, caller.clock.now()
    note = Document(NOTE, PEOPLE[0], DocumentKind.CHART_NOTE, MediaType.PDF, "Note", 4, "00", 1, now, None, DAY)
    documents.add_document(session, practice_id, note, b"%PDF")
    fact = a_fact(caller, 1, source=Source(SourceKind.DOCUMENT, NOTE, 1))
    charted.add_facts(session, practice_id, [fact])
    assert charted.of_patients(session, practice_id, people) == {PEOPLE[0]: (fact,)}
    documents.change_document(session, practice_id, note, replace(note, removed_at=now))
    assert charted.of_patients(session, practice_id, people) == {}
    assert list(charted.in_patient_order(session, practice_id)) == []


def test_a_question_to_a_provider_is_open_until_it_is_answered_once(caller, people):
    session, practice_id, now = caller.session, caller.practice_id, caller.clock.now()
    add_staff(caller, "rivera@example.test", "Dr. Rivera", frozenset({Role.PROVIDER}))
    (person,) = staffing.staff_of(session, practice_id)
    items = (AskedItem(FactKind.MEASURE, "bsa_percent", "a secret word"), AskedItem(FactKind.TRIAL, "tcs", "trial"))
    ask = ProviderAsk(make.an_id(200), PEOPLE[0], None, None, person.id, now, items, DAY, "another secret")
    asks.add_ask(session, practice_id, ask)
    session.commit()
    assert asks.ask_of(session, practice_id, ask.id) == ask
    assert asks.open_asks_of(session, practice_id, person.id) == (ask,)
    assert asks.open_asks_of(session, practice_id, person.id, Scope(sites=frozenset(), unbooked=False)) == ()
    later = now + timedelta(hours=1)
    assert asks.answer_ask(session, practice_id, ask.id, later, person.id, [make.an_id(101), None], "words") is True
    assert asks.answer_ask(session, practice_id, ask.id, later, person.id, [None, None], None) is False
    assert asks.withdraw_ask(session, practice_id, ask.id, later) is False
    (known,) = asks.of_patient(session, practice_id, PEOPLE[0])
    assert (known.answers, known.words, known.answered_at) == ((make.an_id(101), None), "words", later)
    assert asks.open_asks_of(session, practice_id, person.id) == ()
    row = session.scalars(select(ProviderAskRow)).one()
    assert b"secret" not in bytes(row.content) and b"words" not in bytes(row.answer)
