"""When a signed-in browser must sign in again, or prove again whose it is."""

import hashlib
from datetime import datetime, timedelta

from app.practice.facts.staff import StaffSession

IDLE_LIMIT = timedelta(minutes=15)


ABSOLUTE_LIMIT = timedelta(hours=12)


FORMS_LAST = timedelta(hours=12)
"""How long a form that came too late is kept, and an ended session is still known, to find its person by it."""


FRESH_LASTS = timedelta(minutes=10)
"""How long a proof of who somebody is stays fresh enough for what is dangerous."""


def session_ended(session: StaffSession, now: datetime) -> bool:
    """Say whether a signed-in browser must sign in again: 15 minutes unused, or 12 hours old."""
    return now - session.seen_at >= IDLE_LIMIT or now - session.began_at >= ABSOLUTE_LIMIT


def is_fresh(session: StaffSession, now: datetime) -> bool:
    """Say whether the person of a browser has proved who they are in the last ten minutes."""
    return now - session.fresh_at < FRESH_LASTS


def session_mark(session: StaffSession) -> str:
    """Name a session on a page: 16 letters and digits from which its id, a secret, cannot be found."""
    return hashlib.sha256(session.id.bytes).hexdigest()[:16]


def seconds_left(session: StaffSession, now: datetime) -> tuple[int, int]:
    """Say how long a browser may go on: unused from now on, and however much it is used. Whole seconds."""
    unused, last = session.seen_at + IDLE_LIMIT - now, session.began_at + ABSOLUTE_LIMIT - now
    return int(unused.total_seconds()), int(last.total_seconds())
