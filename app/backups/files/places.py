"""Files of backups in their folder: written under another name until they are whole, mode 600, and found again."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from app.backups.facts.shape import BackupError

NAME = re.compile(r"cleared-(\d{4}-\d{2}-\d{2}T\d{6})Z-[0-9a-f]{8}\.backup")
PARTIAL = ".part"


class HashingFile:
    """A file that digests and counts what is written to it."""

    def __init__(self, file: BinaryIO) -> None:
        """Begin with an empty file."""
        self._file, self._digest, self.size = file, hashlib.sha256(), 0

    def write(self, content: bytes) -> int:
        """Write, and take note of it."""
        self._digest.update(content)
        self.size += len(content)
        return self._file.write(content)

    @property
    def sha256(self) -> str:
        """The digest of all that was written, as hex."""
        return self._digest.hexdigest()


def name_at(now: datetime) -> str:
    """Name a new backup by its instant: nothing in it tells of a practice or a person."""
    return f"cleared-{now.astimezone(UTC):%Y-%m-%dT%H%M%S}Z-{secrets.token_hex(4)}.backup"


def made_at(name: str) -> datetime | None:
    """When a backup was made, by its name; None for another file."""
    found = NAME.fullmatch(name)
    return None if found is None else datetime.strptime(found[1], "%Y-%m-%dT%H%M%S").replace(tzinfo=UTC)


@contextmanager
def new_file(folder: Path, name: str) -> Iterator[HashingFile]:
    """Write a file that is there whole or not at all, even after a loss of power; readable by its owner only.

    Raises    BackupError where the folder cannot be made or written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = folder / f".{name}{PARTIAL}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        sentence = f"The folder {folder} cannot be written ({error.strerror}). Choose another one."
        raise BackupError(sentence, "not_written") from None
    try:
        with os.fdopen(handle, "wb") as file:
            yield HashingFile(file)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(folder / name)
        sync_folder(folder)
    except OSError as error:
        sentence = f"The backup could not be written ({error.strerror}). Make room, then try again."
        raise BackupError(sentence, "not_written") from None
    finally:
        draft.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make sure that names in a folder outlast a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a backup to read it. Raises BackupError where it is not there or not readable."""
    try:
        with path.open("rb") as file:
            yield file
    except FileNotFoundError:
        raise BackupError(f"There is no file {path}.") from None
    except (IsADirectoryError, PermissionError) as error:
        raise BackupError(f"The file {path} cannot be read ({error.strerror}).") from None


def kept_in(folder: Path) -> dict[str, datetime]:
    """The backups in a folder by name, with the instant of each."""
    if not folder.is_dir():
        return {}
    found = ((path.name, made_at(path.name)) for path in folder.iterdir())
    return {name: at for name, at in found if at is not None}


def remove(folder: Path, name: str) -> None:
    """Remove a backup. Another file is never touched."""
    if NAME.fullmatch(name):
        (folder / name).unlink(missing_ok=True)


def remove_parts(folder: Path, before: datetime) -> None:
    """Remove what broken-off backups left behind before an instant."""
    for path in folder.glob(f".cleared-*{PARTIAL}"):
        at = made_at(path.name.removeprefix(".").removesuffix(PARTIAL))
        if at is not None and at < before:
            path.unlink(missing_ok=True)
