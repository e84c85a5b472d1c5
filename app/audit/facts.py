"""One line of the audit log, what is asked of it, and what a check of it found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

OLD_FORM = 1
"""Lines of the first versions, whose MAC is over JSON and which say neither from where nor why."""

FORM = 2
"""How lines are written now: their MAC is over the text that the database itself renders of a row."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did or saw what, and when. `user_id` None: the program, which names itself in `via`.

    `source`      the network address that it was asked from; None on this machine.
    `under`       a name for the signed-in browser or token that asked, which opens nothing; None: neither.
    `key_id`      which of the audit keys signed it.
    `reason_mac`  binds the reason, which is sealed in a table of its own; None: no reason was asked for.
    """

    id: UUID
    sequence: int
    at: datetime
    user_id: UUID | None
    via: str
    action: str
    subjects: tuple[UUID, ...]
    details: Mapping[str, int | str]
    source: str | None = None
    under: UUID | None = None
    reason_mac: bytes | None = None
    key_id: int = 1
    form: int = FORM


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines are asked for, each limit beside the others; None asks for all.

    `subjects`  a line about any of these (a patient, and what belongs to the patient).
    `before`    the instant and sequence of the last line of the page before: older lines follow.
    `begins`, `ends`: instants, the first included, the second not.
    """

    user_id: UUID | None = None
    subjects: frozenset[UUID] | None = None
    action: str | None = None
    begins: datetime | None = None
    ends: datetime | None = None
    before: tuple[datetime, int] | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a practice's chain on one day, as it was written outside the database."""

    practice_id: UUID
    day: date
    sequence: int
    mac: bytes


class Fault(StrEnum):
    """What a check found."""

    LINE = "line"
    MISSING = "missing"
    SUBJECTS = "subjects"
    REASON = "reason"
    HEAD = "head"
    OUTSIDE = "outside"
    """The database and the heads outside of it disagree."""
    HEADS_FILE = "heads_file"
    """The file outside the database was changed; the number is that of its line."""


@dataclass(frozen=True, slots=True, order=True)
class Broken:
    """The first place that is not as it was written: the number of the line, and what is wrong there."""

    sequence: int
    fault: Fault


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of a whole log came to. `broken` None: it is as it was written, up to line `lines`."""

    lines: int
    heads: int
    broken: Broken | None


class AuditError(Exception):
    """An audit line cannot be written; the action that needs it fails."""
