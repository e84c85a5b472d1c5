"""A restored copy sends nothing until a person releases it, and then nothing that was sent or due before."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.engine import make_url

from app.alerts.actions.hearing import hear_report
from app.alerts.facts.outbox import State
from app.alerts.models.outbox import OutboxMessageRow
from app.audit.actions import first_broken
from app.backups.actions import holding
from app.backups.actions.making import make_backup
from app.gateways.facts import Gateways
from app.gateways.recording import RecordingMail, RecordingSms
from app.platform.caller import Caller
from app.platform.keys import KeyPlace, LiveKeys
from app.platform.sessions import engine_of, session_on
from app.practice.facts.staff import Role, Staff, StaffSession
from app.practice.models.staff import StaffSessionRow
from app.practice.store import practice as practices
from app.practice.store import sessions
from app.practice.store import staff as staffing
from app.timetable import JOBS
from app.web.opening import Installation
from app.web.restoring import restore
from app.web.scheduler import run_job
from app.web.wiring import wire
from config import load
from tests.jobs.test_drills import run
from tests.support import make
from tests.support.swept import MAIN, NORTH, Practice, approval_ends
from tests.support.web import write_keys

BY_NAME = {job.name: job for job in JOBS}


@dataclass
class Copy:
    """An installation on one database, whose messages are recorded."""

    installation: Installation
    clock: object
    mail: RecordingMail

    def work(self) -> list[str]:
        """Let the scheduler take a turn of everything that tells people. Returns to whom e-mails went in this turn."""
        before = len(self.mail.sent)
        for name in ("keep-watch", "sweep", "deliver"):
            run_job(self.installation, self.clock, BY_NAME[name])
        return [one.to for one in self.mail.sent[before:]]


def copy_on(engine: Engine, clock, folder) -> Copy:
    """Open an installation on a database."""
    wire()
    if not (folder / "keys.json").exists():
        write_keys(folder / "keys.json")
    settings = load({"CLEARED_HOME": str(folder), "DATABASE_URL": str(engine.url)})
    mail = RecordingMail()
    ways = Gateways(RecordingSms(clock), mail, "https://practice.example")
    return Copy(Installation(settings, engine.url, LiveKeys(KeyPlace(folder / "keys.json")), engine, ways), clock, mail)


@dataclass
class Lost:
    """An installation that works, its backup, and what it told after that."""

    original: Copy
    practice: Practice
    path: object
    early: list[str]
    late: list[str]


def soon(number: int, days: int, site=MAIN):
    """An approval that ends so many days after the tests' day, of which people are told a month ahead."""
    return approval_ends(number, make.NOW.date() + timedelta(days=days), days=(30,), site=site)


@pytest.fixture
def lost(engine, caller, tmp_path) -> Lost:
    """It told of one approval, had a message waiting and one on its way when it was backed up, and told them later."""
    practice = Practice(caller).furnish()
    original = copy_on(engine, caller.clock, tmp_path)
    practice.watch(soon(1, 30))
    early = original.work()
    practice.wait(hours=1).watch(soon(2, 20), soon(4, 20, NORTH))
    practice.sweep()
    some = select(OutboxMessageRow.id).where(OutboxMessageRow.state == State.PENDING).limit(1)
    claimed = {"state": State.CLAIMED, "batch_id": make.an_id(7), "claimed_at": caller.clock.now()}
    caller.session.execute(update(OutboxMessageRow).where(OutboxMessageRow.id.in_(some)).values(claimed))
    caller.session.commit()
    path = make_backup(engine, make.keys().keyring, caller.clock, tmp_path / "backups").path
    practice.wait(minutes=31).watch(soon(3, 10))
    late = original.work()
    assert early and late
    return Lost(original, practice, path, early, late)


@pytest.fixture
def place(lost, tmp_path, caller):
    """The restored copy, two hours later."""
    lost.practice.wait(minutes=20)
    url = make_url(f"sqlite:///{tmp_path / 'restored.sqlite'}")
    restore(lost.path, url, make.keys(), caller.clock)
    engine = engine_of(url)
    yield copy_on(engine, caller.clock, tmp_path)
    engine.dispose()


def inside(copy: Copy) -> Caller:
    """A caller on a copy."""
    return Caller(session_on(copy.installation.engine, make.keys()), make.PRACTICE_ID, copy.clock, via="test")


def states(copy: Copy) -> dict[str, int]:
    """How many messages stand in each state."""
    caller = inside(copy)
    with caller.session as session:
        counted = select(OutboxMessageRow.state, func.count()).group_by(OutboxMessageRow.state)
        return {state.value: count for state, count in session.execute(counted)}


def test_a_restored_copy_sends_nothing_until_it_is_released(place):
    for _ in range(3):
        assert place.work() == []
        place.clock.instant += timedelta(hours=1)
    assert set(states(place)) <= {"sent", "cancelled", "pending"}


