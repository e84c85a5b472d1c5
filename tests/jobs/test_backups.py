"""Backups by themselves: one a day, old ones removed, one a week restored as a test; late, twice and after a crash."""

import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from app.backups.access import Keeping, keep_backups
from app.backups.actions import keeping as actions
from app.backups.facts.records import Backup, Keep, Proof, Standing
from app.backups.facts.shape import BackupError
from app.backups.files.places import name_at
from app.backups.jobs import keep_backups as daily
from app.backups.jobs import try_backups as weekly
from app.backups.rules.keeping import backup_due, kept, trial_due
from app.backups.store import last_backup, listing, standing_of
from app.platform.runs import Ran
from app.platform.wall import see_whole
from app.web.restoring import make_tables
from tests.support import make

DONE, NOTHING = Ran(1, 1), Ran()


class CrashedError(Exception):
    """The process died before its commit."""


@pytest.fixture
def place(caller, tmp_path) -> Path:
    """The folder of a caller's backups."""
    keep_backups(caller.session, Keeping(tmp_path / "backups", Keep(2, 1, 1), tmp_path, make_tables))
    return tmp_path / "backups"


def later(caller, **length: float) -> None:
    """Let time pass."""
    caller.clock.instant += timedelta(**length)


def names(place: Path) -> list[str]:
    """Everything in the folder."""
    return sorted(path.name for path in place.iterdir())


def test_one_is_made_when_none_began_in_the_last_day_however_often_the_job_runs(caller, place):
    assert [daily(caller), daily(caller)] == [DONE, NOTHING]
    later(caller, hours=23, minutes=59)
    assert daily(caller) == NOTHING
    later(caller, minutes=1)
    assert [daily(caller), daily(caller)] == [DONE, NOTHING]
    later(caller, days=40)
    made = daily(caller)
    assert made.done >= 1 and made.failed == 0
    assert len([one for one in listing(caller.session, make.PRACTICE_ID) if one.removed_at is None]) == len(
        names(place)
    )


def test_old_ones_go_by_day_week_and_month_and_the_last_that_was_proved_stays(caller, place):
    daily(caller)
    weekly(caller)
    proved = names(place)
    for _ in range(5):
        later(caller, days=1)
        daily(caller)
    left = names(place)
    assert set(proved) < set(left) and len(left) == 3
    gone = [one for one in listing(caller.session, make.PRACTICE_ID) if one.removed_at is not None]
    assert len(gone) == 3 and not {one.name for one in gone} & set(left)


def test_files_of_others_in_the_folder_are_never_touched(caller, place):
    place.mkdir()
    theirs = [place / name_at(datetime(2020, 1, 1, tzinfo=UTC)), place / "letter.txt"]
    for path in theirs:
        path.write_text("theirs")
    for _ in range(4):
        daily(caller)
        later(caller, days=1)
    assert all(path.read_text() == "theirs" for path in theirs)


def test_what_a_broken_off_backup_left_behind_goes(caller, place):
    place.mkdir()
    left = place / f".{name_at(make.NOW - timedelta(hours=2))}.part"
    left.write_bytes(b"half")
    daily(caller)
    assert names(place) == [last_backup(caller.session, make.PRACTICE_ID).name]


def test_a_job_that_dies_before_its_commit_makes_another_and_loses_none(caller, place):
    def die(_session):
        raise CrashedError

    event.listen(caller.session, "before_commit", die, once=True)
    with pytest.raises(CrashedError):
        daily(caller)
    caller.session.rollback()
    later(caller, minutes=15)
    assert [daily(caller), daily(caller)] == [DONE, NOTHING]
    assert last_backup(caller.session, make.PRACTICE_ID).name in names(place)


def test_a_full_disk_is_a_failure_on_record_and_is_tried_again_in_an_hour(caller, place, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        assert daily(caller) == Ran(1, 0, 1)
        later(caller, minutes=59)
        assert daily(caller) == NOTHING
        later(caller, minutes=1)
        assert daily(caller) == Ran(1, 0, 1)
    standing = standing_of(caller.session, make.PRACTICE_ID)
    assert standing.last is None and standing.attempt.why == "not_written"
    later(caller, hours=1)
    assert daily(caller) == DONE
    assert names(place) == [last_backup(caller.session, make.PRACTICE_ID).name]


def test_the_last_one_is_restored_as_a_test_once_a_week_and_leaves_nothing(caller, place, tmp_path):
    assert weekly(caller) == NOTHING
    daily(caller)
    assert [weekly(caller), weekly(caller)] == [DONE, NOTHING]
    proved = standing_of(caller.session, make.PRACTICE_ID).proved
    assert proved.tested is Proof.PASSED and proved.tested_at == make.NOW
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("restore-test")]
    later(caller, days=6, hours=23)
    daily(caller)
    assert weekly(caller) == NOTHING
    later(caller, hours=1)
    assert weekly(caller) == DONE


