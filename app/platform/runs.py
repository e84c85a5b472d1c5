"""Runs of jobs: what a job says of one run, what is kept of it, and the alarm that is raised when none finishes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of one run of a job, in whole things: found due, done, and failed (which are tried again)."""

    found: int = 0
    done: int = 0
    failed: int = 0

    def __add__(self, other: "Ran") -> "Ran":
        return Ran(self.found + other.found, self.done + other.done, self.failed + other.failed)


def ran_of(result: int | Ran) -> Ran:
    """Read what a job returned: a number is how many it found and did."""
    return result if isinstance(result, Ran) else Ran(result, result)


@dataclass(frozen=True, slots=True)
class JobRun:
    """One run of a job for one practice, or `times` runs in a row that came to the same nothing.

    `incident`: the job broke; the number under which the log says where.
    """

    name: str
    began_at: datetime
    ended_at: datetime
    ran: Ran = Ran()
    incident: str | None = None
    times: int = 1

    @property
    def idle(self) -> bool:
        """Say whether nothing was due."""
        return self.incident is None and self.ran == Ran()


@dataclass(frozen=True, slots=True)
class Alarm:
    """Reminders stand still: since when, how many are behind (0: no sweep finishes), and how far telling of it is.

    `told`: the people to whom an e-mail went. `next_try_at` None: nobody is left to be told.
    """

    id: UUID
    since: datetime
    found_at: datetime
    behind: int = 0
    told: frozenset[UUID] = frozenset()
    attempts: int = 0
    next_try_at: datetime | None = None
    ended_at: datetime | None = None
