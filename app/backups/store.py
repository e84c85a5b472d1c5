"""Backups that a practice knows of: the only queries over them."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select, text, update
from sqlalchemy.orm import Session

from app.backups.facts.records import Backup, Proof, Standing
from app.backups.models import GOOD, TESTED, BackupRow

_R = BackupRow
_PAGE = 50


def add_backup(session: Session, practice_id: UUID, backup: Backup) -> None:
    """Note a backup that was made, or one that failed."""
    session.add(BackupRow(practice_id=practice_id, **asdict(backup)))
    session.flush()


def last_backup(session: Session, practice_id: UUID) -> Backup | None:
    """Find the last backup that lies in the usual folder; None: there is none. Failures do not count."""
    return _first(session, _of(practice_id).where(text(GOOD)).order_by(_R.began_at.desc()))


def standing_of(session: Session, practice_id: UUID) -> Standing:
    """Read how backups stand, with four queries whatever there is."""
    tested = _of(practice_id).where(text(TESTED)).order_by(_R.tested_at.desc())
    return Standing(
        last=last_backup(session, practice_id),
        attempt=_first(session, _of(practice_id).order_by(_R.began_at.desc())),
        proved=_first(session, tested.where(_R.tested == Proof.PASSED)),
        test=_first(session, tested),
    )


def listing(session: Session, practice_id: UUID) -> tuple[Backup, ...]:
    """List the last fifty backups and failures, newest first."""
    rows = session.scalars(_of(practice_id).order_by(_R.began_at.desc(), _R.id.desc()).limit(_PAGE))
    return tuple(_backup(row) for row in rows)


def in_folder(session: Session, practice_id: UUID) -> dict[str, datetime]:
    """Name the backups that should lie in the usual folder, with the instant of each."""
    chosen = select(_R.name, _R.began_at).where(_R.practice_id == practice_id, text(GOOD))
    return {str(row.name): row.began_at for row in session.execute(chosen)}


def note_test(
    session: Session, practice_id: UUID, backup_id: UUID, at: datetime, result: Proof, seconds: int, why: str | None
) -> None:
    """Note what a test restore of a backup showed; `why`: one word where it failed."""
    mine = update(_R).where(_R.practice_id == practice_id, _R.id == backup_id)
    session.execute(mine.values(tested_at=at, tested=result, test_seconds=seconds, test_why=why))


def note_removed(session: Session, practice_id: UUID, names: Iterable[str], at: datetime) -> None:
    """Note that the files of some backups are gone."""
    mine = update(_R).where(_R.practice_id == practice_id, _R.name.in_(list(names)), _R.removed_at.is_(None))
    session.execute(mine.values(removed_at=at))


def _of(practice_id: UUID) -> Select[BackupRow]:
    return select(_R).where(_R.practice_id == practice_id)


def _first(session: Session, chosen: Select[BackupRow]) -> Backup | None:
    row = session.scalars(chosen.limit(1).execution_options(populate_existing=True)).first()
    return None if row is None else _backup(row)


def _backup(row: BackupRow) -> Backup:
    names = Backup.__dataclass_fields__
    return Backup(**{name: getattr(row, name) for name in names})
