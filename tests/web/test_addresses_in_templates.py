"""Every address that a template leads to exists: a link that leads nowhere is left out of its page without a word."""

import re
from pathlib import Path

from tests.support.whole import whole_program

NAMED = re.compile(r"""(?:\blink|\burl_for)\(\s*["']([a-z_]+(?:\.[a-z_]+)?)["']""")
TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"


def named_in(text: str) -> set[str]:
    """The endpoints that a template names."""
    return set(NAMED.findall(text))


def test_every_endpoint_that_a_template_names_exists(tmp_path):
    named = {
        (str(path.relative_to(TEMPLATES)), endpoint)
        for path in TEMPLATES.rglob("*.html")
        for endpoint in named_in(path.read_text())
        if not endpoint.startswith(".")
    }
    assert len(named) > 100
    with whole_program(tmp_path) as whole:
        known = set(whole.app.view_functions)
    assert {(path, endpoint) for path, endpoint in named if endpoint not in known} == set()


def test_the_reader_sees_both_ways_of_naming():
    assert named_in("""{{ url_for('a_pages.b', x=1) }} {{ link("c.d") }} {{ url_for(".near") }}""") == {
        "a_pages.b",
        "c.d",
    }
