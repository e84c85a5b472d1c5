"""A payer's no: its words, what it says is unmet, the talk between physicians, and the levels of appeal."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

LONGEST_WORDS = 4000
MOST_UNMET = 40


@dataclass(frozen=True, slots=True)
class Denial:
    """One denial of a case. Denials are added; a correction names the one that it takes the place of.

    `level` 0: of the request itself; from 1: of the appeal of that level. `denied_on` is the day of the notice. `code`
    and `words` are the payer's own; `unmet` are the criteria that it says are not met, as texts. `appeal_by` is the
    last day that the letter names, None: the letter was not read for it. `document_id`: the letter on file.
    """

    id: UUID
    case_id: UUID
    patient_id: UUID
    denied_on: date
    words: str
    recorded_at: datetime
    recorded_by: UUID | None
    level: int = 0
    code: str | None = None
    unmet: tuple[str, ...] = ()
    appeal_by: date | None = None
    document_id: UUID | None = None
    corrects: UUID | None = None
