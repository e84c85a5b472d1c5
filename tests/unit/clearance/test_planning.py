"""The walk of the run-out gives every line what judging gives it: the same approval, item and units."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings

from app.authorizations.facts import Counting, Item
from app.clearance.facts.reasons import Reason
from app.clearance.rules.judge import COUNTED
from app.clearance.rules.planning import planned_of
from app.clearance.rules.usage import holds
from app.deadlines.rules.runout import Why, run_out, walk
from app.policies.facts.answers import Limit
from app.schedule.facts import VisitStatus
from app.values.insurance import Rank
from app.values.spans import Duration
from tests.support.any_file import CASES
from tests.support.judging import (
    DAY,
    SECOND_PAYER,
    TODAY,
    a_count,
    a_coverage,
    a_file,
    a_line,
    a_requirement,
    a_visit,
    an_approval,
    around,
    judge,
    needs,
)

LEAD = Duration(30, "day")


def what_judging_gives(verdict):
    """By line: the approval that holds it and what is left after it, None where none does."""
    return {
        (line.visit.id, line.line.position): (line.chosen.id, line.units_left_after) if holds(line) else None
        for line in verdict.lines
        if line.visit.status in COUNTED and line.reasons
    }


def what_the_walk_gives(file, world):
    """The same, of the walk."""
    return {(step.planned.visit.id, step.planned.line.position): step for step in walk(planned_of(file, world)).steps}


@settings(max_examples=1500, deadline=None)
@given(CASES)
def test_the_walk_gives_what_judging_gives(case):
    judged = what_judging_gives(case.judged())
    walked = what_the_walk_gives(case.file, case.world())
    assert walked.keys() == judged.keys()
    for key, given_ in judged.items():
        held = walked[key].held
        if given_ is None:
            assert held is None
        else:
            approval, left = given_
            assert held is not None
            assert held.approval.id == approval
            assert left is None or left == walked[key].left_after


def weekly(count, **changes):
    """Visits of one unit, a week apart, from `DAY` on."""
    return [a_visit(day=DAY + timedelta(days=7 * number), number=number + 1, **changes) for number in range(count)]


def out(file, which=0, world=None, today=TODAY):
    """The run-out of one approval of a file."""
    return run_out(file.authorizations[which], walk(planned_of(file, world or around())), LEAD, today)


def test_the_first_visit_that_is_short_is_the_one_that_judging_fails():
    file = a_file(*weekly(5), authorizations=(an_approval(items=(a_count(count=3),)),))
    found = out(file)
    judged = judge(file, around()).lines
    fails = [line.visit.day for line in judged if Reason.UNITS_TOO_FEW in line.reasons]
    assert found.first_short.day == fails[0] == DAY + timedelta(days=21)
    assert (found.first_short.why, found.covered, found.short, found.left) == (Why.UNITS, 3, 2, (0,))
    assert (found.last_covered.day, found.turn) == (DAY + timedelta(days=14), DAY + timedelta(days=14))
    assert found.ask_by == found.turn - timedelta(days=30)


def test_another_approval_that_goes_on_covers_what_the_first_no_longer_does():
    first = an_approval(1, ends=DAY + timedelta(days=10))
    second = an_approval(2, begins=DAY + timedelta(days=11))
    alone = out(a_file(*weekly(4), authorizations=(first,)))
    assert (alone.last_covered.day, alone.first_short.why, alone.turn) == (
        DAY + timedelta(days=7),
        Why.AFTER,
        first.ends,
    )
    both = out(a_file(*weekly(4), authorizations=(first, second)))
    assert (both.first_short, both.ask_by, both.covered) == (None, None, 4)


def test_codes_that_share_a_count_and_done_visits_up_to_the_day_of_the_count():
    shared = an_approval(items=(a_count("96910", "96912", count=4, used=2),), used_on=TODAY)
    done = a_visit(day=TODAY - timedelta(days=3), number=30, status=VisitStatus.DONE)
    mixed = [a_visit(a_line(code), day=DAY + timedelta(days=place), number=place + 1)
             for place, code in enumerate(("96910", "96912", "96910"))]  # fmt: skip
    found = out(a_file(done, *mixed, authorizations=(shared,)))
    assert (found.covered, found.short, found.first_short.day) == (2, 1, DAY + timedelta(days=2))
    uncounted = replace(shared, used_on=TODAY - timedelta(days=10))
    assert out(a_file(done, *mixed, authorizations=(uncounted,))).covered == 1


def test_a_range_and_visits_counted_once_for_their_lines():
    ranged = an_approval(items=(Item(("96900",), "96913", Counting.VISITS, 2),))
    both = (a_line("96910"), a_line("96912", position=1))
    visits = [a_visit(*both, day=DAY + timedelta(days=place), number=place + 1) for place in range(3)]
    found = out(a_file(*visits, authorizations=(ranged,)))
    assert (found.covered, found.short, found.last_covered.day) == (2, 1, DAY + timedelta(days=1))


def test_a_further_coverage_takes_its_units_too():
    second = a_coverage(2, rank=Rank.SECONDARY, payer=SECOND_PAYER)
    theirs = an_approval(2, payer=SECOND_PAYER, items=(a_count(count=2),))
    file = a_file(*weekly(3), coverages=(a_coverage(), second), authorizations=(an_approval(), theirs))
    walked = walk(planned_of(file, around()))
    assert walked.ledger.left(theirs, 0) == 0
    assert walked.ledger.left(file.authorizations[0], 0) == 33


def test_a_firm_limit_of_the_rule_stops_the_walk():
    firm = around(rules=needs({"96910": a_requirement(limits=(Limit("", "visits", 1, "week", firm=True),))}))
    near = [a_visit(day=DAY + timedelta(days=place), number=place + 1) for place in (0, 3)]
    found = out(a_file(*near), world=firm)
    assert (found.first_short.day, found.first_short.why) == (DAY + timedelta(days=3), Why.LIMIT)
    assert found.ask_by == DAY - timedelta(days=30)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"begins": DAY + timedelta(days=1)}, Why.BEFORE),
        ({"begins": None}, Why.DATES),
        ({"ends": None}, Why.DATES),
        ({"ends": DAY - timedelta(days=1)}, Why.AFTER),
    ],
)
def test_why_the_first_visit_is_not_carried(changes, why):
    found = out(a_file(authorizations=(an_approval(**changes),)))
    assert (found.first_short.why, found.last_covered) == (why, None)
    assert found.ask_by <= DAY


def test_visits_of_the_past_take_units_and_are_not_told():
    file = a_file(*weekly(3), authorizations=(an_approval(items=(a_count(count=2),)),))
    found = out(file, today=date.fromordinal(DAY.toordinal() + 8))
    assert (found.covered, found.short, found.last_covered) == (0, 1, None)
    assert found.turn == DAY + timedelta(days=7)
