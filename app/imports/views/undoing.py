"""What undoing an import does or did, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.clearance.views.panel import instant_words
from app.imports.actions.undoing import SHOWN, Undoing
from app.imports.views.files import kind_words, person
from app.practice.facts.staff import Staff
from app.values.wording import counted

THINGS: Mapping[str, tuple[str, str]] = {
    "visit": ("visit", "visits"),
    "patient": ("patient", "patients"),
    "coverage": ("coverage", "coverages"),
    "authorization": ("authorization", "authorizations"),
    "site": ("site", "sites"),
    "provider": ("provider", "providers"),
    "payer": ("payer without rules", "payers without rules"),
}
"""What is told, by table, in this order; the note of when a schedule came in is not."""


@dataclass(frozen=True, slots=True)
class Left:
    """What stays as it is: a sentence, and the first visits among it by our id and the practice system's."""

    sentence: str
    visits: tuple[tuple[UUID, str], ...] = ()
    more: str = ""


@dataclass(frozen=True, slots=True)
class UndoPage:
    """An import and its undo. `state`: ask, undone, working or late."""

    run_id: UUID
    state: str
    about: str
    until: str
    removes: tuple[str, ...]
    restores: tuple[str, ...]
    left: tuple[Left, ...]
    undone: str


def undo_page(undoing: Undoing, people: Mapping[UUID, Staff], zone: ZoneInfo) -> UndoPage:
    """Put an import and its undo into words."""
    run, undo = undoing.run, undoing.undo
    counts: Mapping[str, Sequence[int]] = undoing.counts if undo is None else undo.done
    when = instant_words(run.ended_at, zone)
    return UndoPage(
        run.id,
        _state(undoing),
        f"{kind_words(run.kind)}, {counted(run.rows, 'row')}, brought in {when} by {person(people, run.user_id)}.",
        instant_words(undoing.until, zone),
        _things(counts, 0),
        _things(counts, 1),
        () if undo is None else _left(undo.left, undoing.visits),
        "" if undo is None else _undone(undo.ended_at or undo.began_at, person(people, undo.user_id), zone),
    )


def _state(undoing: Undoing) -> str:
    if undoing.undo is None:
        return "ask" if undoing.possible else "late"
    return "working" if undoing.undo.ended_at is None else "undone"


def _undone(at: datetime, by: str, zone: ZoneInfo) -> str:
    return f"{instant_words(at, zone)} by {by}"


def _things(counts: Mapping[str, Sequence[int]], place: int) -> tuple[str, ...]:
    return tuple(
        counted(counts[table][place], *words) for table, words in THINGS.items() if counts.get(table, (0, 0))[place]
    )


def _left(left: Mapping[str, Sequence[str]], visits: tuple[tuple[UUID, str], ...]) -> tuple[Left, ...]:
    told = []
    for table, words in THINGS.items():
        number = len(left.get(table, ()))
        if number:
            verb = "stays as it is" if number == 1 else "stay as they are"
            sentence = f"{counted(number, *words)} changed since, or needed by other records, {verb}."
            hidden = number - SHOWN
            more = f"and {hidden:,} more" if table == "visit" and hidden > 0 else ""
            told.append(Left(sentence, visits if table == "visit" else (), more))
    return tuple(told)
