"""Units in order of time: who takes them, who gives them back, and what is left."""

from datetime import date, timedelta

import pytest

from app.authorizations.facts import Counting, Item
from app.clearance.facts.reasons import Badge, Check, Reason
from app.schedule.facts import BillTo, VisitStatus
from app.values.spans import DateSpan
from tests.support.judging import (
    DAY,
    a_count,
    a_coverage,
    a_file,
    a_line,
    a_visit,
    an_approval,
    found,
    lines_of,
)

BOOKED, DONE = VisitStatus.BOOKED, VisitStatus.DONE
CLEARED, BLOCKED, AT_RISK = Badge.CLEARED, Badge.BLOCKED, Badge.AT_RISK


def week(number, *lines, status=BOOKED, day=None, **changes):
    """Make the visit of a week from `DAY` on."""
    on = day or DAY + timedelta(days=7 * (number - 1))
    return a_visit(*lines, day=on, number=number, status=status, **changes)


THREE = (a_count(count=3),)


def left(*visits, items=THREE, **changes):
    """Give the result of `units` and what is left, line by line."""
    verdicts = lines_of(a_file(*visits, authorizations=(an_approval(items=items, **changes),)))
    return [(found(one, Check.UNITS), one.units_left_after) for one in verdicts]


ENOUGH, FEW = Reason.UNITS_ENOUGH, Reason.UNITS_TOO_FEW


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ((3,), [(ENOUGH, 0)]),
        ((4,), [(FEW, 3)]),
        ((1, 1, 1), [(ENOUGH, 2), (ENOUGH, 1), (ENOUGH, 0)]),
        ((1, 1, 1, 1), [(ENOUGH, 2), (ENOUGH, 1), (ENOUGH, 0), (FEW, 0)]),
        ((2, 2, 1), [(ENOUGH, 1), (FEW, 1), (ENOUGH, 0)]),
        ((9, 3), [(FEW, 3), (ENOUGH, 0)]),
    ],
)
def test_lines_take_units_in_order_of_time_and_a_line_that_fails_takes_none(units, expected):
    visits = [week(number + 1, a_line(units=count)) for number, count in enumerate(units)]
    assert left(*visits) == expected


def test_a_line_that_fails_another_check_takes_none():
    late = week(2, day=date(2026, 7, 1))
    assert left(week(1, a_line(units=2), day=date(2026, 7, 2)), late, week(3, a_line(units=3)))[0] == (ENOUGH, 0)


def test_a_line_that_warns_in_its_approval_takes_units():
    visits = week(1, a_line(units=2, diagnoses=("L40.1",))), week(2, a_line(units=2))
    assert left(*visits, diagnoses=("L40.0",)) == [(ENOUGH, 1), (FEW, 1)]


def test_a_line_blocked_for_its_coverage_still_takes_units():
    coverage = a_coverage(span=DateSpan(date(2026, 3, 20), None))
    file = a_file(week(1), week(2), coverages=(coverage,), authorizations=(an_approval(items=(a_count(count=1),)),))
    first, second = lines_of(file)
    assert (first.badge, first.units_left_after) == (BLOCKED, 0)
    assert found(second, Check.UNITS) is FEW


def test_the_start_then_the_visit_id_then_the_row_decides_who_is_first():
    visits = (
        week(1, a_line(position=0), a_line(position=1), hour=15),
        a_visit(day=DAY, number=2, hour=15),
        a_visit(day=DAY, number=3, hour=14),
    )
    verdicts = lines_of(a_file(*visits, authorizations=(an_approval(),)))
    order = [(one.visit.reference, one.line.position) for one in verdicts]
    assert order == [("V003", 0), ("V001", 0), ("V001", 1), ("V002", 0)]
    assert [one.units_left_after for one in verdicts] == [35, 34, 33, 32]


