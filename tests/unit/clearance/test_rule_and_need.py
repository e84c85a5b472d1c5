"""Check `rule`, and what a need asks of the checks of an approval."""

from dataclasses import replace

import pytest

from app.authorizations.facts import Kind, Status
from app.clearance.facts.reasons import Badge, Check, Reason, Result
from app.policies.facts.answers import Grounds, Need, PatientAnswer
from app.schedule.facts import BillTo
from app.values.spans import DateSpan
from tests.support.judging import (
    DAY,
    MEMBER_ID,
    PAYER,
    a_count,
    a_file,
    a_line,
    a_requirement,
    a_visit,
    an_approval,
    around,
    found,
    lines_of,
    member,
    needs,
    outcome,
    results,
)

OF_APPROVAL = {
    Check.APPROVAL,
    Check.PLAN,
    Check.CODE,
    Check.DATES,
    Check.UNITS,
    Check.DIAGNOSIS,
    Check.PROVIDER,
    Check.PLACE,
    Check.CHANNEL,
    Check.DRUG,
}


def judged(need, *rows, line=None, **changes):
    rules = needs({"96910": a_requirement(need, **changes)})
    (verdict,) = lines_of(a_file(a_visit(line or a_line()), authorizations=rows), around(rules=rules))
    return verdict


@pytest.mark.parametrize(
    ("need", "reason", "badge"),
    [
        (Need.REQUIRED, Reason.RULE_REQUIRED, Badge.BLOCKED),
        (Need.NOT_REQUIRED, Reason.RULE_NOT_REQUIRED, Badge.CLEARED),
        (Need.REQUIRED_WHEN_UNMET, Reason.RULE_UNMET, Badge.NOT_CHECKED),
        (Need.NOTIFICATION, Reason.RULE_MILD, Badge.AT_RISK),
        (Need.VOLUNTARY, Reason.RULE_MILD, Badge.AT_RISK),
        (Need.NOT_COVERED, Reason.RULE_NOT_COVERED, Badge.BLOCKED),
        (Need.COSMETIC, Reason.RULE_NOT_COVERED, Badge.BLOCKED),
        (Need.UNKNOWN, Reason.RULE_UNKNOWN, Badge.NOT_CHECKED),
    ],
)
def test_each_need_without_anything_on_file(need, reason, badge):
    verdict = judged(need)
    assert (found(verdict, Check.RULE), verdict.badge) == (reason, badge)


@pytest.mark.parametrize("need", [Need.NOT_REQUIRED, Need.UNKNOWN, Need.REQUIRED_WHEN_UNMET])
def test_the_checks_of_an_approval_are_left_out_when_none_is_on_file(need):
    assert not OF_APPROVAL & set(results(judged(need)))


@pytest.mark.parametrize("need", [Need.VOLUNTARY, Need.NOTIFICATION])
def test_a_voluntary_request_that_was_not_made_is_a_risk(need):
    verdict = judged(need)
    assert OF_APPROVAL & set(results(verdict)) == {Check.APPROVAL}
    assert found(verdict, Check.APPROVAL) is Reason.APPROVAL_OPTIONAL
    assert verdict.reason is Reason.APPROVAL_OPTIONAL


def test_where_no_approval_is_needed_none_is_judged():
    verdict = judged(Need.NOT_REQUIRED, an_approval(status=Status.DENIED))
    assert not OF_APPROVAL & set(results(verdict))
    assert verdict.badge is Badge.CLEARED


@pytest.mark.parametrize("need", [Need.UNKNOWN, Need.REQUIRED_WHEN_UNMET])
def test_an_approval_settles_an_unknown_need(need):
    verdict = judged(need, an_approval())
    assert found(verdict, Check.RULE) is Reason.RULE_SETTLED
    assert verdict.badge is Badge.CLEARED


@pytest.mark.parametrize("need", [Need.UNKNOWN, Need.REQUIRED_WHEN_UNMET])
@pytest.mark.parametrize(
    ("changes", "badge", "check"),
    [
        ({"ends": DAY.replace(day=15)}, Badge.BLOCKED, Check.DATES),
        ({"status": Status.DENIED}, Badge.BLOCKED, Check.APPROVAL),
        ({"status": Status.SUBMITTED}, Badge.NOT_CHECKED, Check.RULE),
        ({"number": None}, Badge.NOT_CHECKED, Check.RULE),
        ({"ends": None}, Badge.NOT_CHECKED, Check.RULE),
    ],
)
def test_an_approval_that_does_not_pass_settles_nothing(need, changes, badge, check):
    verdict = judged(need, an_approval(**changes))
    assert (verdict.badge, verdict.reason.check) == (badge, check)
    assert found(verdict, Check.RULE).result is Result.UNKNOWN


