"""What would turn if it were saved: told, and nothing of it left behind."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import inspect, select

from app.authorizations import store as authorization_store
from app.authorizations.actions import change_authorization
from app.clearance.actions.preview import preview
from app.clearance.facts.reasons import Badge
from app.coverage.store import coverages as coverage_store
from app.platform.changes import announced
from app.platform.db import Base, joined, writing
from app.web.wiring import wire
from tests.support.desk import TODAY, Booking, Desk

APPROVED = Booking(9, "Bauer", "Otto", "approved", day=TODAY + timedelta(days=10))
OFFICE = Booking(10, "Abbott", "Lena", "office", day=TODAY + timedelta(days=3))


@pytest.fixture
def desk(caller):
    wire()
    desk = Desk(caller).furnish()
    desk.visits = desk.book(APPROVED, OFFICE)
    desk.judge()
    return desk


def all_rows(session):
    """Every row of every table, as it is on file now."""
    there = set(inspect(session.connection()).get_table_names())
    found = {
        table.name: sorted(repr(tuple(row)) for row in session.execute(select(table)))
        for table in Base.metadata.sorted_tables
        if table.name in there
    }
    session.rollback()
    return found


def patient_of(desk, place):
    """Whose a visit is, and the approval of that patient."""
    theirs = authorization_store.of_patients(desk.session, desk.practice_id, _patients(desk))
    patient = _patients(desk)[place]
    return patient, next(iter(theirs.get(patient, ())), None)


def _patients(desk):
    from_store = desk.session.scalars(select(Base.metadata.tables["visit"].c.patient_id).distinct())
    return sorted(from_store)


def ending(desk, approval, day):
    """End an approval on a day, by the action that people use."""

    def apply(_session):
        change_authorization(desk.caller, approval.id, approval.version, {"ends": day})

    return apply


def test_an_earlier_end_tells_the_visit_that_it_breaks_and_leaves_nothing_behind(desk):
    patient, approval = patient_of(desk, 0)
    before = all_rows(desk.session)
    (turn,) = preview(desk.caller, [patient], ending(desk, approval, TODAY + timedelta(days=5)))
    assert (turn.visit.id, turn.before, turn.after) == (desk.visits[0], Badge.CLEARED, Badge.BLOCKED)
    assert turn.breaks
    assert all_rows(desk.session) == before
    assert len(before["audit_entry"]) > 0, "what is compared holds rows"


def test_what_changes_no_badge_tells_nothing(desk):
    patient, approval = patient_of(desk, 0)
    assert preview(desk.caller, [patient], ending(desk, approval, TODAY + timedelta(days=10))) == ()


def test_a_change_that_heals_a_visit_turns_it_and_breaks_nothing(desk):
    patient, approval = patient_of(desk, 0)
    change_authorization(desk.caller, approval.id, approval.version, {"ends": TODAY})
    approval = patient_of(desk, 0)[1]
    (turn,) = preview(desk.caller, [patient], ending(desk, approval, TODAY + timedelta(days=90)))
    assert (turn.before, turn.after, turn.breaks) == (Badge.BLOCKED, Badge.CLEARED, False)


def test_what_a_store_writes_is_tried_out_too(desk):
    patient, _approval = patient_of(desk, 1)
    (coverage,) = coverage_store.records_of(desk.session, desk.practice_id, [patient])[patient]

    def apply(session):
        ended = replace(coverage, ends=TODAY)
        coverage_store.change_coverages(session, desk.practice_id, [ended])

    before = all_rows(desk.session)
    (turn,) = preview(desk.caller, [patient], apply)
    assert (turn.visit.id, turn.after) == (desk.visits[1], Badge.BLOCKED)
    assert all_rows(desk.session) == before


def test_what_fails_half_way_leaves_nothing_either(desk):
    patient, approval = patient_of(desk, 0)
    before = all_rows(desk.session)

    def apply(session):
        ending(desk, approval, TODAY)(session)
        raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        preview(desk.caller, [patient], apply)
    assert all_rows(desk.session) == before
    with writing(desk.session):
        pass  # the session goes on working


def test_inside_a_transaction_only_the_trial_is_taken_back(desk):
    patient, approval = patient_of(desk, 0)
    with announced(desk.caller), joined(desk.session):
        change_authorization(desk.caller, approval.id, approval.version, {"ends": TODAY + timedelta(days=60)})
        held = patient_of(desk, 0)[1]
        (turn,) = preview(desk.caller, [patient], ending(desk, held, TODAY))
    assert turn.after is Badge.BLOCKED
    assert patient_of(desk, 0)[1].ends == TODAY + timedelta(days=60)
    assert desk.session.info.get("joined") is None
