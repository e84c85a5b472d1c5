"""Read a backup from end to end, without writing anything."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from app.backups.facts.shape import Checked
from app.backups.files.frames import FrameReader, checked
from app.backups.files.places import opened
from app.backups.files.sealing import opened_chunks
from app.platform.sealed import Keyring

_READ = 1024 * 1024


def check_backup(path: Path, keyring: Keyring) -> Checked:
    """Open every part of a backup and count and digest every row of it.

    Returns   what it holds.
    Raises    BackupError for another file or other keys; DamagedError where any byte is not as it was written.
    """
    with opened(path) as file:
        reader = FrameReader(opened_chunks(file, keyring))
        for _ in reader.rows():
            pass
        file.seek(0)
        digest, size = hashlib.sha256(), 0
        for piece in _pieces(file):
            digest.update(piece)
            size += len(piece)
    return checked(reader, size, digest.hexdigest())


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_READ):
        yield piece
