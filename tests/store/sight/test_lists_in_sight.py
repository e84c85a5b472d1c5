"""What a person of limited sight sees on each list is exactly what is in sight of what everybody else sees.

Random practices, random scopes, both held against a plain reading of the rule: by brute force over all that is on file.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from app.alerts.facts.alerts import Alert
from app.alerts.store import alerts as alert_store
from app.alerts.store import inbox, theirs
from app.alerts.store.soonest import soonest
from app.authorizations import store as authorizations
from app.authorizations.facts import AuthorizationRecord, Status
from app.casework.actions import placing
from app.casework.facts.casebook import Queue
from app.casework.facts.casebook import Which as WhichCases
from app.casework.store import casebook as cases
from app.clearance.store import listing, questions
from app.clearance.store.listing import Which
from app.deadlines.facts import Basis, BasisKind, Clears, Reason, Subject, SubjectKind
from app.patients import store as patients
from app.patients.facts import PatientDetails
from app.patients.rules import name_key
from app.platform.ids import new_id
from app.schedule import store as schedule
from app.schedule.facts import LineSource, ServiceLine, Visit, VisitRecord, VisitStatus
from app.values.scope import EVERYTHING, Scope
from tests.support import make
from tests.support.desk import CHEN, MAIN, NORTH, PARK, RIVERA, TODAY, Booking, Desk

ID, DAYS = make.PRACTICE_ID, (TODAY - timedelta(days=5), TODAY + timedelta(days=40))
SITES, PROVIDERS = (MAIN, NORTH), (RIVERA, CHEN, PARK)
SEEDS = (1, 2)


def a_practice(caller, dice):
    """Some patients with visits at one site or both, of one provider or several, of any status; some without any."""
    desk = Desk(caller).furnish()
    desk.book(
        *(Booking(8 + n / 4, f"Name{n}", "Lee", dice.choice(["office", "approved", "unmapped"])) for n in range(4))
    )
    for number in range(10):
        patient = make.an_id(30_000 + number)
        person = PatientDetails(patient, f"R{number:05}", "Random", f"Person{number}", TODAY)
        patients.add_patients(caller.session, ID, [person])
        for place in range(dice.choice([0, 1, 1, 2, 3])):
            add_visit(caller.session, dice, patient, 40_000 + number * 10 + place)
    caller.session.commit()
    return desk.judge()


def add_visit(session, dice, patient, number):
    day = TODAY + timedelta(days=dice.randrange(6))
    starts = datetime(day.year, day.month, day.day, 15, dice.randrange(60), tzinfo=UTC)
    lines = tuple(
        ServiceLine(make.an_id(number * 10 + place), place, dice.choice(["99213", "96910", None]),
                    visit_type="Light therapy", provider_npi=dice.choice(PROVIDERS))
        for place in range(dice.choice([1, 2]))
    )  # fmt: skip
    status = dice.choice([VisitStatus.BOOKED, VisitStatus.BOOKED, VisitStatus.CANCELED])
    visit = Visit(make.an_id(number), f"R{number}", patient, dice.choice(SITES), starts, day, status, lines)
    schedule.add_visits(session, ID, [VisitRecord(visit, tuple(LineSource(line.position) for line in lines))])


def scopes(dice, people):
    """Every kind of limit, with and without opened patients."""
    for sites in (None, frozenset(), frozenset({MAIN}), frozenset({NORTH}), frozenset(SITES)):
        for npi in (None, "", RIVERA, PARK):
            opened = frozenset(dice.sample(people, dice.choice([0, 0, 2])))
            yield Scope(sites, npi, opened, unbooked=npi is None and dice.random() < 0.5)


class Plain:
    """The rule of sight, read plainly over everything on file."""

    def __init__(self, session, scope):
        self.scope = scope
        self.people = sorted(patients.for_judging(session, ID))
        self.visits = {
            one.id: one for found in schedule.of_patients(session, ID, self.people).values() for one in found
        }

    def sees_visit(self, visit):
        if not self.scope.limited or visit.patient_id in self.scope.opened:
            return True
        at_site = self.scope.sites is None or visit.site_id in self.scope.sites
        npi = self.scope.provider_npi
        return at_site and (npi is None or any(line.provider_npi == npi for line in visit.lines))

    def sees_patient(self, patient):
        theirs = [one for one in self.visits.values() if one.patient_id == patient]
        unbooked = self.scope.unbooked and not theirs
        return not self.scope.limited or patient in self.scope.opened or unbooked or any(map(self.sees_visit, theirs))


@pytest.mark.parametrize("seed", SEEDS)
def test_visits_and_their_counts_are_those_in_sight(caller, seed):
    dice = Random(seed)
    a_practice(caller, dice)
    session = caller.session
    whole = listing.page(session, ID, Which(DAYS), 1000)
    for scope in scopes(dice, sorted(patients.for_judging(session, ID))):
        plain = Plain(session, scope)
        seen = [one for one in whole if plain.sees_visit(plain.visits[one.id])]
        which = Which(DAYS, scope=scope)
        assert listing.page(session, ID, which, 1000) == tuple(seen)
        assert sum(listing.badge_counts(session, ID, which).values()) == len(seen)
        counted = listing.site_counts(session, ID, which)
        assert {site: sum(of.values()) for site, of in counted.items()} == {
            site: sum(one.site_id == site for one in seen) for site in {one.site_id for one in seen}
        }
        after = [one.day for one in seen if one.day > TODAY]
        assert listing.next_day(session, ID, TODAY, DAYS[1], scope=scope) == min(after, default=None)
        in_sight = {visit_id for visit_id, visit in plain.visits.items() if plain.sees_visit(visit)}
        assert set(schedule.visits_by_ids(session, ID, list(plain.visits), scope)) == in_sight
        found = schedule.of_patients(session, ID, plain.people, scope)
        assert {one.id for visits in found.values() for one in visits} == in_sight


@pytest.mark.parametrize("seed", SEEDS)
def test_patients_and_alerts_are_those_in_sight(caller, seed):
    dice = Random(seed)
    a_practice(caller, dice)
    session = caller.session
    people = sorted(patients.for_judging(session, ID))
    alerts = [an_alert(patient_id=one) for one in people] + [an_alert(site_id=one) for one in (*SITES, None)]
    alert_store.add(session, ID, alerts)
    me = new_id()
    session.commit()
    for scope in scopes(dice, people):
        plain = Plain(session, scope)
        named = [one for one in people if plain.sees_patient(one)]
        assert [one for one in people if patients.in_sight(session, ID, one, scope)] == named
        found = patients.found_under(session, ID, [name_key("last", "Random")], 1000, scope)
        assert set(found) == {one for one in named if one.int >= make.an_id(30_000).int}
        mrns = {f"R{number:05}": make.an_id(30_000 + number) for number in range(10)}
        assert set(patients.by_mrns(session, ID, list(mrns), scope).values()) == set(mrns.values()) & set(named)
        sites = scope.sites
        wanted = {
            one.id
            for one in alerts
            if (one.patient_id in named if one.patient_id else None in (sites, one.site_id) or one.site_id in sites)
        }
        shown, _more = inbox.listed(session, ID, inbox.Narrowed(scope=scope))
        assert {one.id for one in shown} == wanted
        assert set(alert_store.by_ids(session, ID, [one.id for one in alerts], scope)) == wanted
        first, count = soonest(session, ID, None, None, 100, scope)
        assert ({one.id for one in first}, count) == (wanted, len(wanted))
        assert theirs.count_shown(session, ID, me, scope) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_cases_and_their_counts_are_those_in_sight(caller, seed):
    dice = Random(seed)
    a_practice(caller, dice)
    session = caller.session
    people = sorted(patients.for_judging(session, ID))
    rows = [
        AuthorizationRecord(
            new_id(), one, f"case {number}", "local:acme-health", "Acme Health", Status.SUBMITTED, "submitted",
            next_action="Call", next_action_on=TODAY + timedelta(days=number % 5),
        )
        for number, one in enumerate(people * 2)
    ]  # fmt: skip
    authorizations.add_authorizations(session, ID, rows, [])
    session.commit()
    placing.rebuild(caller)
    whole = cases.page(session, ID, WhichCases(Queue.OPEN), 1000)
    assert len(whole) >= len(rows)
    for scope in scopes(dice, people):
        plain = Plain(session, scope)
        seen = tuple(one for one in whole if plain.sees_patient(one.patient_id))
        assert cases.page(session, ID, WhichCases(Queue.OPEN), 1000, scope=scope) == seen
        assert cases.capped(session, ID, {"open": WhichCases(Queue.OPEN)}, 500, scope) == {"open": len(seen)}
        named = {one.case_id for one in seen}
        assert set(cases.in_sight(session, ID, [one.case_id for one in whole], scope)) == named
        one = whole[0]
        assert (one.case_id in cases.by_code(session, ID, one.case_id.hex[-6:], scope)) is (one.case_id in named)


def an_alert(**more):
    """An open alert of a patient, of a site or of the practice."""
    alert_id = new_id()
    basis, at = Basis(BasisKind.PRACTICE, words="A text waits."), make.NOW
    made = Alert(
        alert_id, Subject(SubjectKind.MESSAGE, alert_id.hex), Reason.REPLY, "1", make.ZONE, Clears.SEEN, basis, at, at
    )
    return replace(made, code=alert_id.hex[-8:].upper(), **more)


@pytest.mark.parametrize("seed", SEEDS)
def test_questions_and_how_many_visits_wait_are_those_in_sight(caller, seed):
    dice = Random(seed)
    a_practice(caller, dice)
    session = caller.session
    whole = questions.listed(session, ID, None, None, 1000)
    assert whole
    for scope in scopes(dice, sorted(patients.for_judging(session, ID))):
        plain = Plain(session, scope)
        waiting = {}
        for one in whole:
            held = [visit for _day, visit in questions.held(session, ID, one.id, None, 1000)]
            waiting[one.id] = [plain.visits[visit] for visit in held if plain.sees_visit(plain.visits[visit])]
        wanted = {question: len(visits) for question, visits in waiting.items() if visits}
        found = questions.listed(session, ID, None, None, 1000, scope)
        assert {one.id: one.visits for one in found} == wanted
        assert {one.id: one.first_day for one in found} == {
            question: min(visit.day for visit in waiting[question]) for question in wanted
        }
        assert sum(questions.counts(session, ID, scope).values()) == len(wanted)
        for one in whole:
            assert (questions.question(session, ID, one.id, scope) is not None) == (one.id in wanted)
            held = questions.held(session, ID, one.id, None, 1000, scope)
            assert {visit for _day, visit in held} == {visit.id for visit in waiting[one.id]}


def test_whoever_sees_everything_asks_for_no_condition(caller):
    assert listing._in_sight(ID, EVERYTHING) == ()
    assert alert_store._in_sight(ID, EVERYTHING) == ()
