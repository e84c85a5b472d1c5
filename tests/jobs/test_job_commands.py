"""`scripts/manage jobs`: the list, one job by hand, and the scheduler as a process that ends well."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from app.platform.lock import held
from app.platform.sessions import engine_of, read_url
from app.timetable import JOBS, Job
from app.web import job_commands
from tests.support.source import ROOT


def test_the_list_says_of_each_job_how_often_it_runs_when_it_last_ran_and_what_came_of_it(manage):
    before = {line["name"]: line for line in map(json.loads, manage("jobs", "list", "--json").out.splitlines())}
    assert list(before) == [job.name for job in JOBS]
    assert {line["last"] for line in before.values()} == {"Never"}
    assert manage("jobs", "once", "sweep").out == "sweep: 0 found, 0 done, 0 failed\n"
    assert manage("jobs", "once", "sweep").code == 0
    after = {line["name"]: line for line in map(json.loads, manage("jobs", "list", "--json").out.splitlines())}
    assert after["sweep"]["result"].startswith("Nothing was due, 2 times in a row since ")
    assert after["deliver"]["last"] == "Never"
    plain = manage("jobs", "list").out
    assert len(plain.splitlines()) == len(JOBS)
    assert "Every minute" in plain


def test_a_job_that_breaks_is_named_with_its_incident_and_the_command_fails(manage, monkeypatch):
    def broken(caller):
        """Do nothing. Ever."""
        raise RuntimeError("Ada Lovelace")

    assert manage("database", "prepare").code == 0
    jobs = tuple(Job(job.name, job.every, broken if job.name == "sweep" else job.run) for job in JOBS)
    monkeypatch.setattr(job_commands, "JOBS", jobs)
    ran = manage("jobs", "once", "sweep")
    assert (ran.code, ran.out) == (1, "sweep: 0 found, 0 done, 1 failed\n")
    incident = json.loads(ran.err.splitlines()[0])["incident"]
    listed = {line["name"]: line for line in map(json.loads, manage("jobs", "list", "--json").out.splitlines())}
    assert (listed["sweep"]["result"], listed["sweep"]["bad"]) == (f"Broke. Incident {incident}", True)
    assert "Lovelace" not in ran.err + ran.out


def test_a_job_that_runs_elsewhere_is_not_run_beside_it(manage, new_database_url):
    assert manage("jobs", "once", "sweep").code == 0
    engine = engine_of(read_url(new_database_url))
    with held(engine, "job-sweep") as mine:
        assert mine
        ran = manage("jobs", "once", "sweep")
    engine.dispose()
    assert ran.code == 2
    assert "runs sweep at this moment" in ran.err


def test_a_name_that_is_no_job_is_refused_with_the_names_that_are(manage):
    ran = manage("jobs", "once", "sweeep")
    assert ran.code == 2
    assert "sweep" in ran.err


def begin(tmp_path, url):
    """Start the scheduler as a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "CLEARED_HOME": str(tmp_path / "home"), "DATABASE_URL": url}
    command = [sys.executable, "-P", "-m", "app.web.commandline", "jobs", "run"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(found, seconds=240):
    """Wait until something is so."""
    for _ in range(seconds * 10):
        if found():
            return
        time.sleep(0.1)
    pytest.fail("it did not come about")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_scheduler_runs_every_job_refuses_a_second_one_and_ends_well_when_told(
    manage, new_database_url, tmp_path, number
):
    assert manage("database", "prepare").code == 0
    running = begin(tmp_path, new_database_url)

    def all_ran():
        lines = list(map(json.loads, manage("jobs", "list", "--json").out.splitlines()))
        return all(line["last"] != "Never" and not line["bad"] for line in lines)

    try:
        wait_for(all_ran)
        second = begin(tmp_path, new_database_url)
        out, err = second.communicate(timeout=240)
        assert (second.returncode, out) == (2, "")
        assert "Another scheduler works on this database" in err
    finally:
        running.send_signal(number)
        out, err = running.communicate(timeout=240)
    assert (running.returncode, out) == (0, "")
    assert "Traceback" not in err


def test_the_lock_of_a_scheduler_that_is_killed_dies_with_it(manage, new_database_url, tmp_path, request):
    assert manage("database", "prepare").code == 0
    engine = engine_of(read_url(new_database_url))
    request.addfinalizer(engine.dispose)

    def locked():
        with held(engine, "scheduler") as mine:
            return not mine

    def any_ran():
        lines = map(json.loads, manage("jobs", "list", "--json").out.splitlines())
        return any(line["last"] != "Never" for line in lines)

    running = begin(tmp_path, new_database_url)
    wait_for(any_ran)  # whoever asked for the lock now and then could take it from the scheduler as it starts
    assert locked()
    running.send_signal(signal.SIGKILL)
    running.communicate(timeout=240)
    wait_for(lambda: not locked())
