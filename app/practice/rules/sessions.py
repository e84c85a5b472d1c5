"""When a signed-in browser must sign in again, and when sign-in is locked."""

from datetime import datetime, timedelta

from app.practice.facts.staff import StaffSession

IDLE_LIMIT = timedelta(minutes=15)


ABSOLUTE_LIMIT = timedelta(hours=12)


FORMS_LAST = timedelta(hours=12)
"""How long a form that came too late is kept, and an ended session is still known, to find its person by it."""


FREE_FAILURES = 5


LOCK = timedelta(minutes=15)


def session_ended(session: StaffSession, now: datetime) -> bool:
    """Say whether a signed-in browser must sign in again: 15 minutes unused, or 12 hours old."""
    return now - session.seen_at >= IDLE_LIMIT or now - session.began_at >= ABSOLUTE_LIMIT


def lock_after(failures: int, now: datetime) -> datetime | None:
    """Say until when sign-in is locked after so many failures in a row.

    Returns   None up to five; then 15 minutes, doubled with each further failure, at most a day.
    """
    beyond = failures - FREE_FAILURES
    return None if beyond < 0 else now + min(LOCK * 2 ** min(beyond, 10), timedelta(days=1))
