"""The list of questions in words, and the strip of the biggest ones for other pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.clearance.facts.questions import QuestionKind
from app.questions.facts.pages import Asked, Place, QuestionList, QuestionsQuery
from app.questions.views.words import KIND_WORDS, how_many, question_sentence
from app.values.wording import counted, long_day

Address = Callable[..., str]
"""Makes the list's address of the parts of a query."""


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question of the list. `address` leads to its page."""

    id: str
    kind: str
    visits: int
    visits_words: str
    sentence: str
    first: str


@dataclass(frozen=True, slots=True)
class KindCount:
    """One filter with its count; `kind` None: all."""

    kind: str | None
    words: str
    questions: int
    address: str
    here: bool


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """All that the template shows."""

    rows: tuple[QuestionRow, ...]
    strip: tuple[KindCount, ...]
    shown: str
    first_page: str | None
    next_page: str | None
    empty: str | None
    all_kinds: str | None
    routine: str | None
    routine_payers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionStrip:
    """The biggest questions and how many there are in all: for the strip of another page."""

    rows: tuple[QuestionRow, ...]
    count: int
    all_words: str


def strip_of(top: tuple[Asked, ...], count: int) -> QuestionStrip:
    """Put the biggest questions into the words of a strip."""
    return QuestionStrip(tuple(_row(one) for one in top), count, f"All {counted(count, 'question')}")


def questions_page(found: QuestionList, address: Address) -> QuestionsPage:
    """Put one page of questions into words. `address` makes the list's address of the parts of a query."""
    query = found.query
    fresh = QuestionsQuery(query.kind)
    return QuestionsPage(
        rows=tuple(_row(one) for one in found.asked),
        strip=tuple(_strip(found.counts, query, address)),
        shown=_shown(found),
        first_page=address(**write_query(fresh)) if query.after is not None else None,
        next_page=address(**write_query(QuestionsQuery(query.kind, found.next))) if found.next is not None else None,
        empty=_empty(found) if not found.asked else None,
        all_kinds=address() if query.kind is not None or query.after is not None else None,
        routine=_routine(found),
        routine_payers=found.routine.payers if found.routine is not None else (),
    )


def write_query(query: QuestionsQuery) -> dict[str, str]:
    """Write a query as the parts of an address. Nothing in it names a person."""
    written = {
        "kind": query.kind.value if query.kind is not None else "",
        "after": write_place(query.after) if query.after is not None else "",
    }
    return {name: value for name, value in written.items() if value}


def write_place(place: Place) -> str:
    """Write a place in the list as one word."""
    return f"{place.visits}-{place.question_id.hex}"


def _row(asked: Asked) -> QuestionRow:
    question = asked.question
    return QuestionRow(
        id=str(question.id),
        kind=KIND_WORDS[question.key.kind],
        visits=question.visits,
        visits_words=how_many(question, "visit"),
        sentence=question_sentence(asked),
        first=long_day(question.first_day),
    )


def _strip(counts: Mapping[QuestionKind, int], query: QuestionsQuery, address: Address) -> list[KindCount]:
    total = sum(counts.values())
    kinds = [KindCount(None, "All questions", total, address(), query.kind is None)]
    for kind, words in KIND_WORDS.items():
        if counts.get(kind) or query.kind is kind:
            here = query.kind is kind
            kinds.append(
                KindCount(kind.value, words, counts.get(kind, 0), address(**write_query(QuestionsQuery(kind))), here)
            )
    return kinds


def _shown(found: QuestionList) -> str:
    kind = found.query.kind
    total = found.counts.get(kind, 0) if kind is not None else sum(found.counts.values())
    if len(found.asked) == total:
        return counted(total, "question")
    return f"{counted(len(found.asked), 'question')} of {total:,} on this page"


def _empty(found: QuestionList) -> str:
    if found.query.after is not None:
        return "No further questions."
    if found.query.kind is not None and any(found.counts.values()):
        return f"No open question of this kind: {KIND_WORDS[found.query.kind]}"
    return "Nothing is asked. Every booked visit from today on is known."


def _routine(found: QuestionList) -> str | None:
    offer = found.routine
    if offer is None:
        return None
    of = "is of a routine service" if offer.questions == 1 else "are of routine services"
    return (
        f"{counted(offer.questions, 'question')} {of} of {counted(len(offer.payers), 'payer')}: confirm them in one go."
    )
