"""What the pages of alerts show: which alerts are asked for, and how people were told of each."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.alerts.facts.notices import Occasion
from app.alerts.facts.outbox import State, Way
from app.deadlines.facts import Reason
from app.values.fact import choices


@choices
class Whose(StrEnum):
    """Whose alerts a page lists."""

    MINE = "mine"
    ALL = "all"


@choices
class Shown(StrEnum):
    """Which alerts a page lists: those that wait for a person, all that are open, or those that are over."""

    TODO = "todo"
    OPEN = "open"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Query:
    """What the address of the page asks for; `after` is the place of the last alert of the page before."""

    whose: Whose = Whose.MINE
    shown: Shown = Shown.TODO
    site: UUID | None = None
    reason: Reason | None = None
    after: tuple[datetime, UUID] | None = None


@dataclass(frozen=True, slots=True)
class ToldOf:
    """One notice of an alert: to whom, by which way, why and when; and its message, None: not composed yet."""

    recipient_id: UUID
    way: Way
    occasion: Occasion
    made_at: datetime
    message_id: UUID | None = None
    state: State | None = None
    sent_at: datetime | None = None
