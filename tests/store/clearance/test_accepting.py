"""An accepted risk: stored as the visit's badge, void once a result changes, alike for one visit and the whole book."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.authorizations import store as authorization_store
from app.authorizations.facts import AuthorizationRecord, Counting, Item, Status
from app.clearance.actions.accepting import (
    NotAcceptableError,
    ResultsChangedError,
    RiskEndError,
    accept_risk,
    restore_risk,
    withdraw_risk,
)
from app.clearance.actions.answering import Asking, VisitNotFoundError, check_visit, clear_visits
from app.clearance.actions.book import rejudge_all
from app.clearance.actions.keeping import rejudge_stale
from app.clearance.actions.opening import open_visit
from app.clearance.facts.history import Cause
from app.clearance.facts.reasons import Badge
from app.clearance.rules.accepting import digest_of
from app.clearance.store import history, risks, verdicts
from app.clearance.views.shapes import visit_shape
from app.platform.changes import Changed, announce, announced
from app.practice.actions import staff as practice
from app.practice.facts.staff import Role
from app.practice.store import staff as practice_store
from app.schedule import store as schedule_store
from app.schedule.facts import LineSource, VisitRecord, VisitStatus
from app.web.wiring import wire
from tests.support import make
from tests.support.desk import PAYER, PAYER_NAME, TODAY, Booking, Desk

REASON = "Medical director agreed, see her note."
NONE = Booking(9, "Jensen", "Karl", "none")


@pytest.fixture
def desk(caller):
    wire()
    return Desk(caller).furnish()


@pytest.fixture
def manager(caller):
    practice.add_staff(caller, "mara@example.test", "Mara Example", frozenset({Role.MANAGER}))
    (mara,) = practice_store.staff_of(caller.session, caller.practice_id)
    return replace(caller, user_id=mara.id)


def seen(caller, visit_id):
    """What a person sees of a visit's checks."""
    return digest_of(open_visit(caller, visit_id).answer.lines)


def accept(manager, visit_id):
    accept_risk(manager, visit_id, REASON, seen(manager, visit_id))


def shown(caller, visit_id):
    """The badge that is stored."""
    found = history.shown_now(caller.session, caller.practice_id, visit_id)
    return found.badge if found is not None else None


def standing(caller, visit_id):
    """Whether a risk stands."""
    return visit_id in risks.standing(caller.session, caller.practice_id)


def approve(caller, visit_id, status=Status.APPROVED):
    """Put an authorization on file for the visit's patient."""
    visit = schedule_store.visits_by_ids(caller.session, caller.practice_id, [visit_id])[visit_id]
    items = (Item(("96910", "96912"), None, Counting.UNITS, 36, 0),)
    row = AuthorizationRecord(
        make.an_id(77_001), visit.patient_id, "K1", PAYER, PAYER_NAME, status, status.value, items=items, number="PA-9",
        begins=date(2026, 1, 1), ends=date(2026, 12, 31), decided_on=date(2026, 1, 5),
    )  # fmt: skip
    with announced(caller) as session:
        authorization_store.add_authorizations(session, caller.practice_id, [row], [])
        announce(session, Changed(frozenset({visit.patient_id})))


def change(caller, visit_id, **changes):
    """Change a visit through the store, and say so."""
    visit = schedule_store.visits_by_ids(caller.session, caller.practice_id, [visit_id])[visit_id]
    changed = replace(visit, **changes)
    record = VisitRecord(changed, tuple(LineSource(line.position) for line in changed.lines))
    with announced(caller) as session:
        schedule_store.change_visits(session, caller.practice_id, [record])
        announce(session, Changed(frozenset({visit.patient_id})))
    return changed


def test_a_risk_gives_the_visit_its_own_badge_everywhere_and_its_lines_keep_theirs(desk, manager):
    (visit,) = desk.book(NONE)
    desk.judge()
    accept(manager, visit)
    assert shown(manager, visit) is Badge.ACCEPTED_RISK
    (listed,) = [visit_shape(one) for one in clear_visits(manager, Asking(TODAY, TODAY))]
    alone = visit_shape(check_visit(manager, listed["visit_id"]))
    assert listed == alone
    assert alone["badge"] == "accepted_risk"
    assert [line["badge"] for line in alone["lines"]] == ["blocked"]
    assert alone["sentence"] == (
        "Accepted risk. Mara Example let it through on Mon 03/02/2026, until Mon 03/02/2026: "
        "Medical director agreed, see her note. "
        "Without it: Blocked. No authorization on file names it."
    )
    assert alone["short"] == "Risk accepted by Mara Example"
    assert rejudge_all(manager, processes=1).changed == 0
    assert rejudge_all(manager, processes=2).changed == 0
    assert shown(manager, visit) is Badge.ACCEPTED_RISK


