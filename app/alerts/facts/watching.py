"""What is watched: one clock of one subject, how far it was told, and when it must be looked at next."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.deadlines.facts import Deadline
from app.values.fact import choices


@choices
class Origin(StrEnum):
    """What a watched deadline was made of, and so who replaces it."""

    PATIENT = "patient"  # the facts of one patient: replaced when they change
    PRACTICE = "practice"  # the practice as a whole: replaced every minute
    EVENT = "event"  # something happened: it stays until a person has dealt with it


@dataclass(frozen=True, slots=True)
class Watch:
    """One watched deadline. `id` is made of its subject and reason (`rules/packing.py: cause_id`).

    `told` names the last step that was told, None: none. `next_at` is when the next must be, None: none is left.
    `derived_at` is when the deadline was last made of facts.
    """

    id: UUID
    deadline: Deadline
    origin: Origin
    told: str | None
    next_at: datetime | None
    derived_at: datetime
