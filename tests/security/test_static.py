"""Static analysis: Bandit finds nothing without a reason, and each rule of ours for Semgrep finds its planted file."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from app.policies.files.yaml_text import read_yaml
from config import ROOT
from tests.security import static

RULES = ROOT / "tests/security/semgrep"
PLANTED = RULES / "planted"
SEMGREP = ROOT / ".local/tools/semgrep/bin/semgrep"
here = pytest.mark.skipif(
    not (SEMGREP.parent.parent / "stamp").exists(),
    reason="Semgrep is not here: the package index could not give it when scripts/analyze ran",
)


def ids() -> list[str]:
    """The ids of our rules."""
    return [
        str(rule["id"])
        for file in sorted(RULES.glob("*.yaml"))
        for rule in read_yaml(file.name, file.read_bytes()).value["rules"]
    ]


def scan(folder: Path, *places: str) -> set[tuple[str, str, int]]:
    """Run our rules. Returns the rule, file and line of each finding."""
    words = ["scan", "--json", "--quiet", "--metrics", "off", "--disable-version-check", "--oss-only"]
    quiet = {"SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0"}
    path = f"{SEMGREP.parent}:{os.environ['PATH']}"
    ran = subprocess.run(
        [str(SEMGREP), *words, "--no-git-ignore", "--config", str(RULES), *places],
        cwd=folder,
        env={**os.environ, **quiet, "PATH": path, "HOME": str(SEMGREP.parent.parent)},
        capture_output=True,
        check=False,
        timeout=300,
    )
    answer = json.loads(ran.stdout)
    assert not [error for error in answer["errors"] if error["level"] == "error"], answer["errors"]
    return {
        (one["check_id"].rsplit(".", 1)[-1], one["path"], line)
        for one in answer["results"]
        for line in [one["start"]["line"]]
    }


def test_bandit_finds_nothing_of_weight_without_a_reason():
    assert static.differences() == []


def test_every_rule_has_its_planted_file():
    assert sorted(ids()) == sorted(file.stem for file in PLANTED.glob("*.txt"))
    assert len(ids()) == len(set(ids())) >= 20


@here
def test_every_rule_finds_what_is_planted_for_it_and_nothing_else_there(tmp_path):
    wanted = set()
    for file in PLANTED.glob("*.txt"):
        text = file.read_text(encoding="utf-8")
        place = text.splitlines()[0].split("path: ")[1].split()[0]
        folder, name = place.rsplit("/", 1)
        apart = f"{folder}_{file.stem.replace('-', '_')}".replace("app_", "app/").replace("templates_", "templates/")
        target = tmp_path / apart / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        wanted |= {
            (file.stem, str(target.relative_to(tmp_path)), number)
            for number, line in enumerate(text.splitlines(), 1)
            if line.rstrip().endswith(("# bad", "{# bad #}"))
        }
    found = scan(tmp_path, ".")
    mine = {one for one in found if one[0].replace("-", "_") in one[1]}
    assert mine == wanted


@here
def test_the_program_breaks_none_of_our_rules():
    assert scan(ROOT, "app", "config.py", "templates") == set()