def test_the_reason_is_sealed_and_nothing_of_it_is_in_the_audit_log(desk, manager):
    (visit,) = desk.book(NONE)
    desk.judge()
    accept(manager, visit)
    stored = manager.session.execute(text("SELECT reason FROM accepted_risk")).scalar_one()
    assert b"director" not in bytes(stored)
    details = manager.session.execute(text("SELECT details FROM audit_entry WHERE action LIKE '%risk%'")).scalars()
    assert "director" not in " ".join(map(str, details))


def test_an_equal_recheck_and_a_change_that_changes_no_result_void_nothing(desk, manager):
    (visit,) = desk.book(NONE)
    desk.judge()
    accept(manager, visit)
    opened = open_visit(manager, visit).answer.lines[0].visit
    with announced(manager) as session:
        announce(session, Changed(frozenset({opened.patient_id})))
    change(manager, visit, starts_at=opened.starts_at + timedelta(hours=1))
    assert standing(manager, visit) and shown(manager, visit) is Badge.ACCEPTED_RISK


@pytest.mark.parametrize("whole_book", [False, True])
@pytest.mark.parametrize("status", [Status.APPROVED, Status.DENIED, Status.SUBMITTED])
def test_another_result_voids_it_for_good(desk, manager, status, whole_book, monkeypatch):
    (visit,) = desk.book(NONE)
    desk.judge()
    accept(manager, visit)
    if whole_book:  # nobody hears of the change before the whole book is judged
        monkeypatch.setattr("app.platform.changes._listeners", [])
    approve(manager, visit, status)
    rejudge_all(manager, processes=1)
    expected = {Status.APPROVED: Badge.CLEARED, Status.DENIED: Badge.BLOCKED, Status.SUBMITTED: Badge.WAITING}
    assert shown(manager, visit) is expected[status]
    assert not standing(manager, visit)
    (risk,) = risks.of_visits(manager.session, manager.practice_id, [visit])[visit]
    assert risk.ended_at is not None and risk.ended_by is None
    with announced(manager) as session:
        for hanging in ("authorization_event", "case_listing"):
            session.execute(text(f"DELETE FROM {hanging}"))
        session.execute(text('DELETE FROM "authorization"'))
        announce(session, Changed(frozenset({risk.patient_id})))
    rejudge_all(manager, processes=1)
    assert shown(manager, visit) is Badge.BLOCKED, "what was void does not come back with the old result"


def test_a_day_that_changes_a_result_voids_it(desk, manager):
    (visit,) = desk.book(replace(NONE, day=TODAY + timedelta(days=20)))
    desk.judge()
    accept(manager, visit)
    manager.clock.instant += timedelta(days=15)
    assert rejudge_all(manager, processes=1).changed == 1
    assert not standing(manager, visit)
    assert shown(manager, visit) is Badge.BLOCKED


@pytest.mark.parametrize(
    "changes",
    [
        lambda visit: {"lines": (replace(visit.lines[0], code="96912"),)},
        lambda visit: {"lines": (replace(visit.lines[0], units=2),)},
        lambda visit: {"status": VisitStatus.CANCELED},
    ],
    ids=["another service", "more units", "canceled"],
)
def test_another_service_or_a_canceled_visit_voids_it(desk, manager, changes):
    (visit,) = desk.book(NONE)
    desk.judge()
    accept(manager, visit)
    before = open_visit(manager, visit).answer.lines[0].visit
    change(manager, visit, **changes(before))
    assert not standing(manager, visit)
    change(manager, visit, lines=before.lines, status=before.status)
    assert shown(manager, visit) is Badge.BLOCKED


@pytest.mark.parametrize(("case", "badge"), [("ended", "blocked"), ("stale", "not_checked"), ("pending", "waiting")])
def test_a_risk_covers_blocked_not_checked_and_waiting(desk, manager, case, badge):
    (visit,) = desk.book(replace(NONE, case=case))
    desk.judge()
    accept(manager, visit)
    (risk,) = risks.of_visits(manager.session, manager.practice_id, [visit])[visit]
    assert (risk.badge.value, risk.reason, risk.name) == (badge, REASON, "Mara Example")
    assert shown(manager, visit) is Badge.ACCEPTED_RISK


@pytest.mark.parametrize("case", ["office", "renewal", "cosmetic"])
def test_a_visit_that_needs_no_leave_takes_none(desk, manager, case):
    (visit, *_) = desk.book(replace(NONE, case=case))
    desk.judge()
    with pytest.raises(NotAcceptableError):
        accept(manager, visit)
    assert risks.of_visits(manager.session, manager.practice_id, [visit]) == {}


