"""Do reminders run? Found from what the last sweep left behind, told as a banner on every page of the desk."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.alerts.store import sweeps
from app.alerts.store.behind import behind
from app.gateways.access import gateways_of
from app.platform import store as runs
from app.practice.access import current_caller, current_practice
from app.practice.facts.practice import Practice
from app.values.wording import counted
from app.web.job_words import When

WATCH, SWEEP, DELIVER = "keep-watch", "sweep", "deliver"
"""The jobs whose runs show that reminders are looked after (app/timetable.py)."""
STILL, UNSENT = timedelta(minutes=5), timedelta(minutes=15)
KEPT = timedelta(seconds=15)
UNREAD = "Whether reminders run could not be read."


class Why(StrEnum):
    """What stands still."""

    STOPPED = "stopped"  # no sweep finishes, or nobody looks at what changed: the scheduler is down, or its jobs break
    HELD = "held"  # a sweep found more than is believable, and a person must look
    BEHIND = "behind"  # sweeps finish, and yet something due was not told
    UNSENT = "unsent"  # messages are made, and the sender does not finish


@dataclass(frozen=True, slots=True)
class Standstill:
    """Reminders stand still: what of them, since when, and how many are held back or behind."""

    why: Why
    since: datetime
    count: int = 0


@dataclass
class Standing:
    """What one process knows of it. `begun`: when the process began to look, so that a start is given its time.

    An answer is kept for 15 seconds by the clock, so that pages ask the database seldom.
    """

    begun: datetime
    known: dict[UUID, tuple[datetime, Standstill | None]] = field(default_factory=dict)

    def of(self, session: Session, practice_id: UUID, now: datetime) -> Standstill | None:
        """How it stands with a practice, at most 15 seconds old."""
        at, found = self.known.get(practice_id, (None, None))
        if at is None or not timedelta() <= now - at < KEPT:
            found = standstill(session, practice_id, now, self.begun)
            self.known[practice_id] = now, found
        return found


def standing_of(app: Flask) -> Standing:
    """What this process knows of it."""
    standing = app.extensions["cleared_standing"]
    assert isinstance(standing, Standing)
    return standing


def standstill(session: Session, practice_id: UUID, now: datetime, begun: datetime) -> Standstill | None:
    """Find whether reminders stand still; None when they run.

    Takes     now; the instant before which nobody looked: a scheduler that starts beside us is given its time.
    Returns   the first of: no sweep or no look at what changed finished for five minutes; messages are held back;
              something was due five minutes ago and is not told; the sender did not finish for fifteen minutes.
    """
    for job in (SWEEP, WATCH):
        if (since := _still_since(session, practice_id, job, now, begun, STILL)) is not None:
            return Standstill(Why.STOPPED, since)
    state = sweeps.state_of(session, practice_id)
    if state.held_at is not None:
        return Standstill(Why.HELD, state.held_at, state.held)
    count, first = behind(session, practice_id, now - STILL)
    if count and now - begun >= STILL:
        return Standstill(Why.BEHIND, first or now, count)
    since = _still_since(session, practice_id, DELIVER, now, begun, UNSENT)
    return None if since is None else Standstill(Why.UNSENT, since)


def _still_since(
    session: Session, practice_id: UUID, job: str, now: datetime, begun: datetime, allowed: timedelta
) -> datetime | None:
    """Since when a job has not finished, where that is longer ago than is allowed."""
    finished = runs.last_finished(session, practice_id, job, now)
    return (finished or begun) if now - max(finished or begun, begun) >= allowed else None


def how_to_start(sample: bool) -> str:
    """Say how the scheduler of a practice is started."""
    return f"Start the scheduler: scripts/manage jobs run{' --sample' if sample else ''}"


def standing_words(found: Standstill, when: When, practice: Practice) -> str:
    """Say what stands still, since when, and what to do."""
    since, many = when.say(found.since), counted(found.count, "reminder")
    if found.why is Why.STOPPED:
        return f"Reminders have stood still since {since}. {how_to_start(practice.sample)}"
    if found.why is Why.HELD:
        return (
            f"Messages have been held back since {since}: {many} at once is more than is usual. "
            "An administrator lets them go, or cancels them, at Admin > Outbox."
        )
    if found.why is Why.BEHIND:
        return f"{many} due since {since} did not become messages. Admin > Jobs shows what failed."
    return f"Messages have not gone out since {since}. Admin > Jobs shows what failed."


def no_mail_words(practice: Practice) -> str:
    """Say why nobody is told by e-mail."""
    if practice.sample:
        return "No e-mail tells of it: messages of the sample stay in the Outbox."
    return "No e-mail tells of it: e-mail is not set up."


def add_standing(app: Flask, begun: datetime) -> None:
    """Give the templates `standing_still()`: the sentence of the banner, or None while reminders run."""
    app.extensions["cleared_standing"] = Standing(begun)
    app.jinja_env.globals["standing_still"] = _banner


def _banner() -> str | None:
    caller, practice = current_caller(), current_practice()
    now = caller.clock.now()
    try:
        found = standing_of(current_app).of(caller.session, caller.practice_id, now)
    except SQLAlchemyError:  # the page that tells of a broken database is itself such a page
        return UNREAD
    if found is None:
        return None
    words = standing_words(found, When(now, ZoneInfo(practice.zone)), practice).rstrip(".")
    return words if gateways_of(caller.session).mail is not None else f"{words}. {no_mail_words(practice)}"
