"""Situations: a visit in, the answer out, for every rule of every payer: its first and last day, one yes and one no.

A file `tests/policies/<payer>/<topic>.yaml` is a list. One situation asks as the finder does (`on`, `code`, `with`,
`drug`, `service`, `dx`, `pos`, `state`, `line`, `plan`, `channel`, `age` in years, `documented`, `facts`) and says
what is expected: `need`; `rule`, which decides; `named`, rules that answer or stand beside the answer; `not_named`,
rules that do not; `criteria` by their first words, `unmet`, `coverage`, `confidence`, `memory`. Rules are written
without the payer: `mohs#lcd.mohs`. `why` is for the reader.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.policies.facts.answers import Question, Requirement
from app.policies.facts.book import Book
from app.policies.files.directory import hash_of, policies_of
from app.policies.files.yaml_text import read_yaml
from app.policies.rules.compiling import answering_rules, compile_book, last_day
from app.policies.rules.determine import determine
from app.values.insurance import Channel, Line
from tests.support.rule_files import rule_files

HERE = Path(__file__).parent
ASKED = frozenset(
    {"on", "code", "with", "drug", "service", "dx", "pos", "state", "line", "plan", "channel", "age", "documented"}
)  # fmt: skip
EXPECTED = frozenset({"need", "rule", "named", "not_named", "criteria", "unmet", "coverage", "confidence"})
POLICIES = policies_of(rule_files())
BOOK: Book = compile_book(POLICIES, hash_of(rule_files()))


def situations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every situation with its payer and a name that leads to it."""
    for path in sorted(HERE.glob("*/*.yaml")):
        reading = read_yaml(path.name, path.read_bytes())
        assert not reading.faults, [str(fault) for fault in reading.faults]
        for place, situation in enumerate(reading.value):
            line = reading.line_of((place,))
            yield path.parent.name, f"{path.parent.name}/{path.name}:{line}", situation


SITUATIONS = list(situations())


def question_of(payer: str, situation: dict[str, Any]) -> Question:
    """The question that a situation asks; an unknown key fails."""
    unknown = set(situation) - ASKED - {"facts", "expect", "why"}
    assert not unknown, f"unknown keys {unknown}; a situation asks with {sorted(ASKED)}, facts"
    years = situation.get("age")
    line, channel = situation.get("line"), situation.get("channel")
    return Question(
        payer=payer,
        day=date.fromisoformat(situation["on"]),
        code=situation.get("code"),
        drug=situation.get("drug"),
        service=situation.get("service"),
        line=Line(line) if line else None,
        plan=situation.get("plan"),
        channel=Channel(channel) if channel else None,
        companions=frozenset(situation.get("with", ())),
        diagnoses=tuple(situation.get("dx", ())),
        place=situation.get("pos"),
        state=situation.get("state"),
        age_months=int(years) * 12 if years else None,
        documented=frozenset(situation.get("documented", ())),
        facts=situation.get("facts", {}),
    )


def named_in(answer: Requirement) -> set[str]:
    """The rules that an answer names, without the payer."""
    refs = [answer.rule, *(other.rule for other in answer.alternatives)]
    return {ref.partition("/")[2] for ref in refs if ref is not None}


@pytest.mark.parametrize(("payer", "where", "situation"), SITUATIONS, ids=[where for _, where, _ in SITUATIONS])
def test_the_rules_answer_as_the_situation_expects(payer: str, where: str, situation: dict[str, Any]) -> None:
    expect = situation["expect"]
    assert set(expect) <= EXPECTED, f"{where}: expect knows {sorted(EXPECTED)}"
    answer = determine(BOOK, (), (), question_of(payer, situation))

    assert answer.need == expect["need"], where
    if "rule" in expect:
        assert (answer.rule or "none").partition("/")[2] == expect["rule"], where
    for key in ("coverage", "confidence"):
        assert getattr(answer, key) == expect.get(key, getattr(answer, key)), where
    assert set(expect.get("named", ())) <= named_in(answer), where
    assert named_in(answer).isdisjoint(expect.get("not_named", ())), where
    assert set(expect.get("unmet", ())) <= set(answer.unmet), where
    for text, result in expect.get("criteria", {}).items():
        found = [criterion.result for criterion in answer.criteria if criterion.text.startswith(text)]
        assert found == [result], f"{where}: {text}"


def days_named(payer: str, ref: str) -> tuple[set[date], set[date]]:
    """The days on which situations expect a rule, and those on which they expect it not to speak."""
    yes: set[date] = set()
    no: set[date] = set()
    for asked, _, situation in SITUATIONS:
        expect = situation["expect"]
        if asked == payer and ref in (expect.get("rule"), *expect.get("named", ())):
            yes.add(date.fromisoformat(situation["on"]))
        if asked == payer and ref in expect.get("not_named", ()):
            no.add(date.fromisoformat(situation["on"]))
    return yes, no


RULES = [
    pytest.param(payer, topic, rule, file, id=f"{payer}/{topic}#{rule.id}")
    for payer, file, topic, rule in answering_rules(POLICIES)
]


@pytest.mark.parametrize(("payer", "topic", "rule", "file"), RULES)
def test_each_rule_has_situations_on_its_first_and_last_day(payer: str, topic: str, rule: Any, file: Any) -> None:
    yes, no = days_named(payer, f"{topic}#{rule.id}")
    assert yes, "no situation expects this rule"
    assert no, "no situation shows where this rule does not speak (not_named)"
    if isinstance(rule.from_, date):
        assert rule.from_ in yes, f"no situation on its first day, {rule.from_}"
        assert rule.from_ - timedelta(days=1) in no, "no situation on the day before its first (not_named)"
    last = last_day(rule, file.topics.values())
    if last != date.max:
        assert last in yes, f"no situation on its last day, {last}"
        assert last + timedelta(days=1) in no, "no situation on the day after its last (not_named)"
