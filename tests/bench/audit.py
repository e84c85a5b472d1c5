"""How long it takes to check a long audit log, to write a line about many patients, and to find a patient's lines."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from app.audit import actions, store
from app.audit.facts import Asked, AuditEntry
from app.audit.rules import ZERO_MAC, mac_of_text, text_of
from app.platform.caller import Caller
from app.platform.clock import ticks
from app.platform.db import writing
from app.platform.sessions import engine_of, session_on
from app.practice.store import practice as practices
from app.web.schema import bring_up_to_date
from tests.bench.databases import Databases
from tests.support import make

PATIENTS, PEOPLE, PIECE = 20_000, 30, 20_000
VERBS = ("clearance.seen", "casework.patient_seen", "alerts.seen", "coverage.changed", "authorizations.added")
LISTED = 50  # patients on a page of the schedule, which one line in a hundred is about


def bench(size: int, seed: int, places: Databases) -> dict[str, Any]:
    """Build a log of `size` lines directly, and measure. Times are in seconds but for those of one line or page."""
    with places.fresh() as (url, _folder):
        engine = engine_of(make_url(url))
        bring_up_to_date(engine)
        with session_on(engine, make.keys()) as session:
            practices.save_practice(session, make.PRACTICE_ID, make.practice())
            session.commit()
            subjects = build(engine, session, size, seed)
            caller = Caller(session, make.PRACTICE_ID, make.clock(), make.an_id(1), via="bench")
            began = ticks()
            checked = actions.check(caller)
            verify = ticks() - began
            assert checked.broken is None and checked.lines == size, checked
            answer = {
                "database": places.kind,
                "lines": size,
                "subjects": subjects,
                "verify_seconds": round(verify, 2),
                "write_one_ms": _milliseconds(lambda: _write(caller, 2)),
                "write_fifty_ms": _milliseconds(lambda: _write(caller, LISTED)),
                "find_patient_ms": _milliseconds(lambda: _find(caller, Asked(subjects=frozenset({patient(7)})))),
                "find_person_ms": _milliseconds(lambda: _find(caller, Asked(user_id=make.an_id(3)))),
                "find_action_ms": _milliseconds(lambda: _find(caller, Asked(action="coverage.changed"))),
                "find_newest_ms": _milliseconds(lambda: _find(caller, Asked())),
            }
        engine.dispose()
    return answer


def patient(number: int) -> UUID:
    """The id of a patient by a small number."""
    return UUID(bytes=hashlib.sha256(f"patient {number}".encode()).digest()[:16])


def build(engine: Engine, session: Session, size: int, seed: int) -> int:
    """Write a log of so many lines as the program would have, in large transactions. Returns how many subjects."""
    dice, before, total = Random(seed), ZERO_MAC, 0
    key = session.info["audit_key"]
    with writing(session):
        store.head(session, make.PRACTICE_ID)
    for start in range(0, size, PIECE):
        lines, macs = [], []
        for number in range(start + 1, min(start + PIECE, size) + 1):
            line = _line(dice, number)
            before = mac_of_text(key, before, text_of(make.PRACTICE_ID, line).encode())
            lines.append(line)
            macs.append(before)
        total += _put(engine, lines, macs)
    with engine.begin() as connection:
        connection.execute(text("UPDATE audit_head SET sequence = :n, mac = :mac"), {"n": size, "mac": before})
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    return total


def _line(dice: Random, number: int) -> AuditEntry:
    many = LISTED if dice.random() < 0.01 else dice.choice((0, 1, 2, 2))
    subjects = tuple(patient(dice.randrange(PATIENTS)) for _ in range(many))
    at = make.NOW - timedelta(days=365) + timedelta(seconds=30 * number)
    who, source = make.an_id(1 + dice.randrange(PEOPLE)), f"10.0.0.{dice.randrange(255)}"
    browser, line_id = UUID(int=dice.getrandbits(128)), UUID(int=dice.getrandbits(128))
    return AuditEntry(line_id, number, at, who, "web", dice.choice(VERBS), subjects, {}, source, browser)


def _put(engine: Engine, lines: list[AuditEntry], macs: list[bytes]) -> int:
    """Write lines as the driver takes them."""
    postgres = engine.dialect.name == "postgresql"
    rows = [_row(line, mac, postgres) for line, mac in zip(lines, macs, strict=True)]
    mine: Any = make.PRACTICE_ID if postgres else make.PRACTICE_ID.bytes
    about = [
        (mine, line.sequence, place, one if postgres else one.bytes)
        for line in lines
        for place, one in enumerate(line.subjects)
    ]
    columns = "practice_id, id, sequence, at, user_id, via, action, subjects, details, mac, form, key_id, source, under"
    with engine.begin() as connection:
        raw: Any = connection.connection.cursor()
        if postgres:
            _copy(raw, f"audit_entry ({columns})", rows)
            _copy(raw, "audit_subject (practice_id, sequence, place, subject)", about)
        else:
            raw.executemany(f"INSERT INTO audit_entry ({columns}) VALUES ({', '.join('?' * 14)})", rows)
            raw.executemany(
                "INSERT INTO audit_subject (practice_id, sequence, place, subject) VALUES (?, ?, ?, ?)", about
            )
    return len(about)


def _copy(cursor: Any, target: str, rows: list[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _row(line: AuditEntry, mac: bytes, postgres: bool) -> tuple[Any, ...]:
    def kept(value: UUID | None) -> Any:
        return value if postgres or value is None else value.bytes

    at: datetime | str = line.at if postgres else f"{line.at:%Y-%m-%d %H:%M:%S.%f}"
    named = '["' + '","'.join(one.hex for one in line.subjects) + '"]' if line.subjects else "[]"
    told = (line.via, line.action, named, "{}", mac, line.form, line.key_id, line.source)
    return (kept(make.PRACTICE_ID), kept(line.id), line.sequence, at, kept(line.user_id), *told, kept(line.under))


def _write(caller: Caller, many: int) -> None:
    with writing(caller.session):
        actions.record(caller, "schedule.seen", [patient(number) for number in range(many)])


def _find(caller: Caller, asked: Asked) -> None:
    assert store.find(caller.session, caller.practice_id, asked, 51)
    caller.session.rollback()


def _milliseconds(work: Callable[[], None]) -> float:
    """The median of several runs, in milliseconds."""
    return round(sorted(_times(work))[7] * 1000, 2)


def _times(work: Callable[[], None]) -> Iterator[float]:
    for _ in range(15):
        began = ticks()
        work()
        yield ticks() - began
