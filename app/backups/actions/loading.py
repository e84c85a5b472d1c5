"""Write a backup into an empty database: all of it, held back from sending, or nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from app.backups.facts.shape import BackupError, Checked, DamagedError
from app.backups.files.frames import Counting, FrameReader
from app.backups.files.places import opened
from app.backups.files.sealing import opened_chunks
from app.backups.files.tables import TableWriter, as_owner, keep_rows_in, let_rows_in, pieces_of
from app.platform.sealed import Keyring


def load_backup(
    path: Path, checked: Checked, engine: Engine, keyring: Keyring, then: Callable[[Connection], None]
) -> None:
    """Write the rows of a backup into tables of its revision that are empty, in one transaction.

    Takes     the file, and what reading it to its end showed; the database; what is to be done to the rows before
              anybody sees them.
    Raises    BackupError where what came into the database is not what the backup says; nothing is written then.
    """
    with engine.connect() as connection:
        _relax(connection)
        with connection.begin():
            _write(path, checked, connection, keyring)
            _compare(checked, connection)
            then(connection)


def _relax(connection: Connection) -> None:
    """Let rows name rows that come later; all of them are checked at the end."""
    connection.execution_options(begin="IMMEDIATE")
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys = OFF")


def _write(path: Path, checked: Checked, connection: Connection, keyring: Keyring) -> None:
    connection.exec_driver_sql("SELECT 1")  # so that the transaction is begun
    as_owner(connection)
    if connection.dialect.name == "postgresql":
        for setting in ("DateStyle = 'ISO, YMD'", "TimeZone = 'UTC'"):
            connection.exec_driver_sql(f"SET LOCAL {setting}")
    lifted = let_rows_in(connection)
    with opened(path) as file:
        reader = FrameReader(opened_chunks(file, keyring))
        if reader.head != checked.head:
            raise DamagedError("The file became another one while it was read. Nothing was written.")
        with TableWriter(connection, reader.head.tables) as writer:
            for number, lines in reader.rows():
                writer.write(number, lines)
    keep_rows_in(connection, lifted)
    if reader.manifest != checked.manifest:
        raise DamagedError("The file became another one while it was read. Nothing was written.")


def _compare(checked: Checked, connection: Connection) -> None:
    """Read back what was written: the same rows, to the last byte, and none that names one that is not there."""
    counting = Counting(checked.head)
    for table in checked.head.tables:
        for piece in pieces_of(connection, table):
            counting.add(table.name, piece)
    found = counting.tables()
    wrong = [name for name, one in checked.manifest.tables.items() if found[name] != one]
    if not wrong and connection.dialect.name == "sqlite":
        wrong = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)]
    if wrong:
        raise BackupError(
            f"After writing, the table {wrong[0]} was not what the backup says; nothing was kept. "
            "Try again on another disk or server.",
            "not_equal",
        )
