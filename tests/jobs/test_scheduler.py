"""Jobs: for every practice, twice, late, and whatever breaks; one scheduler a database."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.platform.caller import Caller
from app.platform.keys import KeyPlace, LiveKeys
from app.platform.lock import held
from app.platform.runs import Ran
from app.practice import jobs
from app.practice.actions import signing_in
from app.practice.actions import staff as staffing
from app.practice.facts.staff import Role
from app.practice.store import sessions as sessions_on_file
from app.practice.store import staff as staff_store
from app.timetable import JOBS, Job
from app.web.opening import Installation
from app.web.scheduler import run_job, run_scheduler
from config import load
from tests.support import make
from tests.support.web import write_keys


@pytest.fixture
def installation(engine, tmp_path):
    """An installation on a fresh database with two practices."""
    write_keys(tmp_path / "keys.json")
    live = LiveKeys(KeyPlace(tmp_path / "keys.json"))
    return Installation(load({"CLEARED_HOME": str(tmp_path)}), engine.url, live, engine)


def test_ended_sessions_are_forgotten_once_and_live_ones_stay(caller):
    staffing.add_staff(caller, "kim@example.test", "Kim", frozenset({Role.BILLER}))
    staff = staff_store.sign_in_state(caller.session, "kim@example.test").staff
    old = signing_in.begin_session(caller, staff.id)
    later = replace(caller, clock=make.clock(make.NOW + timedelta(hours=12, minutes=15)))
    live = signing_in.begin_session(later, staff.id)
    assert [jobs.forget_ended_sessions(later) for _ in range(2)] == [1, 0]
    assert sessions_on_file.signed_in(caller.session, old) is None
    assert sessions_on_file.signed_in(caller.session, live) is not None
    much_later = replace(caller, clock=make.clock(make.NOW + timedelta(days=365)))
    assert jobs.forget_ended_sessions(much_later) == 1


def test_a_job_runs_for_every_practice_and_one_failure_stops_no_other(installation, capsys):
    seen = []

    def run(caller: Caller) -> int:
        seen.append(caller.practice_id)
        if caller.practice_id == make.PRACTICE_ID:
            raise RuntimeError("Ada Lovelace")
        return 1

    ran = run_job(installation, make.clock(), Job("one", timedelta(minutes=1), run))
    assert ran == Ran(found=1, done=1, failed=1)
    assert sorted(seen) == [make.PRACTICE_ID, make.OTHER_PRACTICE_ID]
    logged = capsys.readouterr()
    assert "RuntimeError" in logged.err + logged.out
    assert "Lovelace" not in logged.err + logged.out


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_every_job_does_nothing_twice_in_an_empty_practice(installation, job):
    first, second = (run_job(installation, make.clock(), job) for _ in range(2))
    assert second == Ran()
    if job.name == "keep-backups":  # an empty practice is backed up too, once a day
        assert first.found == first.done > 0
    else:
        assert first == Ran()


def test_a_second_scheduler_on_one_database_ends_at_once(installation):
    with held(installation.engine, "scheduler") as mine:
        assert mine
        assert run_scheduler(installation, make.clock()) is False
