"""The list of questions, and one question with its visits, as a page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.authorizations.facts import Authorization
from app.clearance.facts.questions import OpenQuestion, QuestionKind
from app.patients.facts import Patient

PAGE_SIZE = 50


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
