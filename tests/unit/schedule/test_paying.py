"""A visit taken out of insurance, and brought back exactly."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.schedule.facts import BillTo, LineSource, ServiceLine, Visit, VisitRecord, VisitStatus
from app.schedule.rules.paying import as_self_pay, restored
from tests.support import make

PAYERS = st.sampled_from(BillTo)
FACTS = st.none() | st.fixed_dictionaries({"units": st.integers(1, 3)}, optional={"bill_to": PAYERS})


@st.composite
def records(draw):
    """Draw visits of one to three lines, some from rows that name only a visit type."""
    bills = draw(st.lists(st.tuples(PAYERS, FACTS), min_size=1, max_size=3))
    lines = tuple(
        ServiceLine(make.an_id(place), place, "99213", bill_to=bill_to) for place, (bill_to, _facts) in enumerate(bills)
    )
    visit = Visit(
        make.an_id(9), "V9", make.an_id(8), make.an_id(1), make.NOW, make.NOW.date(), VisitStatus.BOOKED, lines
    )
    return VisitRecord(visit, tuple(LineSource(place, facts) for place, (_, facts) in enumerate(bills)))


@given(records())
def test_every_line_is_the_patients_and_comes_back_as_it_was(record):
    after, before = as_self_pay(record)
    assert {line.bill_to for line in after.visit.lines} == {BillTo.SELF_PAY}
    assert restored(after, before) == record
    assert bool(before) == (after != record)


@given(records())
def test_a_second_time_changes_nothing(record):
    after, _before = as_self_pay(record)
    assert as_self_pay(after) == (after, {})


@given(records())
def test_the_words_of_a_visit_type_say_so_too_so_that_a_later_file_keeps_it(record):
    after, before = as_self_pay(record)
    if before:
        said = [source.row_facts["bill_to"] for source in after.sources if source.row_facts is not None]
        assert all(one is BillTo.SELF_PAY for one in said)


def test_what_was_changed_since_and_new_lines_stay():
    line = ServiceLine(make.an_id(1), 0, "99213")
    visit = Visit(
        make.an_id(9), "V9", make.an_id(8), make.an_id(1), make.NOW, make.NOW.date(), VisitStatus.BOOKED, (line,)
    )
    after, before = as_self_pay(VisitRecord(visit, (LineSource(0),)))
    outside = replace(after.visit.lines[0], bill_to=BillTo.OUTSIDE)
    fresh = ServiceLine(make.an_id(2), 1, "11102", bill_to=BillTo.SELF_PAY)
    changed = VisitRecord(replace(after.visit, lines=(outside, fresh)), (LineSource(0), LineSource(1)))
    assert restored(changed, before) == changed
