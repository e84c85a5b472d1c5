"""How fresh one rule is, and what its age asks for."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Level(StrEnum):
    """What the age of a rule asks for, the most urgent first."""

    ASK = "ask"  # over 180 days, or nobody ever read or verified it: ask the payer before anybody relies on it
    SOON = "soon"  # over 90 days: verify it
    FRESH = "fresh"


class Unverified(StrEnum):
    """Why a rule is to be verified before anybody relies on it."""

    MEMORY = "memory"
    UNDATED = "undated"
    OLD = "old"


@dataclass(frozen=True, slots=True)
class Stand:
    """How fresh one rule is on a day. `day`: the later of the day its source was read and of the last verification.

    `why` says why it is to be verified (None: it is fresh); `by_person`: a verification is the later of the two.
    """

    level: Level
    day: date | None
    why: Unverified | None
    by_person: bool = False
