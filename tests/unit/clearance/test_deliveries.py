"""A drug that a pharmacy or the patient brings: it must be there two business days before the visit."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.clearance.facts.reasons import Badge, Check, Reason
from app.clearance.facts.verdicts import PatientFile
from app.clearance.rules.deliveries import due_before
from app.clearance.rules.judge import judge
from app.clearance.views.binding_words import TELLERS
from app.clearance.views.context import Told
from app.pharmacy.facts import Supply, SupplyMark, SupplyPlan, SupplyStep
from app.schedule.facts import Supply as SuppliedBy
from app.schedule.facts import VisitStatus
from app.values.insurance import Channel
from tests.support.judging import (
    PATIENT,
    a_count,
    a_coverage,
    a_file,
    a_line,
    a_visit,
    an_approval,
    around,
    found,
    lines_of,
)
from tests.support.make import an_id

MONDAY = date(2026, 3, 16)
THURSDAY = date(2026, 3, 12)
CASE = an_id(700)
SET = datetime(2026, 2, 1, 15, tzinfo=UTC)


def received(number: int = 1, on: date = date(2026, 3, 2), **changes: object) -> SupplyMark:
    """Make a delivery."""
    return replace(SupplyMark(an_id(800 + number), SupplyStep.RECEIVED, on, SET, None), **changes)


def supply(*marks: SupplyMark, plan: SupplyPlan = SupplyPlan.SPECIALTY_PHARMACY, **changes: object) -> Supply:
    """Make the plan of the case that approves the drug."""
    return replace(Supply(CASE, PATIENT, plan, SET, marks), **changes)


def drug_visit(day: date = MONDAY, number: int = 1, **changes: object):
    """Make a visit with the drug."""
    return a_visit(a_line("J0585", **changes), day=day, number=number)


def file_of(*visits, supplies=(), **changes) -> PatientFile:
    """Make a file whose one approval names the drug."""
    row = an_approval(items=(a_count("J0585", count=100),), id=CASE, channel=None)
    checked = a_coverage(checked_on=date(2026, 3, 11))
    file = a_file(*visits, authorizations=(row,), coverages=(checked,), **changes)
    return replace(file, supplies=tuple(supplies))


def drug_finding(file: PatientFile, on: date, place: int = 0) -> Reason | None:
    """What the check `drug` of one line finds as of a day."""
    return found(lines_of(file, around(as_of=on))[place], Check.DRUG)


@pytest.mark.parametrize(
    ("visit", "due"),
    [
        (date(2026, 3, 16), date(2026, 3, 12)),  # a Monday: the Thursday before
        (date(2026, 3, 18), date(2026, 3, 16)),
        (date(2026, 3, 14), date(2026, 3, 12)),  # a Saturday
        (date(2026, 7, 7), date(2026, 7, 2)),  # Independence Day is observed on Friday 07/03
    ],
)
def test_two_business_days_before_leaves_out_weekends_and_holidays(visit, due):
    assert due_before(visit) == due


def test_a_drug_that_has_not_come_puts_the_visit_at_risk_from_that_day_on():
    file = file_of(drug_visit(), supplies=[supply()])
    before = judge(file, around(as_of=THURSDAY - timedelta(days=1)))
    assert before.lines[0].badge is Badge.CLEARED
    assert before.changes_on == THURSDAY
    late = lines_of(file, around(as_of=THURSDAY))[0]
    assert (late.badge, late.reason) == (Badge.AT_RISK, Reason.DRUG_NOT_RECEIVED)


def test_a_delivery_settles_it_whenever_it_comes():
    file = file_of(drug_visit(), supplies=[supply(received(on=date(2026, 3, 13)))])
    assert drug_finding(file, THURSDAY) is Reason.DRUG_NOT_RECEIVED
    assert drug_finding(file, date(2026, 3, 13)) is Reason.DRUG_SAME


@pytest.mark.parametrize("step", [step for step in SupplyStep if step is not SupplyStep.RECEIVED])
def test_no_other_step_counts_as_received(step):
    mark = replace(received(), step=step)
    assert drug_finding(file_of(drug_visit(), supplies=[supply(mark)]), THURSDAY) is Reason.DRUG_NOT_RECEIVED


def test_a_delivery_that_was_taken_back_does_not_count():
    mark = received(taken_back_at=SET)
    assert drug_finding(file_of(drug_visit(), supplies=[supply(mark)]), THURSDAY) is Reason.DRUG_NOT_RECEIVED


def test_bought_drugs_samples_and_patients_without_a_plan_are_not_waited_for():
    bought = file_of(drug_visit(), supplies=[supply(plan=SupplyPlan.BUY_AND_BILL)])
    sample = file_of(drug_visit(supply=SuppliedBy.SAMPLE), supplies=[supply()])
    for file in (bought, sample, file_of(drug_visit())):
        assert drug_finding(file, THURSDAY) is Reason.DRUG_SAME


def test_one_dose_serves_one_visit():
    visits = (drug_visit(date(2026, 3, 9)), drug_visit(MONDAY, 2))
    file = file_of(*visits, supplies=[supply(received())])
    assert drug_finding(file, THURSDAY, 0) is Reason.DRUG_SAME
    assert drug_finding(file, THURSDAY, 1) is Reason.DRUG_NOT_RECEIVED
    two = file_of(*visits, supplies=[supply(received(doses=2))])
    assert drug_finding(two, THURSDAY, 1) is Reason.DRUG_SAME


def test_a_done_visit_took_its_dose_and_a_canceled_one_took_none():
    first = drug_visit(date(2026, 3, 9))
    for status, expected in ((VisitStatus.DONE, Reason.DRUG_NOT_RECEIVED), (VisitStatus.CANCELED, Reason.DRUG_SAME)):
        file = file_of(replace(first, status=status), drug_visit(MONDAY, 2), supplies=[supply(received())])
        assert drug_finding(file, THURSDAY, 1) is expected


def test_a_delivery_for_a_visit_is_kept_for_it():
    first, second = drug_visit(date(2026, 3, 13)), drug_visit(MONDAY, 2)
    file = file_of(first, second, supplies=[supply(received(for_visit=second.id))])
    assert drug_finding(file, THURSDAY, 0) is Reason.DRUG_NOT_RECEIVED
    assert drug_finding(file, THURSDAY, 1) is Reason.DRUG_SAME


def test_the_rest_of_a_delivery_for_a_visit_serves_others():
    first, second = drug_visit(date(2026, 3, 13)), drug_visit(MONDAY, 2)
    file = file_of(first, second, supplies=[supply(received(for_visit=second.id, doses=2))])
    assert [drug_finding(file, THURSDAY, place) for place in (0, 1)] == [Reason.DRUG_SAME, Reason.DRUG_SAME]


def test_a_delivery_for_a_canceled_visit_serves_the_next():
    gone = replace(drug_visit(date(2026, 3, 13)), status=VisitStatus.CANCELED)
    file = file_of(gone, drug_visit(MONDAY, 2), supplies=[supply(received(for_visit=gone.id))])
    assert drug_finding(file, THURSDAY, 1) is Reason.DRUG_SAME


def test_two_lines_of_the_drug_in_one_visit_take_one_dose():
    visit = a_visit(a_line("J0585"), a_line("J0585", 1), day=MONDAY)
    file = file_of(visit, supplies=[supply(received())])
    assert [drug_finding(file, THURSDAY, place) for place in (0, 1)] == [Reason.DRUG_SAME, Reason.DRUG_SAME]


def test_the_administration_code_is_judged_by_itself():
    visit = a_visit(a_line("J0585"), a_line("99213", 1), day=MONDAY)
    lines = lines_of(file_of(visit, supplies=[supply()]), around(as_of=THURSDAY))
    assert [one.badge for one in lines] == [Badge.AT_RISK, Badge.CLEARED]


def test_nothing_gets_better():
    """A drug that the approval does not name stays blocked for that, whatever came."""
    other = file_of(drug_visit(drug="drug:dysport"), supplies=[supply()])
    row = replace(other.authorizations[0], drug="drug:botox")
    file = replace(other, authorizations=(row,))
    for marks in ((), (received(),)):
        assert drug_finding(replace(file, supplies=(supply(*marks),)), THURSDAY) is Reason.DRUG_DIFFERS


def test_a_drug_without_need_of_approval_is_waited_for_too():
    row = an_approval(items=(a_count("99213"),), drug="drug:dupixent", id=CASE)
    visit = a_visit(a_line("99213", drug="drug:dupixent", channel=Channel.MEDICAL), day=MONDAY)
    file = replace(a_file(visit, authorizations=(row,)), supplies=(supply(),))
    line = lines_of(file, around(as_of=THURSDAY))[0]
    assert Reason.DRUG_NOT_RECEIVED in line.reasons


def test_the_latest_plan_of_the_drug_counts():
    newer = supply(plan=SupplyPlan.BUY_AND_BILL, case_id=an_id(701), set_at=SET + timedelta(days=3))
    row = an_approval(items=(a_count("J0585", count=100),), id=CASE, channel=None)
    file = a_file(drug_visit(), authorizations=(row, replace(row, id=an_id(701))))
    assert drug_finding(replace(file, supplies=(supply(), newer)), THURSDAY) is Reason.DRUG_SAME


def test_words_say_who_brings_it_and_until_when():
    line = lines_of(file_of(drug_visit(), supplies=[supply()]), around(as_of=THURSDAY))[0]
    words = TELLERS[Reason.DRUG_NOT_RECEIVED](Told(line, {}, THURSDAY))
    assert words.needs == "The drug on hand by Thu 03/12/2026, two business days before the visit."
    assert words.has == "The pharmacy brings J0585, and no delivery for this visit is on file."
    recalled = TELLERS[Reason.DRUG_NOT_RECEIVED](Told(replace(line, details={}), {}, THURSDAY))
    assert recalled.short == words.short
