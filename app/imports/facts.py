"""Files that a practice brings in: their tables, what each row says, why a row is refused, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class Kind(StrEnum):
    """What a file is. Several files of one call are taken in this order."""

    SCHEDULE = "schedule"
    COVERAGE = "coverage"
    AUTHORIZATIONS = "authorizations"


class Code(StrEnum):
    """Why a row is refused."""

    MISSING = "missing"
    BAD_DATE = "bad_date"
    BAD_CODE = "bad_code"
    BAD_NPI = "bad_npi"
    BAD_NUMBER = "bad_number"
    BAD_CHOICE = "bad_choice"
    UNKNOWN_PATIENT = "unknown_patient"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"


class Outcome(StrEnum):
    """What came of a row that was taken."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was refused whole. `column` is the canonical name; `fix` says how to write it."""

    row: int
    column: str
    code: Code
    found: str
    fix: str


class RowRefusedError(Exception):
    """A cell cannot be taken. It never reaches a log: it carries what was found only to the report."""

    def __init__(self, column: str, code: Code, found: str, fix: str) -> None:
        super().__init__(f"{column}: {code}")
        self.column, self.code, self.found, self.fix = column, code, found, fix

    def at(self, row: int) -> Refused:
        """Say in which row."""
        return Refused(row, self.column, self.code, self.found, self.fix)


class FileRefusedError(Exception):
    """A file cannot be taken at all. `code` names the reason for programs, the text is a sentence for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Table:
    """A file as read: the header, and the rows below it by the number that a spreadsheet shows. Cells are text."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Person:
    """What a row says of the patient. None: the row does not say."""

    mrn: str
    last_name: str | None = None
    first_name: str | None = None
    birth_date: date | None = None
    phone: str | None = None
    email: str | None = None
    language: str | None = None
    text_consent: bool | None = None


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One line of a schedule. `line` holds what the row says of the service, by the field names of ServiceLine."""

    row: int
    reference: str
    starts: datetime  # as the site's clock shows it, without a zone
    site: str
    person: Person
    code: str | None
    visit_type: str | None
    line: Mapping[str, Any]
    payer: str | None
    plan: str | None
    member_id: str | None
    status: str | None


@dataclass(frozen=True, slots=True)
class CoverageRowFacts:
    """One row of a coverage table. `values` holds what it says, by the field names of CoverageRecord."""

    row: int
    person: Person
    payer: str
    member_id: str | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AuthorizationRowFacts:
    """One row of an authorization log. `values` holds what it says, by the field names of AuthorizationRecord."""

    row: int
    person: Person
    payer: str
    site: str | None
    used: tuple[tuple[str, int], ...] | None
    values: Mapping[str, Any]


@dataclass
class Report:
    """What came of one file."""

    file: str
    kind: Kind | None = None
    rows: int = 0
    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    outcomes: dict[int, Outcome] = field(default_factory=dict)  # by row
    vanished: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)
    unmapped_types: dict[str, int] = field(default_factory=dict)
    unmapped_payers: dict[str, int] = field(default_factory=dict)
    created_sites: list[str] = field(default_factory=list)
    created_providers: list[str] = field(default_factory=list)
    created_payers: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    dry_run: bool = False
    error: FileRefusedError | None = None

    @property
    def exit_code(self) -> int:
        """0 when nothing was refused, 1 when a row was, 2 when the file was."""
        return 2 if self.error else 1 if self.refused else 0


class DraftState(StrEnum):
    """Where a file under way stands. What is to be done, or was being done when a process died, a job takes up."""

    MATCHING = "matching"  # a person is to say which column is which
    TO_CHECK = "to_check"
    CHECKING = "checking"
    CHECKED = "checked"  # a person reads what would come of it
    TO_CONFIRM = "to_confirm"  # confirmed; nothing is written yet
    CONFIRMING = "confirming"  # being written
    DONE = "done"
    FAILED = "failed"


WORKING = frozenset({DraftState.TO_CHECK, DraftState.CHECKING, DraftState.TO_CONFIRM, DraftState.CONFIRMING})


@dataclass(frozen=True, slots=True)
class Draft:
    """A file under way, without its rows. `columns` holds a canonical name, or nothing, for each column of the file.

    `head`: name of the file, header and samples. `summary`: what came of the last check, or of the import. Both are
    sealed at rest. `version` counts edits; `done` counts the rows that the step at work has passed.
    """

    id: UUID
    state: DraftState
    kind: Kind | None
    version: int
    sha256: str
    rows: int
    done: int
    columns: tuple[str, ...] | None
    began_at: datetime
    began_by: UUID | None
    changed_at: datetime
    ended_by: UUID | None
    run_id: UUID | None
    head: Mapping[str, Any]
    summary: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Edits:
    """What a person decided on a draft: cells written anew (by row, then place), and vanished visits to cancel.

    `cancel` None: all of them.
    """

    cells: Mapping[int, Mapping[int, str]] = field(default_factory=dict)
    cancel: frozenset[str] | None = frozenset()


@dataclass(frozen=True, slots=True)
class PastRun:
    """A file that was brought in to its end."""

    id: UUID
    kind: Kind
    sha256: str
    ended_at: datetime
    user_id: UUID | None
    rows: int
    created: int
    updated: int
    unchanged: int
    refused: int
