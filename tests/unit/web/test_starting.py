"""A scheduler that ends: started again when it broke, left alone when it was stopped, and the pages stay open."""

from dataclasses import dataclass

import pytest

from app.web.starting import MOST_RESTARTS, SCHEDULER, Running, StartError
from config import load


@dataclass
class Ended:
    """A process that has ended with a code, or runs (None)."""

    returncode: int | None

    def poll(self):
        return self.returncode


@pytest.fixture
def running(tmp_path, monkeypatch):
    """What runs: a web server, and a scheduler that ends with each of `codes`, one start after the other."""
    made = Running(load({"CLEARED_HOME": str(tmp_path)}))
    made.codes = []
    monkeypatch.setattr(Running, "begin", lambda self, name, *_words: self.processes.update({name: Ended(next_code())}))

    def next_code():
        return made.codes.pop(0) if made.codes else None

    made.processes["web server"] = Ended(None)
    return made


def test_a_scheduler_that_breaks_is_started_again_and_it_is_said(running, capsys):
    running.codes = [-9]
    running.begin_scheduler()
    running.refuse_dead()
    assert running.processes[SCHEDULER].poll() is None
    assert "ended by itself (code -9); it is started again" in capsys.readouterr().err


@pytest.mark.parametrize(("code", "words"), [(0, "was stopped"), (2, "Another scheduler works")])
def test_a_scheduler_that_was_stopped_or_is_not_needed_stays_down_and_pages_stay_open(running, capsys, code, words):
    running.codes = [code]
    running.begin_scheduler()
    running.refuse_dead()
    running.refuse_dead()
    assert SCHEDULER not in running.processes
    said = capsys.readouterr().err
    assert said.count(words) == 1
    assert "Pages stay open" in said


def test_one_that_breaks_again_and_again_is_left_down(running, capsys):
    running.codes = [1] * 20
    running.begin_scheduler()
    for _ in range(20):
        running.refuse_dead()
    assert SCHEDULER not in running.processes
    said = capsys.readouterr().err
    assert said.count("it is started again") == MOST_RESTARTS
    assert said.count("broke too often") == 1


def test_a_web_server_that_ends_ends_the_start(running):
    running.processes["web server"] = Ended(3)
    with pytest.raises(StartError, match="web server ended by itself"):
        running.refuse_dead()
