"""What an approval does for the booked visits."""

from datetime import timedelta

import pytest

from app.casework.rules.outcome import outcome_of, stopped_by
from app.clearance.facts.reasons import Reason
from app.schedule.facts import BillTo, VisitStatus
from tests.support.judging import DAY, TODAY, a_count, a_file, a_line, a_visit, an_approval, lines_of

WEEK = timedelta(days=7)
APPROVAL = an_approval(items=(a_count("96910", "96912", count=2),), ends=DAY + 20 * WEEK)


def visits(*codes: str | None, **changes):
    """Booked visits a week apart, one for each code."""
    return [
        a_visit(a_line(code), day=DAY + place * WEEK, number=place + 1, **changes) for place, code in enumerate(codes)
    ]


def outcome(*visits, approvals=(APPROVAL,), since=TODAY):
    """What the approval does for these visits."""
    return outcome_of(APPROVAL.id, lines_of(a_file(*visits, authorizations=approvals)), since)


def test_visits_are_covered_until_the_units_are_used_up_and_the_first_one_short_is_named():
    found = outcome(*visits("96910", "96912", "96910", "96910"))
    assert (found.visits, found.covered, found.elsewhere) == (4, 2, 0)
    assert [one.visit.day for one in found.open] == [DAY + 2 * WEEK, DAY + 3 * WEEK]
    assert stopped_by(found.open[0]) is Reason.UNITS_TOO_FEW


def test_a_visit_after_the_end_is_open_for_its_date():
    short = an_approval(items=(a_count("96910", "96912", count=9),), ends=DAY + WEEK)
    found = outcome(*visits("96910", "96910", "96910"), approvals=(short,))
    assert (found.visits, found.covered) == (3, 2)
    assert [stopped_by(one) for one in found.open] == [Reason.DATES_AFTER]


def test_a_service_that_no_approval_names_is_open_and_has_none_held_against_it():
    found = outcome(*visits("96910", "J0585"))
    assert (found.visits, found.covered) == (2, 1)
    assert [(one.line.code, one.chosen) for one in found.open] == [("J0585", None)]


def test_a_visit_of_which_one_line_is_open_is_not_covered():
    found = outcome(a_visit(a_line("96910", 0), a_line("J0585", 1)))
    assert (found.visits, found.covered, len(found.open)) == (1, 0, 1)


def test_what_another_approval_covers_is_told_apart():
    other = an_approval(2, items=(a_count("J0585", count=300),), ends=DAY + 20 * WEEK, number="B2")
    found = outcome(*visits("96910", "J0585"), approvals=(APPROVAL, other))
    assert (found.visits, found.covered, found.elsewhere, found.open) == (2, 1, 1, ())


@pytest.mark.parametrize("status", [VisitStatus.CANCELED, VisitStatus.NO_SHOW, VisitStatus.DONE])
def test_only_booked_visits_count(status):
    assert outcome(*visits("96910", status=status)).visits == 0


def test_visits_before_the_day_and_services_that_ask_for_none_do_not_count():
    past = a_visit(a_line("96910"), day=TODAY - WEEK, number=8)
    paid = a_visit(a_line("96910", bill_to=BillTo.SELF_PAY), number=9)
    assert outcome(past, paid, *visits("99213")).visits == 0