def test_the_rows_of_a_visit_are_judged_by_their_place():
    visit = a_visit(a_line(position=1), a_line(position=0))
    first, second = lines_of(a_file(visit, authorizations=(an_approval(items=(a_count(count=1),)),)))
    assert (first.line.position, found(first, Check.UNITS)) == (0, Reason.UNITS_ENOUGH)
    assert (second.line.position, found(second, Check.UNITS)) == (1, Reason.UNITS_TOO_FEW)


@pytest.mark.parametrize("status", [VisitStatus.CANCELED, VisitStatus.NO_SHOW])
def test_canceled_and_missed_visits_give_units_back(status):
    result = left(week(1, a_line(units=3), status=status), week(2, a_line(units=3)))
    assert result[1] == (ENOUGH, 0)


def test_a_moved_visit_takes_its_units_at_its_new_place():
    first, second = week(1, a_line(units=2)), week(2, a_line(units=2))
    assert left(first, second) == [(ENOUGH, 1), (FEW, 1)]
    moved = week(1, a_line(units=2), day=DAY + timedelta(days=14))
    verdicts = lines_of(a_file(moved, second, authorizations=(an_approval(items=(a_count(count=3),)),)))
    assert [(one.visit.reference, one.badge) for one in verdicts] == [("V002", CLEARED), ("V001", BLOCKED)]


PAST = date(2026, 2, 10)


@pytest.mark.parametrize(
    ("used", "used_on", "after"),
    [
        (None, None, 7),
        (None, PAST, 7),
        (2, PAST, 7),
        (2, PAST + timedelta(days=1), 7),
        (2, PAST - timedelta(days=1), 5),
        (0, PAST, 9),
        (9, PAST, 0),
        (10, PAST, 0),
    ],
)
def test_used_counts_to_its_day_and_done_lines_to_that_day_count_once(used, used_on, after):
    visits = week(1, a_line(units=2), status=DONE, day=PAST), week(2)
    result = left(*visits, items=(a_count(count=10, used=used),), used_on=used_on)
    assert result[1] == ((FEW if used == 10 else ENOUGH), after)


def test_every_done_line_counts_where_used_is_empty():
    done = [week(number, status=DONE, day=PAST + timedelta(days=number)) for number in (1, 2, 3)]
    assert left(*done, week(4))[-1] == (FEW, 0)


def test_a_booked_line_before_the_day_of_used_still_takes_its_units():
    assert left(week(1, day=PAST), week(2), items=(a_count(count=3, used=1),), used_on=DAY)[-1] == (ENOUGH, 0)


def test_codes_may_share_one_count():
    items = (a_count("96910", "96912", count=3),)
    visits = week(1, a_line(units=2)), week(2, a_line("96912", units=1)), week(3, a_line())
    assert left(*visits, items=items) == [(ENOUGH, 1), (ENOUGH, 0), (FEW, 0)]


def test_each_code_has_its_own_count():
    items = (a_count("96910", count=1), a_count("96912", count=2))
    visits = week(1, a_line()), week(2, a_line("96912")), week(3, a_line()), week(4, a_line("96912"))
    assert left(*visits, items=items) == [(ENOUGH, 0), (ENOUGH, 1), (FEW, 0), (ENOUGH, 0)]


def test_a_range_has_one_count():
    items = (a_count("96910", last="96913", count=2),)
    visits = week(1, a_line()), week(2, a_line("96912")), week(3, a_line())
    assert left(*visits, items=items) == [(ENOUGH, 1), (ENOUGH, 0), (FEW, 0)]


def visits_of(count, used=None):
    return (Item(("96910",), None, Counting.VISITS, count, used),)


def test_what_is_counted_by_visit_takes_one_for_a_visit_whatever_its_lines_and_units():
    visits = (
        week(1, a_line(units=9), a_line(position=1, units=9)),
        week(2, a_line(units=9)),
        week(3, a_line(units=9)),
    )
    assert left(*visits, items=visits_of(2)) == [(ENOUGH, 1), (ENOUGH, 1), (ENOUGH, 0), (FEW, 0)]
    assert left(*visits, items=visits_of(5, 4), used_on=PAST)[2] == (FEW, 0)


