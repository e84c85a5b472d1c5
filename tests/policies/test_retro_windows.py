"""How long after a service a payer still takes a request or a notice: what the researched facts say of it.

No fact names such a length. Each place where the facts speak of notification, emergencies or retrospective review is
listed here with what it says instead; a fact that says more fails, and is to become `retro_within` of its rule.
"""

import re
from pathlib import Path

import pytest

from app.policies.files.directory import policies_of
from tests.support.rule_files import rule_files

FACTS = Path(__file__).parents[2].parent / "shared" / "payer_facts"
SPOKEN = re.compile(
    r"retro|notif|emergen|urgent|post[- ]?service|after (the )?(service|procedure|date of service|DOS|treatment)", re.I
)
SAID = {
    "humana": "a list on which notification is asked for and never decided; no time is named",
    "unitedhealthcare": "names of forms and of a portal; emergencies need no approval; no time is named",
    "independence": "the address of a page",
    "medicare_modifiers": "a notice of non-coverage is not given in an emergency",
    "process_rules": "Medicaid gives a supply for 72 hours in an emergency: how much, not until when to ask",
}
"""By file of facts what its words on the matter say."""
LENGTH = re.compile(
    r"(retro|notif|emergen|after (the )?(service|procedure|treatment))[^\n]{0,60}\b\d+[ -]?(hour|day|business)", re.I
)
SUPPLY = "72-hour emergency supply"


@pytest.mark.shared
def test_no_fact_names_a_window_after_the_service():
    if not FACTS.exists():
        pytest.skip("the researched facts are not beside the project; nothing was compared")
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FACTS.glob("*.yaml"))}
    assert {name for name, text in texts.items() if SPOKEN.search(text)} == set(SAID)
    assert [name for name, text in texts.items() if LENGTH.search(text.replace(SUPPLY, ""))] == []


def test_no_shipped_rule_states_a_window_that_no_fact_gives():
    policies = policies_of(rule_files())
    rules = [rule for payer in policies.payers.values() for topic in payer.topics.values() for rule in topic.rules]
    assert len(rules) > 250
    assert [rule.id for rule in rules if rule.retro_within is not None] == []