@pytest.mark.parametrize("need", [Need.VOLUNTARY, Need.NOTIFICATION])
def test_a_voluntary_approval_on_file_is_judged(need):
    assert judged(need, an_approval()).badge is Badge.CLEARED
    assert judged(need, an_approval(status=Status.DENIED)).badge is Badge.BLOCKED
    assert judged(need, an_approval(status=Status.SUBMITTED)).badge is Badge.WAITING


def test_a_notified_row_counts_only_where_a_notice_is_asked():
    notified = an_approval(status=Status.NOTIFIED)
    assert found(judged(Need.NOTIFICATION, notified), Check.APPROVAL) is Reason.APPROVAL_NOTIFIED
    assert found(judged(Need.REQUIRED, notified), Check.APPROVAL) is Reason.APPROVAL_NONE
    assert found(judged(Need.VOLUNTARY, notified), Check.APPROVAL) is Reason.APPROVAL_OPTIONAL


@pytest.mark.parametrize(
    ("need", "grounds", "badge"),
    [
        (Need.NOT_COVERED, Grounds.CONTRADICTED, Badge.CLEARED),
        (Need.NOT_COVERED, Grounds.RULE, Badge.BLOCKED),
        (Need.COSMETIC, Grounds.RULE, Badge.BLOCKED),
    ],
)
def test_an_approval_settles_coverage_criteria_but_no_exclusion(need, grounds, badge):
    assert judged(need, an_approval(), grounds=grounds).badge is badge
    assert judged(need, grounds=grounds).badge is Badge.BLOCKED


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"diagnoses": ()}, Reason.CLASS_SETTLED),
        ({"diagnoses": ("L57.0",)}, Reason.CLASS_SETTLED),
        ({"diagnoses": ("L82.1",)}, Reason.CLASS_SETTLED),
    ],
)
def test_an_approval_settles_a_conditional_class(changes, reason):
    rules = needs({"17110": Need.REQUIRED})
    line = a_line("17110", **changes)
    file = a_file(a_visit(line), authorizations=(an_approval(items=(a_count("17110"),)),))
    (verdict,) = lines_of(file, around(rules=rules))
    assert (found(verdict, Check.CLASS), verdict.badge) == (reason, Badge.CLEARED)


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.DENIED])
def test_an_undecided_or_refused_request_settles_no_class(status):
    rules = needs({"17110": Need.REQUIRED})
    line = a_line("17110", diagnoses=("L82.1",))
    file = a_file(a_visit(line), authorizations=(an_approval(items=(a_count("17110"),), status=status),))
    (verdict,) = lines_of(file, around(rules=rules))
    assert found(verdict, Check.CLASS) is Reason.CLASS_WEAK


def test_without_a_procedure_nothing_is_known():
    line = a_line(None, visit_type="NBUVB", diagnoses=())
    (verdict,) = lines_of(a_file(a_visit(line)))
    assert (verdict.badge, verdict.reason) == (Badge.NOT_CHECKED, Reason.RULE_NO_PROCEDURE)
    assert not OF_APPROVAL & set(results(verdict))


@pytest.mark.parametrize("no_coverage", [False, True])
@pytest.mark.parametrize("bill_to", list(BillTo))
def test_the_service_of_a_refused_row_is_not_known_whoever_pays(no_coverage, bill_to):
    held = a_line(None, position=1, refused_row=42, bill_to=bill_to)
    file = a_file(a_visit(a_line(), held))
    if no_coverage:
        file = replace(file, patient=replace(file.patient, no_coverage=True), coverages=())
    verdicts = lines_of(file, around(rules=needs({"96910": Need.NOT_REQUIRED})))
    assert verdicts[0].badge is (Badge.SELF_PAY if no_coverage else Badge.CLEARED)
    assert verdicts[1].badge is Badge.NOT_CHECKED
    assert found(verdicts[1], Check.RULE) is Reason.RULE_ROW_REFUSED


