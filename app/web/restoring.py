"""Restore a backup: into an empty place only, after every byte of it was checked, and held back from sending."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.audit.actions import record
from app.backups.actions.checking import check_backup
from app.backups.actions.holding import Cancelled, hold
from app.backups.actions.loading import load_backup
from app.backups.facts.shape import BackupError, Checked
from app.backups.files.places import sync_folder
from app.platform.caller import Caller
from app.platform.clock import Clock
from app.platform.db import writing
from app.platform.keys import Keys
from app.platform.sessions import engine_of, equip, read_url, session_on
from app.platform.wall import see_whole
from app.web.schema import bring_up_to_date, migrate, revisions


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and what of it is never sent."""

    checked: Checked
    cancelled: Cancelled


def make_tables(engine: Engine, revision: str) -> None:
    """Make the tables of a revision in an empty database. Raises BackupError for one that is not known here."""
    if revision not in revisions():
        raise BackupError("This backup was made by a newer version of Cleared; restore it with that version.")
    migrate(engine, "upgrade", revision)


def restore(path: Path, url: URL, keys: Keys, clock: Clock) -> Restored:
    """Restore a backup into the database that a URL names, which must be empty or not be there.

    Raises    BackupError: nothing was written then, or what was written is removed again.
    """
    checked = check_backup(path, keys.keyring)
    with _empty_place(url) as engine:
        make_tables(engine, checked.head.revision)
        cancelled = _load(path, checked, engine, keys, clock)
        bring_up_to_date(engine, keys.keyring)
        _record(checked, engine, keys, clock)
    return Restored(checked, cancelled)


def _load(path: Path, checked: Checked, engine: Engine, keys: Keys, clock: Clock) -> Cancelled:
    cancelled: list[Cancelled] = []

    def held_back(connection: Connection) -> None:
        session = equip(Session(connection, join_transaction_mode="rollback_only"), keys)
        for practice in checked.manifest.practices:
            cancelled.append(hold(session, UUID(hex=practice), clock.now()))
        session.flush()

    load_backup(path, checked, engine, keys.keyring, held_back)
    return Cancelled(sum(one.messages for one in cancelled), sum(one.notices for one in cancelled))


def _record(checked: Checked, engine: Engine, keys: Keys, clock: Clock) -> None:
    """Go on with the log of each practice, whose end must be the one that the backup names."""
    with session_on(engine, keys) as session:
        for practice in checked.manifest.practices:
            caller = Caller(session, UUID(hex=practice), clock, via="restore")
            with writing(session):
                record(caller, "backups.restored", rows=checked.manifest.rows, revision=checked.head.revision)


@contextmanager
def _empty_place(url: URL) -> Iterator[Engine]:
    """A database to fill; it is there in the end only when all went well."""
    place = _new_file(Path(str(url.database))) if url.get_backend_name() == "sqlite" else _empty_on_server(url)
    with place as engine:
        yield engine


@contextmanager
def _new_file(path: Path) -> Iterator[Engine]:
    """Fill a file under a name of its own, and give it its name when it is whole and on the disk."""
    _refuse_unless_empty(path)
    draft = path.with_name(f".{path.name}.restoring")
    for old in _files(draft):
        old.unlink(missing_ok=True)
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise BackupError(f"The folder {path.parent} cannot be written ({error.strerror}).") from None
    engine = engine_of(read_url(f"sqlite:///{draft}"))
    try:
        yield engine
        engine.dispose()  # the log of writes goes into the file
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        _refuse_unless_empty(path)
        draft.rename(path)
        sync_folder(path.parent)
    finally:
        engine.dispose()
        for left in _files(draft):
            left.unlink(missing_ok=True)


def _files(path: Path) -> list[Path]:
    return [path.with_name(path.name + end) for end in ("", "-wal", "-shm", "-journal")]


def _refuse_unless_empty(path: Path) -> None:
    if not path.exists():
        return
    tables = None
    with suppress(sqlite3.Error):
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        connection.close()
    if tables != 0:
        raise BackupError(
            f"{path} is not empty; nothing was written. Restore into a new file, or move that one away first."
        )


@contextmanager
def _empty_on_server(url: URL) -> Iterator[Engine]:
    """Fill an empty database of a server; what was made in it goes again when something fails."""
    engine = engine_of(url)
    try:
        _refuse_unless_without_tables(engine, url)
        try:
            yield engine
        except BaseException:
            _empty_again(engine)
            raise
    finally:
        engine.dispose()


def _refuse_unless_without_tables(engine: Engine, url: URL) -> None:
    try:
        with engine.connect() as connection:
            tables = inspect(connection).get_table_names()
    except OperationalError:
        shown = url.render_as_string(hide_password=True)
        raise BackupError(f"The database {shown} does not answer. Make it, then try again.") from None
    if tables:
        raise BackupError(
            "This database is not empty; nothing was written. Make a new one (createdb), and restore into that."
        )


def _empty_again(engine: Engine) -> None:
    if inspect(engine).get_table_names():
        migrate(engine, "downgrade", "base")
        with engine.begin() as connection:
            see_whole(connection)
            connection.execute(text("DROP TABLE alembic_version"))
