"""Do reminders run? Found from what the last sweep left behind, told as a banner on every page of the desk."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.gateways.access import gateways_of
from app.platform import store as runs
from app.practice.access import current_caller, current_practice
from app.practice.facts import Practice
from app.values.wording import counted
from app.web.job_words import When

SWEEP = "sweep"
"""The job whose runs show that reminders are looked after (app/timetable.py)."""
STILL = timedelta(minutes=5)
KEPT = timedelta(seconds=15)
UNREAD = "Whether reminders run could not be read."


@dataclass(frozen=True, slots=True)
class Standstill:
    """Reminders stand still: since when, and how many are behind although sweeps finish (0: no sweep finishes)."""

    since: datetime
    behind: int = 0


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

    Takes     now; the instant before which nobody looked: a scheduler that starts beside us is given five minutes.
    Returns   since when no sweep has finished, once that is five minutes ago.
    """
    finished = runs.last_finished(session, practice_id, SWEEP, now)
    if now - max(finished or begun, begun) >= STILL:
        return Standstill(finished or begun)
    return None


def how_to_start(sample: bool) -> str:
    """Say how the scheduler of a practice is started."""
    return f"Start the scheduler: scripts/manage jobs run{' --sample' if sample else ''}"


def standing_words(found: Standstill, when: When, practice: Practice, mail: bool = True) -> str:
    """Say that reminders stand still, and what to do. `mail` False: and that no e-mail tells of it."""
    if found.behind:
        words = f"{counted(found.behind, 'reminder')} due since {when.say(found.since)} did not become messages. "
        told = words + "See Admin > Jobs for what failed."
    else:
        told = f"Reminders have stood still since {when.say(found.since)}. {how_to_start(practice.sample)}"
    return told if mail else f"{told}. No e-mail tells of it: e-mail is not set up."


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
    mail = gateways_of(caller.session).mail is not None
    return standing_words(found, When(now, ZoneInfo(practice.zone)), practice, mail)
