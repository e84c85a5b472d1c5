"""Reading that calls for a look by somebody responsible: what was seen, why it stands out, what came of the look."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class Sign(StrEnum):
    """Why reading stands out."""

    UNSCHEDULED = "unscheduled"
    MANY = "many"
    OWN_NAME = "own_name"
    BREAK_GLASS = "break_glass"


class Finding(StrEnum):
    """The word of whoever reviewed it."""

    WORK = "work"
    FOLLOW_UP = "follow_up"
    BREACH = "breach"


@dataclass(frozen=True, slots=True)
class Look:
    """One person opened one patient: the audit line that says so. `by` is that person."""

    sequence: int
    at: datetime
    by: UUID
    patient_id: UUID
    broke_glass: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What makes looks usual, for all that one run of the job looks at.

    `reasons`  patients for whom there is a reason to be opened on a day: pairs of patient and day.
    `family`   blind indexes of family names, of patients and of people of the practice, by id.
    `usual`    how many patients a person opens in an hour of work: the median of the month before.
    """

    reasons: frozenset[tuple[UUID, date]]
    family: Mapping[UUID, bytes]
    usual: Mapping[UUID, float]


@dataclass(frozen=True, slots=True)
class Unusual:
    """Reading that stands out. One person, sign, patient and day make one, however often it was read.

    `patient_id`  None: about several patients; then `count` says how many in the hour that began at `at`.
    `sequence`    the audit line, the first of its kind.
    """

    id: UUID
    sign: Sign
    by: UUID
    patient_id: UUID | None
    day: date
    at: datetime
    sequence: int
    count: int = 1


@dataclass(frozen=True, slots=True)
class Review:
    """What somebody responsible said about it: a word, and a note in that person's own words."""

    by: UUID
    at: datetime
    finding: Finding
    note: str


@dataclass(frozen=True, slots=True)
class Case:
    """Unusual reading with what came of it; `review` None: nobody has looked yet."""

    unusual: Unusual
    review: Review | None
