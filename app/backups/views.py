"""Backups in words: how they stand, and each of the last ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.backups.access import Keeping
from app.backups.actions.holding import Cancelled
from app.backups.actions.listing import Listing
from app.backups.facts.records import DAILY, LATE, TEST_EVERY, TEST_LATE, Backup, Keep, Proof, Standing
from app.practice.facts.practice import Practice
from app.values.wording import counted, near_time

WHY_NOT = {
    "not_written": "It could not be written: the disk is full, or the folder is not to be written to.",
    "not_owner": "The role in DATABASE_URL does not own the tables, and only their owner sees every row.",
}
WHY_FAILED = {
    "damaged": "The file is damaged.",
    "not_readable": "The file is not there, or opens with other keys only.",
    "not_equal": "What came back was not what the backup says.",
    "audit": "The audit log in it is not as it was written.",
    "no_room": "There was no room for the test.",
}


@dataclass(frozen=True, slots=True)
class BackupLine:
    """One backup in a list. `bad`: it failed, or its test did."""

    made: str
    size: str
    rows: str
    test: str
    file: str
    bad: bool


@dataclass(frozen=True, slots=True)
class BackupsPage:
    """The page: sentences on how backups stand (with whether each is bad), how many are kept, and the last ones.

    `restored`: since when this practice, which came from a backup, waits to be released.
    """

    standing: Sequence[tuple[str, bool]]
    kept: str
    lines: Sequence[BackupLine]
    restored: str | None


@dataclass(frozen=True, slots=True)
class _When:
    now: datetime
    zone: ZoneInfo

    def say(self, instant: datetime) -> str:
        return near_time(instant.astimezone(self.zone), self.now.astimezone(self.zone).date())


def backups_page(found: Listing, keeping: Keeping, practice: Practice, now: datetime) -> BackupsPage:
    """Make the page."""
    zone = ZoneInfo(practice.zone)
    return BackupsPage(
        standing_sentences(found.standing, now, zone),
        f"They lie in {keeping.folder}. {keep_words(keeping.keep)}",
        backup_lines(found.backups, now, zone),
        None if practice.restored_at is None else _When(now, zone).say(practice.restored_at),
    )


def released_words(cancelled: Cancelled | None) -> str:
    """Say what a release did."""
    if cancelled is None:
        return "Nothing was held: this practice sends already."
    waited = cancelled.messages + cancelled.notices
    dropped = f"{counted(waited, 'message')} of before {'is' if waited == 1 else 'are'} cancelled. " if waited else ""
    return f"Messages leave again. {dropped}What came due before stands under Alerts."


def backup_lines(backups: Iterable[Backup], now: datetime, zone: ZoneInfo) -> list[BackupLine]:
    """Put the last backups into words, in the order given."""
    when = _When(now, zone)
    return [_line(one, when) for one in backups]


def _line(backup: Backup, when: _When) -> BackupLine:
    made = when.say(backup.began_at)
    if backup.name is None:
        return BackupLine(made, "", "", WHY_NOT.get(backup.why or "", "It failed."), "No file", bad=True)
    test, bad = "Not tested", False
    if backup.tested is Proof.PASSED and backup.tested_at is not None:
        test = f"Restored whole {when.say(backup.tested_at)}"
    elif backup.tested is Proof.FAILED:
        test, bad = f"Test failed. {WHY_FAILED.get(backup.test_why or '', '')}".rstrip(), True
    file = backup.name
    if backup.removed_at is not None:
        file = f"Removed {when.say(backup.removed_at)}"
    elif backup.elsewhere:
        file = f"{backup.name}, in another folder"
    return BackupLine(made, size_words(backup.size), f"{backup.rows:,}", test, file, bad)


def standing_sentences(standing: Standing, now: datetime, zone: ZoneInfo) -> Sequence[tuple[str, bool]]:
    """Say how backups stand: the last one, the last test, and when the next of each is due."""
    when = _When(now, zone)
    return [_last_words(standing, when), _test_words(standing, when)]


def _last_words(standing: Standing, when: _When) -> tuple[str, bool]:
    last, attempt = standing.last, standing.attempt
    failed = attempt is not None and attempt.name is None and (last is None or attempt.began_at > last.began_at)
    if last is None:
        words = "The last try failed." if failed else "One is made within 15 minutes of the scheduler's start."
        return f"There is no backup. {words}", True
    told = f"The last backup began {when.say(last.began_at)} and has {size_words(last.size)}."
    if failed and attempt is not None:
        return f"{told} The try at {when.say(attempt.began_at)} failed: {_why(attempt)}", True
    if when.now - last.began_at > LATE:
        return f"{told} It is too old: one is due every 24 hours. See that the scheduler runs.", True
    return f"{told} The next is due {when.say(last.began_at + DAILY)}.", False


def _why(attempt: Backup) -> str:
    words = WHY_NOT.get(attempt.why or "", "It failed.")
    return words[0].lower() + words[1:]


def _test_words(standing: Standing, when: _When) -> tuple[str, bool]:
    proved, test = standing.proved, standing.test
    if test is not None and test.tested is Proof.FAILED and test.tested_at is not None:
        words = WHY_FAILED.get(test.test_why or "", "")
        return f"The last test restore, {when.say(test.tested_at)}, failed. {words}".rstrip(), True
    if proved is None or proved.tested_at is None:
        return "No backup was restored as a test yet.", standing.last is not None and _is_old(standing, when)
    took = f" in {counted(proved.test_seconds, 'second')}" if proved.test_seconds else ""
    told = f"The last test restore, {when.say(proved.tested_at)}, came back whole{took}."
    if when.now - proved.tested_at > TEST_LATE:
        return f"{told} It is too long ago: one is due every 7 days.", True
    return f"{told} The next is due {when.say(proved.tested_at + TEST_EVERY)}.", False


def _is_old(standing: Standing, when: _When) -> bool:
    return standing.last is not None and when.now - standing.last.began_at > LATE


def trouble(standing: Standing, now: datetime, zone: ZoneInfo) -> str | None:
    """Say in one line what is wrong with backups; None when they are as they should be."""
    bad = [words for words, is_bad in standing_sentences(standing, now, zone) if is_bad]
    return bad[0] if bad else None


def keep_words(keep: Keep) -> str:
    """Say how many backups are kept."""
    days, weeks, months = counted(keep.days, "day"), counted(keep.weeks, "week"), counted(keep.months, "month")
    return f"Kept are the newest of each of the last {days}, {weeks} and {months} that have one."


def size_words(size: int) -> str:
    """Write a size: 340 KB, 12.4 MB."""
    for unit, bytes_of in (("GB", 1_000_000_000), ("MB", 1_000_000)):
        if size >= bytes_of:
            return f"{size / bytes_of:,.1f} {unit}"
    return f"{max(1, round(size / 1000)):,} KB" if size else "0 KB"
