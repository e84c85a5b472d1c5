"""Bring a database to the tables of this version, forward or back."""

from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine import Connection

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
LOCK = 0x636C6561  # "clea": one process at a time migrates a PostgreSQL database


class SchemaError(Exception):
    """The tables of a database are not ones that this version of the program knows."""


def newest() -> str:
    """Name the newest revision: the last file in migrations/versions, which are numbered."""
    return max(path.stem for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def revision_of(engine: Engine) -> str | None:
    """Read the revision of a database; None when it is empty. Raises SchemaError for a stranger's tables."""
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        if not tables:
            return None
        if "alembic_version" not in tables:
            raise SchemaError("the database holds tables that are not Cleared's; give it an empty database")
        return connection.scalars(text("SELECT version_num FROM alembic_version")).one_or_none()


def bring_up_to_date(engine: Engine) -> None:
    """Create or upgrade the tables. Quick when there is nothing to do."""
    known = {path.stem for path in (MIGRATIONS / "versions").glob("[0-9]*.py")}
    current = revision_of(engine)
    if current == newest():
        return
    if current is not None and current not in known:
        raise SchemaError("the database was made by a newer version of Cleared; start that version")
    migrate(engine, "upgrade", newest())


def migrate(engine: Engine, direction: str, revision: str) -> None:
    """Run the migrations to a revision (`base` is the empty database) in one transaction."""
    command, config = _alembic()
    with engine.connect().execution_options(begin="IMMEDIATE") as connection, connection.begin():
        _alone(connection)
        config.attributes["connection"] = connection
        getattr(command, direction)(config, revision)


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
