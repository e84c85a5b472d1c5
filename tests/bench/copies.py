"""A large practice as copies of a smaller one: the same people many times under other ids, in minutes, on SQLite.

Only what judging reads is copied, and of what is sealed only what judging opens is sealed anew: names, record
numbers and notes of copies cannot be opened.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import UUID

from app.platform.sealed import Keyring
from tests.support import make

ID = 16
SHIFTED = {
    "patient": ("id", "mrn_index"),
    "coverage": ("id", "patient_id"),
    "authorization": ("id", "patient_id"),
    "patient_answer": ("id", "patient_id"),
    "visit": ("id", "patient_id", "line_ids"),
    "service_line": ("id", "visit_id"),
}
"""The tables that are copied, foreign keys last, and their columns of ids that differ from copy to copy."""
SEALED = (
    ("patient", "birth_date"),
    ("coverage", "source"),
    ("coverage", "reference"),
    ("authorization", "number"),
    ("authorization", "reference"),
    ("patient_answer", "reference"),
)
"""What judging opens: sealed under the id of its row, so a copy is sealed anew."""
OTHERWISE = {
    **{one: f"resealed('{one[0]}.{one[1]}', id, {one[1]}, :copy)" for one in SEALED},
    ("visit", "reference"): "reference || '-' || :copy",
}


def multiply(database: Path, times: int) -> None:
    """Put copies of a practice's people beside them, until there are so many times as many."""
    keyring = make.keys().keyring
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -400000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.create_function("shifted", 2, shifted, deterministic=True)
        connection.create_function("resealed", 4, _resealing(keyring))
        statements = [_statement(connection, name) for name in SHIFTED]
        connection.execute("BEGIN")
        marks = [connection.execute(f'SELECT max(rowid) FROM "{name}"').fetchone()[0] for name in SHIFTED]
        for copy in range(1, times):
            for statement, last in zip(statements, marks, strict=True):
                connection.execute(statement, {"copy": copy, "last": last})
        connection.execute("COMMIT")
        connection.execute("ANALYZE")
        connection.execute("PRAGMA journal_mode = WAL")


def _statement(connection: sqlite3.Connection, name: str) -> str:
    columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{name}")')]
    values = [_value(name, column) for column in columns]
    return f'INSERT INTO "{name}" ({", ".join(columns)}) SELECT {", ".join(values)} FROM "{name}" WHERE rowid <= :last'


def _value(name: str, column: str) -> str:
    return f"shifted({column}, :copy)" if column in SHIFTED[name] else OTHERWISE.get((name, column), column)


def shifted(ids: bytes | None, copy: int) -> bytes | None:
    """Ids (16 bytes each) under which a copy goes: the last byte of each is turned by the number of the copy."""
    if ids is None:
        return None
    turned = bytearray(ids)
    for last in range(ID - 1, len(turned), ID):
        turned[last] ^= copy
    return bytes(turned)


def _resealing(keyring: Keyring) -> Callable[[str, bytes, bytes | None, int], bytes | None]:
    def resealed(column: str, row: bytes, sealed: bytes | None, copy: int) -> bytes | None:
        if sealed is None:
            return None
        opened = keyring.unseal(column, make.PRACTICE_ID, UUID(bytes=row), sealed)
        own = shifted(row, copy)
        assert own is not None
        return keyring.seal(column, make.PRACTICE_ID, UUID(bytes=own), opened)

    return resealed
