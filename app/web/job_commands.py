"""Commands of what runs by itself: the scheduler, one job by hand, and the list of jobs."""

from dataclasses import asdict
from zoneinfo import ZoneInfo

import click

from app.platform import store as runs
from app.platform.clock import SystemClock
from app.platform.commandline import print_json, refuse
from app.platform.logs import set_up_logs
from app.practice.store import practice as store
from app.timetable import JOBS
from app.web.job_words import When, job_lines
from app.web.opener import LazyOpener
from app.web.scheduler import run_job, run_scheduler

NAMES = tuple(job.name for job in JOBS)
of_sample = click.option("--sample", is_flag=True, help="Work on the sample practice's database.")


@click.group()
def jobs() -> None:
    """Run what is due by itself."""


def _opened(opener: LazyOpener, sample: bool) -> LazyOpener:
    return opener.for_sample() if sample else opener


@jobs.command("run")
@of_sample
@click.pass_obj
def run_jobs(opener: LazyOpener, sample: bool) -> None:
    """Run the timetable until it is stopped; one process at a time works on a database. Jobs under way are finished."""
    set_up_logs()
    if not run_scheduler(_opened(opener, sample).installation(), SystemClock()):
        refuse("Another scheduler works on this database. Stop it first, or leave it to do the work.")


@jobs.command("once")
@click.argument("name", type=click.Choice(NAMES), metavar="NAME")
@of_sample
@click.pass_obj
def run_once(opener: LazyOpener, name: str, sample: bool) -> None:
    """Run the job NAME now, then end. Safe at any time: each job works from what is on file."""
    set_up_logs()
    job = next(job for job in JOBS if job.name == name)
    ran = run_job(_opened(opener, sample).installation(), SystemClock(), job)
    if ran is None:
        refuse(f"The scheduler runs {name} at this moment. Nothing was done twice; try again when it has ended.")
    click.echo(f"{name}: {ran.found} found, {ran.done} done, {ran.failed} failed")
    if ran.failed:
        click.get_current_context().exit(1)


@jobs.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@of_sample
@click.pass_obj
def list_jobs(opener: LazyOpener, as_json: bool, sample: bool) -> None:
    """List the jobs: how often each runs, when it last ran, what came of it, and when it runs next."""
    caller = _opened(opener, sample).caller(sample=sample)
    practice = store.practice_of(caller.session, caller.practice_id)
    latest = runs.latest_runs(caller.session, caller.practice_id, NAMES)
    lines = job_lines(latest, When(caller.clock.now(), ZoneInfo(practice.zone)))
    for line in lines:
        if as_json:
            print_json(asdict(line))
        else:
            row = f"{line.name:<24}{line.cadence:<18}last: {line.last}  next: {line.next}  {line.result}"
            click.echo(row.rstrip())
