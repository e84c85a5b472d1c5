"""What holds for every file of a patient, however odd: promises that no table can list."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings

from app.authorizations.facts import Counting, Status
from app.clearance.facts.reasons import CHECK_ORDER, Badge, Check, Reason, Result
from app.clearance.rules.judge import judge
from app.schedule.facts import VisitStatus
from tests.support.any_file import CASES

often = settings(max_examples=300, deadline=None)
GONE = (VisitStatus.CANCELED, VisitStatus.NO_SHOW)
OF_APPROVAL = tuple(list(Check)[CHECK_ORDER[Check.APPROVAL] : CHECK_ORDER[Check.DRUG] + 1])


@often
@given(CASES)
def test_nothing_that_fails_or_is_unknown_is_ever_cleared(case):
    for line in case.judged().lines:
        results = {reason.result for reason in line.reasons}
        if line.badge is Badge.CLEARED:
            assert results == {Result.PASS}
            assert {Check.COVERAGE, Check.RULE} <= {reason.check for reason in line.reasons}
        if Result.FAIL in results:
            assert line.badge is Badge.BLOCKED
        elif Result.UNKNOWN in results:
            assert line.badge in (Badge.NOT_CHECKED, Badge.WAITING)
        if line.badge in (Badge.CLEARED, Badge.SELF_PAY, None):
            assert line.reason is None
        else:
            assert line.reason in line.reasons


@often
@given(CASES)
def test_the_findings_stand_in_the_order_of_the_checks_each_once(case):
    for line in case.judged().lines:
        places = [CHECK_ORDER[reason.check] for reason in line.reasons]
        assert places == sorted(set(places))


@often
@given(CASES)
def test_every_line_is_answered_in_order_of_start_visit_and_row_and_twice_alike(case):
    verdict = case.judged()
    expected = sorted(
        (visit.starts_at, visit.reference, line.position) for visit in case.file.visits for line in visit.lines
    )
    assert [(one.visit.starts_at, one.visit.reference, one.line.position) for one in verdict.lines] == expected
    assert case.judged() == verdict


@often
@given(CASES)
def test_the_order_in_which_facts_are_given_does_not_matter(case):
    def shuffled(rows):
        return tuple(case.draw.sample(rows, len(rows)))

    visits = tuple(replace(visit, lines=shuffled(visit.lines)) for visit in shuffled(case.file.visits))
    other = replace(
        case.file,
        visits=visits,
        coverages=shuffled(case.file.coverages),
        authorizations=shuffled(case.file.authorizations),
        answers=shuffled(case.file.answers),
    )
    ours, theirs = case.judged(), judge(other, case.world())
    assert [_answer(one) for one in ours.lines] == [_answer(one) for one in theirs.lines]
    assert ours.changes_on == theirs.changes_on


def _answer(line):
    visit = (line.visit.reference, line.line.position)
    return visit, line.badge, line.reasons, line.chosen, line.coverage, line.units_left_after, line.details


@often
@given(CASES)
def test_the_answer_stands_until_the_day_on_which_time_changes_it(case):
    verdict = case.judged()
    last = verdict.changes_on - timedelta(days=1) if verdict.changes_on else case.as_of + timedelta(days=800)
    assert last >= case.as_of
    for day in {
        last,
        min(last, case.as_of + timedelta(days=case.draw.randint(1, 400))),
        min(last, case.as_of + timedelta(days=1)),
    }:
        later = judge(case.file, case.world(day))
        assert _counting(later) == _counting(verdict)
        assert later.changes_on == verdict.changes_on


def _counting(verdict):
    """The lines that are kept: a canceled or missed visit is answered when someone asks, and waits for no day."""
    return [line for line in verdict.lines if line.visit.status not in GONE]


def _takes(line):
    """Does a line take units: held by its approval, booked, or done and not yet in the count of used units?"""
    of_approval = [reason for reason in line.reasons if reason.check in OF_APPROVAL]
    if line.chosen is None or any(reason.result in (Result.FAIL, Result.UNKNOWN) for reason in of_approval):
        return False
    if line.visit.status is VisitStatus.DONE:
        used_on = line.chosen.used_on
        given = any(item.used is not None for item in line.chosen.items)
        return not (given and used_on is not None and line.visit.day <= used_on)
    return line.visit.status is VisitStatus.BOOKED


@often
@given(CASES)
def test_lines_never_take_more_than_was_approved(case):
    taken, visits = defaultdict(int), defaultdict(set)
    for line in case.judged().lines:
        if _takes(line):
            taken[line.chosen.id] += line.line.units
            visits[line.chosen.id].add(line.visit.id)
    for row in case.file.authorizations:
        kinds = {item.counting for item in row.items}
        approved = sum((item.count or 0) - (item.used or 0) for item in row.items)
        if kinds == {Counting.UNITS}:
            assert taken[row.id] <= approved
        if kinds == {Counting.VISITS}:
            assert len(visits[row.id]) <= approved


@often
@given(CASES)
def test_a_canceled_or_missed_visit_changes_nothing_for_the_others(case):
    kept = tuple(visit for visit in case.file.visits if visit.status not in GONE)
    verdict, alone = case.judged(), judge(replace(case.file, visits=kept), case.world())
    assert [_answer(line) for line in _counting(verdict)] == [_answer(line) for line in alone.lines]
    assert verdict.changes_on == alone.changes_on


CROWDED = (Reason.UNITS_SINGLE, Reason.UNITS_NO_COUNT)


@often
@given(CASES)
def test_a_later_visit_takes_nothing_from_an_earlier_one(case):
    visits = sorted(case.file.visits, key=lambda visit: (visit.starts_at, visit.reference))
    without = judge(replace(case.file, visits=tuple(visits[:-1])), case.world()).lines
    for line, alone in zip(case.judged().lines, without, strict=False):
        assert (line.chosen, line.coverage, line.requirement) == (alone.chosen, alone.coverage, alone.requirement)
        assert _settled(line) == _settled(alone)


def _settled(line):
    """The findings that no later line may change: all but the crowd on an uncounted approval, and renewal."""
    return [one for one in line.reasons if one not in CROWDED and one.check is not Check.RENEWAL]


@often
@given(CASES)
def test_no_undecided_refused_or_unnumbered_row_ever_holds_a_cleared_line(case):
    for line in case.judged().lines:
        if line.badge in (Badge.CLEARED, Badge.AT_RISK) and line.chosen is not None:
            row = line.chosen
            assert row.status in (Status.APPROVED, Status.PARTLY_APPROVED, Status.NOTIFIED)
            assert row.number or row.reference or row.status is Status.NOTIFIED
