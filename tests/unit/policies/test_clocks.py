"""Clocks of the law as the rule files say them, and as the finder shows them."""

from dataclasses import replace
from datetime import date

import pytest

from app.policies.facts.answers import (
    Confidence,
    DecisionClock,
    Grounds,
    Need,
    PayerMatch,
    Question,
    Requirement,
    ServiceClass,
)
from app.policies.facts.faults import PolicyFilesError
from app.policies.facts.records import Found
from app.policies.files.directory import policies_of
from app.policies.rules.clocks import ClockQuestion, clock_of_answer, for_drug, legal_times, program_of
from app.policies.rules.compiling import compile_book
from app.policies.rules.determine import determine
from app.policies.views.finder import finder_answer
from app.values.insurance import Known, Line
from app.values.spans import Duration
from tests.support.rule_files import rule_files

BOOK = compile_book(policies_of(rule_files()), "test")
DAY = date(2026, 12, 1)
CLOCK = b"""schema: clocks/1
read_on: 2026-11-23
rules:
  - id: one
    title: One
    lines: [commercial]
    clock: {standard: 7 calendar days, basis: federal}
    confidence: memory
"""


def faults(text: bytes) -> str:
    with pytest.raises(PolicyFilesError) as found:
        policies_of({**rule_files(), "_grid/clocks.yaml": text})
    return "; ".join(f"{fault.line} {fault.key} {fault.found} {fault.remedy}" for fault in found.value.faults)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((b"confidence: memory", b"confidence: seen"), "a seen clock names its sources"),
        ((b"basis: federal", b"basis: state"), "a state's clock names its states"),
        ((b"    confidence", b"    from: 2026-02-01\n    until: 2026-01-31\n    confidence"), "lies before 'from'"),
        ((b"    confidence", b"    codes_not: {AZ: [15271-15278]}\n    confidence"), "which 'states' does not name"),
        (
            (b"    clock: {standard: 7 calendar days, basis: federal}\n", b"    pause: {does: stop}\n"),
            "belong to a clock",
        ),
        ((b"7 calendar days", b"a week"), "write a length as"),
        ((b"commercial]", b"comercial]"), "is no line of business"),
        ((b"    confidence", b"    pause: {does: wait}\n    confidence"), "wait"),
    ],
)
def test_a_faulty_clock_is_refused_with_its_remedy(change: tuple[bytes, bytes], said: str) -> None:
    assert CLOCK.replace(*change) != CLOCK
    assert said in faults(CLOCK.replace(*change))


def test_a_sound_clock_is_taken() -> None:
    clocks = policies_of({**rule_files(), "_grid/clocks.yaml": CLOCK}).clocks
    assert clocks is not None and [rule.id for rule in clocks.rules] == ["one"]


def test_a_clock_written_before_there_were_titles_is_still_read() -> None:
    clocks = policies_of({**rule_files(), "_grid/clocks.yaml": CLOCK.replace(b"    title: One\n", b"")}).clocks
    assert clocks is not None
    question = ClockQuestion(DAY, "America/New_York", line=Line.COMMERCIAL)
    times = legal_times(question, clocks.rules)
    assert times is not None and times.law is not None and times.law.name == "one"


@pytest.mark.parametrize("line", ["self_funded", "medicare_advantage", "part_d", "fehb", "tricare"])
def test_no_state_may_bind_what_answers_to_federal_law(line: str) -> None:
    text = CLOCK.replace(b"[commercial]", f"[commercial, {line}]".encode()).replace(b"basis: federal", b"basis: state")
    assert "no state's clock binds" in faults(text.replace(b"    confidence", b"    states: [TX]\n    confidence"))


def test_two_clocks_of_one_name_are_refused() -> None:
    second = CLOCK[CLOCK.index(b"  - id") :]
    assert "stands there already" in faults(CLOCK + second)


def test_every_shipped_clock_is_cited_or_from_memory_and_dated_by_its_reading() -> None:
    clocks = policies_of(rule_files()).clocks
    assert clocks is not None
    for rule in clocks.rules:
        assert (rule.confidence == "seen") <= bool(rule.sources), rule.id
        assert (rule.read_on or clocks.read_on) >= date(2026, 11, 23), rule.id
        assert rule.clock is None or rule.clock.basis in ("federal", "state"), rule.id
        assert (rule.clock is None and rule.appeal is None) or rule.title, rule.id


@pytest.mark.parametrize(
    ("codes", "drug", "found"),
    [
        ((), None, Known.UNKNOWN),
        ((), "drug:dupixent", Known.YES),
        (("J0585", "64615"), None, Known.YES),
        (("96910",), None, Known.NO),
        (("17311", "17312"), None, Known.NO),
        (("15275", "Q4101"), None, Known.UNKNOWN),
        (("C9399",), None, Known.UNKNOWN),
    ],
)
def test_whether_a_request_is_for_a_drug(codes: tuple[str, ...], drug: str | None, found: Known) -> None:
    assert for_drug(codes, drug) is found


def clock(**asked: object) -> tuple[DecisionClock | None, str | None]:
    question = Question(**{"payer": "aetna", "day": DAY, **asked})  # type: ignore[arg-type]
    found, hangs_on = clock_of_answer(BOOK, question, determine(BOOK, (), (), question))
    return found and DecisionClock(found.standard, found.expedited, found.basis), hangs_on