def test_two_lines_of_one_visit_take_units_both():
    visit = week(1, a_line(units=2), a_line(position=1, units=2))
    assert left(visit) == [(ENOUGH, 1), (FEW, 1)]


def test_what_the_payer_does_not_count_always_suffices():
    items = (Item(("96910",), None, Counting.NOT_COUNTED),)
    visits = week(1, a_line(units=99)), week(2, a_line(units=99))
    assert left(*visits, items=items) == [(Reason.UNITS_NOT_COUNTED, None)] * 2


NO_COUNT = (a_count(count=None),)


def test_without_a_count_one_line_passes_and_two_warn():
    assert left(week(1, a_line(units=9)), items=NO_COUNT) == [(Reason.UNITS_SINGLE, None)]
    assert left(week(1), week(2), items=NO_COUNT) == [(Reason.UNITS_NO_COUNT, None)] * 2
    verdicts = lines_of(a_file(week(1), week(2), authorizations=(an_approval(items=NO_COUNT),)))
    assert [(one.badge, one.reason.check) for one in verdicts] == [(AT_RISK, Check.UNITS)] * 2


@pytest.mark.parametrize("status", [VisitStatus.CANCELED, VisitStatus.NO_SHOW])
def test_a_canceled_visit_is_not_booked_on_an_approval_without_a_count(status):
    for visits in ((week(1, status=status), week(2)), (week(1), week(2, status=status))):
        assert {reason for reason, _ in left(*visits, items=NO_COUNT)} == {Reason.UNITS_SINGLE}


def test_a_line_on_an_approval_without_a_count_that_fails_is_not_booked_on_it():
    visits = week(1), week(2, a_line(diagnoses=("C44.1",)))
    assert left(*visits, items=NO_COUNT, diagnoses=("L40.0",))[0] == (Reason.UNITS_SINGLE, None)


def test_an_approval_that_names_only_a_drug_has_no_count():
    line = a_line("J0585")
    changes = {"items": (), "drug": "drug:botox"}
    assert left(week(1, line), **changes) == [(Reason.UNITS_SINGLE, None)]
    assert left(week(1, line), week(2, line), **changes) == [(Reason.UNITS_NO_COUNT, None)] * 2


def test_lines_that_insurance_does_not_pay_take_no_units():
    visits = week(1, a_line(units=3, bill_to=BillTo.SELF_PAY)), week(2, a_line(units=3, bill_to=BillTo.OUTSIDE))
    assert left(*visits, week(3, a_line(units=3)))[-1] == (ENOUGH, 0)


def test_units_are_left_out_where_the_code_fails():
    (verdict,) = lines_of(a_file(authorizations=(an_approval(items=(a_count("96912"),)),)))
    assert found(verdict, Check.UNITS) is None
    assert verdict.units_left_after is None


def test_a_second_approval_serves_when_the_first_is_used_up():
    rows = an_approval(1, items=(a_count(count=1),)), an_approval(2, items=(a_count(count=1),), ends=date(2026, 7, 31))
    verdicts = lines_of(a_file(week(1), week(2), week(3), authorizations=rows))
    assert [one.chosen.number for one in verdicts[:2]] == ["A001", "A002"]
    assert [one.badge for one in verdicts] == [AT_RISK, AT_RISK, BLOCKED]
    assert verdicts[2].units_left_after == 0


def test_of_two_approvals_without_a_count_the_second_line_takes_the_free_one():
    rows = an_approval(1, items=NO_COUNT), an_approval(2, items=NO_COUNT, ends=date(2026, 7, 31))
    verdicts = lines_of(a_file(week(1), week(2), authorizations=rows))
    assert [(one.chosen.number, one.badge) for one in verdicts] == [("A001", CLEARED), ("A002", CLEARED)]
