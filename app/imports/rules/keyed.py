"""Rows of one file that mean the same thing: a repetition is refused, a contradiction refuses every one of them."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any, Protocol, TypeVar

from app.imports.facts import Code, Refused
from app.imports.rules.plans import Plan


class Numbered(Protocol):
    """The row of a file."""

    @property
    def row(self) -> int:
        """Its number."""


class Keyed(Protocol):
    """A row with the content that its key stands for."""

    @property
    def row(self) -> Numbered:
        """The row itself."""

    @property
    def content(self) -> Any:
        """What the row says."""


K = TypeVar("K", bound=Keyed)


def refuse_repeats(rows: Iterable[K], key: Callable[[K], Hashable], column: str, plan: Plan) -> list[K]:
    """Keep one row of each key.

    Of rows that say the same the first is kept. Of rows that contradict each other none is: which of two answers the
    payer gave is not ours to guess, and the wrong guess would clear a visit.
    """
    by_key: dict[Hashable, list[K]] = {}
    for one in rows:
        by_key.setdefault(key(one), []).append(one)
    kept = []
    for same in by_key.values():
        first, *others = same
        agree = all(other.content == first.content for other in others)
        if agree:
            kept.append(first)
        for one in others if agree else same:
            other = first if one is not first else others[0]
            plan.refused.append(_refused(one.row.row, other.row.row, column, agree))
    return kept


def _refused(row: int, other: int, column: str, agree: bool) -> Refused:
    if agree:
        return Refused(
            row, column, Code.DUPLICATE, f"the same as row {other}", "Leave the row out; it is there already."
        )
    return Refused(
        row,
        column,
        Code.CONFLICT,
        f"the same as row {other}, with other content",
        f"Rows {min(row, other)} and {max(row, other)} mean the same thing and say different things. "
        "Keep the one that is right, or write both into one row.",
    )
