"""Who asks, for which practice, when, and through which session: the first argument of every action."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.platform.clock import Clock


@dataclass(frozen=True)
class Caller:
    """Who asks. `user_id` is None for the command line and the jobs, which name themselves in `via`."""

    session: Session
    practice_id: UUID
    clock: Clock
    user_id: UUID | None = None
    via: str = "command"
