"""Visits that somebody thinks of are judged by the judgement that clears booked ones."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.authorizations.facts import Counting, Item, Kind, Status
from app.clearance.rules.judge import judge
from app.clearance.rules.trying import try_visits
from app.schedule.facts import BillTo
from tests.support.judging import DAY, a_count, a_file, a_line, a_visit, an_approval, around


def tried(file, *visits, world=None):
    """Try visits of a patient; what would be found by the id of each line."""
    return try_visits(file, world or around(), visits)


def test_an_approval_that_fits_would_hold_and_says_what_is_left():
    visit = a_visit(a_line())
    (found,) = tried(a_file(), visit).values()
    (held,) = found.held
    assert held.passes
    assert found.verdict.chosen == held.approval
    assert found.question is not None
    assert found.question.code == "96910"


def test_what_booked_visits_take_before_is_gone():
    booked = a_visit(a_line(), day=DAY - timedelta(days=1), number=1)
    thought = a_visit(replace(a_line(), id=a_visit(a_line(), number=7).id), number=2)
    file = a_file(booked, authorizations=(an_approval(items=(a_count("96910", count=1),)),))
    (found,) = tried(file, thought).values()
    assert not found.held[0].passes


def test_a_visit_takes_the_place_of_the_one_of_its_id():
    booked = a_visit(a_line(units=5))
    smaller = replace(booked, lines=(replace(booked.lines[0], units=1),))
    file = a_file(booked, authorizations=(an_approval(items=(a_count("96910", count=1),)),))
    (found,) = tried(file, smaller).values()
    assert found.held[0].passes


def test_every_candidate_is_held_best_first_and_requests_not_sent_stand_apart():
    rows = (
        an_approval(1, ends=DAY - timedelta(days=1)),
        an_approval(2),
        an_approval(3, status=Status.SUBMITTED, number=None),
        an_approval(4, status=Status.DRAFT, number=None),
        an_approval(5, kind=Kind.REFERRAL),
        an_approval(6, items=(Item(("11102",), None, Counting.UNITS, 1),)),
    )
    (found,) = tried(a_file(a_visit(a_line()), authorizations=rows), a_visit(a_line())).values()
    assert [one.approval for one in found.held] == [rows[1], rows[2], rows[0]]
    assert found.unsent == (rows[3],)


def test_a_line_that_the_patient_pays_is_not_asked_about():
    assert tried(a_file(), a_visit(a_line(bill_to=BillTo.SELF_PAY))) == {}


@given(count=st.integers(1, 4), visits=st.integers(1, 5), early=st.integers(0, 3), late=st.integers(0, 6))
def test_what_is_tried_is_what_is_judged_once_it_is_booked(count, visits, early, late):
    begins = DAY + timedelta(days=early)
    approval = an_approval(items=(a_count("96910", count=count),), begins=begins, ends=begins + timedelta(days=late))
    lines = [replace(a_line(), id=a_visit(a_line(), number=20 + place).id) for place in range(visits)]
    booked = [a_visit(line, day=DAY + timedelta(days=place), number=40 + place) for place, line in enumerate(lines)]
    file = a_file(*booked, authorizations=(approval,))
    judged = {one.line.id: one for one in judge(file, around()).lines}
    found = try_visits(replace(file, visits=()), around(), booked)
    assert {key: one.verdict.reasons for key, one in found.items()} == {key: one.reasons for key, one in judged.items()}
    for key, one in found.items():
        assert one.held[0].passes == (one.verdict.chosen is not None and judged[key].badge in ("cleared", "at_risk"))
