"""Who asks, for which practice, when, and through which session: the first argument of every action."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.platform.clock import Clock
from app.platform.wall import of_practice
from app.values.scope import EVERYTHING, Scope


@dataclass(frozen=True)
class Caller:
    """Who asks.

    `user_id`  a person, or a token of the API; None for the command line and the jobs, which name themselves in `via`.
    `scope`    what of the practice is in sight; the command line and the jobs see all of it.
    `source`   the network address that the request came from; None on this machine.
    `reason`   why, in the person's own words, where one was asked for (break-glass).
    `fields`   which parts of a patient's file may be read (practice/rules/fields.py); None: all.
    `browser`  the id of the signed-in browser's session, or of the token of the API that was shown.
    """

    session: Session
    practice_id: UUID
    clock: Clock
    user_id: UUID | None = None
    via: str = "command"
    scope: Scope = EVERYTHING
    source: str | None = None
    reason: str | None = None
    browser: UUID | None = None
    fields: frozenset[str] | None = None

    def reads(self, field: str) -> bool:
        """Say whether a part of a patient's file may be read."""
        return self.fields is None or field in self.fields

    def __post_init__(self) -> None:
        """Let the session work for this practice from now on."""
        of_practice(self.session, self.practice_id)

    def __getattribute__(self, name: str) -> Any:
        """Turn the session to this practice whenever it is asked for: another Caller may have used it meanwhile."""
        found = object.__getattribute__(self, name)
        if name == "session":
            of_practice(found, object.__getattribute__(self, "practice_id"))
        return found
