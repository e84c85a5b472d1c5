"""Bring a database to the tables of this version, forward or back."""

from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine import Connection

from app.platform.sealed import Keyring
from app.platform.wall import raise_wall, see_whole

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
SEALED_SINCE = 20  # the number of the migration that seals, kept in an SQLite file's user_version
LOCK = 0x636C6561  # "clea": one process at a time migrates a PostgreSQL database


class SchemaError(Exception):
    """The tables of a database are not ones that this version of the program knows."""


def revisions() -> frozenset[str]:
    """Name every revision that this version of the program knows."""
    return frozenset(path.stem for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def newest() -> str:
    """Name the newest revision: the last file in migrations/versions, which are numbered."""
    return max(revisions())


def revision_of(engine: Engine) -> str | None:
    """Read the revision of a database; None when it is empty. Raises SchemaError for a stranger's tables."""
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        if not tables:
            return None
        if "alembic_version" not in tables:
            raise SchemaError("the database holds tables that are not Cleared's; give it an empty database")
        return connection.scalars(text("SELECT version_num FROM alembic_version")).one_or_none()


def bring_up_to_date(engine: Engine, keyring: Keyring | None = None) -> None:
    """Create or upgrade the tables. Quick when there is nothing to do.

    `keyring` seals what earlier versions kept plain; only a database that holds nothing of the kind does without.
    """
    current = revision_of(engine)
    if current == newest():
        leave_nothing_plain(engine)
        return
    if current is not None and current not in revisions():
        raise SchemaError("the database was made by a newer version of Cleared; start that version")
    migrate(engine, "upgrade", newest(), keyring)
    leave_nothing_plain(engine)


def leave_nothing_plain(engine: Engine) -> None:
    """Write an SQLite file anew, once, after its words were sealed: free pages still held them. Safe after a crash."""
    if engine.dialect.name != "sqlite":
        return
    with engine.connect().execution_options(begin="DEFERRED") as connection:
        if int(connection.exec_driver_sql("PRAGMA user_version").scalar_one()) >= SEALED_SINCE:
            return
    raw = engine.raw_connection()
    try:
        for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)", f"PRAGMA user_version = {SEALED_SINCE}"):
            raw.cursor().execute(statement)
    finally:
        raw.close()


def migrate(engine: Engine, direction: str, revision: str, keyring: Keyring | None = None) -> None:
    """Run the migrations to a revision (`base` is the empty database) in one transaction.

    Takes     `keyring`, without which what is sealed cannot be opened again on the way down, but for all the way to
              the empty database.
    """
    command, config = _alembic()
    with engine.connect().execution_options(begin="IMMEDIATE") as connection, connection.begin():
        _alone(connection)
        see_whole(connection)
        config.attributes.update(connection=connection, keyring=keyring, forgets=revision == "base")
        getattr(command, direction)(config, revision)
        if direction == "upgrade" and revision == newest():
            raise_wall(connection)


def draft(engine: Engine, revision: str, message: str) -> Path:
    """Write the next migration from the difference between a database and the models; a person then reads it."""
    command, config = _alembic()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        script = command.revision(config, message=message, autogenerate=True, rev_id=revision)
    return Path(script.path)


def _alembic() -> tuple[Any, Any]:
    # Alembic is slow to import and seldom needed: it is loaded when a database is behind.
    command, config = import_module("alembic.command"), import_module("alembic.config").Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(rev)s")
    return command, config


def _alone(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
