"""Backups on the command line: make, check and list them, restore one, and let a restored practice send again."""

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from app.backups.actions.checking import check_backup
from app.backups.actions.holding import release
from app.backups.actions.keeping import back_up
from app.backups.facts.shape import BackupError
from app.backups.store import listing
from app.backups.views import backup_lines, released_words, size_words
from app.platform.clock import SystemClock
from app.platform.commandline import refuse
from app.platform.keys import KeyFileError, read_keys
from app.platform.sessions import DatabaseUrlError, read_url
from app.practice.store import practice as practices
from app.values.wording import counted
from app.web.models import all_tables
from app.web.opener import LazyOpener
from app.web.restoring import restore

FILE = click.Path(path_type=Path)
KEYS_APART = "The keys are not in it. Keep the key file apart from it: whoever has both has everything."


@click.group(invoke_without_command=True)
@click.option("--to", "folder", type=FILE, help="Folder to write to, instead of the usual one (BACKUP_FOLDER).")
@click.pass_context
def backup(context: click.Context, folder: Path | None) -> None:
    """Make a sealed backup now, while the program works; or one of the commands below."""
    if context.invoked_subcommand is not None:
        return
    opener: LazyOpener = context.obj
    caller = opener.caller()
    try:
        made = back_up(caller, folder.absolute() if folder else opener.settings.backup_folder)
    except BackupError as error:
        refuse(str(error))
    click.echo(f"{made.path}\n{_holds(made.checked.manifest.rows, made.checked.size, made.checked.sha256)}")
    click.echo(KEYS_APART)


@backup.command("check")
@click.argument("file", type=FILE)
@click.pass_obj
def check(opener: LazyOpener, file: Path) -> None:
    """Read the backup FILE from end to end with the keys of this installation. Nothing is written."""
    settings = opener.settings
    try:
        found = check_backup(file, read_keys(settings.key_file, settings.keys).keyring)
    except (BackupError, KeyFileError) as error:
        refuse(str(error))
    when = found.head.made_at.strftime("%m/%d/%Y %H:%M UTC")
    click.echo(f"The backup of {when} is whole. {_holds(found.manifest.rows, found.size, found.sha256)}")


@backup.command("list")
@click.pass_obj
def list_backups(opener: LazyOpener) -> None:
    """List the last backups: when each was made, how large it is, and whether it was ever restored as a test."""
    caller = opener.caller()
    zone = ZoneInfo(practices.practice_of(caller.session, caller.practice_id).zone)
    for line in backup_lines(listing(caller.session, caller.practice_id), caller.clock.now(), zone):
        click.echo(f"{line.made:<24}{line.size:>10}  {line.rows:>12}  {line.test:<40}{line.file}".rstrip())


@backup.command("release")
@click.pass_obj
def release_restored(opener: LazyOpener) -> None:
    """Let a practice that was restored send again. What came due until now is not sent: it stands in the bell."""
    cancelled = release(opener.caller())
    if cancelled is None:
        refuse("Nothing is held: this practice was not restored, or it was released already.")
    click.echo(released_words(cancelled))


@click.command("restore")
@click.argument("file", type=FILE)
@click.pass_obj
def restore_backup(opener: LazyOpener, file: Path) -> None:
    """Restore the backup FILE into an empty place: the database of the settings, or one named with --database.

    Needs the key file of the backup's time. Nothing is written unless the whole file is as it was made.
    """
    settings = opener.settings
    try:
        all_tables()
        keys = read_keys(settings.key_file, settings.keys)
        found = restore(file, read_url(settings.database_url), keys, SystemClock())
    except (BackupError, KeyFileError, DatabaseUrlError) as error:
        refuse(str(error))
    rows, cancelled = found.checked.manifest.rows, found.cancelled.messages + found.cancelled.notices
    click.echo(
        f"Restored {counted(rows, 'row')} as of {found.checked.head.made_at.strftime('%m/%d/%Y %H:%M UTC')}, "
        "each compared with the backup.\n"
        f"No message goes out from here until you release it; {counted(cancelled, 'message')} of before never will.\n"
        "Before that: see that the lost installation is off, and look at Admin > Users and at API tokens. Who was "
        "disabled since the backup may sign in again.\n"
        "Then: scripts/manage backup release"
    )


def _holds(rows: int, size: int, sha256: str) -> str:
    return f"{counted(rows, 'row')}, {size_words(size)}, SHA-256 {sha256}"
