"""The scheduler process: runs the jobs of the timetable, one process at a time for a database."""

import logging
import signal
import threading
from datetime import UTC
from threading import Event
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.exc import SQLAlchemyError

from app.platform import store as runs
from app.platform.caller import Caller
from app.platform.clock import Clock
from app.platform.db import writing
from app.platform.incidents import describe, new_incident
from app.platform.lock import held
from app.platform.logs import log, set_up_logs
from app.platform.runs import JobRun, Ran, ran_of
from app.practice.facts.practice import Practice
from app.practice.store import practice as store
from app.timetable import JOBS, Job
from app.web.opening import Installation

LATE = 3600  # seconds after which a turn that was missed is left to the next one
ENDINGS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def run_job(installation: Installation, clock: Clock, job: Job) -> Ran | None:
    """Run one job once for every practice, each with its own session. One failure never stops the rest.

    Returns   what it came to for all of them; None when another process runs this very job now.
    """
    with held(installation.engine, f"job-{job.name}") as mine:
        if not mine:
            return None
        with installation.session() as session:
            practices = store.all_practices(session)
        total = Ran()
        for practice in practices:
            total += _run_for(installation, clock, job, practice)
    if total != Ran():
        log().info("job ran", job=job.name, count=total.done)
    return total


def _run_for(installation: Installation, clock: Clock, job: Job, practice: Practice) -> Ran:
    """Run a job for one practice, and record the run."""
    began, ran, incident = clock.now(), Ran(), None
    try:
        with installation.session_of(practice) as session:
            ran = ran_of(job.run(Caller(session, practice.id, clock, via=f"job:{job.name}")))
    except Exception as error:
        incident = new_incident()
        log().error("job broke", job=job.name, incident=incident, what=describe(error))
        ran = Ran(failed=1)
    run = JobRun(job.name, began, clock.now(), ran, incident)
    try:
        with installation.session_of(practice) as session, writing(session):
            runs.record_run(session, practice.id, run)
    except (
        SQLAlchemyError
    ) as error:  # a record that cannot be written stops no job; the watchdog sees that it is missing
        log().error("run not recorded", job=job.name, incident=new_incident(), what=describe(error))
    return ran


def _take_turn(installation: Installation, clock: Clock, job: Job) -> None:
    """Run a job at its turn; what breaks outside of the job itself is logged, and the next turn comes."""
    try:
        run_job(installation, clock, job)
    except Exception as error:
        log().error("turn broke", job=job.name, incident=new_incident(), what=describe(error))


def run_scheduler(installation: Installation, clock: Clock, stopped: Event | None = None) -> bool:
    """Run the timetable until the process is told to end, or `stopped` is set; jobs under way are finished first.

    Returns   False at once when another scheduler has this database.
    """
    set_up_logs()
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a long job skips its next turns: that is no news
    stopped = stopped or _told_to_end()
    with held(installation.engine, "scheduler") as mine:
        if not mine:
            return False
        scheduler = _scheduler(installation, clock)
        scheduler.start()
        stopped.wait()
        scheduler.shutdown(wait=True)
    return True


def _scheduler(installation: Installation, clock: Clock) -> BackgroundScheduler:
    """Put the timetable into a scheduler: UTC intervals, held in memory, each job once at a time."""
    scheduler = BackgroundScheduler(timezone=UTC)
    for job in JOBS:
        scheduler.add_job(
            _take_turn,
            IntervalTrigger(seconds=int(job.every.total_seconds()), timezone=UTC),
            args=(installation, clock, job),
            id=job.name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=LATE,
            next_run_time=clock.now(),
        )
    return scheduler


def _told_to_end() -> Event:
    """An event that is set when the process is told to end."""
    stopped = Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    if threading.current_thread() is threading.main_thread():
        for number in ENDINGS:
            signal.signal(number, stop)
    return stopped
