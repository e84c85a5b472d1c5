"""The list of questions, and one question with its visits, as a page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.authorizations.facts import Authorization, AuthorizationRecord
from app.clearance.facts.opened import OpenedVisit
from app.clearance.facts.questions import OpenQuestion, QuestionKey, QuestionKind
from app.clearance.facts.reasons import Badge
from app.clearance.facts.verdicts import LineVerdict
from app.coverage.facts import CoverageRecord
from app.patients.facts import Patient

PAGE_SIZE = 50
VISITS_SHOWN = 10
"""Visits on a question's own page: each is judged anew to say why it waits; the others follow page by page."""
VisitPlace = tuple[date, datetime, UUID]
"""Where a visit stands in a list: its day, start and id."""


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a question in the list: after one that holds so many visits."""

    visits: int
    question_id: UUID


@dataclass(frozen=True, slots=True)
class QuestionsQuery:
    """Which questions the list shows: of one kind or all, after a place."""

    kind: QuestionKind | None = None
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One open question with what its words name; what it does not speak of is None.

    `what` is a code, a drug's name or a visit type as the schedule writes it; `label` our own label of the code;
    `offered` says that the service is one of the routine services that are confirmed in one go.
    """

    question: OpenQuestion
    payer: str | None = None
    what: str | None = None
    label: str | None = None
    patient: Patient | None = None
    provider: str | None = None
    plan: str | None = None
    approval: Authorization | None = None
    offered: bool = False


@dataclass(frozen=True, slots=True)
class RoutineOffer:
    """How many open questions ask for offered routine services, for how many visits, of which payers (keys)."""

    questions: int
    visits: int
    payers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionList:
    """One page of the list, counts by kind, and where the next page begins."""

    query: QuestionsQuery
    today: date
    counts: Mapping[QuestionKind, int]
    asked: tuple[Asked, ...]
    next: Place | None
    routine: RoutineOffer | None


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """One answer as it was given. `id` is that of its form, so that a form sent twice answers once.

    `record` names what was recorded where that can be taken back; `counts` the visits by badge right after, None while
    they are judged.
    """

    id: UUID
    question_id: UUID
    key: QuestionKey
    answered_at: datetime
    answered_by: UUID | None
    record: str | None = None
    counts: Mapping[Badge, int] | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What the form of a question needs beside its words; what its kind does not ask for is empty.

    `plan` as a coverage writes it; `coverages` and `approval` with their versions; `triggers` keys of the grid that
    would make the service medical; `unmet` keys of the facts that would decide; `member_missing`: the approval names
    no member and was decided before the coverage began.
    """

    plan: str | None = None
    coverages: tuple[tuple[CoverageRecord, int], ...] = ()
    approval: tuple[AuthorizationRecord, int] | None = None
    triggers: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()
    member_missing: bool = False
    named_referral: str | None = None


@dataclass(frozen=True, slots=True)
class OpenedQuestion:
    """One question with what makes it open, the visits of one page that wait for it, and where the next begins."""

    asked: Asked
    today: date
    lines: tuple[tuple[OpenedVisit, LineVerdict], ...]
    visits: tuple[OpenedVisit, ...]
    next: tuple[date, UUID] | None
    first_page: bool
    subject: Subject


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer changed: its visits by badge now, and one page of those that are not cleared."""

    given: GivenAnswer
    asked: Asked
    counts: Mapping[Badge, int]
    visits: tuple[OpenedVisit, ...]
    before: Mapping[UUID, Badge]
    next: VisitPlace | None
    first_page: bool
    still_open: bool