def test_what_changed_since_the_page_was_opened_is_not_accepted(desk, manager):
    (visit,) = desk.book(NONE)
    desk.judge()
    before = seen(manager, visit)
    approve(manager, visit, Status.DENIED)
    with pytest.raises(ResultsChangedError):
        accept_risk(manager, visit, REASON, before)
    assert shown(manager, visit) is Badge.BLOCKED
    with pytest.raises(VisitNotFoundError):
        accept_risk(manager, make.an_id(999), REASON, before)


def test_twice_the_same_does_its_work_once_and_the_database_holds_one_at_most(desk, manager):
    (visit,) = desk.book(NONE)
    desk.judge()
    digest = seen(manager, visit)
    for _ in range(2):
        accept_risk(manager, visit, REASON, digest)
    (risk,) = risks.of_visits(manager.session, manager.practice_id, [visit])[visit]
    with pytest.raises(IntegrityError):
        risks.add(manager.session, manager.practice_id, replace(risk, id=make.an_id(5)))
    manager.session.rollback()


def test_it_is_withdrawn_and_the_withdrawal_is_undone_while_nothing_changed(desk, manager):
    (visit,) = desk.book(NONE)
    desk.judge()
    accept(manager, visit)
    manager.clock.instant += timedelta(hours=1)
    assert withdraw_risk(manager, visit)
    assert shown(manager, visit) is Badge.BLOCKED
    assert not withdraw_risk(manager, visit)
    manager.clock.instant += timedelta(hours=1)
    assert restore_risk(manager, visit)
    assert not restore_risk(manager, visit)
    assert shown(manager, visit) is Badge.ACCEPTED_RISK
    causes = [one.by for one in history.of_visit(manager.session, manager.practice_id, visit, 9)]
    assert {by.cause for by in causes} == {Cause.RISK} and {by.user_id for by in causes} == {manager.user_id}
    assert withdraw_risk(manager, visit)
    approve(manager, visit, Status.DENIED)
    assert not restore_risk(manager, visit)


def test_a_withdrawal_is_undone_within_a_day_and_by_who_withdrew(desk, manager):
    (visit,) = desk.book(NONE)
    desk.judge()
    accept(manager, visit)
    assert withdraw_risk(manager, visit)
    assert not restore_risk(replace(manager, user_id=make.an_id(4)), visit)
    manager.clock.instant += timedelta(hours=25)
    assert not restore_risk(manager, visit)


def test_a_risk_counts_as_of_the_days_on_which_it_stood(desk, manager):
    (visit,) = desk.book(NONE)
    desk.judge()
    reference = open_visit(manager, visit).answer.lines[0].visit.reference
    manager.clock.instant -= timedelta(days=1)
    accept(manager, visit)
    manager.clock.instant += timedelta(days=2)
    assert withdraw_risk(manager, visit)
    badges = [
        visit_shape(check_visit(manager, reference, TODAY + timedelta(days=days)))["badge"] for days in (-2, -1, 0, 1)
    ]
    assert badges == ["blocked", "accepted_risk", "accepted_risk", "blocked"]


def test_a_risk_ends_after_its_last_day_and_the_badge_returns(desk, manager):
    (visit,) = desk.book(replace(NONE, day=TODAY + timedelta(days=5)))
    desk.judge()
    accept_risk(manager, visit, REASON, seen(manager, visit), TODAY + timedelta(days=1))
    assert shown(manager, visit) is Badge.ACCEPTED_RISK
    kept = verdicts.stored_of(manager.session, manager.practice_id, [make.an_id(10_001)])[make.an_id(10_001)][visit]
    assert kept.changes_on == TODAY + timedelta(days=2)
    assert check_visit(manager, "V20001", TODAY + timedelta(days=1)).accepted is not None
    assert check_visit(manager, "V20001", TODAY + timedelta(days=2)).accepted is None
    later = replace(manager, clock=make.clock(make.NOW + timedelta(days=2)))
    rejudge_stale(later)
    assert shown(later, visit) is Badge.BLOCKED
    assert not standing(later, visit)
    assert not restore_risk(later, visit)


def test_a_risk_stands_until_the_visit_where_nothing_else_is_said(desk, manager):
    (visit,) = desk.book(replace(NONE, day=TODAY + timedelta(days=5)))
    desk.judge()
    accept(manager, visit)
    (risk,) = risks.of_visits(manager.session, manager.practice_id, [visit])[visit]
    assert risk.until == TODAY + timedelta(days=5)


@pytest.mark.parametrize("days", [-1, 6])
def test_a_risk_cannot_end_before_today_or_after_the_visit(desk, manager, days):
    (visit,) = desk.book(replace(NONE, day=TODAY + timedelta(days=5)))
    desk.judge()
    with pytest.raises(RiskEndError):
        accept_risk(manager, visit, REASON, seen(manager, visit), TODAY + timedelta(days=days))
    assert not standing(manager, visit)
