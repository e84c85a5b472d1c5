"""Scripts of one page share their outermost names: one that is given twice stops the script that comes later."""

import re
from collections import Counter

from tests.support.source import ROOT

NAMED = re.compile(r"^(?:const|let|var|class|(?:async )?function)\s+(\w+)", re.MULTILINE)


def test_no_two_scripts_give_the_same_name():
    scripts = sorted((ROOT / "app/static/js").glob("*.js"))
    assert len(scripts) > 5
    given = Counter(name for path in scripts for name in set(NAMED.findall(path.read_text("utf-8"))))
    assert [name for name, count in given.items() if count > 1] == []


def test_an_outermost_name_is_seen_and_an_inner_one_is_not():
    assert NAMED.findall("const told = 1;\n  const inner = 2;\nasync function go() {}") == ["told", "go"]
