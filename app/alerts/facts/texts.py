"""Texts: who may be sent one, which numbers ended them, how the practice names itself in them, and what came back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.alerts.facts.outbox import Language
from app.values.fact import choices


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether a message may go now; `until`: when to ask again (UTC). Neither: it never may, for the reason `why`."""

    go: bool
    until: datetime | None = None
    why: str | None = None


@choices
class HowStopped(StrEnum):
    """How a person said that texts to a number must end."""

    BY_TEXT = "by_text"
    BY_PHONE = "by_phone"
    BY_MAIL = "by_mail"
    IN_PERSON = "in_person"
    BY_PROVIDER = "by_provider"  # the provider of texts had ended them already


@dataclass(frozen=True, slots=True)
class Stop:
    """Texts to one number ended, whatever they are about; `lifted_at` None: they still are."""

    id: UUID
    number: str
    stopped_at: datetime
    how: HowStopped
    recorded_by: UUID | None = None
    lifted_at: datetime | None = None


@choices
class Meaning(StrEnum):
    """What a text that came in asks for."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    TAKE = "take"
    SNOOZE = "snooze"
    HAND_OVER = "hand_over"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reply:
    """One text that came in, opened. `sid` is the provider's id of it: the same one twice is one text.

    `patients` whose number it is; `staff_id` the person of the practice whose it is. `held`: it waits for a person, and
    holds further texts to the number until somebody has read it (`read_at`).
    """

    id: UUID
    sid: str
    number: str
    body: str
    at: datetime
    meaning: Meaning
    staff_id: UUID | None = None
    patients: tuple[UUID, ...] = ()
    held: bool = False
    read_at: datetime | None = None
    read_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class PracticeTexts:
    """How the practice names itself in patients' texts, its phone (ten digits), and who answers STOP.

    `short_name` has at most 20 characters of the alphabet of texts and names no specialty. `provider_answers_stop`:
    the provider of texts answers STOP, START and HELP itself, so we do not. `language`: of
    patients whose own is not known.
    """

    short_name: str
    phone: str
    provider_answers_stop: bool = False
    language: Language = Language.ENGLISH


@dataclass(frozen=True, slots=True)
class SentText:
    """One text to a patient as a person sent it. `taken_back_at`: it was called back within the hold."""

    id: UUID
    patient_id: UUID
    visit_id: UUID | None
    template: str
    language: Language
    sent_at: datetime
    sent_by: UUID | None
    taken_back_at: datetime | None = None
