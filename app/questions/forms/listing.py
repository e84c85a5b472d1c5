"""What the address of the list says -> a query, and a sentence for each part that cannot be read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from app.clearance.facts.questions import QuestionKind
from app.questions.facts.pages import Place, QuestionsQuery, VisitPlace
from app.values.days import read_day

_HELD_PLACE = re.compile(r"(\d{8})-([0-9a-f]{32})")
_VISIT_PLACE = re.compile(r"(\d{8})-(\d{8}T\d{6})-([0-9a-f]{32})")
_PLACE = re.compile(r"(\d{1,9})-([0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class ListForm:
    """The query as far as it could be read, and a sentence for each part that could not."""

    query: QuestionsQuery
    errors: Mapping[str, str] = field(default_factory=dict)


def read_list(args: Mapping[str, str]) -> ListForm:
    """Read the address of the list."""
    errors: dict[str, str] = {}
    return ListForm(QuestionsQuery(_kind(args.get("kind", ""), errors), _place(args.get("after", ""), errors)), errors)


def _kind(text: str, errors: dict[str, str]) -> QuestionKind | None:
    if not text:
        return None
    if text not in QuestionKind.__members__.values():
        errors["kind"] = f"Kind must be one of {', '.join(QuestionKind)}; found {text[:40]}. All are shown."
        return None
    return QuestionKind(text)


def _place(text: str, errors: dict[str, str]) -> Place | None:
    if not text:
        return None
    match = _PLACE.fullmatch(text)
    if match is None:
        errors["after"] = "The address of the next page is cut off. This is the first page."
        return None
    return Place(int(match[1]), UUID(match[2]))


def read_visit_place(text: str) -> VisitPlace | None:
    """Read a place in a list of visits; None, which is the first page, when it is cut off."""
    match = _VISIT_PLACE.fullmatch(text)
    if match is None:
        return None
    try:
        day = datetime.strptime(match[1], "%Y%m%d").replace(tzinfo=UTC).date()
        return day, datetime.strptime(match[2], "%Y%m%dT%H%M%S").replace(tzinfo=UTC), UUID(match[3])
    except ValueError:
        return None


def read_held_place(text: str) -> tuple[date, UUID] | None:
    """Read a place among the visits of a question; None, which is the first page, when it is cut off."""
    match = _HELD_PLACE.fullmatch(text)
    day = read_day(f"{match[1][:4]}-{match[1][4:6]}-{match[1][6:]}") if match is not None else None
    return None if match is None or day is None else (day, UUID(match[2]))
