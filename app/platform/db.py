"""The database handle: SQLite (WAL) or PostgreSQL, the base of all tables, and the column types that we own."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, LargeBinary, MetaData, Text, event
from sqlalchemy import Enum as ChoiceType
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.platform.sealed import Keyring, Sealed
from app.platform.wall import enter_as_app


class Uuid16(TypeDecorator[UUID]):
    """An id of 16 bytes: BLOB on SQLite, UUID on PostgreSQL."""

    impl = LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column's type for a database."""
        return dialect.type_descriptor(postgresql.UUID() if dialect.name == "postgresql" else LargeBinary(16))

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        """UUID to what the driver stores."""
        return value if value is None or dialect.name == "postgresql" else value.bytes

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:
        """What the driver gives to UUID."""
        return value if value is None or isinstance(value, UUID) else UUID(bytes=bytes(value))


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: refused without a zone, stored and given back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive value; hand the driver UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class SealedText(TypeDecorator[Sealed]):
    """The one column type of direct identifiers: it takes only what a Keyring has sealed."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Sealed | None, dialect: Dialect) -> bytes | None:
        """Refuse anything that was not sealed."""
        if value is not None and not isinstance(value, Sealed):
            raise TypeError("a sealed column takes a sealed value only")
        return None if value is None else bytes(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Sealed | None:
        """Mark what comes back as sealed."""
        return None if value is None else Sealed(value)


class JsonText(TypeDecorator[Any]):
    """A small structure as canonical JSON text: the same on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Structure to text."""
        return None if value is None else json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Text to structure."""
        return None if value is None else json.loads(value)


def choice(kind: type[StrEnum]) -> ChoiceType:
    """A column of one closed list: stored by value as text, with a CHECK in the database."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
    return ChoiceType(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=f"is_{name}",
        values_callable=lambda members: [member.value for member in members],
    )


_METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Base(DeclarativeBase):
    """The base of all tables: constraints named by one convention, ids and instants in our own types."""

    registry = registry(
        metadata=_METADATA, type_annotation_map={UUID: Uuid16, datetime: UtcDateTime, Sealed: SealedText}
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def keyring_of(session: Session) -> Keyring:
    """The keys of a session, put there by whoever made it."""
    keyring = session.info["keyring"]
    assert isinstance(keyring, Keyring)
    return keyring


PRAGMAS = (
    "journal_mode=WAL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "synchronous=NORMAL",
    "cache_size=-65536",  # 64 MiB
    "secure_delete=ON",  # what is replaced or removed leaves no byte in free pages; a tenth of a write's time at most
    "wal_autocheckpoint=8000",  # 32 MiB: a long run writes the same pages many times
)


def prepare_engine(engine: Engine) -> None:
    """Set SQLite up: WAL, foreign keys, 5 s of patience; we begin transactions, IMMEDIATE for those that write."""
    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", lambda connection, _record: enter_as_app(connection))
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        mode = connection.get_execution_options().get("begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")


@contextmanager
def writing(session: Session) -> Iterator[Session]:
    """One write transaction: begun at once (it never fails half way for a lock), committed or rolled back whole.

    What was read before it in the same session is forgotten, so that decisions inside rest on what is there now.
    Within `joined` it is a part of the transaction that is open, which alone commits.
    """
    if session.info.get("joined"):
        yield session
        session.flush()
        return
    session.rollback()
    session.connection(execution_options={"begin": "IMMEDIATE"})
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


@contextmanager
def joined(session: Session) -> Iterator[None]:
    """Let whatever is called inside write in the transaction that is open, so that it and what follows stand together.

    Nothing inside may catch what broke and go on: the transaction would hold half of it.
    """
    session.info["joined"] = True
    try:
        yield
    finally:
        session.info.pop("joined", None)
