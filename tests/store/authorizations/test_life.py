"""A case's life on both databases: moved once, corrected by pointing, followed up, and made anew of its history."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.authorizations import actions, store
from app.authorizations.facts import AuthorizationEvent, AuthorizationRecord, Counting, Item, Kind, Status
from app.authorizations.rules.changes import corrects, without_words
from app.authorizations.rules.history import divergences, rebuilt, struck
from app.authorizations.rules.moves import IllegalMoveError
from app.authorizations.rules.settling import RefusedValueError
from app.patients import store as patients
from app.patients.facts import PatientDetails
from app.platform.db import writing
from tests.support import make

ID, PATIENT, CASE = make.PRACTICE_ID, make.an_id(500), make.an_id(510)
ITEMS = (Item(("96910",), None, Counting.UNITS, 36),)
DRAFT = AuthorizationRecord(
    CASE, PATIENT, "", "aetna", "Aetna", Status.DRAFT, "draft", items=ITEMS, member_id="W1", note="as ordered"
)


@pytest.fixture
def case(caller):
    """A draft of a patient."""
    with writing(caller.session) as session:
        patients.add_patients(session, ID, [PatientDetails(PATIENT, "M1", "Lee", "Sam", date(1980, 1, 1))])
    assert actions.add_authorization(caller, DRAFT)
    return caller


def on_file(caller, case_id=CASE):
    """The case and its events; the state on file is the one that its history makes."""
    record, version = store.record_of(caller.session, ID, case_id)
    events = store.events_of(caller.session, ID, case_id)
    assert divergences(events, record) == ()
    assert rebuilt(events).untold == frozenset()
    return record, version, events


def test_a_case_is_led_from_draft_to_a_denial_and_won(case):
    actions.move(case, CASE, 1, Status.READY)
    actions.move(case, CASE, 2, Status.SUBMITTED, {"reference": "R-1"})
    actions.move(case, CASE, 3, Status.DENIED, {"denial_reason": "Not shown to be needed"})
    actions.move(case, CASE, 4, Status.IN_APPEAL)
    won = actions.move(case, CASE, 5, Status.APPROVED, {"number": "PA-1", "begins": date(2026, 3, 1), "no_end": True})
    record, version, events = on_file(case)
    assert (record, version, len(events)) == (won, 6, 6)
    assert (record.requested[0].count, record.requested_on, record.verbal) == (36, make.NOW.date(), False)
    assert all("Not shown" not in str(without_words(one.changes)) for one in events)


def test_a_move_that_is_made_twice_counts_once_and_one_of_an_old_version_not_at_all(case):
    key = make.an_id(520)
    first = actions.move(case, CASE, 1, Status.SUBMITTED, event_id=key)
    assert actions.move(case, CASE, 1, Status.SUBMITTED, event_id=key) == first
    with pytest.raises(actions.StaleAuthorizationError) as stale:
        actions.move(case, CASE, 1, Status.WITHDRAWN)
    assert (stale.value.now, stale.value.version) == (first, 2)
    assert on_file(case)[1] == 2


def test_what_is_refused_leaves_no_trace(case):
    actions.move(case, CASE, 1, Status.WITHDRAWN)
    before = on_file(case)
    with pytest.raises(IllegalMoveError, match=r"^This case is withdrawn; it cannot become approved\."):
        actions.move(case, CASE, 2, Status.APPROVED, {"number": "PA-1"})
    with pytest.raises(IllegalMoveError):
        actions.change_authorization(case, CASE, 2, {"status": Status.SUBMITTED})
    with pytest.raises(RefusedValueError):
        actions.change_authorization(case, CASE, 2, {"begins": date(2026, 3, 2), "ends": date(2026, 3, 1)})
    with pytest.raises(actions.EventNotFoundError):
        actions.correct(case, CASE, 2, make.an_id(1), {"status": Status.READY})
    assert on_file(case) == before


def test_a_correction_points_at_what_was_wrong_and_nothing_is_removed(case):
    actions.move(case, CASE, 1, Status.SUBMITTED)
    actions.move(case, CASE, 2, Status.DENIED, {"denial_reason": "of another patient"})
    wrong = on_file(case)[2][-1]
    right = {"status": Status.SUBMITTED, "raw_status": "submitted", "denial_reason": None, "decided_on": None}
    actions.correct(case, CASE, 3, wrong.id, right)
    record, _version, events = on_file(case)
    assert (record.status, record.denial_reason, len(events)) == (Status.SUBMITTED, None, 4)
    assert corrects(events[-1].changes) == wrong.id
    assert struck(events) == {wrong.id}


def test_words_and_member_come_back_when_a_change_is_taken_back(case):
    actions.change_authorization(case, CASE, 1, {"member_id": "W2", "note": None})
    actions.take_back(case, on_file(case)[2][-1].id, CASE)
    record, _version, events = on_file(case)
    assert (record.member_id, record.note) == ("W1", "as ordered")
    assert corrects(events[-1].changes) == events[-2].id


def test_a_change_is_taken_back_within_a_day_though_somebody_has_steered_since(case):
    actions.move(case, CASE, 1, Status.SUBMITTED)
    sent = on_file(case)[2][-1]
    actions.change_authorization(case, CASE, 2, {"next_action": "Ask", "next_action_on": date(2026, 3, 9)})
    case.clock.instant += timedelta(hours=24, seconds=1)
    with pytest.raises(actions.UndoRefusedError):
        actions.take_back(case, sent.id, CASE)
    case.clock.instant -= timedelta(seconds=1)
    actions.take_back(case, sent.id, CASE)
    record = on_file(case)[0]
    assert (record.status, record.requested, record.next_action) == (Status.DRAFT, (), "Ask")


def test_a_chain_links_what_follows_and_two_drafts_of_one_service_stand_side_by_side(case):
    actions.move(case, CASE, 1, Status.SUBMITTED)
    actions.move(case, CASE, 2, Status.APPROVED, {"number": "PA-1"})
    renewal, extension, strange = make.an_id(511), make.an_id(512), make.an_id(513)
    first = actions.follow_up(case, CASE, Kind.RENEWAL, renewal)
    assert actions.follow_up(case, CASE, Kind.RENEWAL, renewal) == first
    actions.follow_up(case, CASE, Kind.EXTENSION, extension)
    actions.add_authorization(case, replace(DRAFT, id=strange))
    with pytest.raises(IllegalMoveError):
        actions.follow_up(case, strange, Kind.RENEWAL, make.an_id(514))
    for one in (CASE, renewal, extension):
        assert [link.id for link in store.chain_of(case.session, ID, one)] == [CASE, renewal, extension]
    assert [link.id for link in store.chain_of(case.session, ID, strange)] == [strange]
    assert store.chain_of(case.session, ID, make.an_id(515)) == ()
    assert (first.parent_id, first.status, first.items, first.member_id) == (CASE, Status.DRAFT, ITEMS, "W1")
    assert [one.id for one in store.chain_of(case.session, make.OTHER_PRACTICE_ID, CASE)] == []


def test_the_latest_decisions_of_a_payer_tell_how_long_it_takes(case):
    for number, (asked, decided, status) in enumerate(
        [(1, 9, Status.APPROVED), (2, 5, Status.DENIED), (3, None, Status.SUBMITTED), (4, 6, Status.WITHDRAWN)], 530
    ):
        on = None if decided is None else date(2026, 2, decided)
        one = replace(DRAFT, id=make.an_id(number), status=status, number=f"PA-{number}", decided_on=on)
        actions.add_authorization(case, replace(one, requested_on=date(2026, 2, asked)))
    february = [(date(2026, 2, 1), date(2026, 2, 9)), (date(2026, 2, 2), date(2026, 2, 5))]
    assert list(store.decisions_of_payer(case.session, ID, "aetna")) == february
    assert list(store.decisions_of_payer(case.session, ID, "aetna", limit=1)) == february[:1]
    assert store.decisions_of_payer(case.session, ID, "cigna") == ()


def test_an_old_history_says_what_it_does_not_tell(case):
    old = {"payer": [None, "aetna"], "payer_name": [None, "Aetna"], "status": [None, "draft"], "note": [None, None]}
    event = AuthorizationEvent(make.an_id(540), make.an_id(541), make.NOW, "import", None, old)
    told = rebuilt([event])
    assert told.untold == {"note", "patient_id"}
    assert divergences([event], replace(DRAFT, id=make.an_id(541), raw_status="", items=(), member_id=None)) == ()
