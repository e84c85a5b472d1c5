"""Read a file from outside through the confined child process (child.py)."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.imports.facts import FileRefusedError, Table
from app.platform.confined import lines_from

CHILD = Path(__file__).with_name("child.py")
MOST_BYTES = 800 * 2**20


def read_table(path: Path) -> Table:
    """Read a CSV or XLSX file. Raises FileRefusedError with a sentence when it is not a table."""
    try:
        if not path.is_file():
            raise FileRefusedError("no_file", "There is no file of this name. Check the name and the folder.")
        path.open("rb").close()
    except OSError:
        raise FileRefusedError("no_file", "The file cannot be opened. Check that you may read it.") from None
    return _table(_messages(str(path.resolve())))


def read_bytes(content: bytes) -> Table:
    """Read a CSV or XLSX that came over the network: it is handed to the child and never lies on a disk.

    Raises    FileRefusedError with a sentence when it is not a table.
    """
    return _table(_messages("-", content))


def _table(messages: Iterator[Any]) -> Table:
    rows = []
    for message in messages:
        if isinstance(message, dict):
            if "code" in message:
                raise FileRefusedError(message["code"], message["sentence"])
            break
        rows.append((message[0], tuple(message[1])))
    else:
        raise FileRefusedError(
            "unreadable", "The file could not be read to its end within the limits. Save it again as CSV UTF-8."
        )
    if not rows:
        raise FileRefusedError("empty", "The file is empty. Export the table again with its header row.")
    return Table(_header(rows), tuple(rows[1:]))


def _header(rows: list[tuple[int, tuple[str, ...]]]) -> tuple[str, ...]:
    """Take the first row as the header, without the empty columns that some exports add at the right."""
    names = tuple(name.strip() for name in rows[0][1])
    width = max((place + 1 for place, name in enumerate(names) if name), default=0)
    if width < len(names) and any(cell.strip() for _, cells in rows[1:] for cell in cells[width:]):
        return names
    return names[:width]


def digest(path: Path) -> str:
    """Tell one file from another by its bytes (SHA-256)."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of(content: bytes) -> str:
    """Tell one content from another (SHA-256)."""
    return hashlib.sha256(content).hexdigest()


def _messages(name: str, content: bytes | None = None) -> Iterator[Any]:
    for line in lines_from(CHILD, name, content, MOST_BYTES):
        yield json.loads(line)
