"""What changed between two checks, whom an answer is about, and what it changes on a coverage."""

from dataclasses import replace
from datetime import date, timedelta

from app.coverage.facts import Answered, CheckResult, CoverageRecord, PlanFacts
from app.eligibility.facts.checks import Difference, DifferenceKind, NamedPerson
from app.eligibility.intake.responses import read_response
from app.eligibility.rules.differences import before_each, differences
from app.eligibility.rules.people import contradicts, is_surely
from app.eligibility.rules.updates import changes_of_answer
from app.patients.facts import Patient
from app.values.insurance import PlanKind, Rank
from tests.support import make
from tests.support.eligible import check_of, rejected, rejection, response, row

DAY = date(2026, 3, 2)
COVERAGE = make.an_id(1)
PLAN = PlanFacts("ACME", "Gold", None, "W-77 01", "G7", date(2026, 1, 1), None)
BEFORE = check_of(COVERAGE, 1, DAY - timedelta(days=7), patient_id=make.an_id(2), plan=PLAN)
AFTER = check_of(COVERAGE, 2, DAY, patient_id=make.an_id(2), plan=PLAN)
FILED = CoverageRecord(COVERAGE, make.an_id(2), Rank.PRIMARY, "acme", "Acme", "W00000001", begins=date(2024, 5, 1))


def found(**values):
    """The kinds of what differs when the plan is told with other values."""
    return [one.kind for one in differences(BEFORE, replace(AFTER, plan=replace(PLAN, **values)))]


def test_the_same_answer_differs_in_nothing():
    assert differences(BEFORE, AFTER) == ()


def test_each_thing_that_is_another_is_named_with_both_values():
    told = differences(BEFORE, replace(AFTER, plan=replace(PLAN, ends=date(2026, 12, 31))))
    assert told == (Difference(DifferenceKind.ENDS, None, "2026-12-31"),)
    assert found(member_id="X1234567") == [DifferenceKind.MEMBER]
    assert found(group_number="G8") == [DifferenceKind.GROUP]
    assert found(plan="Silver") == [DifferenceKind.PLAN]
    assert found(payer="BETA") == [DifferenceKind.PAYER]
    assert found(begins=date(2026, 2, 1)) == [DifferenceKind.BEGINS]
    assert found(other_payer="SUNRISE") == [DifferenceKind.OTHER_PAYER]


def test_writing_and_a_dependents_suffix_are_no_difference():
    assert found(member_id="w7701", group_number="g-7", plan="GOLD") == []
    long = replace(BEFORE, plan=replace(PLAN, member_id="ABC123456789"))
    assert differences(long, replace(AFTER, plan=replace(PLAN, member_id="ABC123456789-01"))) == ()


def test_what_is_not_told_is_no_difference():
    assert found(member_id=None, group_number=None, plan=None, begins=None) == []
    bare = replace(BEFORE, plan=PlanFacts())
    assert differences(bare, AFTER) == ()


def test_a_result_that_turned_comes_first():
    told = differences(BEFORE, replace(AFTER, result=Answered.INACTIVE))
    assert told == (Difference(DifferenceKind.RESULT, "active", "inactive"),)


def test_a_plan_that_could_not_be_asked_told_nothing():
    assert differences(BEFORE, replace(AFTER, result=Answered.NOT_ASKED, plan=PlanFacts(member_id="X9"))) == ()


def test_the_first_answer_is_compared_with_what_stood_on_file():
    first = replace(AFTER, on_file=PlanFacts(member_id="OLD12345", group_number="G7"))
    assert differences(None, first) == (Difference(DifferenceKind.MEMBER, "OLD12345", "W-77 01"),)


def test_a_first_answer_that_turned_is_told_by_the_answer_on_file():
    turned = replace(AFTER, result=Answered.INACTIVE, on_file=PlanFacts(result=Answered.ACTIVE))
    assert differences(None, turned) == (Difference(DifferenceKind.RESULT, "active", "inactive"),)
    assert differences(None, replace(AFTER, on_file=PlanFacts())) == ()


def test_a_check_is_compared_with_the_last_one_that_got_an_answer():
    failed = replace(BEFORE, id=make.an_id(5), result=Answered.NOT_ASKED)
    undone = replace(BEFORE, id=make.an_id(6), taken_back_at=make.NOW)
    assert before_each([BEFORE, failed, undone, AFTER])[AFTER] == BEFORE
    assert before_each([failed, AFTER])[AFTER] is None


