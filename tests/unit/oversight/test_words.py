"""Every action that the program records has words."""

import ast
import re

from app.oversight.views.words import ACTIONS, action_words
from tests.support.source import modules, name_of, tree_of

RECORDERS = {"record", "saw", "_note", "_noted", "_recording", "_closing"}
VERB = re.compile(r"[a-z]+\.[a-z_]+")


def _called(node):
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def recorded():
    """Collect the actions that stand in calls that record, and the constants named verb or action beside them."""
    found = {}
    for path in modules():
        for node in ast.walk(tree_of(path)):
            named = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in ("verb", "action")
            if (isinstance(node, ast.Call) and _called(node) in RECORDERS) or named:
                for part in ast.walk(node):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str) and VERB.fullmatch(part.value):
                        found.setdefault(part.value, name_of(path))
    return found


def test_every_recorded_action_has_words():
    verbs = recorded()
    assert len(verbs) > 120
    assert {verb: where for verb, where in sorted(verbs.items()) if verb not in ACTIONS} == {}


def test_words_are_sentences_of_their_own():
    assert all(words[0].isupper() and not words.endswith(".") for words in ACTIONS.values())
    assert len(set(ACTIONS.values())) == len(ACTIONS)
    assert action_words("later.something_new") == "Something new"
