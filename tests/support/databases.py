"""Fixtures: every test that asks for a database runs on SQLite and on PostgreSQL, each time on a fresh copy."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from app.platform.caller import Caller
from app.platform.sessions import engine_of, session_on
from app.practice import store
from app.web.schema import bring_up_to_date
from tests.support import make, postgres

TEMPLATE = "cleared_template"
_numbers = count(1)


def begin_run() -> None:
    """Make the folder of this run; the workers of pytest-xdist inherit its name."""
    folder = tempfile.mkdtemp(prefix="cleared-tests-")
    os.chmod(folder, 0o755)  # PostgreSQL, which runs as another user under root, must reach its part
    os.environ[postgres.RUN] = folder


def end_run() -> None:
    """Stop what the run started and remove its folder."""
    postgres.stop()
    shutil.rmtree(os.environ.pop(postgres.RUN), ignore_errors=True)


def sqlite_template() -> Path:
    """Find the SQLite database that tests copy; the first who asks makes it."""
    run = Path(os.environ[postgres.RUN])
    path = run / "template.sqlite"
    with (run / "sqlite.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            draft = run / "draft.sqlite"
            engine = engine_of(make_url(f"sqlite:///{draft}"))
            _fill(engine)
            with engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[attr-defined]
            engine.dispose()
            draft.rename(path)
    return path


def postgres_template() -> str:
    """Find the PostgreSQL database that tests copy; the first who asks makes it. Returns the server's URL."""
    server = postgres.start()
    run = Path(os.environ[postgres.RUN])
    with (run / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (run / "template.made").exists():
            administer(server, f'CREATE DATABASE "{TEMPLATE}"')
            engine = engine_of(make_url(server.format(database=TEMPLATE)))
            _fill(engine)
            engine.dispose()
            (run / "template.made").touch()
    return server


def administer(server: str, statement: str) -> None:
    """Run one statement on the server, outside a transaction."""
    engine = create_engine(server.format(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _fill(engine: Engine) -> None:
    bring_up_to_date(engine)
    with session_on(engine, make.keys()) as session:
        store.save_practice(session, make.PRACTICE_ID, make.practice())
        store.save_practice(session, make.OTHER_PRACTICE_ID, make.practice(make.OTHER_PRACTICE_ID, "Other"))
        session.commit()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh database that holds the tables and two practices, and nothing else."""
    if request.param == "sqlite":
        path = tmp_path / "practice.sqlite"
        shutil.copyfile(sqlite_template(), path)
        yield f"sqlite:///{path}"
        return
    server = postgres_template()
    name = f"test_{os.getpid()}_{next(_numbers)}"
    administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')
    yield server.format(database=name)
    administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a fresh database."""
    made = engine_of(make_url(database_url))
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session, with keys, on a fresh database."""
    with session_on(engine, make.keys()) as made:
        yield made


@pytest.fixture
def caller(session: Session) -> Caller:
    """Someone of the practice `make.PRACTICE_ID`, at `make.NOW`."""
    return Caller(session, make.PRACTICE_ID, make.clock(), via="test")
