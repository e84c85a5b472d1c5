"""What undoing a piece of an import removes and puts back, and what stays because something has changed since."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

Row = Mapping[str, Any]
FIRST = 1
"""The version of a row that was made and not edited since."""


@dataclass(frozen=True, slots=True)
class Image:
    """A row that an import changed or removed: its columns before, and the rows that belong to it by their table."""

    row: Row
    owned: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)

    @property
    def version(self) -> int:
        """The version before the import."""
        return int(self.row["version"])


@dataclass(frozen=True, slots=True)
class Piece:
    """What one transaction of an import did, by table: ids of rows made; rows changed, as before; rows removed."""

    made: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)
    changed: Mapping[str, tuple[Image, ...]] = field(default_factory=dict)
    removed: Mapping[str, tuple[Image, ...]] = field(default_factory=dict)

    def counts(self) -> dict[str, list[int]]:
        """Count by table the rows made and the rows changed or removed."""
        tables = sorted({*self.made, *self.changed, *self.removed})
        return {
            table: [
                len(self.made.get(table, ())),
                len(self.changed.get(table, ())) + len(self.removed.get(table, ())),
            ]
            for table in tables
        }


@dataclass(frozen=True, slots=True)
class Step:
    """What to do with the rows of one table: remove, write as before, add again; `stay` names those that stay."""

    remove: tuple[UUID, ...]
    restore: tuple[Image, ...]
    add: tuple[Image, ...]
    stay: tuple[UUID, ...]


Versions = Mapping[UUID, int]
Same = Mapping[tuple[UUID, int], int]


def step_of(piece: Piece, table: str, now: Versions, same: Same, held: frozenset[UUID], taken: frozenset[UUID]) -> Step:
    """Decide about the rows of one table.

    Takes     the piece; the versions of its rows that are there now; `same`, by id and version, the earlier version
              whose content a later undo brought back; `held`, rows on which something hangs that is not of the import;
              `taken`, rows whose natural key another row has now.
    Returns   rows whose content is what the import left are undone; all others stay. A row that is gone stays gone.
    """
    made, changed, removed = piece.made.get(table, ()), piece.changed.get(table, ()), piece.removed.get(table, ())
    remove = [one for one in made if one in now and as_left(one, now[one], same) == FIRST and one not in held]
    restore = [
        one
        for one in changed
        if (key := one.row["id"]) in now and as_left(key, now[key], same) == one.version + 1 and key not in taken
    ]
    add = [one for one in removed if one.row["id"] not in now and one.row["id"] not in taken]
    done = {*remove, *(one.row["id"] for one in (*restore, *add))}
    there = [one for one in made if one in now] + [one.row["id"] for one in (*changed, *removed)]
    return Step(tuple(remove), tuple(restore), tuple(add), tuple(one for one in there if one not in done))


def as_left(row_id: UUID, version: int, same: Same) -> int:
    """Follow a version back to the one whose content it has: an undo writes old content under a new version."""
    while (row_id, version) in same:
        version = same[row_id, version]
    return version


_HIDDEN = frozenset({"member_id", "denial_reason", "note"})
_NO_CHANGE = frozenset({"practice_id", "id", "version", "natural_key"})


def changes_between(now: Row, before: Row) -> dict[str, list[str | None]]:
    """List what putting a row back changes, as an event keeps it: of bytes and of some texts nothing but the names.

    Takes     the row as it is and as it comes back, sealed values opened.
    """
    changes: dict[str, list[str | None]] = {}
    for name, value in before.items():
        if name in _NO_CHANGE or now[name] == value:
            continue
        hidden = name in _HIDDEN or isinstance(value, bytes) or isinstance(now[name], bytes)
        changes[name] = [None, None] if hidden else [_text(now[name]), _text(value)]
    return changes


def _text(value: Any) -> str | None:
    return None if value is None else str(getattr(value, "value", value))
