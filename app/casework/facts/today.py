"""What of the cases stands on the page of today."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.authorizations.facts import AuthorizationRecord
from app.casework.facts.casebook import CaseLine
from app.clinical.facts import ProviderAsk
from app.patients.facts import Patient


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """What a person is asked and has not answered, with the patient, and the case that it is for."""

    ask: ProviderAsk
    patient: Patient
    record: AuthorizationRecord | None


@dataclass(frozen=True, slots=True)
class CaseBlocks:
    """The first cases of each block, each in order of its day.

    `due`: something of ours is due or overdue; `answers`: the payer's answer or number is to be had by now. `due_count`
    is of both. `lacking`: open, without an owner or without a next action with a day. Counts go no further than 501.
    """

    today: date
    due: tuple[CaseLine, ...]
    answers: tuple[CaseLine, ...]
    due_count: int
    renewals: tuple[CaseLine, ...]
    renewal_count: int
    lacking: tuple[CaseLine, ...]
    lacking_count: int
    asks: tuple[AskedAbout, ...]
    names: Mapping[UUID, str]

    def named(self) -> Iterator[UUID]:
        """The patients and cases whom the blocks name."""
        for line in (*self.due, *self.answers, *self.renewals, *self.lacking):
            yield from (line.record.patient_id, line.record.id)
        yield from (one.patient.id for one in self.asks)
