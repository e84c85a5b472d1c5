"""Migrations: they make what the models say, and go up and down with data in every table."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Boolean, Date, Engine, Enum, Integer, LargeBinary, MetaData, Table, inspect, text
from sqlalchemy.engine import make_url

from app.platform.db import JsonText, SealedText, UtcDateTime, Uuid16
from app.platform.sealed import Sealed
from app.platform.sessions import engine_of
from app.web import schema
from app.web.models import all_tables
from tests.support import make

KEYRING = make.keys().keyring


@pytest.fixture
def blank(blank_database_url: str):
    """An engine on a database without tables."""
    engine = engine_of(make_url(blank_database_url))
    yield engine
    engine.dispose()


def revisions() -> list[str]:
    """List the migrations in order."""
    return sorted(path.stem for path in (schema.MIGRATIONS / "versions").glob("[0-9]*.py"))


def shape_of(engine: Engine) -> dict[str, Any]:
    """Describe every table as the database itself tells it."""
    found = inspect(engine)
    return {
        name: {
            "columns": {(one["name"], str(one["type"]), one["nullable"]) for one in found.get_columns(name)},
            "key": (found.get_pk_constraint(name)["name"], found.get_pk_constraint(name)["constrained_columns"]),
            "unique": {(one["name"], tuple(one["column_names"])) for one in found.get_unique_constraints(name)},
            "checks": {(one["name"], one["sqltext"]) for one in found.get_check_constraints(name)},
            "foreign": {
                (one["name"], tuple(one["constrained_columns"]), one["referred_table"], tuple(one["referred_columns"]))
                for one in found.get_foreign_keys(name)
            },
            "indexes": {
                (one["name"], tuple(one["column_names"]), bool(one["unique"]), _options(one))
                for one in found.get_indexes(name)
            },
        }
        for name in found.get_table_names()
        if name != "alembic_version"
    }


def _options(index: Any) -> tuple[tuple[str, str], ...]:
    """What an index asks of one database, such as the rows that a partial one holds, as text."""
    return tuple(sorted((name, str(value)) for name, value in index.get("dialect_options", {}).items()))


def triggers_of(engine: Engine) -> set[str]:
    """Name the triggers of a database."""
    postgres = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    asked = postgres if engine.dialect.name == "postgresql" else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with engine.connect() as connection:
        return set(connection.scalars(text(asked)))


def test_migrations_make_exactly_what_the_models_say(blank):
    schema.bring_up_to_date(blank)
    migrated, its_triggers = shape_of(blank), triggers_of(blank)
    schema.migrate(blank, "downgrade", "base")
    assert shape_of(blank) == {}
    assert triggers_of(blank) == set()
    with blank.begin() as connection:
        all_tables().create_all(connection)
    modelled = shape_of(blank)
    assert set(migrated) == set(modelled)
    for table, shape in modelled.items():
        assert migrated[table] == shape, table
    assert its_triggers == triggers_of(blank)


def value_for(column: Any, number: int) -> Any:
    """Make a value that a column takes."""
    kinds: list[tuple[type, Any]] = [
        (Uuid16, make.an_id(number)),
        (UtcDateTime, datetime(2026, 3, 3 if column.name == "expires_at" else 2, tzinfo=UTC)),
        (SealedText, Sealed(b"sealed")),
        (JsonText, []),
        (Boolean, False),
        (Date, date(2026, 3, 2)),
        (LargeBinary, b"0" * 16),
        (Integer, 200 if column.name == "status" else 1),
    ]
    if isinstance(column.type, Enum):
        return column.type.enum_class(column.type.enums[0]) if column.type.enum_class else column.type.enums[0]
    return next((value for kind, value in kinds if isinstance(column.type, kind)), "x")


def fill(engine: Engine, metadata: MetaData) -> None:
    """Put one row in every table; a foreign key gets the values of the row that it names."""
    rows: dict[str, dict[str, Any]] = {}
    with engine.begin() as connection:
        for number, table in enumerate(metadata.sorted_tables, 1):
            row = _row(table, rows, number)
            rows[table.name] = row
            connection.execute(table.insert().values(row))


def _row(table: Table, rows: dict[str, dict[str, Any]], number: int) -> dict[str, Any]:
    row = {column.name: value_for(column, number) for column in table.columns}
    row |= {"lines": "[]"} if table.name == "visit" else {}
    row |= {"step": table.c.step.type.enum_class("received")} if table.name == "supply_mark" else {}
    for key in table.foreign_key_constraints:
        target = key.referred_table.name
        if target == table.name:  # a row may name an earlier one of its own table; the first has none
            row.update({column.name: None for column in key.columns if column.nullable})
            continue
        for element in key.elements:
            row[element.parent.name] = rows[target][element.column.name]
    return row | {
        column.name: KEYRING.seal(f"{table.name}.{column.name}", row["practice_id"], _owner(row), "[]")
        for column in table.columns
        if isinstance(column.type, SealedText)
    }


def _owner(row: dict[str, Any]) -> Any:
    """The id that a row's sealed values are bound to."""
    return row["id"] if "id" in row else row["staff_id"]


def counts(engine: Engine) -> dict[str, int]:
    """Count the rows of every table."""
    with engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
        return {name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0 for name in names}


def test_every_migration_goes_down_and_up_with_data_in_every_table(blank):
    schema.bring_up_to_date(blank)
    fill(blank, all_tables())
    assert set(counts(blank).values()) == {1}
    steps = ["base", *revisions()]
    for step in reversed(steps[:-1]):
        schema.migrate(blank, "downgrade", step, KEYRING)
    assert counts(blank) == {}
    for step in steps[1:]:
        schema.migrate(blank, "upgrade", step, KEYRING)
        assert schema.revision_of(blank) == step
    fill(blank, all_tables())


def test_a_database_of_another_program_is_left_alone(blank):
    with blank.begin() as connection:
        connection.execute(text("CREATE TABLE theirs (id INTEGER)"))
    with pytest.raises(schema.SchemaError, match="not Cleared's"):
        schema.bring_up_to_date(blank)
    assert set(counts(blank)) == {"theirs"}


def test_a_database_of_a_newer_version_is_left_alone(blank):
    schema.bring_up_to_date(blank)
    with blank.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_later'"))
    with pytest.raises(schema.SchemaError, match="newer version"):
        schema.bring_up_to_date(blank)
