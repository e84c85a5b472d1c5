"""One line of the audit log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did or saw what, and when. `user_id` None: the program, which names itself in `via`."""

    id: UUID
    sequence: int
    at: datetime
    user_id: UUID | None
    via: str
    action: str
    subjects: tuple[UUID, ...]
    details: Mapping[str, int | str]


class AuditError(Exception):
    """An audit line cannot be written; the action that needs it fails."""
