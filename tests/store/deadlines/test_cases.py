"""What people record of cases: kept, corrected, closed once, refused where it cannot be, and noted."""

from datetime import date, timedelta

import pytest

from app.audit import store as audit_store
from app.authorizations import store as authorization_store
from app.deadlines import actions, store
from app.deadlines.facts import AppealLevel, Case, Information, PeerToPeer, Receipt
from app.platform import changes
from app.practice.facts.staff import Role, Staff
from app.practice.store import staff as practice_store
from tests.support import make
from tests.support.desk import DAY, Desk

DAY_ONE, LATER = date(2026, 3, 2), make.NOW + timedelta(days=3)
ASKED = Information(make.an_id(900), make.NOW, due_on=date(2026, 3, 10))
CALL = PeerToPeer(make.an_id(901), make.NOW, LATER)
LEVEL = AppealLevel(make.an_id(902), 1, DAY_ONE, date(2026, 8, 28))
UNKNOWN = make.an_id(1)


@pytest.fixture
def case(caller):
    """An authorization on file, and the patient whose it is."""
    desk = Desk(caller).furnish()
    desk.book(DAY[3])
    rows = authorization_store.of_patients(caller.session, make.PRACTICE_ID, [make.an_id(10_001)])
    return rows[make.an_id(10_001)][0].id


def _kept(caller, case):
    return store.cases(caller.session, make.PRACTICE_ID, [case, UNKNOWN])


def _noted(caller):
    return [entry.action for entry, _mac in audit_store.entries(caller.session, make.PRACTICE_ID)]


def test_nothing_is_recorded_of_a_case_at_first(caller, case):
    assert _kept(caller, case) == {}
    assert actions.read_case(caller, case) == Case(case)
    assert _noted(caller)[-1] == "deadlines.seen"


def test_a_receipt_is_kept_and_corrected(caller, case):
    actions.record_receipt(caller, case, Receipt(DAY_ONE, make.NOW, urgent=True))
    again = Receipt(DAY_ONE, extension_on=DAY_ONE + timedelta(days=4))
    actions.record_receipt(caller, case, again)
    assert _kept(caller, case) == {case: Case(case, again)}
    assert _noted(caller).count("deadlines.receipt") == 2


def test_requests_calls_and_levels_are_kept_and_closed_once(caller, case):
    actions.ask_information(caller, case, ASKED)
    actions.offer_call(caller, case, CALL)
    actions.open_level(caller, case, LEVEL)
    assert _kept(caller, case) == {case: Case(case, None, (ASKED,), (CALL,), (LEVEL,))}
    actions.answer_information(caller, ASKED.id, LATER)
    actions.hold_call(caller, CALL.id, LATER)
    actions.file_appeal(caller, LEVEL.id, DAY_ONE)
    actions.decide_appeal(caller, LEVEL.id, DAY_ONE)
    kept = _kept(caller, case)[case]
    assert kept.information[0].answered_at == LATER
    assert kept.peers[0].held_at == LATER
    assert (kept.appeals[0].filed_on, kept.appeals[0].decided_on) == (DAY_ONE, DAY_ONE)
    for again in (
        lambda: actions.answer_information(caller, ASKED.id, LATER),
        lambda: actions.hold_call(caller, CALL.id, LATER),
        lambda: actions.file_appeal(caller, LEVEL.id, DAY_ONE),
        lambda: actions.decide_appeal(caller, LEVEL.id, DAY_ONE),
    ):
        with pytest.raises(actions.NothingOpenError):
            again()


def test_an_appeal_is_decided_only_once_it_was_filed(caller, case):
    actions.open_level(caller, case, LEVEL)
    with pytest.raises(actions.NothingOpenError):
        actions.decide_appeal(caller, LEVEL.id, DAY_ONE)


def test_the_same_thing_is_recorded_once(caller, case):
    actions.ask_information(caller, case, ASKED)
    with pytest.raises(actions.KnownAlreadyError):
        actions.ask_information(caller, case, ASKED)
    actions.open_level(caller, case, LEVEL)
    with pytest.raises(actions.KnownAlreadyError):
        actions.open_level(caller, case, AppealLevel(make.an_id(903), 1, DAY_ONE, date(2026, 9, 1)))
    assert len(_kept(caller, case)[case].appeals) == 1


