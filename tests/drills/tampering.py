"""Change an audit log in many ways past its triggers, as whoever has the file or a superuser's rights could.

Each change is made, the log is checked, and the log is put back as it was. A change counts as found when the check
names the very line. The end of the chain was written outside the database before, as the job does each hour.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.engine import Connection, make_url

from app.audit import actions, store
from app.audit.actions import HEADS
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.sessions import engine_of, session_on
from app.practice.store import practice as practices
from app.web.schema import bring_up_to_date
from tests.bench.databases import databases
from tests.support import make
from tests.support.tampering import past_the_triggers

LINES = 120
KEPT = ("audit_entry", "audit_subject", "audit_reason", "audit_head")
FAR = 1_000_000

Check = Callable[[Caller], int | None]


@dataclass
class Attack:
    """One change: the connection that it is made on, the dice, and the number of the last line."""

    connection: Connection
    dice: Random
    last: int

    def any_line(self, first: int = 1) -> int:
        """Draw a line."""
        return self.dice.randint(first, self.last)

    def run(self, statement: str, **values: Any) -> None:
        """Run one statement; it must change something."""
        changed = self.connection.execute(text(statement), values).rowcount
        assert changed, statement

    @property
    def postgres(self) -> bool:
        """Which database it is."""
        return self.connection.dialect.name == "postgresql"

    def an_id(self) -> Any:
        """An id that nothing has, as the database keeps ids."""
        drawn = make.an_id(self.dice.randrange(10**6, 10**9))
        return drawn if self.postgres else drawn.bytes


def edit(attack: Attack) -> int:
    """Change one column of one line."""
    line = attack.any_line()
    column, value = attack.dice.choice(
        [
            ("action", "'test.forged'"),
            ("via", "via || 'x'"),
            ("user_id", ":an_id"),
            ("id", ":an_id"),
            ("under", ":an_id"),
            ("source", "'198.51.100.77'"),
            ("subjects", "'[]'"),
            ("details", "'[7]'"),
            ("form", "form + 1"),
            ("key_id", "key_id + 1"),
            ("mac", "(SELECT mac FROM audit_head)"),
            ("at", "at + interval '1 second'" if attack.postgres else "replace(at, '2026', '2025')"),
        ]
    )
    given = {"an_id": attack.an_id()} if ":an_id" in value else {}
    attack.run(f"UPDATE audit_entry SET {column} = {value} WHERE sequence = :line", line=line, **given)
    same = column == "mac" and line == attack.last
    return line if not same else edit(attack)


def delete(attack: Attack) -> int:
    """Take one line out, with all that belongs to it."""
    line = attack.any_line()
    attack.connection.execute(text("DELETE FROM audit_subject WHERE sequence = :line"), {"line": line})
    attack.run("DELETE FROM audit_entry WHERE sequence = :line", line=line)
    return line


def delete_and_close(attack: Attack) -> int:
    """Take one line out, and move all later ones and the head down by one."""
    line = attack.dice.randint(1, attack.last - 1)
    attack.connection.execute(text("DELETE FROM audit_subject WHERE sequence = :line"), {"line": line})
    attack.run("DELETE FROM audit_entry WHERE sequence = :line", line=line)
    _shift(attack, line, -1)
    return line


def swap(attack: Attack) -> int:
    """Let two lines change their places."""
    first = attack.dice.randint(1, attack.last - 1)
    second = attack.any_line(first + 1)
    for table in ("audit_entry", "audit_subject"):
        for old, new in ((first, FAR), (second, first), (FAR, second)):
            move = text(f"UPDATE {table} SET sequence = :new WHERE sequence = :old")
            attack.connection.execute(move, {"old": old, "new": new})
    return first


def insert(attack: Attack) -> int:
    """Put a line in that looks like another, and move all later ones and the head up by one."""
    line = attack.any_line()
    _shift(attack, line - 1, 1)
    _copy(attack, line + 1, line)
    return line


def append(attack: Attack) -> int:
    """Put a line behind the last, and move the head to it."""
    _copy(attack, attack.any_line(), attack.last + 1)
    attack.run("UPDATE audit_head SET sequence = sequence + 1")
    return attack.last + 1


def cut(attack: Attack) -> int:
    """Cut the tail off, and leave the head."""
    return _cut(attack) + 1


def cut_with_head(attack: Attack) -> int:
    """Cut the tail off, and move the head to the new end."""
    line = _cut(attack)
    attack.run(
        "UPDATE audit_head SET sequence = :line, mac = (SELECT mac FROM audit_entry WHERE sequence = :line)", line=line
    )
    return line + 1


def edit_head(attack: Attack) -> int:
    """Change or remove the head."""
    way = attack.dice.randrange(3)
    if way == 0:
        attack.run("UPDATE audit_head SET mac = (SELECT mac FROM audit_entry WHERE sequence = 1)")
    elif way == 1:
        attack.run("UPDATE audit_head SET sequence = :line", line=attack.dice.randint(1, attack.last - 1))
    else:
        attack.run("DELETE FROM audit_head")
    return attack.last


def hide_subject(attack: Attack) -> int:
    """Let a line no longer be found under whom it is about, or be found under somebody else."""
    line = attack.any_line()
    if attack.dice.randrange(2):
        attack.run("DELETE FROM audit_subject WHERE sequence = :line AND place = 0", line=line)
    else:
        told = {"line": line, "an_id": attack.an_id()}
        attack.run("UPDATE audit_subject SET subject = :an_id WHERE sequence = :line AND place = 0", **told)
    return line


def change_reason(attack: Attack) -> int:
    """Put the reason of one line under another, or take it away."""
    line = 10 * attack.dice.randint(2, attack.last // 10)
    mine = "id = (SELECT id FROM audit_entry WHERE sequence = :line)"
    if attack.dice.randrange(2):
        attack.run(f"DELETE FROM audit_reason WHERE {mine}", line=line)
    else:
        other = "(SELECT reason FROM audit_reason WHERE id = (SELECT id FROM audit_entry WHERE sequence = 10))"
        attack.run(f"UPDATE audit_reason SET reason = {other} WHERE {mine}", line=line)
    return line


ATTACKS = (
    edit,
    edit,
    edit,
    delete,
    delete_and_close,
    swap,
    insert,
    append,
    cut,
    cut_with_head,
    edit_head,
    hide_subject,
    change_reason,
)


def _shift(attack: Attack, after: int, by: int) -> None:
    """Move the lines after one, and the head, by one place."""
    for table in ("audit_entry", "audit_subject"):
        for step in (f"sequence + {FAR}", f"sequence - {FAR - by}"):
            moved = text(f"UPDATE {table} SET sequence = {step} WHERE sequence > :after")
            attack.connection.execute(moved, {"after": after})
    attack.run(f"UPDATE audit_head SET sequence = sequence + {by}")


def _copy(attack: Attack, source: int, target: int) -> None:
    """Write a line as another is, under an id of its own."""
    columns = "practice_id, at, user_id, via, action, subjects, details, mac, form, key_id, source, under, reason_mac"
    attack.run(
        f"INSERT INTO audit_entry (id, sequence, {columns}) "
        f"SELECT :an_id, :target, {columns} FROM audit_entry WHERE sequence = :source",
        an_id=attack.an_id(),
        source=source,
        target=target,
    )
    attack.connection.execute(
        text(
            "INSERT INTO audit_subject (practice_id, sequence, place, subject) "
            "SELECT practice_id, :target, place, subject FROM audit_subject WHERE sequence = :source"
        ),
        {"source": source, "target": target},
    )


def _cut(attack: Attack) -> int:
    """Cut the tail off after a line. Returns which."""
    line = attack.dice.randint(1, attack.last - 1)
    attack.run("DELETE FROM audit_subject WHERE sequence > :line", line=line)
    attack.run("DELETE FROM audit_entry WHERE sequence > :line", line=line)
    return line


def sequence_only(caller: Caller) -> int | None:
    """A planted bad design: a check that compares numbers and the head, and no MAC."""
    caller.session.rollback()
    expected = 1
    for line, _mac in store.entries(caller.session, caller.practice_id):
        if line.sequence != expected:
            return expected
        expected += 1
    head = store.head_as_is(caller.session, caller.practice_id) or (0, b"")
    return None if head[0] == expected - 1 else expected


def without_heads(caller: Caller) -> int | None:
    """A planted bad design: nothing is kept outside the database."""
    kept = caller.session.info.pop(HEADS)
    try:
        return actions.first_broken(caller)
    finally:
        caller.session.info[HEADS] = kept


PLANTED: dict[str | None, Check] = {None: actions.first_broken, "skip-mac": sequence_only, "no-heads": without_heads}


def drill(attacks: int, seed: int, db: str, plant: str | None) -> dict[str, Any]:
    """Make so many changes, each on the whole log. Passed: each was found at its line, and the whole log is whole."""
    check, dice = PLANTED[plant], Random(seed)
    made: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    with _log(db) as (engine, caller):
        whole = check(caller) is None
        for number in range(attacks):
            attack = ATTACKS[number % len(ATTACKS)]
            made[attack.__name__] += 1
            with past_the_triggers(engine) as connection:
                expected = attack(Attack(connection, dice, LINES))
            missed[attack.__name__] += check(caller) != expected
            _put_back(engine, caller)
        whole = whole and check(caller) is None
    return {
        "drill": "audit-tamper",
        "database": db,
        "seed": seed,
        "plant": plant,
        "attacks": dict(made),
        "missed": {name: count for name, count in missed.items() if count},
        "found": attacks - sum(missed.values()),
        "whole_before_and_after": whole,
        "passed": whole and not sum(missed.values()),
    }


@contextmanager
def _log(db: str) -> Iterator[tuple[Engine, Caller]]:
    """A fresh log of a practice, whose end was written outside."""
    with ExitStack() as stack:
        places = stack.enter_context(databases(None, db == "postgres"))
        url, _folder = stack.enter_context(places.fresh())
        heads = stack.enter_context(TemporaryDirectory(prefix="cleared-heads-"))
        engine = engine_of(make_url(url))
        stack.callback(engine.dispose)
        bring_up_to_date(engine)
        session = stack.enter_context(session_on(engine, make.keys()))
        session.info[HEADS] = Path(heads)
        practices.save_practice(session, make.PRACTICE_ID, make.practice())
        session.commit()
        caller = Caller(session, make.PRACTICE_ID, make.clock(), make.an_id(1), "web", source="203.0.113.5")
        for number in range(1, LINES + 1):
            _write(caller, number)
        assert actions.write_head(caller)
        with past_the_triggers(engine) as connection:
            for table in KEPT:
                connection.execute(text(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}"))
        yield engine, caller


def _write(caller: Caller, number: int) -> None:
    why = f"Reason {number}" if number % 10 == 0 else None
    clock = make.clock(make.NOW + timedelta(seconds=number))
    with writing(caller.session):
        about = (make.an_id(number), make.an_id(5000 + number % 7))
        mine = replace(caller, clock=clock, reason=why, browser=make.an_id(number % 5))
        actions.record(mine, "test.done", about, count=number)


def _put_back(engine: Engine, caller: Caller) -> None:
    """Let the log be as it was before the change."""
    caller.session.rollback()
    with past_the_triggers(engine) as connection:
        for table in reversed(KEPT):
            connection.execute(text(f"DELETE FROM {table}"))
        for table in KEPT:
            connection.execute(text(f"INSERT INTO {table} SELECT * FROM kept_{table}"))
