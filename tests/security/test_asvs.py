"""OWASP ASVS 5.0, levels 1 and 2: each requirement is shown by tests that exist, or it does not apply, and why."""

import ast
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.source import ROOT

# The requirements of levels 1 (marked !) and 2 by section. The chapters 10 (OAuth and OIDC) and 17 (WebRTC) are left
# out whole: the program has neither.
SECTIONS = {
    "1.1": "1 2",
    "1.2": "1! 2! 3! 4! 5! 6 7 8 9",
    "1.3": "1! 2! 3 4 5 6 7 8 9 10 11",
    "1.4": "1 2 3",
    "1.5": "1! 2",
    "2.1": "1! 2 3",
    "2.2": "1! 2! 3",
    "2.3": "1! 2 3 4",
    "2.4": "1",
    "3.2": "1! 2!",
    "3.3": "1! 2 3 4",
    "3.4": "1! 2! 3 4 5 6",
    "3.5": "1! 2! 3! 4 5",
    "3.7": "1 2",
    "4.1": "1! 2 3",
    "4.2": "1",
    "4.3": "1 2",
    "4.4": "1! 2 3 4",
    "5.1": "1",
    "5.2": "1! 2! 3",
    "5.3": "1! 2!",
    "5.4": "1 2 3",
    "6.1": "1! 2 3",
    "6.2": "1! 2! 3! 4! 5! 6! 7! 8! 9 10 11 12",
    "6.3": "1! 2! 3 4",
    "6.4": "1! 2! 3 4",
    "6.5": "1 2 3 4 5",
    "6.6": "1 2 3",
    "6.8": "1 2 3 4",
    "7.1": "1 2 3",
    "7.2": "1! 2! 3! 4!",
    "7.3": "1 2",
    "7.4": "1! 2! 3 4 5",
    "7.5": "1 2",
    "7.6": "1 2",
    "8.1": "1! 2",
    "8.2": "1! 2! 3",
    "8.3": "1!",
    "8.4": "1",
    "9.1": "1! 2! 3!",
    "9.2": "1! 2 3 4",
    "11.1": "1 2",
    "11.2": "1 2 3",
    "11.3": "1! 2! 3",
    "11.4": "1! 2 3 4",
    "11.5": "1",
    "11.6": "1",
    "12.1": "1! 2 3",
    "12.2": "1! 2!",
    "12.3": "1 2 3 4",
    "13.1": "1",
    "13.2": "1 2 3 4 5",
    "13.3": "1 2",
    "13.4": "1! 2 3 4 5",
    "14.1": "1 2",
    "14.2": "1! 2 3 4",
    "14.3": "1! 2 3",
    "15.1": "1! 2 3",
    "15.2": "1! 2 3",
    "15.3": "1! 2 3 4 5 6 7",
    "16.1": "1",
    "16.2": "1 2 3 4 5",
    "16.3": "1 2 3 4",
    "16.4": "1 2 3",
    "16.5": "1 2 3",
}
NUMBERS = {
    f"V{section}.{number.rstrip('!')}": 1 if number.endswith("!") else 2
    for section, numbers in SECTIONS.items()
    for number in numbers.split()
}
LIST: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "tests/security/asvs.yaml").read_text("utf-8"))
KEYS = {"level", "about", "shown", "not_applicable"}


@cache
def named_in(path: Path) -> frozenset[str]:
    """Name the tests of a file."""
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_the_list_names_every_requirement_of_the_two_levels_and_no_other():
    assert len(NUMBERS) == 217
    assert {number: entry["level"] for number, entry in LIST.items()} == NUMBERS
    assert list(LIST) == list(NUMBERS)  # in the order of the standard


@pytest.mark.parametrize("number", NUMBERS)
def test_a_requirement_is_shown_by_tests_that_exist_or_does_not_apply(number):
    entry = LIST[number]
    assert set(entry) <= KEYS
    assert len(entry["about"]) >= 4
    assert ("shown" in entry) != ("not_applicable" in entry)
    if "not_applicable" in entry:
        assert len(entry["not_applicable"]) >= 15
        return
    assert entry["shown"]
    for shown in entry["shown"]:
        path, _, name = shown.partition("::")
        assert (ROOT / path).is_file(), shown
        assert name.startswith("test_"), shown
        assert name in named_in(ROOT / path), shown
