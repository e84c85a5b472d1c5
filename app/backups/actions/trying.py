"""A test restore: the whole of a backup goes into a throw-away SQLite file, whichever database it came from.

It proves that every byte opens, that the rows come back the same, that each names only rows that are there, and that
the audit log in it is whole. The file has mode 600, holds what the database itself holds (identifiers sealed), and goes
at once; what a crash left behind goes with the next test.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.audit.actions import HEADS, first_broken
from app.backups.access import Keeping
from app.backups.actions.checking import check_backup
from app.backups.actions.loading import load_backup
from app.backups.facts.shape import BackupError, Checked
from app.platform.caller import Caller
from app.platform.db import keyring_of
from app.platform.sessions import engine_of, read_url

NAME = "restore-test.sqlite"


def try_out(caller: Caller, path: Path, keeping: Keeping) -> Checked:
    """Restore a backup into a file that is thrown away. Raises BackupError where it does not come back whole."""
    keyring = keyring_of(caller.session)
    checked = check_backup(path, keyring)
    with _throw_away(keeping.scratch) as engine:
        keeping.make_tables(engine, checked.head.revision)
        load_backup(path, checked, engine, keyring, lambda _: None)
        _hold_audit(caller, checked, engine)
    return checked


def _hold_audit(caller: Caller, checked: Checked, engine: Engine) -> None:
    inherited = {name: value for name, value in caller.session.info.items() if name != HEADS}
    with Session(engine, info=inherited) as session:
        for practice in checked.manifest.practices:
            inside = Caller(session, UUID(hex=practice), caller.clock, via=caller.via)
            if first_broken(inside) is not None:
                raise BackupError("The audit log in this backup is not as it was written.", "audit")


@contextmanager
def _throw_away(folder: Path) -> Iterator[Engine]:
    files = [folder / f"{NAME}{end}" for end in ("", "-wal", "-shm", "-journal")]
    engine = None
    try:
        for left in files:
            left.unlink(missing_ok=True)
        os.close(os.open(files[0], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        engine = engine_of(read_url(f"sqlite:///{files[0]}"))
        yield engine
    except OSError as error:
        raise BackupError(f"The folder {folder} cannot be written ({error.strerror}).", "no_room") from None
    finally:
        if engine is not None:
            engine.dispose()
        for left in files:
            left.unlink(missing_ok=True)
