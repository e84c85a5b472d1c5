"""Make a backup and note it, remove those that are old, and see whether the last one can be restored."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine

from app.audit.actions import record
from app.backups import store
from app.backups.access import keeping_of
from app.backups.actions.making import Made, make_backup
from app.backups.actions.trying import try_out
from app.backups.facts.records import RETRY, Backup, Proof
from app.backups.facts.shape import BackupError
from app.backups.files.places import kept_in, remove, remove_parts
from app.backups.rules.keeping import backup_due, kept, trial_due
from app.platform.caller import Caller
from app.platform.clock import ticks
from app.platform.db import keyring_of, writing
from app.platform.ids import new_id
from app.platform.runs import Ran


def back_up(caller: Caller, folder: Path | None = None) -> Made:
    """Make a backup now and note it. `folder`: another one than the usual.

    Raises    BackupError, which is noted too.
    """
    usual = keeping_of(caller.session).folder
    elsewhere = folder is not None and folder.absolute() != usual.absolute()
    begun = Backup(new_id(), caller.clock.now(), caller.clock.now(), elsewhere=elsewhere)
    caller.session.rollback()  # nothing is open while the rows are read
    try:
        made = make_backup(engine_of(caller), keyring_of(caller.session), caller.clock, folder or usual)
    except BackupError as error:
        _note(caller, replace(begun, ended_at=caller.clock.now(), why=error.word))
        raise
    head, manifest = made.checked.head, made.checked.manifest
    done = replace(
        begun,
        began_at=head.made_at,
        ended_at=caller.clock.now(),
        name=made.path.name,
        size=made.checked.size,
        sha256=made.checked.sha256,
        revision=head.revision,
        rows=manifest.rows,
    )
    _note(caller, done)
    return made


def _note(caller: Caller, backup: Backup) -> None:
    with writing(caller.session) as session:
        store.add_backup(session, caller.practice_id, backup)
        verb = "backups.failed" if backup.name is None else "backups.made"
        record(caller, verb, (backup.id,), rows=backup.rows, size=backup.size, elsewhere=int(backup.elsewhere))


def keep_daily(caller: Caller) -> Ran:
    """Make a backup when one is due, and remove what is not kept any more."""
    due = backup_due(store.standing_of(caller.session, caller.practice_id), caller.clock.now())
    made = failed = 0
    if due:
        try:
            back_up(caller)
            made = 1
        except BackupError:
            failed = 1
    gone = tidy(caller)
    return Ran(int(due) + gone, made + gone, failed)


def tidy(caller: Caller) -> int:
    """Remove the backups that are not kept, and note those whose files are gone. Returns how many.

    Only files that this practice wrote are touched. The last one that came back whole in a test is always kept.
    """
    keeping, now = keeping_of(caller.session), caller.clock.now()
    session, practice_id = caller.session, caller.practice_id
    known, there = store.in_folder(session, practice_id), kept_in(keeping.folder)
    proved = store.standing_of(session, practice_id).proved
    session.rollback()
    wanted = kept({name: at for name, at in known.items() if name in there}, keeping.keep)
    wanted |= {proved.name} if proved is not None and proved.name is not None else set()
    gone = sorted(set(known) - (wanted & set(there)))
    remove_parts(keeping.folder, now - RETRY)
    if not gone:
        return 0
    with writing(session):  # noted first: a file that is left over by a crash is removed by the next turn
        store.note_removed(session, practice_id, gone, now)
        record(caller, "backups.removed", count=len(gone))
    for name in gone:
        remove(keeping.folder, name)
    return len(gone)


def keep_proved(caller: Caller) -> Ran:
    """Restore the last backup into a throw-away database when a test is due, and note what it showed."""
    standing, now = store.standing_of(caller.session, caller.practice_id), caller.clock.now()
    caller.session.rollback()
    if not trial_due(standing, now) or standing.last is None or standing.last.name is None:
        return Ran()
    keeping, begun, why = keeping_of(caller.session), ticks(), None
    try:
        try_out(caller, keeping.folder / standing.last.name, keeping)
    except BackupError as error:
        why = error.word
    result, seconds = Proof.PASSED if why is None else Proof.FAILED, round(ticks() - begun)
    with writing(caller.session) as session:
        at = caller.clock.now()
        store.note_test(session, caller.practice_id, standing.last.id, at, result, seconds, why)
        record(caller, "backups.tested", (standing.last.id,), result=result, seconds=seconds, why=why)
    return Ran(1, int(why is None), int(why is not None))


def engine_of(caller: Caller) -> Engine:
    """The database of a caller."""
    engine = caller.session.get_bind()
    assert isinstance(engine, Engine)
    return engine
