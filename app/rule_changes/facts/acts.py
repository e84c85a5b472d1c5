"""What a person asks for with a form, and what came of it."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Word:
    """One form: the id under which it counts once, and the stamp of what its page showed.

    `reason`: why, where the form asks for it.
    """

    once: UUID
    stamp: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ActDone:
    """What an act did: how many visits have another answer, and whether the same form came before.

    `proposal`: what was put forward; `undo`: the stamp of the form that puts the former rules back. `later`:
    every visit is judged anew after the act, so that it cannot say yet how many have another answer.
    """

    visits_changed: int = 0
    again: bool = False
    proposal: UUID | None = None
    undo: str | None = None
    later: bool = False
