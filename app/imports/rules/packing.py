"""A table, edits and problems as bytes to be sealed, and back."""

import json
import zlib
from collections.abc import Sequence
from typing import Any

from app.imports.facts import Code, Edits, Refused, Table

QUICK = 1  # of zlib: the rows of a practice shrink to a fifth at little cost


def pack_table(table: Table) -> bytes:
    """Pack a table; rows of equal columns shrink well."""
    return pack([table.header, table.rows])


def unpack_table(packed: bytes) -> Table:
    """Read a packed table."""
    header, rows = unpack(packed)
    return Table(tuple(header), tuple((row, tuple(cells)) for row, cells in rows))


def pack_edits(edits: Edits) -> bytes:
    """Pack what a person decided."""
    return pack({"cells": edits.cells, "cancel": None if edits.cancel is None else sorted(edits.cancel)})


def unpack_edits(packed: bytes | None) -> Edits:
    """Read what a person decided; nothing packed is nothing decided."""
    if packed is None:
        return Edits()
    stored = unpack(packed)
    cells = {int(row): {int(place): text for place, text in one.items()} for row, one in stored["cells"].items()}
    return Edits(cells, None if stored["cancel"] is None else frozenset(stored["cancel"]))


def pack_refused(refused: Sequence[Refused]) -> bytes:
    """Pack every refused row."""
    return pack([[one.row, one.column, one.code.value, one.found, one.fix] for one in refused])


def unpack_refused(packed: bytes | None) -> list[Refused]:
    """Read the refused rows."""
    return (
        []
        if packed is None
        else [Refused(row, column, Code(code), *rest) for row, column, code, *rest in unpack(packed)]
    )


def pack(value: Any) -> bytes:
    """Pack a structure."""
    return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), QUICK)


def unpack(packed: bytes) -> Any:
    """Read a packed structure."""
    return json.loads(zlib.decompress(packed))


def edited(table: Table, edits: Edits) -> Table:
    """Write the edited cells into a table."""
    if not edits.cells:
        return table
    return Table(table.header, tuple((row, _row(cells, edits.cells.get(row))) for row, cells in table.rows))


def _row(cells: tuple[str, ...], anew: Any) -> tuple[str, ...]:
    if not anew:
        return cells
    width = max(len(cells), max(anew) + 1)
    return tuple(anew.get(place, cells[place] if place < len(cells) else "") for place in range(width))
