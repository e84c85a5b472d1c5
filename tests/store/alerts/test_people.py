"""How people are told, as stored: what was given comes back, sealed, and in a fixed number of queries."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.alerts.facts.outbox import Way
from app.alerts.facts.people import QUIET_FROM, QUIET_UNTIL, Absence, Duty, Person
from app.alerts.facts.roster import Away, OnCall
from app.alerts.facts.texts import HowStopped, Stop
from app.alerts.rules.people import ways_of
from app.alerts.store import people as store
from app.alerts.store import texts
from app.deadlines.facts import Reason
from app.platform.wall import of_practice
from app.practice.facts.staff import Role, Staff
from app.practice.store import practice as practice_store
from app.practice.store import staff as staffing
from app.values.spans import DateSpan
from tests.support import make
from tests.support.queries import counted

KIM, LEE = make.an_id(301), make.an_id(302)
PHONE = "+12125550123"


def staff(number: int, name: str, active: bool = True, practice_id=make.PRACTICE_ID) -> Staff:
    """Make a coordinator."""
    roles = frozenset({Role.COORDINATOR})
    return Staff(make.an_id(number), practice_id, f"{name.lower()}@example.test", name, roles, active)


@pytest.fixture
def furnished(session):
    """Two people, a site, and the session."""
    for one in (staff(301, "Kim"), staff(302, "Lee"), staff(303, "Gone", active=False)):
        staffing.add_staff(session, make.PRACTICE_ID, one, "x")
    practice_store.add_site(session, make.PRACTICE_ID, make.site())
    return session


def kim(session) -> Person:
    """Read Kim."""
    return next(one for one in store.people(session, make.PRACTICE_ID) if one.id == KIM)


def test_someone_who_never_chose_has_what_comes_with_the_program(furnished):
    found = store.people(furnished, make.PRACTICE_ID)
    assert [one.name for one in found] == ["Kim", "Lee"]
    assert found[0] == Person(KIM, "Kim", "kim@example.test", frozenset({Role.COORDINATOR}), make.ZONE)
    assert (found[0].quiet_from, found[0].quiet_until, found[0].quiet_weekends) == (QUIET_FROM, QUIET_UNTIL, True)


def test_what_a_person_chose_comes_back_and_replaces_what_was_there(furnished):
    chosen = replace(
        kim(furnished),
        zone="America/Denver",
        phone=PHONE,
        sites=frozenset({make.an_id(1)}),
        ways={Reason.APPEAL: frozenset({Way.SMS}), Reason.APPROVED: frozenset()},
        thresholds={Reason.APPROVAL_ENDS: (30, 7)},
        quiet_from=time(20, 15),
        quiet_until=time(6, 45),
        quiet_weekends=False,
        digest_at=time(8),
        backup_id=LEE,
    )
    store.save_person(furnished, make.PRACTICE_ID, chosen)
    furnished.commit()
    assert kim(furnished) == chosen
    other = replace(chosen, phone=None, sites=frozenset(), ways={}, thresholds={}, digest_at=None, backup_id=None)
    store.save_person(furnished, make.PRACTICE_ID, other)
    assert kim(furnished) == other


def test_a_number_is_stored_sealed_and_found_by_its_index(furnished):
    store.save_person(furnished, make.PRACTICE_ID, replace(kim(furnished), phone=PHONE))
    stored = furnished.execute(text("SELECT phone, phone_key FROM staff_contact")).one()
    assert PHONE[2:].encode() not in bytes(stored[0]) + bytes(stored[1])
    assert store.staff_with_phone(furnished, make.PRACTICE_ID, PHONE) == KIM
    assert store.staff_with_phone(furnished, make.PRACTICE_ID, "+12125550124") is None
    assert store.staff_with_phone(furnished, make.OTHER_PRACTICE_ID, PHONE) is None


def test_a_number_that_has_ended_texts_marks_its_person_until_it_asks_for_them_again(furnished):
    store.save_person(furnished, make.PRACTICE_ID, replace(kim(furnished), phone=PHONE))
    assert not kim(furnished).stopped
    texts.stop(furnished, make.PRACTICE_ID, Stop(make.an_id(1), PHONE, make.NOW, HowStopped.BY_TEXT))
    assert [one.stopped for one in store.people(furnished, make.PRACTICE_ID)] == [True, False]
    assert ways_of(kim(furnished), Reason.APPEAL) == {Way.BELL, Way.EMAIL}


def test_absences_and_duties_are_kept_once_listed_and_taken_back(furnished):
    away = Away(make.an_id(1), KIM, Absence(DateSpan(date(2026, 3, 2), date(2026, 3, 6)), LEE))
    duty = OnCall(make.an_id(2), KIM, Duty(make.NOW, make.NOW + timedelta(hours=12)))
    for _twice in range(2):
        store.add_absence(furnished, make.PRACTICE_ID, away)
        store.add_duty(furnished, make.PRACTICE_ID, duty)
    assert (kim(furnished).absences, kim(furnished).on_call) == ((away.absence,), (duty.duty,))
    assert store.absences(furnished, make.PRACTICE_ID, date(2026, 3, 6)) == (away,)
    assert store.absences(furnished, make.PRACTICE_ID, date(2026, 3, 6), LEE) == ()
    assert store.absences(furnished, make.PRACTICE_ID, date(2026, 3, 7)) == ()
    assert store.duties(furnished, make.PRACTICE_ID, make.NOW) == (duty,)
    assert store.duties(furnished, make.PRACTICE_ID, duty.duty.ends_at) == ()
    assert store.absence_of(furnished, make.PRACTICE_ID, away.id) == away
    assert store.duty_of(furnished, make.OTHER_PRACTICE_ID, duty.id) is None
    store.mark_absence(furnished, make.PRACTICE_ID, away.id, make.NOW)
    store.mark_duty(furnished, make.PRACTICE_ID, duty.id, make.NOW)
    assert (kim(furnished).absences, kim(furnished).on_call) == ((), ())
    assert store.absences(furnished, make.PRACTICE_ID, date(2026, 3, 6)) == ()
    assert store.duties(furnished, make.PRACTICE_ID, make.NOW) == ()
    store.mark_absence(furnished, make.PRACTICE_ID, away.id, None)
    store.mark_duty(furnished, make.PRACTICE_ID, duty.id, None)
    assert (kim(furnished).absences, kim(furnished).on_call) == ((away.absence,), (duty.duty,))


def test_a_person_of_another_practice_cannot_be_a_backup(furnished):
    of_practice(furnished, make.OTHER_PRACTICE_ID)
    staffing.add_staff(furnished, make.OTHER_PRACTICE_ID, staff(304, "Other", practice_id=make.OTHER_PRACTICE_ID), "x")
    of_practice(furnished, make.PRACTICE_ID)
    with pytest.raises(IntegrityError):
        store.save_person(furnished, make.PRACTICE_ID, replace(kim(furnished), backup_id=make.an_id(304)))


def test_the_number_of_queries_is_fixed(furnished, engine):
    with counted(engine) as few:
        store.people(furnished, make.PRACTICE_ID)
    for number in range(310, 330):
        staffing.add_staff(furnished, make.PRACTICE_ID, staff(number, f"More{number}"), "x")
        away = Away(make.an_id(number), make.an_id(number), Absence(DateSpan(date(2026, 3, 2), date(2026, 3, 6))))
        store.add_absence(furnished, make.PRACTICE_ID, away)
    furnished.expire_all()
    with counted(engine) as many:
        assert len(store.people(furnished, make.PRACTICE_ID)) == 22
    assert len(many) == len(few)


def test_an_instant_of_a_duty_needs_a_zone(furnished):
    naive = datetime(2026, 3, 2, 12)
    with pytest.raises(Exception, match="an instant needs a zone"):
        store.add_duty(furnished, make.PRACTICE_ID, OnCall(make.an_id(2), KIM, Duty(naive, naive)))
