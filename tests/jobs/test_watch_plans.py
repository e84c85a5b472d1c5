"""The sentinel of plans: the list is what judging all says, nothing else is on it, and a second run adds nothing."""

from datetime import date

import pytest

from app.authorizations import store as authorization_store
from app.authorizations.facts import Kind, Status
from app.casework.store import entries
from app.clearance.facts.reasons import Badge
from app.coverage.facts import PlanTurn
from app.eligibility.actions import continuity
from app.eligibility.actions.continuity import ConfirmedAlreadyError, NoContinuityError, confirm
from app.eligibility.facts.sentinel import Confirmation
from app.eligibility.jobs.sentinel import watch_plans
from app.eligibility.store import sentinel as store
from app.values.scope import EVERYTHING
from app.web.wiring import wire
from tests.drills.plan_switching import listed, stands
from tests.support import make
from tests.support.switching import KINDS, Switchers

MEMBERS = 2 * len(KINDS)


@pytest.fixture
def switchers(caller):
    """Two members for each kind of change, as they stood before it."""
    wire()
    return Switchers(caller, MEMBERS)


def requests(caller, members):
    """The continuity requests on file."""
    records = authorization_store.records_of(caller.session, caller.practice_id, members)
    return [one for some in records.values() for one in some if one.kind is Kind.CONTINUITY]


def test_the_list_is_what_judging_everybody_before_and_after_says(caller, switchers):
    before = stands(caller, switchers.members)
    switchers.switch()
    after = stands(caller, switchers.members)
    watch_plans(caller)
    found = listed(caller)
    changes = store.listed(caller.session, caller.practice_id, EVERYTHING, None, 1000)
    expected = {one: (before[one][0], after[one][0]) for one in before if before[one] != after[one]}
    assert found == expected
    assert len(expected) >= 6
    unaffected = [one for number, one in enumerate(switchers.members) if switchers.kind_of(number) == "same"]
    assert not {one.patient_id for one in changes} & set(unaffected)
    by_kind = {switchers.kind_of(switchers.members.index(one.patient_id)): one.turns for one in changes}
    assert by_kind["payer"] == (PlanTurn.PAYER, PlanTurn.MEMBER)
    assert by_kind["replaced"][0] is PlanTurn.ADDED
    assert by_kind["group"] == (PlanTurn.GROUP,)
    assert by_kind["no_visit"] == (PlanTurn.PAYER,)


def test_a_second_run_adds_nothing(caller, switchers):
    switchers.switch()
    assert watch_plans(caller) > 0
    counted = listed(caller), len(requests(caller, switchers.members))
    assert watch_plans(caller) == 0
    switchers.switch()
    assert watch_plans(caller) == 0
    assert (listed(caller), len(requests(caller, switchers.members))) == counted


def test_requests_open_in_the_order_of_the_visits_with_what_is_next(caller, switchers, monkeypatch):
    order = []
    real = continuity._open
    monkeypatch.setattr(continuity, "_open", lambda *given: order.append(given[2].first_day) or real(*given))
    switchers.switch()
    watch_plans(caller)
    assert order == sorted(order) and len(order) >= 4
    opened = requests(caller, switchers.members)
    kinds = {switchers.kind_of(switchers.members.index(one.patient_id)) for one in opened}
    assert kinds == {"payer", "replaced", "member", "group"}
    for one in opened:
        assert one.status is Status.DRAFT and one.parent_id is not None
        assert one.next_action == continuity.NEXT and one.next_action_on >= date(2027, 1, 2)
    new = next(one for one in opened if switchers.kind_of(switchers.members.index(one.patient_id)) == "payer")
    assert new.payer == "local:new-plan" and new.member_id.startswith("N")


def test_a_crash_between_looking_and_opening_loses_no_request(caller, switchers, monkeypatch):
    switchers.switch()
    monkeypatch.setattr(continuity, "set_next", _crash)
    with pytest.raises(RuntimeError):
        watch_plans(caller)
    monkeypatch.undo()
    watch_plans(caller)
    opened = requests(caller, switchers.members)
    assert len({one.parent_id for one in opened}) == len(opened) >= 4


def _crash(*_):
    raise RuntimeError


def _case(caller, switchers, kind):
    watch_plans(caller)
    member = switchers.members[KINDS.index(kind)]
    (request,) = requests(caller, [member])
    return member, request


def test_a_confirmation_makes_the_old_approval_usable_for_its_days(caller, switchers):
    switchers.switch()
    member, request = _case(caller, switchers, "replaced")
    visit = make.an_id(100_000 + 2 * KINDS.index("replaced"))
    assert stands(caller, [member])[visit][0] is Badge.BLOCKED
    said = Confirmation("Jo", "REF-77", date(2027, 1, 1), date(2027, 3, 31))
    confirm(caller, request.id, make.an_id(5), said)
    confirm(caller, request.id, make.an_id(5), said)
    badge, plan = stands(caller, [member])[visit]
    assert badge in (Badge.CLEARED, Badge.AT_RISK)
    assert plan == ["pass"]
    (now,) = requests(caller, [member])
    assert (now.status, now.reference, now.ends, now.representative) == (
        Status.APPROVED, "REF-77", date(2027, 3, 31), "Jo",
    )  # fmt: skip
    with pytest.raises(ConfirmedAlreadyError):
        confirm(caller, request.id, make.an_id(6), Confirmation(None, "OTHER", date(2027, 1, 1), date(2027, 2, 1)))


def test_a_confirmation_that_ends_before_the_visit_clears_nothing(caller, switchers):
    switchers.switch()
    member, request = _case(caller, switchers, "payer")
    confirm(caller, request.id, make.an_id(5), Confirmation(None, "R1", date(2027, 1, 1), date(2027, 1, 3)))
    visit = make.an_id(100_000 + 2 * KINDS.index("payer"))
    assert stands(caller, [member])[visit][0] is Badge.BLOCKED


def test_a_case_that_no_change_opened_is_not_confirmed(caller, switchers):
    with pytest.raises(NoContinuityError):
        confirm(caller, make.an_id(50_000), make.an_id(5), Confirmation(None, "R1", date(2027, 1, 1), date(2027, 1, 3)))


def test_the_duty_of_medicare_advantage_stands_in_the_request(caller, switchers):
    switchers.switch()
    _member, request = _case(caller, switchers, "replaced")
    (note,) = entries.of_cases(caller.session, caller.practice_id, [request.id], 10)
    assert "422.112(b)(8)" in note.words and "not Part D" in note.words
