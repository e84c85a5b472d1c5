"""The second wall, on PostgreSQL: rows of another practice are not there, and logs cannot be changed.

Every table with a practice has forced row-level security: a statement sees and writes the rows of the practice that its
transaction was begun for, and without one none at all. Whoever makes a Caller says so for its session
(`of_practice`). The few queries that find the practice itself say that (`finds_practice`), and then may only read, and
only the tables in FOUND. The program works under the role cleared_app, which `scripts/manage database roles` makes; it
may neither change tables nor the rows of logs. SQLite has neither roles nor such policies: nothing of this is there.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from uuid import UUID

from sqlalchemy import event, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, SessionTransaction

APP, READER = "cleared_app", "cleared_readonly"
"""The roles of the program and of whoever only reads. They belong to the server; each database grants to them."""

FOUND = frozenset(
    {
        "api_token",
        "api_token_sight",
        "one_time_code",
        "one_time_code_digest",
        "outbox_message",
        "practice",
        "sign_in_step",
        "staff",
        "staff_factor",
        "staff_look",
        "staff_session",
        "staff_sight",
    }
)
"""The tables in which the practice itself is found: by an address, a session, a code, a token, or a reference."""

LOGS = frozenset({"audit_entry", "audit_subject", "outbox_attempt"})
"""Tables to which the program may only add."""

SEALED_LOGS = {"audit_reason": "reason"}
"""Logs of which one column may be sealed anew, when keys are renewed."""

_PRACTICE, _FINDING, _WHOLE = "cleared.practice", "cleared.finding", "cleared.whole"
_NOW = "practice"
P = ParamSpec("P")
R = TypeVar("R")


class WallError(Exception):
    """Something needs the rights of whoever owns the tables, and does not have them."""


def of_practice(session: Session, practice_id: UUID) -> Session:
    """Let a session work for one practice from now on: what is under way, and every transaction after it."""
    if session.info.get(_NOW) != practice_id:
        session.info[_NOW] = practice_id
        if session.in_transaction():
            _tell(session.connection(), _PRACTICE, str(practice_id))
    return session


def finds_practice(query: Callable[Concatenate[Session, P], R]) -> Callable[Concatenate[Session, P], R]:
    """Let a store function that finds the practice itself read the tables in FOUND, of every practice."""

    @wraps(query)
    def found(session: Session, *arguments: P.args, **options: P.kwargs) -> R:
        with _finding(session):
            return query(session, *arguments, **options)

    return cast(Callable[Concatenate[Session, P], R], found)


@contextmanager
def _finding(session: Session) -> Iterator[None]:
    if session.get_bind().dialect.name != "postgresql":
        yield
        return
    _tell(session.connection(), _FINDING, "yes")
    yield
    _tell(session.connection(), _FINDING, "")  # what broke was rolled back, and the setting with it


@event.listens_for(Session, "after_begin")
def _begun(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    """Tell each transaction for which practice it is."""
    practice_id = session.info.get(_NOW)
    if practice_id is not None:
        _tell(connection, _PRACTICE, str(practice_id))


def _tell(connection: Connection, setting: str, value: str) -> None:
    """Set a setting until the transaction ends. It goes to the driver: it is no statement of the program's own."""
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.dbapi_connection
        with driver.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true)", (setting, value))


def see_whole(connection: Connection) -> None:
    """Let the transaction under way see and write the rows of every practice: for migrations, backup and restore.

    Raises    WallError when whoever is signed in at the database does not own its tables.
    """
    if connection.dialect.name != "postgresql":
        return
    connection.execute(text("SET LOCAL ROLE NONE"))
    owns = "SELECT bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class WHERE oid = to_regclass('practice')"
    if connection.scalar(text(owns)) is False:
        raise WallError("This needs the role that owns the tables. Run it with that role in DATABASE_URL.")
    _tell(connection, _WHOLE, "yes")


def enter_as_app(connection: Any) -> None:
    """Give up a new connection's own rights for those of the program's role, where this database grants any to it."""
    before, connection.autocommit = connection.autocommit, True
    with connection.cursor() as cursor:
        row = cursor.execute(_STANDS).fetchone()
        if row and row[0]:
            cursor.execute(f"SET ROLE {APP}")
    connection.autocommit = before


_STANDS = f"""
SELECT EXISTS (
    SELECT FROM pg_roles r JOIN pg_class c ON c.oid = to_regclass('practice')
    WHERE r.rolname = '{APP}' AND pg_has_role(current_user, r.oid, 'MEMBER')
      AND has_table_privilege(r.oid, c.oid, 'SELECT') AND c.relrowsecurity
)
"""  # noqa: S608


