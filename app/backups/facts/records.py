"""Backups as they are known to a practice: when each was made, where it lies, and whether it was ever restored."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class Proof(StrEnum):
    """What a test restore showed."""

    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Keep:
    """How many backups are kept: the newest of so many days, of so many weeks, and of so many months."""

    days: int = 7
    weeks: int = 4
    months: int = 12


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup, or one that failed (`why`: one word; it then has no file).

    `size` in bytes; `rows` of all tables; `elsewhere`: it was written to a folder that a person named, and is that
    person's to look after. `test_seconds`: how long its test restore took. `removed_at`: the file is gone.
    """

    id: UUID
    began_at: datetime
    ended_at: datetime
    name: str | None = None
    size: int = 0
    sha256: str | None = None
    revision: str | None = None
    rows: int = 0
    elsewhere: bool = False
    why: str | None = None
    tested_at: datetime | None = None
    tested: Proof | None = None
    test_why: str | None = None
    test_seconds: int | None = None
    removed_at: datetime | None = None


DAILY = timedelta(hours=24)
"""A new backup is made when the last one began so long ago."""
LATE = timedelta(hours=26)
"""A last backup that is older than this is told of."""
TEST_EVERY = timedelta(days=7)
TEST_LATE = timedelta(days=9)
RETRY = timedelta(hours=1)
"""How long after a backup failed the next one is tried."""
RETEST = timedelta(hours=24)
"""How long after a test failed the same backup is tried again; a newer one is tried at once."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How backups stand: the last that is there, the last try, the last good test and the last test. None: none."""

    last: Backup | None
    attempt: Backup | None
    proved: Backup | None
    test: Backup | None
