"""Fixtures: every test that asks for a database runs on SQLite and on PostgreSQL, each time on a fresh copy."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from app.audit.actions import HEADS
from app.platform.caller import Caller
from app.platform.sessions import engine_of, session_on
from app.platform.wall import make_roles, of_practice
from app.practice.store import practice as store
from app.web.schema import bring_up_to_date
from tests.support import make, postgres

_numbers = count(1)
MEMORY, ROOM = Path("/dev/shm"), 4 * 2**30
PREFIX = "cleared-tests-"


def begin_run() -> None:
    """Make the folder of this run; the workers of pytest-xdist inherit its name."""
    place = _in_memory()
    if place is not None:
        _remove_what_died(Path(place))
    folder = tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=place)
    os.chmod(folder, 0o755)  # PostgreSQL, which runs as another user under root, must reach its part
    os.environ[postgres.RUN] = folder


def _in_memory() -> str | None:
    """Find a folder in memory with room for the databases of a run; None for where temporary files usually are."""
    try:
        return str(MEMORY) if shutil.disk_usage(MEMORY).free >= ROOM else None
    except OSError:
        return None


def _remove_what_died(place: Path) -> None:
    """Give back the memory of runs that were killed; their PostgreSQL ends when it misses its files."""
    for folder in place.glob(f"{PREFIX}*-*"):
        process = folder.name.removeprefix(PREFIX).split("-")[0]
        if process.isdigit() and not Path(f"/proc/{process}").exists():
            shutil.rmtree(folder, ignore_errors=True)


def end_run() -> None:
    """Stop what the run started and remove its folder."""
    postgres.stop()
    shutil.rmtree(os.environ.pop(postgres.RUN), ignore_errors=True)


def sqlite_template(practices: bool) -> Path:
    """Find the SQLite database that tests copy; the first who asks makes it."""
    run = Path(os.environ[postgres.RUN])
    path = run / f"template-{practices}.sqlite"
    with (run / "sqlite.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            draft = run / f"draft-{practices}.sqlite"
            _fill(f"sqlite:///{draft}", practices)
            draft.rename(path)
    return path


def postgres_template(practices: bool) -> tuple[str, str]:
    """Find the PostgreSQL database that tests copy; the first who asks makes it. Returns server and name."""
    server = postgres.start()
    run = Path(os.environ[postgres.RUN])
    name = f"cleared_template_{practices}".lower()
    with (run / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (run / name).exists():
            administer(server, f'CREATE DATABASE "{name}"')
            _fill(server.format(database=name), practices)
            (run / name).touch()
    return server, name


@cache
def _by_files(server: str) -> str:
    """Say that a copy is made file by file, in a third of the time; before PostgreSQL 15 it is made so unasked."""
    engine = create_engine(server.format(database="postgres"))
    with engine.connect() as connection:
        version = int(connection.execute(text("SHOW server_version_num")).scalar_one())
    engine.dispose()
    return " STRATEGY FILE_COPY" if version >= 150_000 else ""


def administer(server: str, statement: str) -> None:
    """Run one statement on the server, outside a transaction."""
    engine = create_engine(server.format(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _fill(url: str, practices: bool) -> None:
    engine = engine_of(make_url(url))
    bring_up_to_date(engine)
    stand_behind_the_wall(engine)
    if practices:
        with session_on(engine, make.keys()) as session:
            of_practice(session, make.PRACTICE_ID)
            store.save_practice(session, make.PRACTICE_ID, make.practice())
            session.flush()
            of_practice(session, make.OTHER_PRACTICE_ID)
            store.save_practice(session, make.OTHER_PRACTICE_ID, make.practice(make.OTHER_PRACTICE_ID, "Other"))
            session.commit()
    engine.dispose()  # SQLite moves its log into the file when the last connection closes


def stand_behind_the_wall(engine: Engine) -> None:
    """Make the roles, and let every later connection have those of the program alone, as `database roles` does."""
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            make_roles(connection)
        engine.dispose()


@contextmanager
def copy_of_template(kind: str, folder: Path, practices: bool) -> Iterator[str]:
    """A fresh database of a kind, with the tables, and with two practices if wished. Gives its URL."""
    if kind == "sqlite":
        path = folder / "practice.sqlite"
        shutil.copyfile(sqlite_template(practices), path)
        yield f"sqlite:///{path}"
        return
    server, template = postgres_template(practices)
    name = f"test_{os.getpid()}_{next(_numbers)}"
    administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"{_by_files(server)}')
    yield server.format(database=name)
    administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh database that holds the tables and two practices, and nothing else."""
    with copy_of_template(request.param, tmp_path, practices=True) as url:
        if request.param == "postgresql":
            _let_tests_look(url)
        yield url


def _let_tests_look(url: str) -> None:
    """Let a test's own statements see the practice of the tests, where nobody said for which practice they are.

    What the program does when nobody said so is tried in tests/security/test_second_wall.py, and by the command line.
    """
    name, server = make_url(url).database, url.replace(f"/{make_url(url).database}?", "/{database}?")
    administer(server, f"ALTER DATABASE \"{name}\" SET cleared.practice = '{make.PRACTICE_ID}'")


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh database that holds the tables only: the command line makes its practice."""
    with copy_of_template(request.param, tmp_path, practices=False) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def blank_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'blank.sqlite'}"
        return
    server, name = postgres.start(), f"blank_{os.getpid()}_{next(_numbers)}"
    administer(server, f'CREATE DATABASE "{name}"')
    yield server.format(database=name)
    administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a fresh database."""
    made = engine_of(make_url(database_url))
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine, tmp_path: Path) -> Iterator[Session]:
    """A session, with keys, on a fresh database."""
    with session_on(engine, make.keys()) as made:
        made.info[HEADS] = tmp_path / "audit-heads"
        of_practice(made, make.PRACTICE_ID)
        yield made


@pytest.fixture
def caller(session: Session) -> Caller:
    """Someone of the practice `make.PRACTICE_ID`, at `make.NOW`."""
    return Caller(session, make.PRACTICE_ID, make.clock(), via="test")
