"""A renewal opens by itself in draft when its time has come: once, with its owner and what it needs."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.alerts.jobs.renewing import open_renewals
from app.alerts.jobs.sweeping import keep_watch, sweep
from app.authorizations import store as authorization_store
from app.authorizations.actions import change_authorization, follow_up
from app.authorizations.facts import Kind, Status
from app.casework.facts.entries import EntryKind
from app.casework.rules.renewing import renewal_id
from app.casework.store import entries as entry_store
from app.clearance.actions.book import rejudge_all
from app.deadlines import store as clock_store
from app.deadlines.actions import own_case
from app.platform.changes import Changed, announce, announced
from app.practice.actions import staff as people
from app.practice.facts.staff import Role
from app.practice.store import staff as staffing
from app.web.wiring import wire
from tests.support import make
from tests.support.desk import TODAY, Booking, Desk

RENEWAL = Booking(9.5, "Eriksen", "Astrid", "renewal")
PATIENT, APPROVAL = make.an_id(10_001), make.an_id(60_001)
DRAFT = renewal_id(APPROVAL)


@pytest.fixture
def desk(caller):
    """An approval that ends in ten days, with a visit booked after its end; people who can be told."""
    wire()
    people.add_staff(caller, "ana@example.test", "Ana Example", frozenset({Role.COORDINATOR}))
    desk = Desk(caller).furnish()
    desk.book(RENEWAL)
    rejudge_all(caller, processes=1)
    return desk


def watched(desk, caller=None):
    """Let the watch be kept and swept, as the scheduler does."""
    caller = caller or desk.caller
    with announced(caller) as session:
        announce(session, Changed(frozenset({PATIENT})))
    keep_watch(caller)
    sweep(caller)
    return caller


def drafts(desk):
    """The renewals on file."""
    desk.session.rollback()
    found = authorization_store.records_of(desk.session, desk.practice_id, [PATIENT])[PATIENT]
    desk.session.rollback()
    return [one for one in found if one.kind is Kind.RENEWAL]


def test_a_renewal_opens_once_in_draft_with_what_it_names(desk):
    watched(desk)
    assert open_renewals(desk.caller) == 1
    (draft,) = drafts(desk)
    assert (draft.id, draft.status, draft.parent_id) == (DRAFT, Status.DRAFT, APPROVAL)
    assert (draft.number, draft.begins, draft.ends) == (None, None, None)
    assert [(item.codes, item.count, item.used) for item in draft.items] == [(("96910", "96912"), 36, None)]
    assert draft.next_action == "Ask for the renewal"
    assert draft.next_action_on == TODAY
    (note,) = entry_store.of_cases(desk.session, desk.practice_id, [DRAFT], 9)
    assert note.kind is EntryKind.NOTE
    assert note.words.startswith("Opened by itself: the time to ask for the renewal has come.")
    assert open_renewals(desk.caller) == 0
    assert len(drafts(desk)) == 1


def test_it_belongs_to_whoever_owns_the_approval(desk):
    (ana,) = staffing.staff_of(desk.session, desk.practice_id)
    own_case(desk.caller, APPROVAL, ana.id)
    watched(desk)
    open_renewals(desk.caller)
    assert clock_store.cases(desk.session, desk.practice_id, [DRAFT])[DRAFT].owner_id == ana.id


def test_a_renewal_that_a_person_began_is_the_only_one(desk):
    watched(desk)
    follow_up(desk.caller, APPROVAL, Kind.RENEWAL, make.an_id(70_001))
    assert open_renewals(desk.caller) == 0
    assert [one.id for one in drafts(desk)] == [make.an_id(70_001)]


def test_one_that_was_withdrawn_does_not_open_again(desk):
    watched(desk)
    open_renewals(desk.caller)
    change_authorization(desk.caller, DRAFT, 2, {"status": Status.WITHDRAWN})
    watched(desk)
    assert open_renewals(desk.caller) == 0
    assert [one.status for one in drafts(desk)] == [Status.WITHDRAWN]


def test_nothing_opens_before_its_time(desk):
    record, version = authorization_store.record_of(desk.session, desk.practice_id, APPROVAL)
    change_authorization(desk.caller, record.id, version, {"ends": TODAY + timedelta(days=80)})
    watched(desk)
    assert open_renewals(desk.caller) == 0
    later = replace(desk.caller, clock=make.clock(make.NOW + timedelta(days=60)))
    watched(desk, later)
    assert open_renewals(later) == 0, "no visit is booked after that end, so that no renewal is due"
