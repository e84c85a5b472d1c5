"""How a row is written in a backup: one line, its cells apart by tabs, as PostgreSQL's COPY writes text.

`\\N` stands for nothing; a backslash goes before what has a meaning of its own. Ids and bytes are hex, instants UTC to
the microsecond, flags 1 or 0. So the same rows give the same lines on SQLite and on PostgreSQL.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from app.backups.facts.shape import Kind

NOTHING = "\\N"
ESCAPES = {
    "\\": "\\\\",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\v": "\\v",
    "\f": "\\f",
    "\r": "\\r",
}
_MEANT = {written: meant for meant, written in ESCAPES.items()}
_ESCAPED = re.compile(r"\\.", re.DOTALL)
BYTES_BEGIN = "\\\\x"


def plain(text: str) -> str:
    """Read a cell of text. Raises KeyError for an escape that is never written."""
    return _ESCAPED.sub(lambda found: _MEANT[found.group()], text) if "\\" in text else text


def rows_from(lines: Sequence[str], kinds: Sequence[Kind]) -> Iterable[tuple[Any, ...]]:
    """Read lines as values for SQLite, column by column, since that costs half of reading them row by row.

    Takes     lines of one table without their ends; the kinds of its columns.
    Returns   a row for each line: bytes for ids and bytes, numbers, text.
    Raises    ValueError or KeyError where a line is none of this table.
    """
    columns = list(zip(*(line.split("\t") for line in lines), strict=True))
    if len(columns) != len(kinds):
        raise ValueError("a line has more or fewer cells than the table has columns")
    return zip(*(_column(cells, kind) for cells, kind in zip(columns, kinds, strict=True)), strict=True)


def _column(cells: Iterable[str], kind: Kind) -> list[Any]:
    read = _READ[kind]
    return [None if cell == NOTHING else read(cell) for cell in cells]


def _bytes(cell: str) -> bytes:
    if not cell.startswith(BYTES_BEGIN):
        raise ValueError("bytes begin otherwise")
    return bytes.fromhex(cell[len(BYTES_BEGIN) :])


_READ: dict[Kind, Callable[[str], Any]] = {
    Kind.UUID: bytes.fromhex,
    Kind.BYTES: _bytes,
    Kind.TEXT: plain,
    Kind.INTEGER: int,
    Kind.FLAG: int,
    Kind.DAY: str,
    Kind.INSTANT: str,
}
