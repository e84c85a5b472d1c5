"""The ends of the chains, written outside the database, where whoever edits it may not reach.

One line a practice and hour at most, in `heads` of the folder that the setting AUDIT_HEADS names. Copy the folder to
another machine, or let the setting name one that is mounted append-only.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app.audit.facts import Head
from app.audit.rules import head_line, read_heads

NAME = "heads"


def heads_in(folder: Path, key: bytes) -> list[Head | None]:
    """Read the ends that were written, in order. None for a line that is not as this program wrote it."""
    try:
        lines = (folder / NAME).read_text(encoding="ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    return list(read_heads(key, lines))


def add_head(folder: Path, key: bytes, head: Head) -> bool:
    """Write the end of a practice's chain behind the others and wait until the disk has it.

    Returns   False when the last line about this practice says the same already.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _held(folder / NAME) as file:
        lines = file.read().splitlines()
        mine = [one for one in read_heads(key, lines) if one is not None and one.practice_id == head.practice_id]
        if mine and (mine[-1].sequence, mine[-1].mac, mine[-1].day) == (head.sequence, head.mac, head.day):
            return False
        file.write(head_line(key, lines[-1] if lines else "", head) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return True


@contextmanager
def _held(path: Path) -> Iterator[IO[str]]:
    """Open the file for reading and appending, one process at a time, readable by its owner only."""
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+", encoding="ascii", errors="replace") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
