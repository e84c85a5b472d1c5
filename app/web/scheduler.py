"""The scheduler process: runs the jobs of the timetable, one process at a time for a database."""

import logging
from datetime import UTC

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.interval import IntervalTrigger

from app.platform.caller import Caller
from app.platform.clock import Clock
from app.platform.incidents import describe, new_incident
from app.platform.lock import held
from app.platform.logs import log, set_up_logs
from app.practice import store
from app.timetable import JOBS, Job
from app.web.opening import Installation


def run_job(installation: Installation, clock: Clock, job: Job) -> int:
    """Run one job once for every practice, each with its own session. One failure never stops the rest."""
    with installation.session() as session:
        practices = store.all_practices(session)
    done = 0
    for practice in practices:
        try:
            with installation.session() as session:
                done += job.run(Caller(session, practice.id, clock, via="job"))
        except Exception as error:
            log().error("job broke", job=job.name, incident=new_incident(), what=describe(error))
    if done:
        log().info("job ran", job=job.name, count=done)
    return done


def run_scheduler(installation: Installation, clock: Clock) -> bool:
    """Run the timetable until the process ends. Returns False at once when another scheduler has this database."""
    set_up_logs()
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a long job skips its next turns: that is no news
    with held(installation.engine, "scheduler") as mine:
        if not mine:
            return False
        scheduler = BlockingScheduler(timezone=UTC)
        for job in JOBS:
            scheduler.add_job(
                run_job,
                IntervalTrigger(seconds=int(job.every.total_seconds()), timezone=UTC),
                args=(installation, clock, job),
                id=job.name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=3600,
                next_run_time=clock.now(),
            )
        try:
            scheduler.start()
        except (KeyboardInterrupt, SystemExit):
            scheduler.shutdown(wait=False)
    return True