def test_a_backup_that_does_not_come_back_is_a_failure_until_a_newer_one_does(caller, place):
    daily(caller)
    (path,) = place.iterdir()
    content = bytearray(path.read_bytes())
    content[random.Random(1).randrange(200, len(content))] ^= 1
    path.write_bytes(content)
    assert [weekly(caller), weekly(caller)] == [Ran(1, 0, 1), NOTHING]
    test = standing_of(caller.session, make.PRACTICE_ID).test
    assert (test.tested, test.test_why) == (Proof.FAILED, "damaged")
    later(caller, days=1)
    assert daily(caller).done and weekly(caller) == DONE


def test_a_backup_whose_audit_log_was_changed_before_is_found_by_its_test(caller, place, engine):
    daily(caller)
    kind = engine.dialect.name
    with engine.begin() as connection:
        see_whole(connection)
        if kind == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER audit_entry_no_update")
        else:
            connection.exec_driver_sql("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        connection.exec_driver_sql("UPDATE audit_entry SET via = 'other'")
    later(caller, days=1)
    daily(caller)
    assert weekly(caller) == Ran(1, 0, 1)
    assert standing_of(caller.session, make.PRACTICE_ID).test.test_why == "audit"


def test_a_file_that_somebody_took_away_does_not_count(caller, place):
    daily(caller)
    (path,) = place.iterdir()
    path.unlink()
    assert daily(caller) == DONE  # noted as gone
    assert daily(caller) == DONE  # and made anew
    assert len(names(place)) == 1 and last_backup(caller.session, make.PRACTICE_ID).name == names(place)[0]


def test_one_that_was_made_into_another_folder_is_on_record_and_looked_after_by_nobody(caller, place, tmp_path):
    made = actions.back_up(caller, tmp_path / "stick")
    assert made.path.parent == tmp_path / "stick"
    assert last_backup(caller.session, make.PRACTICE_ID) is None
    assert daily(caller) == DONE
    for _ in range(4):
        later(caller, days=1)
        daily(caller)
    assert made.path.exists()
    assert [one.elsewhere for one in listing(caller.session, make.PRACTICE_ID)].count(True) == 1


def test_a_folder_that_cannot_be_made_is_named(caller, place, tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(BackupError, match="cannot be written"):
        actions.back_up(caller, tmp_path / "file" / "inside")


def at(day: int, hour: int = 3) -> datetime:
    """An instant in the first days of 2026."""
    return datetime(2026, 1, 1, hour, tzinfo=UTC) + timedelta(days=day)


def test_what_is_kept():
    backups = {f"{day:03}": at(day) for day in range(400)} | {"399b": at(399, 9)}
    left = sorted(kept(backups, Keep()))
    assert left[-7:] == ["393", "394", "395", "396", "397", "398", "399b"]
    assert "399" not in left
    months = {(backups[name].year, backups[name].month) for name in left}
    assert len(months) == 12 and len(left) <= 7 + 4 + 12
    assert kept({}, Keep()) == frozenset()
    assert kept({"one": at(0)}, Keep(1, 0, 0)) == {"one"}


def a_backup(number: int, began: datetime, **more: object) -> Backup:
    """Make a good backup."""
    return Backup(make.an_id(number), began, began, **({"name": f"{number}"} | more))


def test_a_clock_that_was_set_back_stops_no_backup_for_longer_than_a_day():
    ahead = a_backup(1, at(10))
    assert not backup_due(Standing(ahead, ahead, None, None), at(10, 1))
    assert backup_due(Standing(ahead, ahead, None, None), at(5))
    tried = a_backup(1, at(10), tested_at=at(30), tested=Proof.PASSED)
    assert trial_due(Standing(tried, tried, tried, tried), at(11))
