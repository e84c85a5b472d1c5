"""A payer's no: its words, what it says is unmet, the talk between physicians, and the levels of appeal."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.casework.facts.cases import CaseFile
from app.casework.facts.entries import NextStep
from app.deadlines.facts import Basis, Case

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


FIRST, SECOND, EXTERNAL = "1", "2", "external"
"""The levels of appeal, as a form names them: to the payer, to the payer again, to an independent reviewer."""


@dataclass(frozen=True, slots=True)
class Window:
    """Until when a denial can be appealed at one level, and by whose rule.

    `last` None: no rule that surely applies names a day; the letter does. `sent_on`: a rule says that the payer sends
    the case on by itself, so that nothing is to be filed. `letter`: the day is the letter's own.
    """

    level: str
    last: date | None
    basis: Basis | None = None
    letter: bool = False
    sent_on: bool = False


@dataclass(frozen=True, slots=True)
class NewDenial:
    """A denial as its form was read. `document_id`: the letter on file."""

    denied_on: date
    words: str
    code: str | None = None
    unmet: tuple[str, ...] = ()
    appeal_by: date | None = None
    document_id: UUID | None = None
    corrects: UUID | None = None
    next_step: NextStep | None = None


@dataclass(frozen=True, slots=True)
class Overturned:
    """What the payer granted after all. Without a number it is a spoken yes, which clears nothing."""

    number: str | None
    begins: date | None
    ends: date | None


@dataclass(frozen=True, slots=True)
class Answered:
    """How a talk or an appeal ended: on which day, in the payer's words, and what was granted (None: nothing)."""

    on: date
    words: str | None
    granted: Overturned | None = None
    partly: bool = False
    next_step: NextStep | None = None


@dataclass(frozen=True, slots=True)
class DenialFile:
    """All that the page of a case's denials shows.

    `denials` newest first, those that a correction took the place of last (`struck` names them); `clocks` with sealed
    texts opened; `windows` of each level that can be opened against the last denial; `urgent` counts for them.
    """

    case: CaseFile
    denials: tuple[Denial, ...]
    struck: frozenset[UUID]
    clocks: Case
    windows: tuple[Window, ...]

    @property
    def last(self) -> Denial | None:
        """The denial that stands last; None: none is on file, or only in the log."""
        return next((one for one in self.denials if one.id not in self.struck), None)

    @property
    def denied_on(self) -> date | None:
        """The day of the denial that an appeal is against."""
        return self.last.denied_on if self.last is not None else self.case.record.decided_on