def raise_wall(connection: Connection) -> None:
    """Give every table with a practice its policies, and the program's role its rights; as the owner of the tables.

    Safe again and again: it runs after each migration, so that no new table stands outside.
    """
    if connection.dialect.name != "postgresql":
        return
    for table, column in _walled(connection):
        _protect(connection, table, column)
    if connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": APP}) and _granted(connection):
        grant_rights(connection)


def lower_wall(connection: Connection) -> None:
    """Take the policies away again."""
    if connection.dialect.name != "postgresql":
        return
    for table, _column in _walled(connection):
        for policy in ("own_practice", "finding_practice", "owner_whole"):
            connection.exec_driver_sql(f'DROP POLICY IF EXISTS {policy} ON "{table}"')
        connection.exec_driver_sql(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
        connection.exec_driver_sql(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')


def make_roles(connection: Connection) -> None:
    """Make the roles where they are missing, let whoever is signed in become the program's, and grant what they may.

    Safe again and again, and beside others who do the same in other databases of the server.
    """
    for role in (APP, READER):
        connection.exec_driver_sql(
            f"DO $$ BEGIN CREATE ROLE {role} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
    if not connection.scalar(text(f"SELECT pg_has_role(session_user, '{APP}', 'MEMBER')")):
        connection.exec_driver_sql(f"GRANT {APP} TO SESSION_USER")
    grant_rights(connection)


def grant_rights(connection: Connection) -> None:
    """Grant the roles exactly what they may: the program its data and adding to logs, the reader reading."""
    tables = list(connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")))
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {APP}, {READER}")
    connection.exec_driver_sql(f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {APP}, {READER}")
    for table in sorted(tables):
        connection.exec_driver_sql(f'REVOKE ALL ON "{table}" FROM PUBLIC, {APP}, {READER}')
        connection.exec_driver_sql(f'GRANT SELECT ON "{table}" TO {READER}')
        connection.exec_driver_sql(f'GRANT {rights_of(table)} ON "{table}" TO {APP}')
        if table in SEALED_LOGS:
            connection.exec_driver_sql(f'GRANT UPDATE ({SEALED_LOGS[table]}) ON "{table}" TO {APP}')


def rights_of(table: str) -> str:
    """What the program's role may do with a table."""
    if table == "alembic_version":
        return "SELECT"
    return "SELECT, INSERT" if table in LOGS or table in SEALED_LOGS else "SELECT, INSERT, UPDATE, DELETE"


def _granted(connection: Connection) -> bool:
    return bool(connection.scalar(text(f"SELECT has_table_privilege('{APP}', 'practice', 'SELECT')")))


def _walled(connection: Connection) -> list[tuple[str, str]]:
    """Every table with a practice, and the column that names it."""
    found = connection.execute(
        text(
            "SELECT table_name, column_name FROM information_schema.columns JOIN pg_tables ON tablename = table_name "
            "AND schemaname = table_schema WHERE table_schema = current_schema() "
            "AND (column_name = 'practice_id' OR (table_name = 'practice' AND column_name = 'id')) ORDER BY 1"
        )
    )
    return [(table, column) for table, column in found]


def _protect(connection: Connection, table: str, column: str) -> None:
    mine = f"{column} = nullif(current_setting('{_PRACTICE}', true), '')::uuid"
    policies = {"own_practice": f"USING ({mine}) WITH CHECK ({mine})"}
    if table in FOUND:
        policies["finding_practice"] = f"FOR SELECT USING (current_setting('{_FINDING}', true) = 'yes')"
    whole = f"current_setting('{_WHOLE}', true) = 'yes'"
    owner = connection.scalar(
        text("SELECT tableowner FROM pg_tables WHERE schemaname = current_schema() AND tablename = :table"),
        {"table": table},
    )
    policies["owner_whole"] = f'TO "{owner}" USING ({whole}) WITH CHECK ({whole})'
    connection.exec_driver_sql(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    connection.exec_driver_sql(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
    for name in ("own_practice", "finding_practice", "owner_whole"):
        connection.exec_driver_sql(f'DROP POLICY IF EXISTS {name} ON "{table}"')
        if name in policies:
            connection.exec_driver_sql(f'CREATE POLICY {name} ON "{table}" {policies[name]}')
