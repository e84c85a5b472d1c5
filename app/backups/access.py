"""How backups are kept, put into a session by whoever made it, as its keys are."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.backups.facts.records import Keep

MakeTables = Callable[[Engine, str], None]
"""Makes the tables of a revision in an empty database. Raises BackupError for a revision that nobody knows."""
_PLACE = "backups"


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where backups lie and how many are kept; the folder for test restores; who makes the tables of a revision."""

    folder: Path
    keep: Keep
    scratch: Path
    make_tables: MakeTables


class NoKeepingError(Exception):
    """A session was not told how backups are kept: it was not opened through the program."""


def keep_backups(session: Session, keeping: Keeping) -> None:
    """Tell a session how backups are kept."""
    session.info[_PLACE] = keeping


def keeping_of(session: Session) -> Keeping:
    """How backups are kept. Raises NoKeepingError."""
    keeping = session.info.get(_PLACE)
    if not isinstance(keeping, Keeping):
        raise NoKeepingError("open the session through the program")
    return keeping
