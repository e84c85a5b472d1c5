"""Situations: a visit in, the answer out, for every rule of every payer: its yes, its no, what it leaves open.

A file `tests/policies/<payer>/<topic>.yaml` is a list; what may stand in it is told in CONTRIBUTING.md and held by
`app/policies/facts/situations.py`. Rules are written without the payer: `mohs#lcd.mohs`. `why` is for the reader.
`scripts/manage policies situations payer_policies tests/policies` runs the same, for who writes rules.
"""

from pathlib import Path

import pytest

from app.policies.facts.situations import Situation
from app.policies.files.directory import files_of, hash_of, policies_of
from app.policies.files.situations import situations_of
from app.policies.rules.compiling import answering_rules, compile_book
from app.policies.rules.situations import differences_from, gaps_in
from tests.support.rule_files import rule_files

POLICIES = policies_of(rule_files())
BOOK = compile_book(POLICIES, hash_of(rule_files()))
SITUATIONS = situations_of(files_of(Path(__file__).parent))


@pytest.mark.parametrize("situation", SITUATIONS, ids=[one.where for one in SITUATIONS])
def test_the_rules_answer_as_the_situation_expects(situation: Situation) -> None:
    assert differences_from(BOOK, situation) == ()


@pytest.mark.parametrize("payer", sorted(POLICIES.payers))
def test_situations_show_every_rule_of_the_payer(payer: str) -> None:
    own = tuple(gap for gap in gaps_in(POLICIES, SITUATIONS) if gap.startswith(f"{payer}/"))
    assert own == ()


def test_there_is_something_to_show() -> None:
    assert len(SITUATIONS) > 2 * len(list(answering_rules(POLICIES)))
