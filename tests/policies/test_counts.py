"""As many rules as researched facts, payer by payer and answer by answer: a fact that is lost or doubled shows here."""

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.policies.facts.language import Rule
from app.policies.files.directory import policies_of
from tests.support.rule_files import rule_files

FACTS = Path(__file__).parents[2].parent / "shared" / "payer_facts"
RESEARCHED = 301
"""All facts that were researched."""
BY_FILE = {
    "aetna": 20, "anthem": 16, "bcbs_alabama": 13, "bcbs_kansas": 4, "bcbs_massachusetts": 6, "bcbs_mississippi": 6,
    "bcbs_north_dakota": 6, "carefirst_caremark": 13, "centene": 3, "cigna": 19, "hcsc": 14, "highmark": 9,
    "humana": 10, "independence": 6, "medica": 18, "medical_mutual": 8, "medicare_advantage_rules": 5,
    "medicare_ffs": 42, "oklahoma_medicaid": 9, "other_plans": 11, "point32health": 5, "texas_medicaid": 8,
    "to_verify_first": 10, "tricare": 5, "unitedhealthcare": 26, "western_health_advantage": 9,
}  # fmt: skip
"""The facts of each file."""
HOLDING: tuple[Rule, ...] = tuple(
    rule
    for payer in policies_of(rule_files()).payers.values()
    for topic in payer.topics.values()
    for rule in topic.rules
    if rule.fact is not None
)
"""The rules that hold a researched fact."""


def file_of(rule: Rule) -> str:
    """The file of facts from which a rule comes: the first word of its fact's id."""
    return (rule.fact or "").partition(".")[0]


def test_every_fact_stands_in_exactly_one_rule() -> None:
    twice = [fact for fact, times in Counter(rule.fact for rule in HOLDING).items() if times > 1]

    assert twice == []
    assert len(HOLDING) == RESEARCHED == sum(BY_FILE.values())


@pytest.mark.parametrize("file", BY_FILE)
def test_each_file_of_facts_has_its_number_of_rules(file: str) -> None:
    assert sum(file_of(rule) == file for rule in HOLDING) == BY_FILE[file]


def test_no_rule_names_a_file_of_facts_that_there_is_not() -> None:
    assert {file_of(rule) for rule in HOLDING} <= set(BY_FILE)


@cache
def researched() -> tuple[dict[str, Any], ...]:
    """Every researched fact, with its file's name under `file`; their absence is said."""
    if not FACTS.exists():
        pytest.skip("the researched facts are not beside the project; nothing was compared")
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FACTS.glob("*.yaml"))}
    files = {name: yaml.safe_load(text) for name, text in texts.items() if "\nfacts:\n" in text}
    return tuple({**fact, "file": name} for name, data in files.items() for fact in data["facts"])


def said(fact: dict[str, Any], axis: str) -> str:
    """What a fact says on an axis of our rules."""
    return str({"approval": fact["axes"]["pa"], "coverage": fact["axes"]["coverage"]}.get(axis, fact["confidence"]))


@pytest.mark.shared
@pytest.mark.parametrize("axis", ["approval", "coverage", "confidence"])
def test_rules_and_facts_agree_file_by_file_and_in_every_answer(axis: str) -> None:
    wanted = Counter((fact["file"], said(fact, axis)) for fact in researched())
    found = Counter((file_of(rule), str(getattr(rule, axis))) for rule in HOLDING)

    assert found == wanted
    assert wanted.total() == RESEARCHED


@pytest.mark.shared
def test_the_facts_are_those_that_were_counted() -> None:
    assert Counter(fact["file"] for fact in researched()) == BY_FILE
