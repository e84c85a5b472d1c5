"""Files that people may write by mistake, one fault each: refused with file, line, key and remedy.

The first line of each file in `broken/` says in whose place it stands in a directory that is else good, and the line,
the key and words of the fault that must be told.
"""

import re
from pathlib import Path

import pytest

from app.policies.facts.faults import PolicyFilesError
from app.policies.files.directory import policies_of
from tests.support.rule_files import rule_files

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))
HEAD = re.compile(r"# In the place of (?P<file>\S+)\. Refused: (?P<line>\d+), (?P<key>\S+): (?P<says>.+)")
PAYER = b"""schema: payer/1
payer: {id: demo, name: Demo Health, kind: commercial}
read_on: 2026-01-05
products:
  med: {name: Commercial medical, line: commercial, benefit: medical, states: [CA]}
"""
TOPIC = b"""schema: rules/1
payer: demo
read_on: 2026-01-05
sources:
  list: {title: Prior authorization list, url: "https://payer.example/list", kind: primary, published: 2026-01-01}
rules:
  - id: light
    product: med
    service: phototherapy
    summary: Light therapy in the office
    approval: required
    coverage: criteria
    from: 2026-01-01
    confidence: seen
    source: list
    codes: ["96910", "96912"]
"""
GOOD = {
    "demo/payer.yaml": PAYER,
    "demo/light.yaml": TOPIC,
    "other/payer.yaml": PAYER.replace(b"id: demo, name: Demo", b"id: other, name: Other"),
    **{name: rule_files()[name] for name in ("_grid/services.yaml", "_grid/scores.yaml")},
}


def place_of(path: Path) -> str:
    """The file in whose place a broken one stands."""
    told = HEAD.match(path.read_text(encoding="utf-8"))
    assert told is not None, f"the first line of {path.name} says what must be told"
    return told["file"]


def test_the_directory_is_good_without_them() -> None:
    assert set(policies_of(GOOD).payers) == {"demo", "other"}
    assert len(BROKEN) >= 60


@pytest.mark.parametrize("path", BROKEN, ids=[path.stem for path in BROKEN])
def test_a_broken_file_is_refused_with_line_key_and_remedy(path: Path) -> None:
    content = path.read_bytes()
    told = HEAD.fullmatch(content.decode().splitlines()[0])
    assert told is not None, "the first line says what must be told"

    with pytest.raises(PolicyFilesError) as refused:
        policies_of(GOOD | {told["file"]: content})

    key = told["key"].removeprefix("-")
    faults = [
        fault
        for fault in refused.value.faults
        if (fault.file, fault.line, fault.key) == (told["file"], int(told["line"]), key)
        and told["says"].lower() in fault.found.lower() + fault.remedy.lower()
    ]
    assert faults, [str(fault) for fault in refused.value.faults]
    assert all(fault.remedy and not fault.remedy.endswith(".") for fault in faults)
    assert {fault.file for fault in refused.value.faults} == {told["file"]}, "a good file is blamed too"
