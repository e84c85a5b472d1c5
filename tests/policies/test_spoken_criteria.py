"""Every criterion of the shipped rules, and all that would settle one, is a sentence without a key of the language."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from app.policies.facts.answers import Question
from app.policies.facts.book import Tree
from app.policies.files.directory import files_of, policies_of
from app.policies.rules.compiling import compile_book
from app.policies.rules.differences import say_value
from app.policies.rules.speaking import say_lacking
from tests.policies.test_mild_answers import BOOK, RULES
from tests.support.rule_files import DIRECTORY

SHORT = frozenset({"tcs", "tci", "tnf", "mtx", "jak", "aa", "ad", "pso", "psa", "hs", "2g", "20pct", "otc", "uvb"})
"""Parts of keys that no sentence has; those that are words of the field stand in capitals."""
SAMPLE = DIRECTORY.parent / "app" / "web" / "sample" / "policies"
BOOKS = (BOOK, compile_book(policies_of(files_of(DIRECTORY) | files_of(SAMPLE)), "sample"))


def trees() -> Iterator[Tree]:
    """The criteria and the renewal criteria of every rule."""
    for book in BOOKS:
        for rule in book.rules.values():
            yield from (tree for tree in (rule.criteria, rule.renewal) if tree is not None)


SENTENCES = tuple(dict.fromkeys(text for tree in trees() for text, _judge in tree.parts))
LACKING = tuple(dict.fromkeys(name for tree in trees() for name in tree.judge(Question("p", date(2026, 12, 1))).unmet))


def faults(said: str) -> list[str]:
    """What in a sentence no person should read."""
    words = re.findall(r"[A-Za-z0-9_]+", said)
    found = [word for word in words if "_" in word or word in SHORT]
    found += ["a key without words"] if re.search(r"\b(trial of|prior use of) \w+$", said) else []
    return found + (["nothing"] if not said.strip() else [])


def test_something_is_read() -> None:
    assert len(SENTENCES) > 300
    assert len(LACKING) > 300


def test_a_criterion_is_a_sentence() -> None:
    assert {said: faults(said) for said in SENTENCES if faults(said)} == {}
    assert [
        said for said in SENTENCES if said[0].islower() or "  " in said or said.endswith((".", ",", ";", ":"))
    ] == []


def test_what_would_settle_a_criterion_is_said_in_words() -> None:
    told = {name: faults(say_lacking(name)) for name in LACKING}
    assert {name: found for name, found in told.items() if found not in ([], ["a key without words"])} == {}


def test_what_a_rule_says_otherwise_than_before_is_said_in_words() -> None:
    criteria = (tree for told in RULES for tree in (told.rule.criteria, told.rule.renewal_criteria) if tree is not None)
    assert [said for tree in criteria if faults(said := say_value(tree))] == []


@pytest.mark.parametrize(
    "said",
    [
        "A topical corticosteroid of medium or higher potency tried for at least 28 days in a row",
        "The therapy works, shown by at least one of these: fewer exacerbations, less itch or fewer hives",
        "At least 10% of the body surface is affected",
    ],
)
def test_these_are_read_word_for_word(said: str) -> None:
    assert any(said in one for one in SENTENCES)
