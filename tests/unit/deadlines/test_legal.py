"""Which clock runs, and when the answer is due: a truth table over line, drug, urgency, day and state."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.deadlines.facts import BasisKind
from app.deadlines.rules.calendar import end_of_day, zone_of
from app.deadlines.rules.legal import (
    NO_CLOCK,
    AnswerDue,
    ClockQuestion,
    Pause,
    answer_due,
    appeal_by,
    appeal_window,
    information_due,
    legal_clock,
)
from app.policies.facts.answers import Confidence, DecisionClock
from app.policies.facts.clocks import ClockRule
from app.policies.files.directory import policies_of
from app.values.insurance import Channel, Known, Line
from app.values.spans import Duration
from tests.support.rule_files import rule_files

CLOCKS = policies_of(rule_files()).clocks.rules
ZONE = "America/Chicago"
DAY = date(2026, 12, 1)
YES, NO, UNKNOWN = Known.YES, Known.NO, Known.UNKNOWN
STANDARD, URGENT = False, True

# The law as the sources say it, written here a second time and in another form: (line, drug) -> (standard, urgent).
WEEK, MONTH = ("7 calendar_day", "72 hour"), ("15 calendar_day", "72 hour")
DRUG = ("72 hour", "24 hour")
FEDERAL = {
    (Line.MEDICARE_ADVANTAGE, NO): WEEK,
    (Line.MEDICAID, NO): WEEK,
    (Line.MEDICAID_MANAGED, NO): WEEK,
    (Line.CHIP, NO): WEEK,
    (Line.MEDICARE_ADVANTAGE, YES): DRUG,
    (Line.PART_D, YES): DRUG,
    (Line.PART_D, UNKNOWN): DRUG,
    (Line.MEDICAID, YES): ("24 hour", "24 hour"),
    (Line.MEDICAID_MANAGED, YES): ("24 hour", "24 hour"),
    **{(line, drug): MONTH for line in (Line.COMMERCIAL, Line.SELF_FUNDED, Line.MARKETPLACE) for drug in Known},
}
STATES = {
    ("ND", NO): WEEK, ("ND", YES): WEEK, ("ND", UNKNOWN): WEEK,
    ("NE", NO): WEEK, ("NE", YES): WEEK, ("NE", UNKNOWN): WEEK,
    ("WY", NO): ("5 calendar_day", "72 hour"), ("WY", YES): ("5 calendar_day", "72 hour"),
    ("WY", UNKNOWN): ("5 calendar_day", "72 hour"),
    ("OK", NO): WEEK, ("OK", YES): ("4 business_day", "24 hour"),
    ("VT", NO): ("2 business_day", "24 hour"), ("VT", YES): ("2 business_day", "24 hour"),
    ("VT", UNKNOWN): ("2 business_day", "24 hour"),
    ("AL", NO): ("2 business_day", "2 business_day"), ("AL", YES): ("2 business_day", "2 business_day"),
    ("AL", UNKNOWN): ("2 business_day", "2 business_day"),
    ("AZ", NO): ("14 calendar_day", "5 calendar_day"), ("AZ", YES): ("14 calendar_day", "5 calendar_day"),
    ("AZ", UNKNOWN): ("14 calendar_day", "5 calendar_day"),
}  # fmt: skip
REGULATED = {Line.COMMERCIAL, Line.MARKETPLACE}


def asked(line: Line | None = None, drug: Known = NO, **more: object) -> ClockQuestion:
    return ClockQuestion(**{"received_on": DAY, "zone": ZONE, "line": line, "drug": drug, **more})  # type: ignore[arg-type]


def runs(question: ClockQuestion, clocks: tuple[ClockRule, ...] = CLOCKS) -> set[tuple[str, str]]:
    found = legal_clock(question, clocks)
    return {
        (run.basis.kind.value, f"{run.length.value} {run.length.unit}")
        for run in found.runs
        if run.basis.kind is not BasisKind.TARGET
    }


@pytest.mark.parametrize("urgent", [STANDARD, URGENT])
@pytest.mark.parametrize("state", [None, "ND", "NE", "WY", "OK", "VT", "AL", "AZ", "TX", "CA"])
@pytest.mark.parametrize(("line", "drug"), list(product(Line, Known)))
def test_the_truth_table(line: Line, drug: Known, state: str | None, urgent: bool) -> None:
    expected = set()
    if (line, drug) in FEDERAL:
        expected.add(("federal", FEDERAL[line, drug][urgent]))
    if line in REGULATED and (state, drug) in STATES:
        expected.add(("state", STATES[state or "", drug][urgent]))

    found = legal_clock(asked(line, drug, plan_state=state, practice_state=state, urgent=urgent), CLOCKS)

    assert runs(asked(line, drug, plan_state=state, practice_state=state, urgent=urgent)) == expected
    assert found.legal == bool(expected)
    assert found.basis.kind.value in {kind for kind, _ in expected} or not expected
    if not expected:
        assert "No legal clock" in found.basis.words and found.runs == ()


@pytest.mark.parametrize(
    ("line", "state", "before", "first"),
    [
        (Line.MEDICARE_ADVANTAGE, None, set(), date(2026, 1, 1)),
        (Line.MEDICAID, None, set(), date(2026, 1, 1)),
        (Line.CHIP, None, set(), date(2026, 1, 1)),
        (Line.COMMERCIAL, "ND", {("federal", "15 calendar_day")}, date(2026, 1, 1)),
        (Line.COMMERCIAL, "AK", {("federal", "15 calendar_day")}, date(2027, 1, 1)),
        (Line.COMMERCIAL, "OK", {("federal", "15 calendar_day")}, date(2025, 1, 1)),
        (Line.MARKETPLACE, "VT", {("federal", "15 calendar_day")}, date(2025, 1, 1)),
    ],
)
def test_the_day_of_receipt_decides_whether_a_clock_runs(
    line: Line, state: str | None, before: set[tuple[str, str]], first: date
) -> None:
    on_first = runs(asked(line, received_on=first, plan_state=state))

    assert runs(asked(line, received_on=first - timedelta(days=1), plan_state=state)) == before
    assert len(on_first) == len(before) + 1


@pytest.mark.parametrize(("day", "length"), [(date(2027, 12, 31), "72 hour"), (date(2028, 1, 1), "48 hour")])
def test_nebraska_shortens_its_urgent_clock_in_2028(day: date, length: str) -> None:
    question = asked(Line.COMMERCIAL, received_on=day, plan_state="NE", urgent=True)

    assert ("state", length) in runs(question)
    assert len({one for one in runs(question) if one[0] == "state"}) == 1


@pytest.mark.parametrize("line", [Line.SELF_FUNDED, Line.MEDICARE_ADVANTAGE, Line.MEDICAID, Line.PART_D, Line.MEDICARE])
@pytest.mark.parametrize("state", ["ND", "NE", "AK", "WY", "OK", "VT", "AL", "AZ"])
def test_a_states_clock_binds_only_plans_that_the_state_regulates(line: Line, state: str) -> None:
    for drug, urgent in product(Known, (False, True)):
        question = asked(line, drug, plan_state=state, practice_state=state, urgent=urgent)
        assert {kind for kind, _ in runs(question)} <= {"federal"}


def test_the_state_of_the_practice_is_not_that_of_the_plan() -> None:
    assert runs(asked(Line.COMMERCIAL, practice_state="ND")) == {("federal", "15 calendar_day")}
    assert runs(asked(Line.COMMERCIAL, plan_state="TX", practice_state="ND")) == {("federal", "15 calendar_day")}


def test_a_shorter_urgent_limit_of_a_state_counts_for_its_own_programs() -> None:
    rule = ClockRule.model_validate(
        {
            "id": "state.xx", "title": "A state", "lines": ["medicaid", "chip"], "states": ["TX"],
            "confidence": "memory", "clock": {"standard": "2 calendar days", "expedited": "24 hours", "basis": "state"},
        }
    )  # fmt: skip
    clocks = (*CLOCKS, rule)
    question = asked(Line.MEDICAID, plan_state="TX", urgent=True, received_at=datetime(2026, 12, 1, 15, tzinfo=UTC))

    assert answer_due(question, legal_clock(question, clocks)).due_at == datetime(2026, 12, 2, 15, tzinfo=UTC)
    assert runs(replace(question, urgent=False), clocks) == {("federal", "7 calendar_day")}
    assert runs(replace(question, line=Line.MEDICARE_ADVANTAGE), clocks) == {("federal", "72 hour")}


@pytest.mark.parametrize(
    ("place", "program", "found"),
    [
        ("19", "opd", {("federal", "7 calendar_day")}),
        ("22", "opd", {("federal", "7 calendar_day")}),
        ("11", "opd", set()),
        ("24", "opd", set()),
        (None, "opd", set()),
        ("22", None, set()),
        ("22", "lcd", set()),
    ],
)
def test_the_hospital_outpatient_list_runs_only_in_the_hospital(
    place: str | None, program: str | None, found: set[tuple[str, str]]
) -> None:
    question = asked(Line.MEDICARE, UNKNOWN, place=place, program=program, codes=("64615", "J0585"))

    assert runs(question) == found
    assert runs(replace(question, urgent=True)) == ({("federal", "2 business_day")} if found else set())
    assert runs(replace(question, line=Line.MEDICARE_ADVANTAGE, drug=NO)) == {("federal", "7 calendar_day")}


def test_the_hospital_list_has_its_seven_days_since_2025() -> None:
    question = asked(Line.MEDICARE, place="22", program="opd", received_on=date(2024, 12, 31))

    assert runs(question) == set()
    assert runs(replace(question, received_on=date(2025, 1, 1))) == {("federal", "7 calendar_day")}


@pytest.mark.parametrize("state", ["AZ", "NJ", "OH", "OK", "TX", "WA", "CA", None])
@pytest.mark.parametrize("codes", [("64590",), ("15271",), ("Q4101", "15275"), ()])
@pytest.mark.parametrize("urgent", [False, True])
def test_wiser_runs_in_six_states_and_leaves_skin_substitutes_out_in_two(
    state: str | None, codes: tuple[str, ...], urgent: bool
) -> None:
    question = asked(Line.MEDICARE, program="wiser", practice_state=state, codes=codes, place="11", urgent=urgent)
    in_force = state in {"NJ", "OH", "OK", "TX"} or (state in {"AZ", "WA"} and codes == ("64590",))

    assert runs(question) == ({("federal", "72 hour")} if in_force else set())
    assert runs(replace(question, received_on=date(2026, 1, 14))) == set()
    assert runs(replace(question, received_on=date(2032, 1, 1))) == set()


def test_wiser_begins_on_the_fifteenth_of_january() -> None:
    question = asked(Line.MEDICARE, program="wiser", practice_state="TX", received_on=date(2026, 1, 15))
    assert runs(question) == {("federal", "72 hour")}


def test_plans_that_the_employer_rule_leaves_out() -> None:
    assert runs(asked(Line.SELF_FUNDED, government=YES)) == set()
    assert runs(asked(Line.COMMERCIAL, grandfathered=YES)) == set()
    assert runs(asked(Line.SELF_FUNDED, grandfathered=YES)) == {("federal", "15 calendar_day")}
    assert runs(asked(Line.FEDERAL_EMPLOYEES)) == set()


def test_a_state_program_that_was_let_begin_later_has_no_clock() -> None:
    (rule,) = (rule for rule in CLOCKS if rule.id == "cms0057f.medicaid")
    late = (rule.model_copy(update={"states_late": ("TX",)}),)

    assert runs(asked(Line.MEDICAID, plan_state="TX"), late) == set()
    assert runs(asked(Line.MEDICAID, plan_state="OK"), late) == {("federal", "7 calendar_day")}
    assert runs(asked(Line.MEDICAID), late) == set()


def test_the_proposed_rule_never_runs() -> None:
    (proposed,) = (rule for rule in CLOCKS if rule.proposed)
    for line, drug, urgent in product(Line, Known, (False, True)):
        assert runs(asked(line, drug, urgent=urgent, received_on=date(2027, 11, 1)), (proposed,)) == set()


def test_the_pharmacy_benefit_is_for_drugs() -> None:
    assert runs(asked(Line.MEDICAID, UNKNOWN, channel=Channel.PHARMACY)) == {("federal", "24 hour")}
    assert runs(asked(Line.MEDICAID, UNKNOWN, channel=Channel.MEDICAL)) == set()


def test_without_a_legal_clock_the_payers_own_target_is_told_as_a_target() -> None:
    target = DecisionClock(Duration(10, "business_day"), Duration(3, "calendar_day"), "payer")
    question = asked(Line.TRICARE, target=target)
    clock = legal_clock(question, CLOCKS)

    assert not clock.legal
    assert clock.basis.kind is BasisKind.TARGET
    assert clock.basis.words == f"{NO_CLOCK} It states 10 business days from the receipt of the request."
    assert answer_due(question, clock).due_on == date(2026, 12, 15)
    urgent = replace(question, urgent=True)
    assert answer_due(urgent, legal_clock(urgent, CLOCKS)).due_on == date(2026, 12, 4)
    for basis in ("federal", "state", "none"):
        assert legal_clock(replace(question, target=replace(target, basis=basis)), CLOCKS).runs == ()
    assert legal_clock(replace(question, line=Line.MEDICARE_ADVANTAGE), CLOCKS).basis.kind is BasisKind.FEDERAL


def test_what_is_not_known_is_said() -> None:
    assert legal_clock(asked(Line.VA), CLOCKS).basis.words == NO_CLOCK
    assert "line of business is not known" in legal_clock(asked(None), CLOCKS).basis.words
    assert "whether it is for a drug" in legal_clock(asked(Line.MEDICARE_ADVANTAGE, UNKNOWN), CLOCKS).basis.words
    assert legal_clock(asked(Line.MEDICARE, UNKNOWN), CLOCKS).basis.words == NO_CLOCK


def test_a_clock_says_its_rule_its_source_and_what_is_to_be_verified() -> None:
    memory = legal_clock(asked(Line.MEDICAID, YES), CLOCKS).basis
    seen = legal_clock(asked(Line.SELF_FUNDED, YES), CLOCKS).basis

    assert memory.confidence is Confidence.MEMORY and "to verify" in memory.words
    assert seen.confidence is Confidence.SEEN and (seen.source or "").startswith("https://")
    assert seen.rule == "erisa.preservice"
    assert seen.words == (
        "29 CFR 2560.503-1(f): 15 calendar days from receipt of the request, 30 calendar days in all with notice."
    )


def due(question: ClockQuestion, *pauses: Pause, noticed_on: date | None = None) -> AnswerDue:
    return answer_due(question, legal_clock(question, CLOCKS), pauses, noticed_on=noticed_on)


def test_a_standard_request_is_due_with_the_seventh_day_and_the_fourteenth_with_notice() -> None:
    question = asked(Line.MEDICARE_ADVANTAGE, received_at=datetime(2026, 12, 2, 3, tzinfo=UTC))  # 21:00 there

    assert due(question).due_on == date(2026, 12, 8)
    assert due(question, noticed_on=date(2026, 12, 8)).due_on == date(2026, 12, 15)
    assert due(question, noticed_on=date(2026, 12, 9)).due_on == date(2026, 12, 8)  # a notice that came too late
    assert due(question, Pause(date(2026, 12, 3))).due_on == date(2026, 12, 8)  # a question does not stop this clock


def test_an_urgent_request_is_due_to_the_minute_over_a_change_of_the_clock() -> None:
    received = datetime(2027, 3, 12, 20, 17, tzinfo=UTC)
    question = asked(Line.MEDICAID, urgent=True, received_on=date(2027, 3, 12), received_at=received)

    assert due(question).due_at == received + timedelta(hours=72)
    assert due(replace(question, received_at=None)).due_on == date(2027, 3, 16)  # 23:59 and 72 hours: 0:59


def test_the_employer_clock_stands_still_while_the_payer_waits() -> None:
    question = asked(Line.SELF_FUNDED)
    open_question = Pause(date(2026, 12, 4))

    assert due(question).due_on == date(2026, 12, 16)
    assert due(question, open_question) == AnswerDue(legal_clock(question, CLOCKS).basis, paused=True)
    assert due(question, Pause(date(2026, 12, 4), date(2026, 12, 14))).due_on == date(2026, 12, 26)
    assert due(question, Pause(date(2026, 12, 4), date(2026, 12, 14)), noticed_on=date(2026, 12, 5)).due_on == date(
        2027, 1, 10
    )
    two = (Pause(date(2026, 12, 4), date(2026, 12, 14)), Pause(date(2026, 12, 10), date(2026, 12, 20)))
    assert due(question, *two).due_on == due(question, *reversed(two)).due_on == date(2027, 1, 1)
    assert due(question, Pause(date(2026, 12, 17), date(2026, 12, 20))).due_on == date(2026, 12, 16)  # asked too late
    assert due(question, Pause(date(2026, 12, 17))).due_on == date(2026, 12, 16)
    assert due(question, Pause(date(2026, 12, 10), date(2026, 12, 8))).due_on == date(2026, 12, 16)


def test_an_urgent_employer_request_has_48_hours_from_our_answer() -> None:
    received, answered = datetime(2026, 12, 1, 15, tzinfo=UTC), datetime(2026, 12, 3, 9, 30, tzinfo=UTC)
    question = asked(Line.SELF_FUNDED, urgent=True, received_at=received)
    pause = Pause(date(2026, 12, 2), date(2026, 12, 3), datetime(2026, 12, 2, 10, tzinfo=UTC), answered)

    assert due(question, pause).due_at == answered + timedelta(hours=48)


def test_a_clock_of_complete_information_begins_anew_with_our_answer() -> None:
    question = asked(Line.COMMERCIAL, NO, plan_state="OK")
    pause = Pause(date(2026, 12, 3), date(2026, 12, 7))

    found = due(question, pause)
    assert (found.due_on, found.basis.rule) == (date(2026, 12, 14), "state.ok")
    late = due(question, Pause(date(2026, 12, 3), date(2026, 12, 30)))
    assert (late.due_on, late.basis.rule) == (date(2027, 1, 6), "state.ok")
    assert found.deemed
    assert "rely on that only once the payer has confirmed it" in found.basis.words


def test_of_two_clocks_the_one_that_is_due_first_counts() -> None:
    assert due(asked(Line.COMMERCIAL, plan_state="ND")).basis.rule == "state.nd"
    assert due(asked(Line.COMMERCIAL, plan_state="AZ", urgent=True)).basis.rule == "erisa.preservice"
    standing = due(asked(Line.COMMERCIAL, plan_state="ND"), Pause(date(2026, 12, 3)))
    assert (standing.due_on, standing.paused) == (date(2026, 12, 8), False)  # only the federal clock stands still


def test_two_business_days_go_over_a_holiday_and_a_weekend() -> None:
    question = asked(Line.MEDICARE, place="22", program="opd", urgent=True, received_on=date(2026, 11, 25))
    assert due(question).due_on == date(2026, 11, 30)


def test_business_days_stand_still_by_business_days() -> None:
    target = DecisionClock(Duration(4, "business_day"), None, "payer")
    question = asked(Line.TRICARE, target=target)
    clock = legal_clock(question, ())
    stopping = replace(clock, runs=tuple(replace(run, pause="stop") for run in clock.runs))

    found = answer_due(question, stopping, (Pause(date(2026, 12, 3), date(2026, 12, 7)),))
    assert found.due_on == date(2026, 12, 9)  # due on Monday 12/7; Friday and Monday passed while it stood


def test_the_law_leaves_45_days_for_an_answer() -> None:
    question = asked(Line.SELF_FUNDED)
    clock = legal_clock(question, CLOCKS)

    assert information_due(question, clock, Pause(date(2026, 12, 3))) == (date(2027, 1, 17), None)
    urgent = replace(question, urgent=True)
    at = datetime(2026, 12, 3, 14, tzinfo=UTC)
    owed = information_due(urgent, legal_clock(urgent, CLOCKS), Pause(date(2026, 12, 3), asked_at=at))
    assert owed == (None, at + timedelta(hours=48))
    medicaid = asked(Line.MEDICAID)
    assert information_due(medicaid, legal_clock(medicaid, CLOCKS), Pause(date(2026, 12, 3))) is None


@pytest.mark.parametrize(
    ("line", "drug", "level", "rule", "until"),
    [
        (Line.MEDICARE_ADVANTAGE, NO, 1, "ma.appeal", date(2027, 2, 4)),
        (Line.MEDICARE_ADVANTAGE, YES, 1, "ma.appeal.drugs", date(2027, 2, 4)),
        (Line.MEDICARE_ADVANTAGE, NO, 2, "ma.appeal.2", None),
        (Line.PART_D, YES, 1, "partd.appeal", date(2027, 2, 4)),
        (Line.PART_D, YES, 2, "partd.appeal.2", date(2027, 2, 4)),
        (Line.SELF_FUNDED, NO, 1, "erisa.appeal", date(2027, 5, 30)),
        (Line.MARKETPLACE, YES, 2, "erisa.external", date(2027, 4, 1)),
        (Line.MEDICAID_MANAGED, NO, 1, "medicaid_managed.appeal", date(2027, 1, 30)),
    ],
)
def test_windows_of_appeal(line: Line, drug: Known, level: int, rule: str, until: date | None) -> None:
    window = appeal_window(asked(line, drug), level, CLOCKS)

    assert window is not None
    assert (window.basis.rule, appeal_by(DAY, window)) == (rule, until)


@pytest.mark.parametrize("line", [None, Line.TRICARE, Line.VA, Line.FEDERAL_EMPLOYEES, Line.WORKERS_COMP])
def test_an_appeal_that_no_rule_speaks_of_has_no_window(line: Line | None) -> None:
    assert appeal_window(asked(line), 1, CLOCKS) is None
    assert appeal_window(asked(Line.SELF_FUNDED, government=YES), 1, CLOCKS) is None


QUESTIONS = st.builds(
    ClockQuestion,
    received_on=st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    zone=st.sampled_from(["America/New_York", "America/Phoenix", "Pacific/Honolulu", "America/Anchorage"]),
    line=st.none() | st.sampled_from(Line),
    drug=st.sampled_from(Known),
    urgent=st.booleans(),
    place=st.sampled_from([None, "11", "19", "22", "24"]),
    codes=st.sampled_from([(), ("96910",), ("15271",), ("J0585", "64615")]),
    plan_state=st.sampled_from([None, "ND", "NE", "AK", "WY", "OK", "VT", "AL", "AZ", "TX", "WA"]),
    practice_state=st.sampled_from([None, "ND", "OK", "TX", "WA", "AZ"]),
    program=st.sampled_from([None, "opd", "wiser", "lcd"]),
    grandfathered=st.sampled_from(Known),
    government=st.sampled_from(Known),
)
PAUSES = st.lists(
    st.builds(
        lambda asked_after, open_for: (asked_after, open_for), st.integers(0, 40), st.none() | st.integers(0, 60)
    ),
    max_size=4,
)


def pauses_of(question: ClockQuestion, spans: list[tuple[int, int | None]]) -> tuple[Pause, ...]:
    return tuple(
        Pause(begin, None if length is None else begin + timedelta(days=length))
        for after, length in spans
        for begin in (question.received_on + timedelta(days=after),)
    )


def instant(found: AnswerDue, zone: str) -> datetime:
    if found.due_at is not None:
        return found.due_at
    return end_of_day(found.due_on, zone_of(zone)) if found.due_on is not None else datetime.max.replace(tzinfo=UTC)


@given(QUESTIONS)
def test_what_runs_when_it_is_unknown_runs_in_both_readings(question: ClockQuestion) -> None:
    unknown = runs(replace(question, drug=UNKNOWN, channel=None))
    if question.line is not Line.PART_D:
        assert unknown <= runs(replace(question, drug=YES)) & runs(replace(question, drug=NO))
    for name in ("plan_state", "practice_state", "place", "program", "line"):
        assert runs(replace(question, **{name: None})) <= runs(question) | runs(replace(question, codes=()))


@given(QUESTIONS)
def test_an_urgent_answer_is_never_due_after_a_standard_one(question: ClockQuestion) -> None:
    urgent, standard = (due(replace(question, urgent=urgent)) for urgent in (True, False))

    assert instant(urgent, question.zone) <= instant(standard, question.zone)


@example(ClockQuestion(date(2024, 1, 1), "America/New_York", Line.COMMERCIAL, drug=YES, urgent=True), [(0, 0)], 0)
@given(QUESTIONS, PAUSES, st.integers(0, 40))
def test_questions_and_notices_only_ever_give_the_payer_more_time(
    question: ClockQuestion, spans: list[tuple[int, int | None]], after: int
) -> None:
    plain = instant(due(question), question.zone)
    pauses = pauses_of(question, spans)

    assert plain <= instant(due(question, *pauses), question.zone)
    assert plain <= instant(due(question, noticed_on=question.received_on + timedelta(days=after)), question.zone)
    assert due(question, *pauses) == due(question, *reversed(pauses))
    assert due(question, *pauses).paused <= any(length is None for _, length in spans)


@given(QUESTIONS, st.integers(0, 23))
def test_a_known_instant_is_never_later_than_what_its_day_allows(question: ClockQuestion, hour: int) -> None:
    at = datetime(*question.received_on.timetuple()[:3], hour, tzinfo=zone_of(question.zone)).astimezone(UTC)

    exact = due(replace(question, received_at=at))
    assert instant(exact, question.zone) <= instant(due(question), question.zone)
    assert instant(exact, question.zone) > at
