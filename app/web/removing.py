"""Remove the sample practice without a trace: its database, kept password and lock files. Never a real practice."""

import hashlib
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

from app.backups.files.places import remove
from app.platform.lock import held
from app.platform.sessions import engine_of, read_url
from app.platform.wall import see_whole
from app.web import schema
from app.web.opening import OpeningError
from config import Settings

PROCESSES = ("web", "scheduler")
CONFIRMATION = "remove sample"


def sign_in_file(settings: Settings, url: URL) -> Path:
    """The file that keeps the password of a sample's first person, by the sample's database."""
    return settings.home / f"sample-sign-in-{hashlib.sha256(str(url).encode()).hexdigest()[:12]}"


def remove_sample(settings: Settings) -> bool:
    """Remove the sample practice that the settings name. Returns False when there is none.

    Raises    OpeningError for a real practice, and while the program runs on the sample.
    """
    url = read_url(settings.database_url)
    path = Path(str(url.database)) if url.get_backend_name() == "sqlite" else None
    there = path is None or path.exists()
    if there:
        engine = engine_of(url)
        try:
            there = _holds_sample(engine)
            if there:
                backups = _backups_of(engine)
                _remove(engine, path)
                _remove_backups(settings.backup_folder, backups)
        except OperationalError:
            raise OpeningError("The sample's database does not answer. Check its address, then try again.") from None
        finally:
            engine.dispose()
    if there or path is not None:
        sign_in_file(settings, url).unlink(missing_ok=True)
    return there


def _holds_sample(engine: Engine) -> bool:
    """Say whether a database holds a sample practice. Raises OpeningError when it holds anything else."""
    tables = inspect(engine).get_table_names()
    if not tables:
        return engine.dialect.name == "sqlite"  # an empty file that a start left behind
    if "practice" not in tables:
        raise OpeningError("This database holds tables that are not Cleared's; nothing was removed.")
    with engine.connect() as connection:
        see_whole(connection)
        samples = set(connection.scalars(text("SELECT sample FROM practice")))
    if samples - {True}:
        raise OpeningError("This database holds a real practice; nothing was removed.")
    return True


def _backups_of(engine: Engine) -> list[str]:
    """The backups that the sample made, which go with it; files of others in the same folder stay."""
    with engine.connect() as connection:
        see_whole(connection)
        if "backup" not in inspect(connection).get_table_names():
            return []
        return list(connection.scalars(text("SELECT name FROM backup WHERE name IS NOT NULL AND NOT elsewhere")))


def _remove_backups(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        remove(folder, name)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _remove(engine: Engine, path: Path | None) -> None:
    with ExitStack() as stack:
        for name in PROCESSES:
            if not stack.enter_context(held(engine, name)):
                raise OpeningError("Cleared runs on the sample. Stop it with Ctrl-C, then remove the sample.")
        if path is None:
            schema.migrate(engine, "downgrade", "base")
            with engine.begin() as connection:
                see_whole(connection)
                connection.execute(text("DROP TABLE alembic_version"))
        else:
            engine.dispose()
            for name in ("", "-wal", "-shm", "-journal"):
                path.with_name(path.name + name).unlink(missing_ok=True)
    if path is not None:
        for lock in path.parent.glob(f"{path.name}.*.lock"):
            lock.unlink(missing_ok=True)
