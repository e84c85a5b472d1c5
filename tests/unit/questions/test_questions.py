"""Every line that is not known asks something, and every line that is known asks nothing."""

from dataclasses import replace

from hypothesis import given, settings

from app.clearance.facts.questions import QuestionKey, QuestionKind
from app.clearance.facts.reasons import Badge, Reason, Result
from app.clearance.rules.packing import pack, packed_questions, unpack
from app.clearance.rules.questions import ASKS, keys_of_visit, questions_of
from app.coverage.facts import CheckResult, NetworkAnswer
from app.policies.facts.answers import Need
from app.values.insurance import Known, PlanKind, Rank
from app.values.spans import DateSpan
from tests.support.any_file import CASES
from tests.support.judging import (
    DAY,
    OTHER_GROUP,
    PATIENT,
    PAYER,
    SECOND_PAYER,
    a_count,
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
from tests.support.make import NPI, an_id

_SILENT = frozenset({Badge.CLEARED, Badge.SELF_PAY, Badge.BLOCKED, None})
PERSON, APPROVAL = PATIENT.hex, an_id(401).hex


@settings(max_examples=400)
@given(CASES)
def test_every_line_that_is_not_checked_asks_and_no_settled_line_does(case):
    for one in case.judged().lines:
        asks = questions_of(one)
        assert asks or one.badge is not Badge.NOT_CHECKED, one.reasons
        assert not asks or one.badge not in _SILENT
        for key in asks:
            assert QuestionKey.read(key).text == key
            assert one.visit.reference not in key


@settings(max_examples=200)
@given(CASES)
def test_questions_are_read_back_from_packed_lines(case):
    lines = case.judged().lines
    packed = pack(lines)
    assert [one.questions for one in unpack(packed)] == [questions_of(one) for one in lines]
    assert packed_questions(packed) == keys_of_visit(lines)


def asks(*lines, world=None, **changes):
    """Judge one visit of some lines and give what it asks."""
    file = a_file(a_visit(*lines or (a_line(),)), **changes)
    return keys_of_visit(lines_of(file, world))


def test_a_need_is_asked_once_for_a_payer_and_service_whatever_the_plan():
    for plan in ("Gold", "Silver", None):
        found = asks(a_line("11102"), coverages=(a_coverage(plan=plan),))
        assert found == (f"need|{PAYER}|11102",)


def test_an_unlisted_drug_code_asks_for_the_drug():
    world = around(rules=needs({"J3590": Need.UNKNOWN, "drug:dupixent": Need.UNKNOWN}))
    line = a_line("J3590", drug="drug:dupixent")
    assert asks(line, world=world, authorizations=()) == (f"need|{PAYER}|drug:dupixent",)


def test_without_coverage_the_coverage_is_asked_and_no_need():
    assert asks(a_line("11102"), coverages=()) == (f"coverage|{PERSON}",)


def test_a_coverage_that_was_not_checked_is_asked_by_patient():
    for changes in ({"checked_on": None}, {"result": CheckResult.UNKNOWN}):
        assert asks(coverages=(a_coverage(**changes),)) == (f"coverage|{PERSON}",)


def test_an_unmet_case_is_asked_by_patient_payer_and_code():
    world = around(rules=needs({"11102": a_requirement(Need.REQUIRED_WHEN_UNMET)}))
    assert asks(a_line("11102"), world=world) == (f"unmet|{PERSON}|{PAYER}|11102",)


def test_a_weak_class_is_asked_by_patient_and_code():
    assert asks(a_line("17110", diagnoses=("L82.1",))) == (f"class|{PERSON}|17110",)


def test_a_visit_type_without_codes_is_asked_by_type():
    assert asks(a_line(None, visit_type="Light Therapy!")) == ("type|lighttherapy",)
    assert asks(a_line(None)) == ("type|",)


def test_an_approval_without_number_end_or_count_is_asked_by_approval():
    for changes in ({"number": None}, {"ends": None}, {"begins": None}):
        assert asks(authorizations=(an_approval(**changes),)) == (f"approval|{APPROVAL}",)
    twice = a_line(position=0), a_line("96912", position=1)
    items = (a_count("96910", "96912", count=None),)
    assert asks(*twice, authorizations=(an_approval(items=items),)) == (f"approval|{APPROVAL}",)


def test_an_approval_of_an_earlier_coverage_is_asked_by_approval():
    late = a_coverage(span=DateSpan(DAY, None))
    assert asks(coverages=(late,), authorizations=(an_approval(member=None),)) == (f"approval|{APPROVAL}",)


def test_an_unknown_network_is_asked_by_payer_plan_and_provider():
    coverage = a_coverage(plan_kind=PlanKind.HMO, plan="Gold HMO", network=NetworkAnswer.UNKNOWN)
    assert asks(coverages=(coverage,)) == (f"participation|{PAYER}|goldhmo|{NPI}",)


def test_a_group_that_is_not_known_is_asked_by_provider():
    approval = an_approval(provider_group=OTHER_GROUP)
    world = replace(around(), groups={})
    assert asks(authorizations=(approval,), world=world) == (f"group|{NPI}",)


def test_a_referral_is_asked_by_patient():
    assert asks(a_line(referral="R777")) == (f"referral|{PERSON}",)
    unknown = a_coverage(plan_kind=PlanKind.HMO, referral_required=Known.UNKNOWN)
    assert asks(coverages=(unknown,)) == (f"referral|{PERSON}",)


def test_the_need_of_a_further_coverage_is_asked_of_its_payer():
    further = a_coverage(2, rank=Rank.SECONDARY, payer=SECOND_PAYER)
    assert asks(a_line("99213"), coverages=(a_coverage(), further)) == (f"need|{SECOND_PAYER}|99213",)


def test_every_refused_row_is_one_question():
    assert asks(a_line(refused_row=3)) == ("row",)


def test_every_unknown_finding_but_that_of_an_approval_has_a_question():
    asked = set(ASKS)
    unknown = {one for one in Reason if one.result is Result.UNKNOWN}
    assert unknown - asked == {Reason.APPROVAL_UNDECIDED, Reason.APPROVAL_MORE_INFO}


def test_what_the_payer_has_not_decided_is_no_question():
    assert asks(authorizations=(an_approval(status="submitted", number=None),)) == ()


def test_parts_of_a_key_hold_no_separator():
    coverage = a_coverage(plan_kind=PlanKind.HMO, plan="a|b", network=NetworkAnswer.UNKNOWN)
    (key,) = asks(coverages=(coverage,))
    assert QuestionKey.read(key).kind is QuestionKind.PARTICIPATION
    assert len(QuestionKey.read(key).parts) == 3
