"""The jobs in words: what each does, how often, when it last ran, what came of it, and when it runs again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from inspect import getdoc
from zoneinfo import ZoneInfo

from app.platform.runs import Alarm, JobRun
from app.timetable import JOBS, Job
from app.values.wording import counted, near_time

NEVER, WAITS = "Never", "When the scheduler runs"
QUIET = timedelta(minutes=2)
"""The shortest cadences are seconds: when no job at all has run for so long, there is no scheduler."""


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job as a page and the command line show it. `bad`: its last run broke, or failed for some."""

    name: str
    purpose: str
    cadence: str
    last: str
    next: str
    result: str
    bad: bool
    incident: str | None = None


@dataclass(frozen=True, slots=True)
class FailedRun:
    """One run in which something broke or failed."""

    name: str
    when: str
    result: str


@dataclass(frozen=True, slots=True)
class When:
    """Now, and the zone in which times are told."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The day that it is in the zone."""
        return self.now.astimezone(self.zone).date()

    def say(self, instant: datetime) -> str:
        """Write an instant."""
        return near_time(instant.astimezone(self.zone), self.today)


def job_lines(latest: Mapping[str, JobRun], when: When) -> list[JobLine]:
    """Put every job of the timetable into words, with its last run where it ever ran."""
    running = runs_now(latest, when)
    return [_line(job, latest.get(job.name), when, running) for job in JOBS]


def failed_lines(failed: Iterable[JobRun], when: When) -> list[FailedRun]:
    """Put runs in which something broke or failed into words."""
    return [FailedRun(run.name, when.say(run.ended_at), result(run, when)) for run in failed]


def runs_now(latest: Mapping[str, JobRun], when: When) -> bool:
    """Say whether a scheduler works: some job ended within the last two minutes."""
    return any(when.now - run.ended_at < QUIET for run in latest.values())


def _line(job: Job, run: JobRun | None, when: When, running: bool) -> JobLine:
    if run is None:
        return JobLine(job.name, purpose(job), cadence(job.every), NEVER, WAITS, "", bad=False)
    due = run.ended_at + job.every
    following = WAITS if not running else when.say(due) if due > when.now else "Now"
    bad = run.incident is not None or run.ran.failed > 0
    last, words = when.say(run.ended_at), result(run, when)
    return JobLine(job.name, purpose(job), cadence(job.every), last, following, words, bad, run.incident)


def result(run: JobRun, when: When) -> str:
    """Say what came of a run: what was found, done and failed, or that the job broke."""
    often = f", {counted(run.times, 'time')} in a row since {when.say(run.began_at)}" if run.times > 1 else ""
    if run.incident is not None:
        return f"Broke{often}. Incident {run.incident}"
    if run.idle:
        return f"Nothing was due{often}"
    failed = f", {run.ran.failed:,} failed" if run.ran.failed else ""
    return f"{run.ran.found:,} found, {run.ran.done:,} done{failed}"


def last_outage(alarm: Alarm | None, when: When) -> str | None:
    """Say when reminders last stood still, where that is over."""
    if alarm is None or alarm.ended_at is None:
        return None
    return f"Reminders last stood still from {when.say(alarm.since)} to {when.say(alarm.ended_at)}."


def purpose(job: Job) -> str:
    """What a job does, as the first sentence of its own description says."""
    return (getdoc(job.run) or "").split(". ")[0].rstrip(".") + "."


def cadence(every: timedelta) -> str:
    """How often a job runs."""
    seconds = int(every.total_seconds())
    if seconds < 60:
        return f"Every {counted(seconds, 'second')}"
    minutes = seconds // 60
    if minutes % 1440 == 0:
        return "Every day" if minutes == 1440 else f"Every {minutes // 1440} days"
    if minutes % 60 == 0:
        return "Every hour" if minutes == 60 else f"Every {minutes // 60} hours"
    return "Every minute" if minutes == 1 else f"Every {minutes} minutes"
