"""Units and life of an approval: used, booked, free, and the first visit that it will not cover."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings

from app.authorizations.facts import Counting, Item, Kind, Status
from app.clearance.facts.usage import Mark
from app.clearance.rules.usage import holds, is_shown, use_of
from app.clearance.views.strips import INSET, WIDTH, approval_strip, approval_strips
from app.schedule.facts import VisitStatus
from app.values.spans import Duration
from tests.support.any_file import CASES
from tests.support.judging import (
    TODAY,
    a_count,
    a_file,
    a_line,
    a_requirement,
    a_visit,
    an_approval,
    around,
    lines_of,
    needs,
)


def booked(*days, status=VisitStatus.BOOKED, first=1, **changes):
    return [
        a_visit(a_line(**changes), day=TODAY + timedelta(days=one), number=number, status=status)
        for number, one in enumerate(days, first)
    ]


def test_used_booked_and_free_add_up_and_the_first_that_is_not_covered_is_named():
    approval = an_approval(items=(a_count(count=6, used=3),), used_on=TODAY)
    lines = lines_of(a_file(*booked(2, 9, 16, 23), authorizations=(approval,)))
    use = use_of(approval, lines, TODAY)
    (item,) = use.items
    assert (item.used, item.booked, item.free, item.short) == (3, 3, 0, 1)
    assert use.first_short is not None and use.first_short.visit.day == TODAY + timedelta(days=23)
    assert [tick.mark for tick in use.ticks] == [Mark.BOOKED] * 3 + [Mark.OUTSIDE]


def test_done_visits_count_once_where_the_file_states_what_was_used():
    done = booked(-9, -2, status=VisitStatus.DONE)
    approval = an_approval(items=(a_count(count=10, used=4),), used_on=TODAY - timedelta(days=5))
    (item,) = use_of(approval, lines_of(a_file(*done, authorizations=(approval,))), TODAY).items
    assert item.used == 5
    silent = an_approval(items=(a_count(count=10),))
    (item,) = use_of(silent, lines_of(a_file(*done, authorizations=(silent,))), TODAY).items
    assert item.used == 2


def test_canceled_visits_take_nothing_and_a_visit_of_several_lines_is_one_tick():
    approval = an_approval()
    visit = a_visit(a_line(), a_line("96912", 1), number=1)
    gone = booked(30, status=VisitStatus.CANCELED, first=2)
    row = replace(approval, items=(a_count("96910", "96912"),))
    use = use_of(row, lines_of(a_file(visit, *gone, authorizations=(row,))), TODAY)
    assert len(use.ticks) == 1 and use.items[0].booked == 2


def test_a_renewal_starts_by_the_rule_else_thirty_days_before_the_end():
    approval = an_approval()
    assert use_of(approval, lines_of(a_file()), TODAY).renewal == date(2026, 5, 31)
    rules = needs({"96910": a_requirement(renew_before=Duration(10, "day"))})
    assert use_of(approval, lines_of(a_file(), around(rules=rules)), TODAY).renewal == date(2026, 6, 20)
    endless = an_approval(ends=None, no_end=True)
    assert use_of(endless, lines_of(a_file(authorizations=(endless,))), TODAY).renewal is None


@pytest.mark.parametrize(
    ("changes", "uses", "shown"),
    [
        ({}, False, True),
        ({"ends": TODAY - timedelta(days=1)}, False, False),
        ({"ends": TODAY - timedelta(days=1)}, True, True),
        ({"ends": TODAY}, False, True),
        ({"ends": None}, False, True),
        ({"status": Status.DENIED}, True, False),
        ({"kind": Kind.REFERRAL}, True, False),
    ],
)
def test_strips_are_of_granted_approvals_that_run_or_that_a_visit_is_held_against(changes, uses, shown):
    assert is_shown(an_approval(**changes), uses, TODAY) is shown


def test_the_drawing_says_in_words_what_it_shows():
    approval = an_approval(items=(Item(("96910",), None, Counting.VISITS, 36, 22),), used_on=TODAY)
    lines = lines_of(a_file(*booked(2, 9, 16, 23, 30, 37), authorizations=(approval,)))
    strip = approval_strip(approval, lines, TODAY)
    assert strip.bar.label == "36 visits 01/01/2026 to 06/30/2026; 22 used, 6 booked, 8 free."
    assert strip.strips[0].label == "96910: 36 visits approved, 22 used, 6 booked, 8 free."
    assert [cell.mark for cell in strip.strips[0].cells] == ["used"] * 22 + ["booked"] * 6 + ["free"] * 8
    assert [one.covered for one in strip.booked] == [True] * 6 and strip.first_short is None
    assert strip.booked[0].day == "Wed 03/04/2026"


def test_a_visit_that_is_not_covered_is_drawn_and_named():
    approval = an_approval(ends=TODAY + timedelta(days=10))
    lines = lines_of(a_file(*booked(2, 20), authorizations=(approval,)))
    strip = approval_strip(approval, lines, TODAY)
    assert [tick.mark for tick in strip.bar.ticks] == ["booked", "outside"]
    assert strip.bar.label.endswith("1 booked, 35 free; 1 visit not covered.")
    assert strip.first_short == "First visit that it will not cover: Sun 03/22/2026."
    assert strip.strips[0].label.endswith("35 free, 1 booked that it does not cover.")


def test_many_units_are_drawn_as_blocks_and_many_visits_named_in_part():
    approval = an_approval(items=(a_count(count=400, used=100),), used_on=TODAY, ends=date(2027, 2, 1))
    lines = lines_of(a_file(*booked(*range(1, 31)), authorizations=(approval,)))
    strip = approval_strip(approval, lines, TODAY)
    assert [cell.mark for cell in strip.strips[0].cells] == ["used", "booked", "free"]
    assert len(strip.booked) == 12 and strip.more == 18


@settings(max_examples=200, deadline=None)
@given(CASES)
def test_every_drawing_stays_inside_its_frame_and_its_numbers_add_up(case):
    lines = case.judged().lines
    for strip in approval_strips(case.file.authorizations, lines, case.as_of):
        bar = strip.bar
        spots = [bar.x, bar.x + bar.width, *(tick.x for tick in bar.ticks)]
        spots += [one for one in (bar.today, bar.renewal) if one is not None]
        spots += [edge for one in strip.strips for cell in one.cells for edge in (cell.x, cell.x + cell.width)]
        assert all(INSET - 0.5 <= spot <= WIDTH - INSET + 0.5 for spot in spots)
        assert bar.label.endswith(".") and " None" not in bar.label
    for row in case.file.authorizations:
        use = use_of(row, lines, case.as_of)
        for item in use.items:
            assert item.used >= 0 and item.booked >= 0
            assert item.free is None or 0 <= item.free <= (item.item.count or 0)
        outside = {tick.visit_id for tick in use.ticks if tick.mark is Mark.OUTSIDE}
        mine = [one for one in lines if one.chosen is not None and one.chosen.id == row.id]
        assert outside == {one.visit.id for one in mine if one.visit.status is VisitStatus.BOOKED and not holds(one)}
