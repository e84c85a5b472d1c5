"""Routine services: what the program offers to confirm in one step, and what it never offers."""

import re
from datetime import date, timedelta

from app.policies.facts.book import Book
from app.policies.facts.grid import RoutineFile
from app.values.codes import in_range
from app.values.spans import add_months

_NEVER = re.compile(r"[0-9]{4}[TU]|[0-9]{3}99")
"""New technology (T), PLA tests (U), and unlisted codes, which end in 99."""
LONGEST_MONTHS = 12
ANSWER_DAYS = 90


def never_offered(routine: RoutineFile, code: str) -> bool:
    """Say whether a code is one that is never offered as routine (contract `verdict.md`, routine services)."""
    return (
        code[0] in routine.never_letters
        or _NEVER.fullmatch(code) is not None
        or any(in_range(code, *span.split("-")) for span in routine.never)
    )


def offered_codes(book: Book) -> tuple[str, ...]:
    """The codes that the program offers as routine, in the order of their groups."""
    groups = book.routine.groups if book.routine is not None else ()
    return tuple(dict.fromkeys(code for group in groups for code in group.codes))


def last_day_of_rule(begins: date) -> date:
    """The latest end of a practice rule: twelve months after it begins."""
    return add_months(begins, LONGEST_MONTHS)


def last_day_of_answer(begins: date) -> date:
    """The latest end of an answer for one patient: 31 December of its year."""
    return date(begins.year, 12, 31)


def usual_end_of_answer(begins: date) -> date:
    """The end of an answer for which none is given: 90 days on, and never past 31 December."""
    return min(begins + timedelta(days=ANSWER_DAYS), last_day_of_answer(begins))
