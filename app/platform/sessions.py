"""Engines and sessions outside a web request: the command line, the scheduler and the tests."""

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from app.platform.db import prepare_engine
from app.platform.keys import Keys

MOST_AT_ONCE = 30
"""Connections beside the five that stay: each job under way holds a session and, on a server, its lock."""


class DatabaseUrlError(Exception):
    """A database URL that we cannot use. Its text never holds the password in it."""


def read_url(text: str) -> URL:
    """Read a database URL: `sqlite:///PATH` or `postgresql://...`. Raises DatabaseUrlError."""
    try:
        url = make_url(text.strip())
    except (ArgumentError, ValueError):
        raise DatabaseUrlError(
            "the database URL is not of the form sqlite:////full/path or postgresql://user@host/name"
        ) from None
    backend = url.drivername.split("+")[0]
    if backend in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise DatabaseUrlError(f"databases of kind '{backend}' are not known; use sqlite or postgresql")
    if not url.database or url.database == ":memory:":
        raise DatabaseUrlError("an SQLite database needs a file: sqlite:////full/path/practice.sqlite")
    return url


def engine_of(url: URL) -> Engine:
    """Make an engine for a database, set up as the whole program uses it."""
    on_server = url.get_backend_name() == "postgresql"
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=on_server, max_overflow=MOST_AT_ONCE)
    prepare_engine(engine)
    return engine


def equip(session: Session, keys: Keys) -> Session:
    """Give a session the keys that stores and the audit log ask of it."""
    session.info["keyring"] = keys.keyring
    session.info["audit_key"] = keys.audit
    session.info["audit_key_id"] = keys.audit_id
    session.info["audit_keys"] = keys.audits
    return session


def session_on(engine: Engine, keys: Keys) -> Session:
    """Open a session with the keys."""
    return equip(Session(engine), keys)
