"""What the page of a case shows."""

from dataclasses import dataclass
from uuid import UUID

from app.authorizations.facts import Authorization, AuthorizationEvent, AuthorizationRecord
from app.casework.facts.chart import Chart
from app.casework.facts.entries import Entry
from app.clearance.facts.history import PastVerdict
from app.deadlines.facts import Case
from app.documents.facts import Document


class CaseNotFoundError(Exception):
    """The practice has no case of this id."""


class SeveralCasesError(Exception):
    """More than one case is called so: `cases` names them."""

    def __init__(self, cases: tuple[UUID, ...]) -> None:
        super().__init__("several cases are called so")
        self.cases = cases


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One case with its patient's file.

    `record` is the case as it stands, under its `version`; `row` the same as visits are judged by. `events` and
    `entries` are its own, newest first; `people` are those who may own it, by id and name, in order of names. `past`:
    verdicts that its visits showed and no longer show, the latest first. `documents`: those of the patient that a
    reader of clinical facts may choose as proof, newest first.
    """

    chart: Chart
    record: AuthorizationRecord
    version: int
    row: Authorization
    clocks: Case
    events: tuple[AuthorizationEvent, ...]
    entries: tuple[Entry, ...]
    people: tuple[tuple[UUID, str], ...]
    past: tuple[PastVerdict, ...] = ()
    documents: tuple[Document, ...] = ()
