"""Runs Bandit over the program, and says which of its findings have a reason. `scripts/analyze` runs this by itself."""

import json
import subprocess
import sys
from collections import Counter

from config import ROOT

LIST_OF_NAMES = "what is put into the statement are names of our own tables and columns; values are bound"
REASONS = {
    ("app/alerts/store/rapid.py", "B608"): (3, LIST_OF_NAMES),
    ("app/alerts/store/watch.py", "B608"): (1, LIST_OF_NAMES),
    ("app/audit/store.py", "B608"): (1, LIST_OF_NAMES),
    ("app/backups/files/tables.py", "B608"): (3, LIST_OF_NAMES),
    ("app/clearance/store/verdicts.py", "B608"): (2, LIST_OF_NAMES),
    ("app/platform/wall.py", "B608"): (1, LIST_OF_NAMES),
    ("app/exports/views/packed.py", "B704"): (
        1,
        "a style sheet of our own is put into a file that must hold all of it",
    ),
    ("app/web/starting.py", "B310"): (1, "the start asks the web server that it has just started, on this machine"),
}
"""Findings of severity medium or high that stay: file and test, how many, and why."""


def found() -> Counter[tuple[str, str]]:
    """Count Bandit's findings of severity medium and high, by file and test."""
    words = [sys.executable, "-m", "bandit", "-q", "-ll", "-r", "-f", "json", "app", "config.py"]
    ran = subprocess.run(words, cwd=ROOT, capture_output=True, check=False, timeout=300)
    answer = json.loads(ran.stdout)
    assert not answer["errors"], answer["errors"]
    return Counter((one["filename"], one["test_id"]) for one in answer["results"])


def differences() -> list[str]:
    """Say where Bandit finds other than what has a reason."""
    there, known = found(), {where: count for where, (count, _) in REASONS.items()}
    return [
        f"{file}: {test}: {there[file, test]} found, {known.get((file, test), 0)} with a reason"
        for file, test in sorted(there.keys() | known.keys())
        if there[file, test] != known.get((file, test), 0)
    ]


if __name__ == "__main__":
    wrong = differences()
    print("\n".join(wrong) or "Every finding of severity medium or high has a reason.")
    sys.exit(bool(wrong))
