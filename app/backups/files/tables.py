"""Rows out of a database and into one, as lines. The database writes and escapes them, since Python is slow at it.

Names of tables and columns come from our own models, or from a sealed file that was checked; they are quoted.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from typing import Any, Self

from sqlalchemy import Boolean, Connection, Date, Enum, Integer, LargeBinary, MetaData, String, text

from app.backups.facts.shape import BackupError, Kind, Table
from app.backups.rules.lines import BYTES_BEGIN, ESCAPES, NOTHING, rows_from
from app.platform.db import JsonText, SealedText, UtcDateTime, Uuid16
from app.platform.wall import WallError, see_whole

PIECE = 256 * 1024  # bytes of lines in one piece, or a little more
_FETCHED = 500  # rows
_KINDS: tuple[tuple[type, Kind], ...] = (
    (Uuid16, Kind.UUID),
    (SealedText, Kind.BYTES),
    (LargeBinary, Kind.BYTES),
    (UtcDateTime, Kind.INSTANT),
    (JsonText, Kind.TEXT),
    (Enum, Kind.TEXT),
    (String, Kind.TEXT),
    (Boolean, Kind.FLAG),
    (Date, Kind.DAY),
    (Integer, Kind.INTEGER),
)


def tables_of(metadata: MetaData) -> tuple[Table, ...]:
    """Describe every table of the program, each after those that its rows name."""
    return tuple(
        Table(
            one.name,
            tuple((column.name, _kind(one.name, column)) for column in one.columns),
            tuple(column.name for column in one.primary_key.columns),
            int(one.info.get("rows_at_once", _FETCHED)),
        )
        for one in metadata.sorted_tables
    )


def _kind(table: str, column: Any) -> Kind:
    for made, kind in _KINDS:
        if isinstance(column.type, made):
            return kind
    raise BackupError(f"The column {table}.{column.name} is of a kind that backups do not know.")


def revision_in(connection: Connection) -> str:
    """Read the revision of the tables in the transaction that is open."""
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def snapshot(connection: Connection) -> None:
    """Make a connection see the database as it is now until it ends, while others write.

    SQLite: a read transaction on the log of writes. PostgreSQL: REPEATABLE READ, as the owner of the tables, from whom
    no policy hides a row. Raises BackupError for anybody else.
    """
    if connection.dialect.name == "postgresql":
        connection.execution_options(isolation_level="REPEATABLE READ")
        for setting in ("TRANSACTION READ ONLY", "LOCAL DateStyle = 'ISO, YMD'"):
            connection.exec_driver_sql(f"SET {setting}")
    as_owner(connection)
    revision_in(connection)  # the first read of a transaction decides what it sees


def as_owner(connection: Connection) -> None:
    """See and write the rows of every practice in the transaction under way. Raises BackupError for another role."""
    try:
        see_whole(connection)
    except WallError as error:
        raise BackupError(str(error), "not_owner") from None


def let_rows_in(connection: Connection) -> list[str]:
    """Lift the policies from the owner of the tables, since COPY into a table does not go with them.

    Returns   the tables from which they were lifted, for `keep_rows_in`; the transaction's end does it where it breaks.
    """
    if connection.dialect.name != "postgresql":
        return []
    forced = "SELECT relname FROM pg_class WHERE relforcerowsecurity AND relnamespace = current_schema()::regnamespace"
    tables = list(connection.scalars(text(forced)))
    for table in tables:
        connection.exec_driver_sql(f"ALTER TABLE {_quoted(table)} NO FORCE ROW LEVEL SECURITY")
    return tables


def keep_rows_in(connection: Connection, tables: Sequence[str]) -> None:
    """Put the policies back."""
    for table in tables:
        connection.exec_driver_sql(f"ALTER TABLE {_quoted(table)} FORCE ROW LEVEL SECURITY")


def pieces_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """Give out the rows of a table in the order of its key, as pieces of whole lines."""
    lines = _postgres_lines if connection.dialect.name == "postgresql" else _sqlite_lines
    waiting: list[bytes] = []
    size = 0
    for some in lines(connection, table):
        waiting.append(some)
        size += len(some)
        if size >= PIECE:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


def _postgres_lines(connection: Connection, table: Table) -> Iterator[bytes]:
    cells = ", ".join(_POSTGRES.get(kind, "{0}").format(_quoted(name)) for name, kind in table.columns)
    kinds = dict(table.columns)
    order = ", ".join(
        _quoted(name) + (' COLLATE "C"' if kinds[name] is Kind.TEXT else "") for name in table.key
    )  # by bytes, as SQLite orders
    asked = f"COPY (SELECT {cells} FROM {_quoted(table.name)} ORDER BY {order}) TO STDOUT"  # noqa: S608
    with _driver(connection).cursor() as cursor, cursor.copy(asked) as copy:
        while some := list(islice(copy, table.at_once)):
            yield b"".join(bytes(one) for one in some)


_POSTGRES = {
    Kind.UUID: "replace({0}::text, '-', '')",
    Kind.INSTANT: "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
    Kind.FLAG: "{0}::int",
}


def _sqlite_lines(connection: Connection, table: Table) -> Iterator[bytes]:
    cells = (f"coalesce({_sqlite_cell(_quoted(name), kind)}, '{NOTHING}')" for name, kind in table.columns)
    line, order = " || char(9) || ".join(cells), ", ".join(map(_quoted, table.key))
    asked = f"SELECT {line} FROM {_quoted(table.name)} ORDER BY {order}"  # noqa: S608
    cursor = _driver(connection).cursor()
    cursor.execute(asked)
    while some := cursor.fetchmany(table.at_once):
        yield "".join(f"{one}\n" for (one,) in some).encode()
    cursor.close()


def _sqlite_cell(column: str, kind: Kind) -> str:
    if kind is Kind.UUID:
        return f"CASE WHEN {column} IS NOT NULL THEN lower(hex({column})) END"
    if kind is Kind.BYTES:
        return f"CASE WHEN {column} IS NOT NULL THEN '{BYTES_BEGIN}' || lower(hex({column})) END"
    if kind is Kind.INSTANT:
        return f"CASE length({column}) WHEN 19 THEN {column} || '.000000' ELSE {column} END"
    if kind is not Kind.TEXT:
        return column
    for meant, written in ESCAPES.items():
        column = f"replace({column}, char({ord(meant)}), '{written}')"
    return column


class TableWriter:
    """Writes lines into the tables of an open transaction, whose tables are empty. To be used with `with`."""

    def __init__(self, connection: Connection, tables: Sequence[Table]) -> None:
        """Take the tables in the order in which their rows come."""
        self._connection, self._tables = connection, tables
        self._under_way = ExitStack()
        self._copy: Any = None
        self._at: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self._under_way.__exit__(kind, error, trace)

    def write(self, number: int, lines: bytes) -> None:
        """Write whole lines of one table."""
        if self._connection.dialect.name == "postgresql":
            self._to_postgres(number, lines)
        else:
            self._to_sqlite(self._tables[number], lines)

    def _to_postgres(self, number: int, lines: bytes) -> None:
        if number != self._at:
            self._under_way.close()  # rows that name others of their own table are checked when its last one is there
            table, self._at = self._tables[number], number
            cursor = self._under_way.enter_context(_driver(self._connection).cursor())
            statement = f"COPY {_quoted(table.name)} ({_names(table)}) FROM STDIN"
            self._copy = self._under_way.enter_context(cursor.copy(statement))
        self._copy.write(lines)

    def _to_sqlite(self, table: Table, lines: bytes) -> None:
        kinds = [kind for _, kind in table.columns]
        rows = rows_from(lines.decode().split("\n")[:-1], kinds)
        marks = ", ".join("?" * len(kinds))
        statement = f"INSERT INTO {_quoted(table.name)} ({_names(table)}) VALUES ({marks})"  # noqa: S608
        _driver(self._connection).executemany(statement, rows)


def _names(table: Table) -> str:
    return ", ".join(_quoted(name) for name, _ in table.columns)


def _quoted(name: str) -> str:
    return f'"{name}"'


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection
