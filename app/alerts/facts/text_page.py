"""What the pages of texts show: one patient's, the replies that wait, and how the practice names itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.alerts.facts.outbox import Language, State
from app.alerts.facts.texts import PracticeTexts, Reply, SentText, Stop
from app.patients.facts import PatientDetails
from app.practice.facts.practice import Practice
from app.schedule.facts import Visit


@dataclass(frozen=True, slots=True)
class ListedText:
    """One text to a patient with how its delivery stands; `state` None: the message is gone from the outbox."""

    text: SentText
    state: State | None
    why: str | None
    fields: Mapping[str, str]
    goes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TextsOfPatient:
    """How texting one patient stands.

    `why`: the word of what is in the way, None: nothing is. `from_at`: from when one may go. `visits`: those booked
    from now on, in order of time, each with its site's zone in `zones`. `values`: what every text may hold of the
    patient and the practice.
    """

    details: PatientDetails
    practice: Practice
    now: datetime
    language: Language
    number: str | None
    stop: Stop | None
    why: str | None
    from_at: datetime | None
    visits: tuple[Visit, ...]
    zones: Mapping[UUID, str]
    values: Mapping[str, str]
    sent: tuple[ListedText, ...]
    staff: Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class RepliesPage:
    """Replies that wait, or that were read, newest first. `names`: patients by id; `more`: there are more."""

    replies: tuple[Reply, ...]
    names: Mapping[UUID, PatientDetails]
    staff: Mapping[UUID, str]
    zone: str
    read: bool
    more: bool


@dataclass(frozen=True, slots=True)
class PracticeTextsStart:
    """What the form of the practice's texts starts from; `texts` None: nobody has filled it in yet."""

    texts: PracticeTexts | None
    suggested: str
    version: str
