"""Visits are read whole, in the order of judging and in the order of the schedule page."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from app.patients import store as patients
from app.patients.facts import PatientDetails
from app.platform.ids import new_id
from app.platform.rows import CHUNK
from app.practice.store import practice
from app.schedule import store
from app.schedule.facts import LineSource, ServiceLine, Visit, VisitRecord, VisitStatus
from app.values.members import MemberKey
from tests.support import make

ID = make.PRACTICE_ID
DAY = date(2026, 3, 9)


@pytest.fixture
def book(session):
    """Twelve patients with two visits each, and two sites."""
    for number, name in ((1, "Main"), (2, "North")):
        practice.add_site(session, ID, make.site(number, name))
    people = [PatientDetails(new_id(), f"M{n}", f"Last{n}", "Ann", date(1960, 1, 1 + n)) for n in range(12)]
    patients.add_patients(session, ID, people)
    visits = [
        Visit(
            new_id(),
            f"V{n}-{turn}",
            person.id,
            make.an_id(1 + n % 2),
            make.NOW + timedelta(days=7 - turn, hours=n % 5),
            DAY - timedelta(days=turn),
            VisitStatus.BOOKED if n % 3 else VisitStatus.DONE,
            (ServiceLine(new_id(), 0, "96910"), ServiceLine(new_id(), 1, "11102", named_member=_member(n))),
        )
        for n, person in enumerate(people)
        for turn in (0, 1)
    ]
    store.add_visits(session, ID, [VisitRecord(visit, (LineSource(0), LineSource(1))) for visit in visits])
    session.commit()
    return visits


def _member(number):
    return MemberKey(*(bytes([number + part] * 16) for part in (1, 2, 3))) if number % 2 else None


def test_every_visit_comes_back_as_it_was_written(session, book):
    found = store.of_patients(session, ID, [visit.patient_id for visit in book])
    assert {visit.reference: visit for visits in found.values() for visit in visits} == {
        one.reference: one for one in book
    }
    assert store.visit_by_reference(session, ID, "V3-1") in book
    assert store.visit_by_reference(session, ID, "V3-9") is None


def test_a_patients_visits_stand_in_the_order_of_judging_and_patients_in_that_of_their_ids(session, book):
    streamed = list(store.in_patient_order(session, ID))
    assert [patient_id for patient_id, _ in streamed] == sorted({visit.patient_id for visit in book})
    assert all([visit.reference[-1] for visit in visits] == ["1", "0"] for _, visits in streamed)


def test_shards_hold_every_patient_once(session, book):
    shards = patients.shards(session, ID, 3)
    assert len(shards) == 3
    by_shard = [patient for after, until in shards for patient, _ in store.in_patient_order(session, ID, after, until)]
    assert by_shard == sorted({visit.patient_id for visit in book})
    people = [one.id for after, until in shards for one in patients.in_patient_order(session, ID, after, until)]
    assert people == by_shard


def test_pages_follow_each_other_without_gap_or_repeat(session, book):
    first, last = DAY - timedelta(days=1), DAY
    whole, after = [], None
    while page := store.listed(session, ID, first, last, after=after, limit=5):
        whole.extend(page)
        after = (page[-1].day, page[-1].starts_at, page[-1].reference)
    assert [one.reference for one in whole] == [
        one.reference for one in sorted(book, key=lambda one: (one.day, one.starts_at, one.reference))
    ]


def test_days_sites_and_statuses_select(session, book):
    on_day = store.visits_between(session, ID, DAY, DAY, make.an_id(1), VisitStatus.BOOKED)
    wanted = [one for one in book if (one.day, one.site_id, one.status) == (DAY, make.an_id(1), VisitStatus.BOOKED)]
    assert {one.reference for one in on_day} == {one.reference for one in wanted}
    assert store.booked_references(session, ID, make.an_id(1), DAY, DAY) == tuple(one.reference for one in on_day)


def test_more_patients_than_one_list_of_ids_holds(session, book):
    unknown = [UUID(int=number) for number in range(2 * CHUNK)]
    found = store.of_patients(session, ID, [*unknown, *(visit.patient_id for visit in book)])
    assert len(found) == 12


def test_names_are_opened_only_when_asked_for(session, book):
    one = book[0].patient_id
    assert patients.opened(session, ID, [one])[one].last_name == "Last0"
    judged = patients.for_judging(session, ID, [one])[one]
    assert b"1960" not in judged.sealed_birth
    keyring = session.info["keyring"]
    assert patients.unsealed_birth(keyring, ID, one, judged.sealed_birth) == date(1960, 1, 1)
    assert patients.by_mrn(session, ID, " m0 ") == one
