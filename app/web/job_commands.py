"""Commands of what runs by itself: the scheduler, one job by hand, and the list of jobs."""

from dataclasses import asdict
from zoneinfo import ZoneInfo

import click

from app.platform import store as runs
from app.platform.caller import Caller
from app.platform.clock import SystemClock
from app.platform.commandline import print_json, refuse, with_caller
from app.platform.logs import set_up_logs
from app.practice import store
from app.timetable import JOBS
from app.web.job_words import When, job_lines
from app.web.opener import LazyOpener
from app.web.scheduler import run_job, run_scheduler

NAMES = tuple(job.name for job in JOBS)


@click.group()
def jobs() -> None:
    """Run what is due by itself."""


@jobs.command("run")
@click.pass_obj
def run_jobs(opener: LazyOpener) -> None:
    """Run the timetable until it is stopped; one process at a time works on a database. Jobs under way are finished."""
    set_up_logs()
    if not run_scheduler(opener.installation(), SystemClock()):
        refuse("Another scheduler works on this database. Stop it first, or leave it to do the work.")


@jobs.command("once")
@click.argument("name", type=click.Choice(NAMES), metavar="NAME")
@click.pass_obj
def run_once(opener: LazyOpener, name: str) -> None:
    """Run the job NAME now, then end. Safe at any time: each job works from what is on file."""
    set_up_logs()
    ran = run_job(opener.installation(), SystemClock(), next(job for job in JOBS if job.name == name))
    if ran is None:
        refuse(f"The scheduler runs {name} at this moment. Nothing was done twice; try again when it has ended.")
    click.echo(f"{name}: {ran.found} found, {ran.done} done, {ran.failed} failed")
    if ran.failed:
        click.get_current_context().exit(1)


@jobs.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@with_caller
def list_jobs(caller: Caller, as_json: bool) -> None:
    """List the jobs: how often each runs, when it last ran, what came of it, and when it runs next."""
    practice = store.practice_of(caller.session, caller.practice_id)
    latest = runs.latest_runs(caller.session, caller.practice_id, NAMES)
    lines = job_lines(latest, When(caller.clock.now(), ZoneInfo(practice.zone)))
    for line in lines:
        if as_json:
            print_json(asdict(line))
        else:
            row = f"{line.name:<24}{line.cadence:<18}last: {line.last}  next: {line.next}  {line.result}"
            click.echo(row.rstrip())
