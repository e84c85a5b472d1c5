"""What is kept of runs of jobs: one row for many empty ones, each that did something, and those that broke."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.gateways.access import gateways_of
from app.gateways.facts import Gateways
from app.gateways.recording import RecordingMail, RecordingSms
from app.platform import store
from app.platform.db import writing
from app.platform.jobs import forget_job_runs
from app.platform.keys import KeyPlace, LiveKeys
from app.platform.lock import held
from app.platform.runs import JobRun, Ran
from app.platform.wall import of_practice, see_whole
from app.practice.store import practice as practices
from app.timetable import Job
from app.web.opening import Installation
from app.web.scheduler import run_job
from config import load
from tests.support import make
from tests.support.web import write_keys

NAME = "example"
SECOND = timedelta(seconds=1)


@pytest.fixture
def installation(engine, tmp_path):
    write_keys(tmp_path / "keys.json")
    live = LiveKeys(KeyPlace(tmp_path / "keys.json"))
    return Installation(load({"CLEARED_HOME": str(tmp_path)}), engine.url, live, engine)


@pytest.fixture
def kept(caller):
    """`kept(run, ...)` records runs and gives all that is kept of them, oldest first."""

    def keep(*runs):
        for run in runs:
            with writing(caller.session):
                store.record_run(caller.session, make.PRACTICE_ID, run)
        return store.latest_runs(caller.session, make.PRACTICE_ID, [NAME]).get(NAME)

    return keep


def a_run(seconds=0, ran=Ran(), incident=None):  # noqa: B008
    began = make.NOW + seconds * SECOND
    return JobRun(NAME, began, began + SECOND, ran, incident)


def test_runs_that_found_nothing_share_a_row_that_says_how_many_they_were(kept):
    last = kept(*(a_run(seconds) for seconds in range(0, 2000, 2)))
    assert last == replace(a_run(), ended_at=a_run(1998).ended_at, times=1000)


def test_a_run_that_did_something_has_a_row_of_its_own(kept):
    done = a_run(4, Ran(found=3, done=2, failed=1))
    assert kept(a_run(0), a_run(2), done) == done
    assert kept(replace(done, began_at=done.began_at + SECOND)).times == 1
    assert kept(a_run(9), a_run(11)).times == 2


def test_a_job_that_breaks_again_and_again_fills_no_database_and_names_its_last_incident(kept, caller):
    last = kept(*(a_run(seconds, Ran(failed=1), f"0000{seconds:04}") for seconds in range(0, 20, 2)), a_run(30))
    assert last.idle
    (broken,) = store.failed_runs(caller.session, make.PRACTICE_ID, 10)
    assert (broken.times, broken.incident, broken.ran) == (10, "00000018", Ran(failed=1))


def test_a_job_has_finished_only_when_it_did_not_break_and_not_in_the_future(kept, caller):
    kept(a_run(0), a_run(10, Ran(failed=1), "00000001"), a_run(100))
    finished = [
        store.last_finished(caller.session, make.PRACTICE_ID, NAME, make.NOW + seconds * SECOND)
        for seconds in (0, 50, 200)
    ]
    assert finished == [None, a_run(0).ended_at, a_run(100).ended_at]
    assert store.last_finished(caller.session, make.OTHER_PRACTICE_ID, NAME, make.NOW + timedelta(days=1)) is None


def test_runs_are_forgotten_after_thirty_days_once(kept, caller):
    kept(a_run(0, Ran(1, 1)), a_run(10))
    later = replace(caller, clock=make.clock(make.NOW + timedelta(days=30, seconds=5)))
    assert [forget_job_runs(later) for _ in range(2)] == [1, 0]
    much_later = replace(caller, clock=make.clock(make.NOW + timedelta(days=365)))
    assert [forget_job_runs(much_later) for _ in range(2)] == [1, 0]


def test_each_run_is_recorded_for_each_practice_and_a_broken_one_with_the_number_that_the_log_holds(
    installation, caller, capsys
):
    def run(practice):
        if practice.practice_id == make.OTHER_PRACTICE_ID:
            raise RuntimeError("Ada Lovelace")
        return Ran(found=4, done=3, failed=1)

    run_job(installation, make.clock(), Job(NAME, SECOND, run))
    assert store.latest_runs(caller.session, make.PRACTICE_ID, [NAME])[NAME].ran == Ran(4, 3, 1)
    broken = store.latest_runs(of_practice(caller.session, make.OTHER_PRACTICE_ID), make.OTHER_PRACTICE_ID, [NAME])[
        NAME
    ]
    assert broken.ran == Ran(failed=1)
    logged = capsys.readouterr()
    assert broken.incident in logged.err + logged.out


def test_a_sample_practice_has_no_way_out_whatever_the_settings_say(installation, caller):
    real = Gateways(RecordingSms(), RecordingMail(), "https://cleared.practice.example")
    practices.save_practice(caller.session, make.PRACTICE_ID, replace(make.practice(), sample=True))
    caller.session.commit()
    seen = {}

    def look(practice):
        seen[practice.practice_id] = gateways_of(practice.session)
        return 0

    run_job(replace(installation, gateways=real), make.clock(), Job(NAME, SECOND, look))
    assert seen == {make.OTHER_PRACTICE_ID: real, make.PRACTICE_ID: Gateways(None, None, real.base_url)}


def test_a_job_never_runs_twice_at_one_time(installation, caller):
    with held(installation.engine, f"job-{NAME}") as mine:
        assert mine
        assert run_job(installation, make.clock(), Job(NAME, SECOND, lambda _: 1)) is None
    assert run_job(installation, make.clock(), Job(NAME, SECOND, lambda _: 1)) == Ran(2, 2)


def test_a_job_ends_well_where_its_run_cannot_be_recorded(installation, caller, capsys):
    with installation.engine.begin() as connection:
        see_whole(connection)
        connection.execute(text("DROP TABLE job_run"))
    assert run_job(installation, make.clock(), Job(NAME, SECOND, lambda _: 1)) == Ran(2, 2)
    logged = capsys.readouterr()
    assert "run not recorded" in logged.err + logged.out
