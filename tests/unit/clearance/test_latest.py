"""The latest day: until when a visit could be moved and its line still hold on dates."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings

from app.authorizations.facts import Status
from app.clearance.facts.reasons import Result
from app.clearance.rules.latest import Ends, Latest, latest_day, latest_end, latest_of_visit, movable
from app.clearance.rules.packing import pack
from app.clearance.rules.recalling import recall
from app.clearance.views.latest import latest_words, latest_words_of_visit
from app.coverage.facts import CheckResult
from app.policies.facts.answers import Need
from app.schedule.facts import BillTo
from app.values.spans import DateSpan
from tests.support.any_file import CASES
from tests.support.judging import (
    DAY,
    TODAY,
    a_coverage,
    a_file,
    a_line,
    a_requirement,
    a_visit,
    an_approval,
    around,
    lines_of,
    needs,
)

END = date(2026, 6, 30)


def latest(file, world=None):
    (line,) = lines_of(file, world)
    return latest_end(line)


def test_an_approval_ends():
    assert latest(a_file()) == Latest(END, Ends.APPROVAL)


@pytest.mark.parametrize(("ends", "what"), [(END - timedelta(days=1), Ends.COVERAGE), (END, Ends.APPROVAL)])
def test_a_coverage_that_ends_before_the_approval_sets_the_day(ends, what):
    file = a_file(coverages=(a_coverage(span=DateSpan(date(2026, 1, 1), ends)),))
    assert latest(file) == Latest(ends, what)


def test_an_answer_that_none_is_needed_sets_the_day_and_one_that_approval_is_needed_does_not():
    bare = a_file(authorizations=())
    until = date(2026, 12, 31)
    free = around(rules=needs({"96910": a_requirement(Need.NOT_REQUIRED, until=until)}))
    assert latest(bare, free) == Latest(until, Ends.ANSWER)
    strict = around(rules=needs({"96910": a_requirement(Need.REQUIRED, until=DAY)}))
    assert latest(a_file(), strict) == Latest(END, Ends.APPROVAL)
    assert latest(bare, around(rules=needs({"96910": Need.NOT_REQUIRED}))) is None


def test_a_visit_past_the_end_could_move_back_to_it():
    file = a_file(authorizations=(an_approval(ends=DAY - timedelta(days=3)),))
    assert latest(file) == Latest(DAY - timedelta(days=3), Ends.APPROVAL)


@pytest.mark.parametrize(
    "rows",
    [
        (),
        (an_approval(status=Status.DENIED),),
        (an_approval(status=Status.SUBMITTED, number=None),),
        (an_approval(ends=None),),
        (an_approval(provider_npi="1003000142", provider_binds=True),),
    ],
    ids=["none", "denied", "undecided", "no end on file", "another person"],
)
def test_what_another_day_does_not_settle_has_no_latest_day(rows):
    (line,) = lines_of(a_file(authorizations=rows))
    assert not movable(line)
    assert latest_day(line) is None


def test_a_coverage_that_the_payer_calls_inactive_leaves_no_day():
    coverage = a_coverage(span=DateSpan(date(2026, 1, 1), DAY - timedelta(days=1)), result=CheckResult.INACTIVE)
    assert latest(a_file(coverages=(coverage,))) is None


def test_an_approval_that_ended_before_the_coverage_began_leaves_no_day():
    coverage = a_coverage(span=DateSpan(date(2026, 3, 1), None))
    file = a_file(coverages=(coverage,), authorizations=(an_approval(ends=date(2026, 2, 1)),))
    assert latest(file) is None


def test_a_stale_check_does_not_hide_the_end_of_the_approval():
    assert latest(a_file(coverages=(a_coverage(checked_on=None, result=None),))) == Latest(END, Ends.APPROVAL)


def test_a_visit_moves_as_its_first_line_to_end_and_not_where_a_line_is_stopped():
    rules = needs({"99213": a_requirement(Need.NOT_REQUIRED, until=DAY)})
    both = a_file(a_visit(a_line("99213"), a_line("96910", 1)))
    assert latest_of_visit(lines_of(both, around(rules=rules))) == Latest(DAY, Ends.ANSWER)
    stopped = a_file(a_visit(a_line("99213"), a_line("96910", 1)), authorizations=())
    assert latest_of_visit(lines_of(stopped, around(rules=rules))) is None
    paid = a_file(a_visit(a_line("99213"), a_line("J3590", 1, bill_to=BillTo.SELF_PAY)))
    assert latest_of_visit(lines_of(paid, around(rules=rules))) == Latest(DAY, Ends.ANSWER)


def test_the_day_is_said_with_what_ends():
    (line,) = lines_of(a_file())
    words = latest_words(line, TODAY)
    assert words is not None and not words.past
    assert words.sentence == "Latest day: Tue 06/30/2026, approval A001 ends"
    rules = needs({"96910": a_requirement(Need.NOT_REQUIRED, until=date(2026, 12, 31))})
    (free,) = lines_of(a_file(authorizations=()), around(rules=rules))
    said = latest_words(free, TODAY)
    assert said is not None
    assert said.sentence == "Latest day: Thu 12/31/2026, the answer that no approval is needed ends"
    gone = latest_words_of_visit([line], END + timedelta(days=1))
    assert gone is not None and gone.past
    assert gone.sentence == "No day is left. Latest day was Tue 06/30/2026, approval A001 ended"


@settings(max_examples=300, deadline=None)
@given(CASES)
def test_a_line_called_back_gives_the_day_that_judging_gives(case):
    by_visit = {}
    for line in case.judged().lines:
        by_visit.setdefault(line.visit.id, []).append(line)
    ends = {
        one.requirement.rule: one.requirement.until for lines in by_visit.values() for one in lines if one.requirement
    }
    until = {rule: day for rule, day in ends.items() if rule and day}
    for lines in by_visit.values():
        called = recall(lines[0].visit, pack(lines), case.file.coverages, case.file.authorizations, case.as_of, until)
        if called is not None:
            assert [latest_end(one) for one in called] == [latest_end(one) for one in lines]


@settings(max_examples=300, deadline=None)
@given(CASES)
def test_on_the_latest_day_the_same_approval_and_coverage_hold(case):
    for line in case.judged().lines:
        day = latest_day(line)
        if day is not None:
            chosen, coverage = line.chosen, line.coverage
            assert chosen is None or chosen.ends is None or day <= chosen.ends
            assert coverage is None or day in coverage.span
            assert not any(one.result is Result.FAIL and one.check.value in ("units", "code") for one in line.reasons)
