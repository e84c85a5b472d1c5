"""Change which values a column of one closed list may hold: for migrations."""

import re
from collections.abc import Iterable

from sqlalchemy import Connection, text


def set_choices(connection: Connection, table: str, constraint: str, column: str, values: Iterable[str]) -> None:
    """Write the CHECK of a column of one closed list anew; rows that would break it must be changed before.

    Takes     a connection inside its transaction; the table; the CHECK's full name (`ck_<table>_is_<list>`); the
              column; every value that it may hold from now on, in the order of the list.
    Raises    LookupError where the table has no such CHECK.
    Source    SQLite, "ALTER TABLE", section 7: a CHECK may be changed in the text of the schema, because nothing that
              is stored changes. The usual way there, a new table in place of the old one, is shut for tables that
              others reference.
    """
    allowed = ", ".join(f"'{value}'" for value in values)
    if connection.dialect.name == "postgresql":
        connection.execute(text(f'ALTER TABLE "{table}" DROP CONSTRAINT {constraint}'))
        connection.execute(text(f'ALTER TABLE "{table}" ADD CONSTRAINT {constraint} CHECK ({column} IN ({allowed}))'))
        return
    named = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table")
    written = connection.scalars(named, {"table": table}).one()
    check = re.compile(rf"CONSTRAINT \"?{constraint}\"? CHECK \(\"?{column}\"? IN \([^)]*\)\)")
    anew, found = check.subn(f"CONSTRAINT {constraint} CHECK ({column} IN ({allowed}))", written)
    if found != 1:
        raise LookupError(f"the table {table} has no CHECK {constraint} of {column}")
    version = int(connection.exec_driver_sql("PRAGMA schema_version").scalar_one())
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    change = text("UPDATE sqlite_master SET sql = :anew WHERE type = 'table' AND name = :table")
    connection.execute(change, {"anew": anew, "table": table})
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
