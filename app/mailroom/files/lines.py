"""The confined child process that reads documents from outside (child.py), and the lines that it writes of them."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from app.platform.clock import SystemClock
from app.platform.confined import lines_from
from app.standards.errors import Fault

CHILD = Path(__file__).with_name("child.py")
HEAD, ITEM, WHOLE, END = b"H", b"I", b"W", b"E"
"""How a line begins: a document, an item of its longest list, its end, the end of a file."""

MOST_FILES = 50
MOST_BYTES = 16 * 2**20
"""What one child reads at once: files up to so many, and no further one behind so many bytes."""

NO_FILE = "There is no file of this name, or it may not be read. Check the name and the folder."


class Named(NamedTuple):
    """A file, and what it is called in what is said of it."""

    path: Path
    name: str


class Lines(Iterator[bytes]):
    """Lines of a child. `dry`: it has ended."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self.dry = False
        self._lines = lines

    def __next__(self) -> bytes:
        """Give the next line."""
        try:
            return next(self._lines)
        except StopIteration:
            self.dry = True
            raise


def lines_in(content: bytes, today: date | None, most: int) -> Iterator[bytes]:
    """Read a document that is in hand: it is given to the child and never lies on a disk. At most `most` bytes."""
    return lines_from(CHILD, _asked(False, 1, len(content), today), content, most)


def read_each(
    files: Sequence[Named], take: Callable[[str, Iterator[bytes]], bool], today: date | None, most: int
) -> bool:
    """Read files, many by one child. Where it ends before its end, the file it was at is refused, the next are read.

    Takes     the files; `take`, which is given a file's name and the lines, reads those of this file up to END (where
              there is none, the child has ended) and says whether the file was refused; the day, for birth years of
              two digits; how many bytes a child may write.
    Returns   whether one was refused.
    """
    refused = False
    for readable, group in groupby(files, key=lambda file: may_be_read(file.path)):
        waiting = list(group)
        if not readable:
            for file in waiting:
                take(file.name, iter([END + json.dumps(refusal(Fault.UNKNOWN_KIND, NO_FILE)).encode()]))
            refused, waiting = True, []
        while waiting:
            batch = batch_of(waiting)
            done, some = _read_batch(batch, take, today, most)
            refused, waiting = refused or some, waiting[done:]
    return refused


def batch_of(files: Sequence[Named]) -> Sequence[Named]:
    """Choose how many of the files one child reads."""
    size = 0
    for place, file in enumerate(files[:MOST_FILES]):
        size += file.path.stat().st_size
        if size > MOST_BYTES:
            return files[: max(place, 1)]
    return files[:MOST_FILES]


def _read_batch(
    batch: Sequence[Named], take: Callable[[str, Iterator[bytes]], bool], today: date | None, most: int
) -> tuple[int, bool]:
    """Let a child read files. Returns how many it came to, and whether one was refused."""
    size = sum(file.path.stat().st_size for file in batch)
    paths = json.dumps([str(file.path.resolve()) for file in batch]).encode()
    lines = Lines(lines_from(CHILD, _asked(True, len(batch), size, today), paths, most))
    refused = False
    for done, file in enumerate(batch, 1):
        refused = take(file.name, lines) or refused
        if lines.dry:
            return done, refused
    return len(batch), refused


def may_be_read(path: Path) -> bool:
    """Say whether a path is a file that may be read."""
    try:
        if path.is_file():
            path.open("rb").close()
            return True
    except OSError:
        return False
    return False


def refusal(fault: Fault, sentence: str, kind: str = "unknown") -> dict[str, Any]:
    """Give the object that says why a document is refused."""
    return {"kind": kind, "error": {"code": fault.value, "message": sentence}}


def _asked(paths: bool, files: int, size: int, today: date | None) -> str:
    day = today or SystemClock().today(ZoneInfo("UTC"))
    return json.dumps({"paths": paths, "files": files, "size": size, "today": day.isoformat()})
