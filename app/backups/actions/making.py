"""Make a backup while the program works: one view of the database, streamed through compression and cipher into a file.

Nothing is ever on the disk in the open, not even for a while: rows go from the database's own connection into memory,
piece by piece, and from there sealed into the file. No writer waits.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from app.backups.facts.shape import Checked, Head, Manifest
from app.backups.files.frames import FrameWriter
from app.backups.files.places import name_at, new_file
from app.backups.files.sealing import SealedWriter
from app.backups.files.tables import pieces_of, revision_in, snapshot, tables_of
from app.platform.clock import Clock
from app.platform.db import db
from app.platform.sealed import Keyring


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that is there."""

    path: Path
    checked: Checked


def make_backup(engine: Engine, keyring: Keyring, clock: Clock, folder: Path) -> Made:
    """Write a backup of a whole database into a folder.

    Takes     the database, whose tables are of this version; the keys, the one that seals now among them.
    Returns   where it is, and what it holds: all that was committed when it began, and nothing later.
    Raises    BackupError when it cannot be written; nothing is left of it then.
    """
    now = clock.now()
    name = name_at(now)
    with engine.connect() as connection, new_file(folder, name) as file:
        snapshot(connection)
        head = Head(revision_in(connection), now, engine.dialect.name, tables_of(db.metadata))
        writer = FrameWriter(SealedWriter(file, keyring), head)
        for table in head.tables:
            for piece in pieces_of(connection, table):
                writer.rows(table.name, piece)
        manifest = _manifest(connection, writer)
        writer.close(manifest)
        connection.rollback()
    return Made(folder / name, Checked(head, manifest, file.size, file.sha256))


def _manifest(connection: Connection, writer: FrameWriter) -> Manifest:
    practices = [_hex(one) for one in connection.scalars(text("SELECT id FROM practice ORDER BY id"))]
    heads = connection.execute(text("SELECT practice_id, sequence, mac FROM audit_head")).all()
    audit = {_hex(practice): (int(last), bytes(mac).hex()) for practice, last, mac in heads}
    return Manifest(writer.counting.tables(), tuple(practices), audit)


def _hex(value: object) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value).replace("-", "")