@pytest.mark.parametrize(
    "record",
    [
        lambda caller, case: actions.record_receipt(
            caller, case, Receipt(DAY_ONE, extension_on=DAY_ONE - timedelta(days=1))
        ),
        lambda caller, case: actions.ask_information(
            caller, case, Information(ASKED.id, make.NOW, due_at=make.NOW - timedelta(hours=1))
        ),
        lambda caller, case: actions.offer_call(
            caller, case, PeerToPeer(CALL.id, make.NOW, make.NOW - timedelta(hours=1))
        ),
        lambda caller, case: actions.open_level(
            caller, case, AppealLevel(LEVEL.id, 1, DAY_ONE, DAY_ONE - timedelta(days=1))
        ),
    ],
    ids=["receipt", "information", "call", "level"],
)
def test_nothing_ends_before_it_begins(caller, case, record):
    with pytest.raises(actions.BackwardsError):
        record(caller, case)
    assert _kept(caller, case) == {}


def test_nothing_is_done_before_it_was_asked_for(caller, case):
    actions.ask_information(caller, case, ASKED)
    actions.offer_call(caller, case, CALL)
    actions.open_level(caller, case, LEVEL)
    before = make.NOW - timedelta(days=2)
    for early in (
        lambda: actions.answer_information(caller, ASKED.id, before),
        lambda: actions.hold_call(caller, CALL.id, before),
        lambda: actions.file_appeal(caller, LEVEL.id, before.date()),
    ):
        with pytest.raises(actions.BackwardsError):
            early()
    assert _kept(caller, case) == {case: Case(case, None, (ASKED,), (CALL,), (LEVEL,))}


def test_an_unknown_case_or_person_is_refused_and_leaves_no_trace(caller, case):
    with pytest.raises(actions.CaseNotFoundError):
        actions.record_receipt(caller, UNKNOWN, Receipt(DAY_ONE))
    with pytest.raises(actions.CaseNotFoundError):
        actions.read_case(caller, UNKNOWN)
    with pytest.raises(actions.PersonNotFoundError):
        actions.own_case(caller, case, UNKNOWN)
    assert not [one for one in _noted(caller) if one.startswith("deadlines.")]


def test_another_practices_case_is_unknown(caller, case):
    elsewhere = type(caller)(caller.session, make.OTHER_PRACTICE_ID, caller.clock)
    with pytest.raises(actions.CaseNotFoundError):
        actions.record_receipt(elsewhere, case, Receipt(DAY_ONE))
    actions.ask_information(caller, case, ASKED)
    assert store.cases(caller.session, make.OTHER_PRACTICE_ID, [case]) == {}
    with pytest.raises(actions.NothingOpenError):
        actions.answer_information(elsewhere, ASKED.id, LATER)


def test_a_case_has_one_owner_who_may_be_nobody(caller, case):
    for number, name in ((700, "Kim"), (701, "Lee")):
        person = Staff(make.an_id(number), make.PRACTICE_ID, f"{name}@example.com", name, frozenset({Role.COORDINATOR}))
        practice_store.add_staff(caller.session, make.PRACTICE_ID, person, "hash")
    caller.session.commit()
    for owner in (make.an_id(700), make.an_id(701), None):
        actions.own_case(caller, case, owner)
        assert _kept(caller, case)[case].owner_id == owner


def test_whatever_is_recorded_tells_that_the_patients_facts_changed(caller, case, monkeypatch):
    heard = []
    monkeypatch.setattr(changes, "_listeners", [(lambda _caller, changed: heard.append(changed.patients), None)])
    actions.ask_information(caller, case, ASKED)
    actions.answer_information(caller, ASKED.id, LATER)
    actions.own_case(caller, case, None)
    assert heard == [frozenset({make.an_id(10_001)})] * 3
