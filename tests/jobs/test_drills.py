"""A small run of each drill, on both databases; and each bad design that is planted is caught by it."""

import json
import os
import subprocess
import sys

import pytest

from config import ROOT


def run(name, *words):
    """Run a drill in a process of its own. Returns its exit code and what it printed."""
    command = [sys.executable, "-P", "-m", "tests.drills.commandline", name, *words]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=400, check=False)
    lines = done.stdout.splitlines()
    assert len(lines) == 1, f"{done.stdout}\n{done.stderr}"
    return done.returncode, json.loads(lines[0])


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_whoever_is_killed_each_text_goes_out_once(kind):
    code, answer = run("kill-sender", "--kills", "6", "--seed", "1", "--db", kind)
    assert (code, answer["passed"], answer["kills"]) == (0, True, 6)
    assert (answer["lost"], answer["duplicates"], answer["stuck"]) == (0, 0, 0)
    assert answer["accepted"] > 0 and answer["faults"] > 0 and answer["callbacks"] > 0


@pytest.mark.parametrize(("plant", "fault"), [("check-send-mark", "duplicates"), ("mark-then-send", "lost")])
def test_a_design_that_marks_before_or_after_is_caught(plant, fault):
    code, answer = run("kill-sender", "--kills", "6", "--causes", "12", "--seed", "1", "--plant", plant)
    assert (code, answer["passed"]) == (1, False)
    assert answer[fault] > 0


def test_whatever_providers_do_nothing_is_lost_and_a_refusal_is_tried_once():
    code, answer = run("faults", "--seed", "1", "--no-pairs")
    assert (code, answer["passed"]) == (0, True), answer


def test_a_design_that_tries_everything_again_is_caught():
    code, answer = run("faults", "--seed", "1", "--no-pairs", "--plant", "retry-everything")
    assert (code, answer["passed"]) == (1, False)
    assert answer["tried_again_after_a_refusal"] > 0