WEEK = DecisionClock(Duration(7, "calendar_day"), Duration(72, "hour"), "federal")
MONTH = DecisionClock(Duration(15, "calendar_day"), Duration(72, "hour"), "federal")
HOSPITAL = DecisionClock(Duration(7, "calendar_day"), Duration(2, "business_day"), "federal")
DAILY = DecisionClock(Duration(24, "hour"), Duration(24, "hour"), "federal")
BOTOX = {"payer": "medicare_ffs", "code": "J0585", "companions": frozenset({"64615"})}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"line": Line.MEDICARE_ADVANTAGE, "code": "17311"}, (WEEK, None)),
        ({"line": Line.MEDICARE_ADVANTAGE, "code": "17311", "day": date(2025, 12, 31)}, (None, None)),
        ({"line": Line.MEDICARE_ADVANTAGE}, (None, "drug")),
        ({"line": Line.COMMERCIAL, "code": "17311"}, (MONTH, None)),
        ({"line": Line.COMMERCIAL}, (MONTH, None)),
        (
            {"line": Line.COMMERCIAL, "code": "17311", "state": "WY"},
            (DecisionClock(Duration(5, "calendar_day"), Duration(72, "hour"), "state"), None),
        ),
        ({"line": Line.SELF_FUNDED, "code": "17311", "state": "WY"}, (MONTH, None)),
        ({"line": Line.CHIP, "drug": "drug:dupixent"}, (None, None)),
        ({"line": Line.FEDERAL_EMPLOYEES, "code": "17311"}, (None, None)),
        ({"payer": "nobody", "code": "17311"}, (None, "line")),
        ({**BOTOX, "place": "22"}, (HOSPITAL, None)),
        ({**BOTOX, "place": "11"}, (None, None)),
        ({**BOTOX}, (None, None)),
        ({"payer": "medicare_ffs", "code": "17311", "place": "22"}, (None, None)),
        (
            {"payer": "medicare_ffs", "code": "15275", "state": "TX", "place": "11"},
            (DecisionClock(Duration(72, "hour"), Duration(72, "hour"), "federal"), None),
        ),
        ({"payer": "medicare_ffs", "code": "15275", "state": "AZ", "place": "11"}, (None, None)),
        ({"payer": "texas_medicaid", "drug": "dupixent"}, (None, "line")),
        ({"payer": "texas_medicaid", "line": Line.MEDICAID, "drug": "dupixent"}, (DAILY, None)),
        ({"payer": "texas_medicaid", "line": Line.MEDICAID_MANAGED, "code": "17311"}, (WEEK, None)),
    ],
)  # fmt: skip
def test_the_finder_shows_a_clock_only_where_one_runs(
    asked: dict[str, object], found: tuple[DecisionClock | None, str | None]
) -> None:
    assert clock(**asked) == found


def test_a_rule_tells_the_program_that_it_belongs_to() -> None:
    question = Question(**{**BOTOX, "day": DAY, "place": "22"})  # type: ignore[arg-type]
    assert program_of(BOOK, determine(BOOK, (), (), question)) == "opd"
    nothing = Question(payer="nobody", day=DAY, code="17311")
    assert program_of(BOOK, determine(BOOK, (), (), nothing)) is None


def test_the_finder_names_the_law_and_says_what_is_from_memory() -> None:
    required = Requirement(Need.REQUIRED, Confidence.SEEN, Grounds.RULE, rule="x/y#z")
    question = Question("texas_medicaid", DAY, line=Line.MEDICAID, drug="dupixent")
    clock, _ = clock_of_answer(BOOK, question, required)
    found = Found(replace(required, clock=clock), ServiceClass.MEDICAL, PayerMatch("x", "X", in_library=True), "", None)

    said = "24 hours (federal rule: Medicaid covered outpatient drugs; from memory, to verify)"
    assert finder_answer(found, DAY).times == (("Payer decides within", said), ("When urgent, within", said))


def test_the_finder_says_whose_the_time_of_an_urgent_request_is() -> None:
    required = Requirement(Need.REQUIRED, Confidence.SEEN, Grounds.RULE, rule="x/y#z")
    question = Question("aetna", DAY, line=Line.COMMERCIAL, code="17311", state="AZ")
    clock, _ = clock_of_answer(BOOK, question, required)
    found = Found(replace(required, clock=clock), ServiceClass.MEDICAL, PayerMatch("x", "X", in_library=True), "", None)

    assert finder_answer(found, DAY).times == (
        ("Payer decides within", "14 calendar days (state rule: Arizona, ARS 20-3404)"),
        ("When urgent, within", "72 hours (federal rule: 29 CFR 2560.503-1(f))"),
    )


@pytest.mark.parametrize(
    ("hangs_on", "words"),
    [
        (None, "No legal clock; the payer's own target"),
        ("line", "Not known: it depends on the line of business"),
        ("drug", "Not known: it depends on whether this is a drug"),
    ],
)
def test_the_finder_says_so_when_no_clock_is_sure(hangs_on: str | None, words: str) -> None:
    required = Requirement(Need.REQUIRED, Confidence.SEEN, Grounds.RULE, rule="x/y#z")
    found = Found(required, ServiceClass.MEDICAL, PayerMatch("x", "X", in_library=True), "17311", None, None, hangs_on)

    assert finder_answer(found, DAY).times == (("Payer decides within", words),)
