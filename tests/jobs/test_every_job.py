"""Every job on a practice that has work for it: late, twice, and after a crash at its first commit it ends the same."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.backups.access import Keeping, keep_backups
from app.backups.facts.records import Keep
from app.platform.runs import Ran, ran_of
from app.practice.store import practice as practices
from app.timetable import JOBS
from app.web.restoring import make_tables
from app.web.sample.tour import STORIES
from app.web.sampling import fill_sample
from app.web.wiring import wire
from tests.support import make

LATE = timedelta(days=2)


class CrashedError(Exception):
    """The process died before its commit."""


@pytest.fixture
def sample(caller, monkeypatch, tmp_path):
    """A sample practice, two days after it was filled, whose scheduler was down meanwhile."""
    monkeypatch.setattr("app.web.sample.building.PEOPLE", len(STORIES))
    wire()
    made = replace(make.practice(), sample=True)
    practices.save_practice(caller.session, make.PRACTICE_ID, made)
    caller.session.commit()
    assert fill_sample(caller)
    keep_backups(caller.session, Keeping(tmp_path / "backups", Keep(), tmp_path, make_tables))
    return replace(caller, clock=make.clock(make.NOW + LATE), via="job")


def run(caller, job):
    """Run a job in the caller's practice, as the scheduler does."""
    ran = ran_of(job.run(caller))
    caller.session.rollback()
    return ran


def crash(session):
    """Break off before the next commit."""

    def die(_session):
        raise CrashedError

    event.listen(session, "before_commit", die, once=True)


def test_every_job_that_runs_late_has_nothing_left_to_do_the_second_time(sample):
    late = {job.name: run(sample, job) for job in JOBS}
    assert late["sweep"].done and late["rejudge-past-last-day"].done
    assert late["keep-backups"].done and late["try-backups"].done
    # A renewal that was opened is a fact like those that people write: its patient is looked at once more.
    again = {job.name: run(sample, job) for job in JOBS if late["open-renewals"].done}
    assert {name for name, ran in again.items() if ran != Ran()} <= {"keep-watch", "sweep"}
    assert {job.name: run(sample, job) for job in JOBS} == {job.name: Ran() for job in JOBS}


@pytest.mark.parametrize("name", ["rejudge-past-last-day", "keep-watch", "sweep"])
def test_a_job_that_dies_before_its_first_commit_ends_as_if_it_had_not(sample, name):
    job = next(job for job in JOBS if job.name == name)
    for before in JOBS[: JOBS.index(job)]:
        run(sample, before)
    crash(sample.session)
    with pytest.raises(CrashedError):
        run(sample, job)
    sample.session.close()
    session = Session(sample.session.get_bind(), info=dict(sample.session.info))
    after = replace(sample, session=session)
    assert run(after, job).done
    assert run(after, job) == Ran()
    session.close()
