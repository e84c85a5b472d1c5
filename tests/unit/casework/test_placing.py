"""In which queues a case stands, by its state, its clocks, its owner and its patient's coverages."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.authorizations.facts import Authorization, Counting, Item, Kind, Status
from app.casework.facts.casebook import NO_DAY, Queue
from app.casework.rules.placing import Known, again_on, due_of, placed, plan_changed
from app.coverage.facts import CheckResult, Coverage
from app.deadlines.facts import AppealLevel, Case, Information, PeerToPeer
from app.values.insurance import Rank
from app.values.members import MemberKey
from app.values.spans import DateSpan
from tests.support.make import an_id

TODAY, DAY, ZONE = date(2026, 3, 2), timedelta(days=1), ZoneInfo("America/New_York")
OWNER = an_id(9)
MEMBER, OTHER = MemberKey(b"a" * 16, b"a" * 16, b"a" * 16), MemberKey(b"b" * 16, b"b" * 16, b"b" * 16)


def case_of(status=Status.SUBMITTED, **changes):
    """A case that somebody owns and steers, with nothing else about it."""
    known = {name: changes.pop(name) for name in list(changes) if name in Known.__dataclass_fields__}
    row = Authorization(an_id(1), an_id(2), "acme", "Acme", status, member=MEMBER, plan="Gold",
                        items=(Item(("96910",), None, Counting.UNITS, 36, 4),), **changes)  # fmt: skip
    base = Known(row, Case(row.id, owner_id=OWNER), TODAY, ZONE, (row,), (), next_action=True, next_on=TODAY + 3 * DAY)
    return replace(base, **known)


def queues(known):
    """The queues in which a case stands."""
    return {one.queue for one in placed(known)}


def a_coverage(payer="acme", member=MEMBER, plan="Gold", begins=date(2025, 1, 1), ends=None, result=CheckResult.ACTIVE):
    """A coverage of the patient."""
    return Coverage(
        an_id(5), an_id(2), Rank.PRIMARY, payer, payer, member, DateSpan(begins, ends), plan=plan, result=result
    )


OPEN = {Queue.ALL, Queue.OPEN}


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        (Status.DRAFT, OPEN),
        (Status.NEEDS_DOCUMENTS, OPEN),
        (Status.READY, OPEN),
        (Status.SUBMITTED, OPEN | {Queue.PAYER}),
        (Status.MORE_INFO, OPEN | {Queue.INFO}),
        (Status.DENIED, OPEN | {Queue.ADVERSE}),
        (Status.IN_APPEAL, OPEN | {Queue.ADVERSE, Queue.PAYER}),
        (Status.APPROVED, {Queue.ALL}),
        (Status.PARTLY_APPROVED, {Queue.ALL}),
        (Status.NOT_REQUIRED, {Queue.ALL}),
        (Status.NOTIFIED, {Queue.ALL}),
        (Status.WITHDRAWN, {Queue.ALL}),
        (Status.DISMISSED, {Queue.ALL}),
        (Status.VOIDED, {Queue.ALL}),
        (Status.CLOSED, {Queue.ALL}),
    ],
)
def test_every_state_has_its_queues(status, wanted):
    assert queues(case_of(status)) == wanted


@pytest.mark.parametrize(
    "lacking",
    [{"next_action": False, "next_on": None}, {"next_on": None}, {"case": Case(an_id(1))}],
    ids=["no action", "no day", "no owner"],
)
def test_an_open_case_without_owner_action_or_day_is_a_defect_and_a_finished_one_is_none(lacking):
    assert Queue.DEFECT in queues(case_of(**lacking))
    assert Queue.DEFECT not in queues(case_of(Status.CLOSED, **lacking))
    assert Queue.DEFECT not in queues(case_of(Status.APPROVED, **lacking))


def test_a_yes_without_its_number_is_work_until_it_has_ended():
    assert Queue.OPEN in queues(case_of(Status.APPROVED, verbal=True, ends=TODAY))
    assert Queue.OPEN not in queues(case_of(Status.APPROVED, verbal=True, ends=TODAY - DAY))


@pytest.mark.parametrize(("days", "stands"), [(180, True), (181, False)])
def test_a_denial_is_work_for_the_longest_window_of_appeal(days, stands):
    known = case_of(Status.DENIED, decided_on=TODAY - days * DAY)
    assert (Queue.OPEN in queues(known)) is stands
    assert again_on(known) == (TODAY + DAY if stands else None)


def test_a_window_on_file_goes_before_the_longest_one():
    window = AppealLevel(an_id(3), 1, TODAY - 20 * DAY, TODAY - DAY)
    over = Case(an_id(1), appeals=(window,), owner_id=OWNER)
    assert Queue.OPEN not in queues(case_of(Status.DENIED, decided_on=TODAY - 20 * DAY, case=over))
    filed = replace(over, appeals=(replace(window, filed_on=TODAY - 5 * DAY),))
    assert Queue.OPEN in queues(case_of(Status.DENIED, decided_on=TODAY - 20 * DAY, case=filed))


def test_a_denial_that_another_link_goes_on_from_is_no_work_of_its_own():
    known = case_of(Status.DENIED, decided_on=TODAY)
    appeal = replace(known.row, id=an_id(4), status=Status.DRAFT, kind=Kind.APPEAL, parent_id=known.row.id)
    assert Queue.OPEN not in queues(replace(known, siblings=(known.row, appeal)))
    withdrawn = replace(appeal, status=Status.WITHDRAWN)
    assert Queue.OPEN in queues(replace(known, siblings=(known.row, withdrawn)))


def test_what_is_due_is_the_earliest_of_what_was_agreed_asked_offered_and_runs_out():
    noon = datetime(2026, 3, 2, 17, tzinfo=UTC)
    case = Case(
        an_id(1),
        information=(
            Information(an_id(3), noon, TODAY + 9 * DAY),
            Information(an_id(4), noon, TODAY, answered_at=noon),
        ),
        peers=(PeerToPeer(an_id(5), noon, datetime(2026, 3, 7, 3, tzinfo=UTC)),),
        appeals=(AppealLevel(an_id(6), 1, TODAY, TODAY + 30 * DAY),),
        owner_id=OWNER,
    )
    assert due_of(case_of(case=case, next_on=TODAY + 20 * DAY)) == date(2026, 3, 6)  # the evening before, in the zone
    assert due_of(case_of(case=Case(an_id(1)), next_on=None)) is None


def test_a_case_without_a_day_comes_last():
    assert {one.due_on for one in placed(case_of(next_on=None))} == {NO_DAY}


def test_an_approval_stands_by_its_end_until_a_later_one_goes_on():
    known = case_of(Status.APPROVED, ends=TODAY + 40 * DAY)
    ends = {one.queue: one.due_on for one in placed(known)}
    assert ends[Queue.ENDING] == ends[Queue.RENEWAL] == TODAY + 40 * DAY
    later = replace(known.row, id=an_id(8), ends=TODAY + 200 * DAY)
    assert queues(replace(known, siblings=(known.row, later))) == {Queue.ALL}
    other = replace(later, items=(Item(("J0585",), None, Counting.UNITS, 100),))
    assert Queue.ENDING in queues(replace(known, siblings=(known.row, other)))


def test_an_approval_of_something_done_once_is_not_renewed():
    once = (Item(("17311",), None, Counting.UNITS, 1),)
    known = case_of(Status.APPROVED, ends=TODAY + 40 * DAY)
    assert Queue.RENEWAL not in queues(replace(known, row=replace(known.row, items=once)))


def test_a_renewal_that_was_begun_takes_the_place_of_its_approval():
    known = case_of(Status.APPROVED, ends=TODAY + 40 * DAY)
    begun = replace(known.row, id=an_id(8), status=Status.DRAFT, kind=Kind.RENEWAL, parent_id=known.row.id)
    both = (known.row, begun)
    assert Queue.RENEWAL not in queues(replace(known, siblings=both))
    assert Queue.RENEWAL in queues(replace(known, row=begun, siblings=both))


@pytest.mark.parametrize(
    ("coverages", "changed"),
    [
        ((), False),
        ((a_coverage(),), False),
        ((a_coverage(payer="other"),), True),
        ((a_coverage(member=OTHER),), True),
        ((a_coverage(plan="Silver"),), True),
        ((a_coverage(plan=None),), False),
        ((a_coverage(ends=TODAY),), False),
        ((a_coverage(ends=TODAY - DAY),), True),
        ((a_coverage(result=CheckResult.INACTIVE),), True),
        ((a_coverage(payer="other"), a_coverage()), False),
    ],
)
def test_a_plan_has_changed_when_no_coverage_of_the_day_is_the_one_asked_under(coverages, changed):
    known = case_of(coverages=coverages)
    assert plan_changed(known) is changed
    assert (Queue.PLAN in queues(known)) is changed


def test_an_end_on_the_last_day_that_there_is_never_comes():
    endless = a_coverage(ends=date.max)
    assert again_on(case_of(Status.APPROVED, begins=TODAY, ends=date.max, coverages=(endless,))) is None


def test_what_is_put_aside_says_so_in_every_queue_until_its_day():
    known = case_of(snoozed_until=TODAY + 4 * DAY)
    rows = {one.queue: one for one in placed(known)}
    assert rows[Queue.SNOOZED].due_on == TODAY + 4 * DAY
    assert rows[Queue.OPEN].hidden_until == TODAY + 4 * DAY
    assert again_on(known) == TODAY + 4 * DAY
    assert Queue.SNOOZED not in queues(replace(known, today=TODAY + 4 * DAY))


def test_retro_and_asked_providers_have_queues_of_their_own():
    assert Queue.RETRO in queues(case_of(Status.READY, kind=Kind.RETRO))
    assert Queue.PROVIDER in queues(case_of(Status.DRAFT, asked_provider=True))
    assert Queue.UNITS in queues(case_of(Status.APPROVED, units_low=True))
    assert Queue.UNASSIGNED in queues(case_of(case=Case(an_id(1))))
