"""A restored copy is held: nothing leaves the building until a person has looked and lets it.

What was under way when the backup was made may have been sent since, by the installation that was lost. So it is
cancelled, never sent again; its alerts stay in the bell. Until the release the practice has no way out at all
(`app/web/opening.py: gateways_for`), and what comes due meanwhile is cancelled by the release.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.alerts.actions.sweeping import sweep
from app.alerts.actions.watching import keep_watch
from app.alerts.store import notices, outbox
from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.db import writing
from app.practice.store import accounts, sessions
from app.practice.store import practice as practices

WHY = "restored"
"""Why a message was cancelled."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What is never sent: messages that had not gone, and notices of which no message was made yet."""

    messages: int
    notices: int


def hold(session: Session, practice_id: UUID, now: datetime) -> Cancelled:
    """Hold a practice that was just restored, inside the transaction that wrote its rows.

    Everybody is signed out, and open invitations and resets end: one that was used since the backup would open again.
    """
    practices.hold_restored(session, practice_id, now)
    sessions.end_all_sessions(session, practice_id)
    accounts.end_all_codes(session, practice_id, now)
    return _cancel(session, practice_id, now)


def release(caller: Caller) -> Cancelled | None:
    """Let a restored practice send again: only what comes due from now on.

    What came due since the backup was made is swept first, so that it stands in the bell, and its messages are
    cancelled: the lost installation may have sent them. Returns what was cancelled; None when nothing was held.
    """
    if practices.practice_of(caller.session, caller.practice_id).restored_at is None:
        return None
    keep_watch(caller)
    sweep(caller)
    with writing(caller.session) as session:
        if not practices.release_restored(session, caller.practice_id):
            return None
        cancelled = _cancel(session, caller.practice_id, caller.clock.now())
        record(caller, "backups.released", messages=cancelled.messages, notices=cancelled.notices)
    return cancelled


def _cancel(session: Session, practice_id: UUID, now: datetime) -> Cancelled:
    messages = outbox.cancel_unsent(session, practice_id, now, WHY)
    return Cancelled(messages, notices.cancel_waiting(session, practice_id, now))
