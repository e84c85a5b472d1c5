"""Browser tests wait for what they need: none goes by a title while scripts load, none sleeps, none is in a hurry."""

import ast

import pytest

from tests.support.browsers import PATIENCE
from tests.support.source import ROOT, tree_of

FORBIDDEN = {
    "to_have_title": "arrived(page, title)",
    "to_have_url": "arrived(page, at=address)",
    "sleep": "expect(...)",
    "wait_for_timeout": "expect(...)",
    "wait_for_navigation": "arrived(page, title)",
}
"""What a browser test does not call, and what it calls instead."""
IN_SECONDS = ("communicate", "wait", "post")
"""Calls that are no browser's: httpx gives up after five seconds where nothing is said."""
HELPERS = [ROOT / "tests/support/walking.py"]


def hurries(tree: ast.AST) -> list[str]:
    """List the calls of a module that race: by line, with what to call instead."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in FORBIDDEN:
            found.append(f"line {node.lineno}: {name}; call {FORBIDDEN[name]}")
        if name == "post" and not any(one.arg in ("timeout", "form") for one in node.keywords):
            found.append(f"line {node.lineno}: post gives up soon; say timeout=60")
        limits = [one.value for one in node.keywords if one.arg == "timeout" and name not in IN_SECONDS]
        if any(not isinstance(one, ast.Constant) or one.value < PATIENCE for one in limits):
            found.append(f"line {node.lineno}: {name} waits no longer than it must; leave its timeout out")
    return found


@pytest.mark.parametrize("path", [*sorted((ROOT / "tests/browser").glob("*.py")), *HELPERS], ids=lambda path: path.stem)
def test_no_browser_test_races_its_page(path):
    assert hurries(tree_of(path)) == []


@pytest.mark.parametrize(
    "line",
    [
        "expect(page).to_have_title('Today')",
        "expect(page).to_have_url('/today')",
        "time.sleep(1)",
        "page.wait_for_timeout(100)",
        "expect(row).to_be_visible(timeout=5_000)",
        "expect(row).to_be_visible(timeout=SLOW)",
        "httpx.post(address)",
    ],
)
def test_a_race_is_found(line):
    assert len(hurries(ast.parse(line))) == 1


def test_what_waits_is_left_in_peace():
    assert hurries(ast.parse("arrived(page, 'Today'); expect(row).to_be_visible(); one.communicate(timeout=60)")) == []
