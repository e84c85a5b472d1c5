"""Change an audit log as someone with the database file or a superuser's rights could: past every trigger and key."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.engine import Connection

TABLES = ("audit_entry", "audit_subject")


@contextmanager
def past_the_triggers(engine: Engine) -> Iterator[Connection]:
    """A connection on which triggers and foreign keys do nothing; what it did is committed at the end."""
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL ROLE NONE"))
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            yield connection
        return
    with engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        raw.execute("PRAGMA foreign_keys = OFF")
        kept = raw.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'").fetchall()
        with connection.begin():
            for table in TABLES:
                for what in ("update", "delete"):
                    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{what}")
            yield connection
            for (made,) in kept:
                connection.exec_driver_sql(made)
        raw.execute("PRAGMA foreign_keys = ON")
