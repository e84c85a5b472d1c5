"""Locks that die with their process: a file lock beside SQLite, a session lock on PostgreSQL. No time leases."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text


@contextmanager
def held(engine: Engine, name: str) -> Iterator[bool]:
    """Hold a lock of one database while the block runs. Gives False when another process holds it."""
    if engine.dialect.name == "postgresql":
        with _held_in_postgres(engine, name) as mine:
            yield mine
        return
    database = Path(str(engine.url.database)).resolve()  # one lock, by whatever name the file goes
    path = database.with_name(f"{database.name}.{name}.lock")
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def _held_in_postgres(engine: Engine, name: str) -> Iterator[bool]:
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        mine = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}))
        try:
            yield mine
        finally:
            if mine:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})
