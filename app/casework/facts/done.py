"""What an action did."""

from dataclasses import dataclass
from uuid import UUID

from app.clearance.facts.reasons import Badge


@dataclass(frozen=True, slots=True)
class Done:
    """What changed: the id of the change, None where nothing did; and the new badge of each visit that turned.

    `undoable` False: the change cannot be taken back, because a sealed value of it is not kept.
    """

    change: UUID | None
    turned: tuple[Badge, ...] = ()
    undoable: bool = True
