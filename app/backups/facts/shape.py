"""What a backup holds: the tables as they were, and what proves that they came back whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

FORMAT = 1
"""The layout of the files that this version writes; it reads this one and those before it."""


class Kind(StrEnum):
    """What a column holds. Each has one way to be written, the same from every database."""

    UUID = "uuid"
    BYTES = "bytes"
    TEXT = "text"
    INTEGER = "integer"
    FLAG = "flag"
    DAY = "day"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name, its columns in order with their kinds, and its key, in whose order rows are kept.

    `at_once`: how many of its rows are read together; few where a row may have a megabyte.
    """

    name: str
    columns: tuple[tuple[str, Kind], ...]
    key: tuple[str, ...]
    at_once: int = field(default=500, compare=False)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the rows: the tables, their revision, when it was made, and on which kind of database."""

    revision: str
    made_at: datetime
    database: str
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """The rows of one table: how many, and the SHA-256 (hex) of their lines in the order of the key."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands behind the rows: each table's count and digest, the practices, and the head of each one's audit log.

    `audit`: by practice (hex), the number of the last line and its MAC (hex).
    """

    tables: Mapping[str, Counted]
    practices: tuple[str, ...]
    audit: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows there are in all tables."""
        return sum(one.rows for one in self.tables.values())


@dataclass(frozen=True, slots=True)
class Checked:
    """A backup that was read from end to end and is whole."""

    head: Head
    manifest: Manifest
    size: int
    sha256: str


class BackupError(Exception):
    """A backup cannot be made, read or restored; the text says what was found and what to do. It never holds PHI.

    `word`: the same in one word, for what is kept of it.
    """

    def __init__(self, sentence: str, word: str = "not_readable") -> None:
        super().__init__(sentence)
        self.word = word


class DamagedError(BackupError):
    """A file is not the backup that was written: a changed byte, a cut end, another order, or another key."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, "damaged")