def patient(last="Bauer", first="Otto", birth=date(1980, 5, 17)):
    """A patient on file."""
    return Patient(make.an_id(2), "M1", last, first, birth)


def named(last="BAUER", first="OTTO", birth=date(1980, 5, 17)):
    """Whom an answer names."""
    return NamedPerson(last, first, birth)


def test_a_person_is_known_by_last_name_first_name_and_birth_date_together():
    assert is_surely(named(), patient())
    assert not is_surely(named(birth=None), patient())
    assert not is_surely(named(first=None), patient())
    assert not is_surely(named(), patient(birth=None))


def test_twins_and_other_relatives_are_other_people():
    assert contradicts(named(first="OLGA"), patient())
    assert contradicts(named(birth=date(2012, 5, 17)), patient())
    assert contradicts(named(last="BAUMANN"), patient())


def test_the_ways_in_which_payers_write_a_name_do_not_matter():
    assert is_surely(named(first="OTTO K"), patient())
    assert is_surely(named(last="PENA", first="INES"), patient("Peña", "Inés"))
    assert is_surely(named(last="LOPEZ"), patient("García-Lopez"))
    assert not contradicts(NamedPerson(), patient())


def changes(said, old=FILED, before=None, on=DAY):
    """What a response changes on a coverage."""
    return changes_of_answer(old, read_response(said, old.line), on, before, "T1")


def test_an_active_answer_is_written_with_its_day_and_reference():
    told = changes(response())
    assert (told["result"], told["checked_on"], told["reference"]) == (CheckResult.ACTIVE, DAY, "T1")
    assert (told["other_primary"], told["other_payer"]) == (False, None)
    assert not {"begins", "ends", "plan", "member_id", "network"} & told.keys()


def test_that_we_could_not_ask_leaves_the_last_answer_as_it_is():
    assert changes(rejected(rejection("42", "source"))) == {}


def test_a_plan_that_does_not_know_the_patient_makes_the_answer_unknown_and_not_inactive():
    assert changes(rejected(rejection("75")))["result"] is CheckResult.UNKNOWN


def test_the_first_day_of_the_plans_year_does_not_move_the_begin_on_file():
    assert "begins" not in changes(response(plan={"begins": "2026-01-01", "ends": "2026-12-31"}))
    assert changes(response(plan={"begins": "2026-01-01"}), replace(FILED, begins=None))["begins"] == date(2026, 1, 1)
    assert changes(response(plan={"begins": "2026-04-01"}))["begins"] == date(2026, 4, 1)


def test_an_end_is_written_and_one_that_is_disproved_goes():
    assert changes(response(plan={"begins": "2026-01-01", "ends": "2026-06-30"}))["ends"] == date(2026, 6, 30)
    ended = replace(FILED, ends=date(2025, 12, 31))
    assert changes(response(), ended)["ends"] is None
    assert "ends" not in changes(response(status="inactive"), ended)


def test_the_practices_name_of_a_plan_stays_until_two_answers_name_two_plans():
    filed = replace(FILED, plan="PPO Gold")
    assert "plan" not in changes(response(plan={"name": "GOLD PPO 3000"}), filed)
    assert changes(response(plan={"name": "GOLD PPO 3000"}))["plan"] == "GOLD PPO 3000"
    before = replace(BEFORE, plan=PlanFacts(plan="GOLD PPO 3000"))
    assert "plan" not in changes(response(plan={"name": "Gold PPO 3000"}), filed, before)
    assert changes(response(plan={"name": "SILVER"}), filed, before)["plan"] == "SILVER"


def test_group_and_member_are_written_where_they_are_others():
    assert changes(response(subscriber={"group_number": "G9"}))["group_number"] == "G9"
    assert "group_number" not in changes(
        response(subscriber={"group_number": "G-9"}), replace(FILED, group_number="g9")
    )
    assert changes(response(subscriber={"member_id": "NEW12345"}))["member_id"] == "NEW12345"
    assert "member_id" not in changes(response(subscriber={"member_id": "W-00000001"}))


def test_how_a_plan_binds_is_written_where_nothing_is_on_file():
    assert changes(response(row(insurance_type="HM")))["plan_kind"] is PlanKind.HMO
    assert "plan_kind" not in changes(response(row(insurance_type="HM")), replace(FILED, plan_kind=PlanKind.PPO))
