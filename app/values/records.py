"""A record of a document from outside, and what came of it in the room that it is for."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.values.fact import choices


@dataclass(frozen=True, slots=True)
class RecordRef:
    """Where a value came from: the stored document, and the record in it (from 1: a response, review, claim, item)."""

    document_id: UUID
    number: int


@choices
class Outcome(StrEnum):
    """What came of a record.

    MATCHED: it did its work. ALREADY: it did its work before, nothing changed. UNMATCHED: nobody asked for it, or whom
    it is about is not known: a person decides. CONTRADICTING: it says other than what is on file, or comes for what is
    not open any more: nothing changed, a person decides. NOTED: kept for reading, nothing to do. SET_ASIDE: a person
    said that it is not for us.
    """

    MATCHED = "matched"
    ALREADY = "already"
    UNMATCHED = "unmatched"
    CONTRADICTING = "contradicting"
    NOTED = "noted"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True, slots=True)
class Filed:
    """The outcome of a record, whom and what it touched, and why it waits for a person.

    `patient_id` is known also where the record waits, when the patient is. `subject_id`: the check, authorization,
    claim or visit that it was filed under, or beside which it stands. `why`: a key of the room's words, None when
    matched.
    """

    outcome: Outcome
    patient_id: UUID | None = None
    subject_id: UUID | None = None
    why: str | None = None
