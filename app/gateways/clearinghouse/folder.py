"""A clearinghouse reached by two folders, which its own program empties and fills: files out, files in.

A file goes out whole or not at all: it is written under a name that begins with a dot, pushed to the disk and renamed.
A file that comes in is moved to `work` before it is read, so that nobody reads it twice at once, and from there to
`done` or `refused`, the reason beside it. What a crash left in `work` is read again.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from app.gateways.clearinghouse.settings import ClearinghouseSettings
from app.gateways.facts import Acknowledges, Answer, Incoming, Outcome, Parties, Sends
from app.platform.clock import Clock, SystemClock

SETTLED_AFTER = 10
"""Seconds for which a file must not have changed before it is read: one that still grows waits."""
UNFINISHED = (".part", ".tmp", ".filepart", ".partial", ".crdownload")
EMPTY_AFTER = 600
"""The same for a file in which nothing stands yet."""
MOST_READ = 64 * 1024 * 1024 + 1
"""Bytes read of one file: one more than a document may have, so that whoever takes it sees that it is too large."""


class FolderClearinghouse:
    """Writes files to one folder and reads those of another."""

    one_at_a_time = False

    def __init__(self, settings: ClearinghouseSettings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()

    @property
    def parties(self) -> Parties:
        """Who sends to whom."""
        return self.settings.parties

    @property
    def acknowledges(self) -> Acknowledges:
        """Which acknowledgements it wants."""
        return self.settings.acknowledges

    @property
    def reviews(self) -> frozenset[str]:
        """For which payers it takes requests for approval."""
        return self.settings.reviews

    def send(self, content: bytes, name: str, what: Sends = Sends.REQUESTS) -> Answer:
        """Put one file into the outgoing folder, whole. The same name again puts the same file in its place."""
        folder = self.settings.out
        if folder is None:
            return Answer(Outcome.REFUSED, code="no-folder")
        final, hidden = folder / f"{name}.x12", folder / f".{name}.x12.part"
        try:
            with open(os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            hidden.rename(final)
            _sync(folder)
        except OSError:
            return Answer(Outcome.LATER, code="folder")
        return Answer(Outcome.ACCEPTED, final.name)

    def waiting(self) -> Iterator[Incoming]:
        """Give the files that came in and no longer grow, each already moved to `work`, oldest names first."""
        folder = self.settings.incoming
        if folder is None or not folder.is_dir():
            return
        work = folder / "work"
        work.mkdir(mode=0o700, exist_ok=True)
        for path in sorted(folder.iterdir()):
            if self._is_settled(path):
                path.rename(_free(work, path.name))
        _sync(work)
        for path in sorted(work.iterdir()):
            if path.is_file() and not path.is_symlink():
                with path.open("rb") as file:
                    content = file.read(MOST_READ)
                yield Incoming(path.name, content)

    def settle(self, incoming: Incoming, refused: str | None) -> None:
        """Move a file that was taken to `done`, or to `refused` with the reason in a text file beside it."""
        folder = self.settings.incoming
        if folder is None:
            return
        target = folder / ("done" if refused is None else "refused")
        target.mkdir(mode=0o700, exist_ok=True)
        moved = _free(target, incoming.name)
        if refused is not None:
            moved.with_name(f"{moved.name}.reason.txt").write_text(f"{refused}\n", encoding="utf-8")
        (folder / "work" / incoming.name).rename(moved)
        _sync(target)

    def _is_settled(self, path: Path) -> bool:
        if path.name.startswith(".") or path.name.lower().endswith(UNFINISHED) or path.is_symlink():
            return False
        if not path.is_file():
            return False
        found = path.stat()
        quiet = self.clock.now().timestamp() - found.st_mtime
        return quiet >= (SETTLED_AFTER if found.st_size else EMPTY_AFTER)


def _free(folder: Path, name: str) -> Path:
    """A name that is not taken in a folder, so that a second file of one name replaces none."""
    path, number = folder / name, 1
    while path.exists():
        number += 1
        path = folder / f"{number}-{name}"
    return path


def _sync(folder: Path) -> None:
    """Push what a folder holds to the disk, so that a rename outlives a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