def test_an_undecided_request_is_judged_without_dates_and_units():
    wrong = {"begins": None, "ends": None, "items": (a_count(count=0),), "number": None}
    verdict = judged(Need.REQUIRED, an_approval(status=Status.SUBMITTED, **wrong))
    assert verdict.badge is Badge.WAITING
    assert not {Check.DATES, Check.UNITS} & set(results(verdict))
    other = judged(Need.REQUIRED, an_approval(status=Status.MORE_INFO, diagnoses=("C44.1",), **wrong))
    assert (other.badge, other.reason.check) == (Badge.BLOCKED, Check.DIAGNOSIS)


@pytest.mark.parametrize(
    ("changes", "badge"),
    [
        ({}, Badge.CLEARED),
        ({"items": (a_count("96910", last="96913"),)}, Badge.CLEARED),
        ({"reference": "NAR1", "number": None}, Badge.CLEARED),
        ({"member": None}, Badge.CLEARED),
        ({"ends": DAY}, Badge.CLEARED),
        ({"ends": DAY.replace(day=15)}, Badge.BLOCKED),
        ({"decided_on": DAY.replace(month=2, day=20), "ends": None}, Badge.CLEARED),
        ({"payer": "zenith"}, Badge.BLOCKED),
        ({"member": member("W000000000")}, Badge.BLOCKED),
        ({"items": (a_count("96912"),)}, Badge.BLOCKED),
    ],
)
def test_a_row_not_required_is_an_answer_for_its_patient_coverage_and_codes(changes, badge):
    row = an_approval(status=Status.NOT_REQUIRED, **changes)
    assert judged(Need.REQUIRED, row).badge is badge


@pytest.mark.parametrize(
    ("decided", "day", "badge"),
    [
        ((2026, 3, 2), (2026, 3, 2), Badge.CLEARED),
        ((2026, 3, 2), (2026, 3, 3), Badge.CLEARED),
        ((2026, 1, 5), (2026, 4, 4), Badge.CLEARED),
        ((2026, 1, 5), (2026, 4, 6), Badge.BLOCKED),
        ((2026, 3, 2), (2026, 3, 1), Badge.BLOCKED),
    ],
)
def test_a_row_not_required_without_an_end_holds_for_ninety_days(decided, day, badge):
    decided_on, on = DAY.replace(*decided), DAY.replace(*day)
    row = an_approval(status=Status.NOT_REQUIRED, decided_on=decided_on, begins=None, ends=None)
    (verdict,) = lines_of(a_file(a_visit(day=on), authorizations=(row,)))
    assert verdict.badge is badge


@pytest.mark.parametrize(("day", "need"), [((2026, 12, 31), Need.NOT_REQUIRED), ((2027, 1, 1), Need.REQUIRED)])
@pytest.mark.parametrize("ends", [None, (2027, 6, 30)])
def test_a_row_not_required_never_holds_past_the_year(day, need, ends):
    decided = DAY.replace(2026, 11, 10)
    row = an_approval(
        status=Status.NOT_REQUIRED, decided_on=decided, begins=decided, ends=DAY.replace(*ends) if ends else None
    )
    (verdict,) = lines_of(a_file(a_visit(day=DAY.replace(*day)), authorizations=(row,)), around(as_of=decided))
    assert verdict.requirement is not None
    assert verdict.requirement.need is need


@pytest.mark.parametrize("kind", [Kind.REFERRAL, Kind.NETWORK_EXCEPTION])
def test_that_no_referral_is_needed_does_not_say_that_no_approval_is(kind):
    row = an_approval(status=Status.NOT_REQUIRED, kind=kind)
    assert judged(Need.REQUIRED, row).badge is Badge.BLOCKED


def test_an_answer_of_the_payer_for_this_patient_counts():
    names = frozenset({"96910"})
    answer = PatientAnswer("answer#1", PAYER, names, Need.NOT_REQUIRED, DateSpan(DAY, DAY), None, MEMBER_ID)
    file = a_file(authorizations=(), answers=(answer,))
    assert outcome(file, around(as_of=DAY.replace(day=15)))[0] is Badge.BLOCKED
    (verdict,) = lines_of(file, around(as_of=DAY.replace(day=15)))
    assert verdict.requirement.need is Need.REQUIRED