def test_after_the_release_nothing_of_before_is_sent_again(lost, place):
    """The lost installation told of two approvals after the backup; the copy finds both due, and tells of neither."""
    place.work()
    caller = inside(place)
    Practice(caller).watch(soon(3, 10))
    cancelled = holding.release(caller)
    assert cancelled is not None and cancelled.messages + cancelled.notices > 0
    for _ in range(3):
        assert place.work() == []
        place.clock.instant += timedelta(minutes=10)
    assert holding.release(caller) is None
    caller.session.close()
    assert states(place).keys() == {"sent", "cancelled"}


def test_after_the_release_what_comes_due_later_is_sent_once(lost, place):
    caller = inside(place)
    holding.release(caller)
    Practice(caller).watch(soon(5, 15))
    caller.session.close()
    assert set(place.work()) == set(lost.early)
    assert place.work() == []


def test_a_restore_that_leaves_the_outbox_as_it_was_is_seen_to_send_again(lost, tmp_path, caller, monkeypatch):
    """The planted hole: without the hold, the same messages go out a second time."""
    monkeypatch.setattr("app.web.restoring.hold", lambda *_: holding.Cancelled(0, 0))
    url = make_url(f"sqlite:///{tmp_path / 'bad.sqlite'}")
    restore(lost.path, url, make.keys(), caller.clock)
    engine = engine_of(url)
    assert copy_on(engine, caller.clock, tmp_path).work() != []
    engine.dispose()


def test_what_was_under_way_is_cancelled_with_its_reason_and_the_log_goes_on(place):
    caller = inside(place)
    with caller.session as session:
        why = session.execute(select(OutboxMessageRow.state, OutboxMessageRow.why)).all()
        assert {one.why for one in why if one.state is State.CANCELLED} == {"restored"}
        assert not [one for one in why if one.state in (State.PENDING, State.CLAIMED)]
        assert practices.practice_of(session, make.PRACTICE_ID).restored_at == place.clock.now()
        assert first_broken(caller) is None


def test_a_late_report_of_a_text_that_was_cancelled_is_taken_in(place):
    caller = inside(place)
    with caller.session as session:
        row = session.scalars(select(OutboxMessageRow).where(OutboxMessageRow.state == State.CANCELLED)).first()
        reference = row.reference
        session.rollback()
        hear_report(session, caller.clock, reference, "SM" + "0" * 32, "delivered", "", "")
        session.expire_all()
        states = select(OutboxMessageRow.state).where(OutboxMessageRow.reference == reference)
        assert session.scalar(states) is State.DELIVERED


def test_everybody_is_signed_out_of_a_restored_copy(engine, caller, tmp_path):
    person = Staff(make.an_id(1), make.PRACTICE_ID, "kim@example.test", "Kim", frozenset({Role.MANAGER}))
    staffing.add_staff(caller.session, make.PRACTICE_ID, person, "none")
    times = (make.NOW, make.NOW, make.NOW)
    browser = StaffSession(make.an_id(2), make.PRACTICE_ID, person.id, *times)
    sessions.add_staff_session(caller.session, make.PRACTICE_ID, browser)
    caller.session.commit()
    path = make_backup(engine, make.keys().keyring, caller.clock, tmp_path / "backups").path
    url = make_url(f"sqlite:///{tmp_path / 'restored.sqlite'}")
    restore(path, url, make.keys(), caller.clock)
    new = engine_of(url)
    with session_on(new, make.keys()) as session:
        assert session.scalars(select(StaffSessionRow)).all() == []
    new.dispose()


def test_a_practice_that_was_not_restored_has_nothing_to_release(caller):
    assert holding.release(caller) is None


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_backup_under_load_comes_back_exactly_and_damage_is_found(kind):
    code, answer = run("restore", "--authorizations", "300", "--flips", "40", "--db", kind)
    assert (code, answer["passed"]) == (0, True), answer
    assert (answer["lost"], answer["unequal"], answer["sent_held"], answer["sent_again"]) == (0, 0, 0, 0)
    assert (answer["believed"], answer["cuts_believed"], answer["written_of_damaged"]) == (0, 0, 0)
    assert answer["compared_rows"] > 1000 and answer["cuts"] > 20


@pytest.mark.parametrize(
    ("plant", "fault"), [("no-final-flag", "cuts_believed"), ("pending-outbox", "sent_held")], ids=["flag", "outbox"]
)
def test_a_seal_without_an_end_and_a_restore_that_sends_are_caught(plant, fault):
    code, answer = run("restore", "--authorizations", "300", "--flips", "5", "--plant", plant)
    assert (code, answer["passed"]) == (1, False)
    assert answer[fault] > 0
