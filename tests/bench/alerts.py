"""Sweeping: deadlines of a whole book put under watch, then 5,000 of them due at once, and the same sweep again."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from app.alerts.actions import sweeping, watching
from app.alerts.facts.people import Person
from app.alerts.models.alerts import AlertEventRow, AlertPersonRow, AlertRow, NoticeRow, WatchRow
from app.alerts.models.outbox import OutboxMessageRow
from app.alerts.store import people as people_store
from app.alerts.store.marks import MARKS
from app.clearance.actions.book import rejudge_all
from app.platform.caller import Caller
from app.platform.db import writing
from app.practice.facts.staff import Role, Staff
from app.practice.store import staff as practice_store
from tests.bench.databases import Databases
from tests.bench.measure import alone, machine, measured, rounded, seconds_of
from tests.bench.people import SITES
from tests.bench.practice import make_practice, opened
from tests.support import make

COMPARED = 4_000  # patients whose watch is compared with their facts
BELIEVED = sweeping.Limits(due=1_000_000, notices=10_000_000)
"""The bench asks for more at once than a sweep believes."""


def bench(size: int, due: int, rules: int, seed: int, databases: Databases) -> dict[str, Any]:
    """Make a practice with so many booked lines and approvals, watch it, and sweep with so many deadlines due.

    Every step runs in a process of its own: none is helped by what another has read before.
    """
    with databases.fresh() as (url, folder):
        made = alone(_made, url, folder, size, rules, seed)
        watch = alone(_watched, url)
        standing = alone(_stand, url, due)
        first = alone(_sweep, url)
        again = alone(_sweep, url)
        beside = alone(_yardstick, url, first["rows"]["watch"] + sum(first["added"].values()))
    return {
        "workload": "alerts",
        "database": databases.kind,
        "size": size,
        "seed": seed,
        "made": made,
        "watch": watch,
        "standing": standing,
        "sweep": first,
        "repeat": again,
        "bare_writing_seconds": beside,
        "times_bare_writing": rounded(first["seconds"] / beside),
        "machine": machine(),
    }


def _made(url: str, folder: Path, size: int, rules: int, seed: int) -> dict[str, int]:
    made = make_practice(url, folder, size, rules, seed, approvals=size)
    with opened(url) as caller:
        rejudge_all(caller)
        with writing(caller.session) as session:
            _people(session)
    return made


def _people(session: Session) -> None:
    """A coordinator for each site, a manager and an administrator, who have chosen nothing."""
    roles = [Role.COORDINATOR] * SITES + [Role.MANAGER, Role.ADMINISTRATOR]
    for number, role in enumerate(roles):
        staff_id = make.an_id(700 + number)
        staff = Staff(staff_id, make.PRACTICE_ID, f"person{number}@example.org", "Person", frozenset({role}))
        practice_store.add_staff(session, make.PRACTICE_ID, staff, "no password")
        sites = frozenset({make.an_id(10 + number % SITES)}) if role is Role.COORDINATOR else frozenset()
        phone = f"+1212555{number:04d}"
        person = Person(staff_id, "", "", frozenset({role}), make.ZONE, sites=sites, phone=phone)
        people_store.save_person(session, make.PRACTICE_ID, person)


def _watched(url: str) -> dict[str, Any]:
    """Look at every patient of the book for the first time: what an installation pays once."""
    with opened(url) as caller:
        with writing(caller.session) as session:
            MARKS.mark_all(session, caller.practice_id)
        with measured() as found:
            patients = watching.keep_watch(caller)
        deadlines = _count(caller.session, WatchRow)
        if caller.session.get_bind().dialect.name == "postgresql":
            caller.session.execute(text("ANALYZE"))  # its own autovacuum does this within minutes
            caller.session.commit()
        proof = asdict(watching.prove(caller, most=COMPARED))
    return found.shown(patients=patients, deadlines=deadlines, compared=proof)


def _stand(url: str, due: int) -> dict[str, int]:
    """Let so many of the deadlines that are due stay so; the others count as told, as in a practice at work."""
    with opened(url) as caller, writing(caller.session) as session:
        now = caller.clock.now()
        ready = (WatchRow.practice_id == caller.practice_id, WatchRow.next_at <= now)
        some = select(WatchRow.id).where(*ready).order_by(WatchRow.id).limit(due)
        session.execute(update(WatchRow).where(*ready, WatchRow.id.not_in(some)).values(told="before", next_at=None))
        left = session.scalar(select(func.count()).select_from(WatchRow).where(*ready)) or 0
        return {"due": left, "deadlines": _count(session, WatchRow)}


_WRITTEN = {
    "alerts": AlertRow,
    "shown": AlertPersonRow,
    "notices": NoticeRow,
    "events": AlertEventRow,
    "messages": OutboxMessageRow,
}


def _sweep(url: str) -> dict[str, Any]:
    with opened(url) as caller:
        before = {name: _count(caller.session, table) for name, table in _WRITTEN.items()}
        due = select(func.count()).select_from(WatchRow).where(WatchRow.next_at <= caller.clock.now())
        ready = caller.session.scalar(due) or 0
        caller.session.rollback()
        with measured() as found:
            done = sweeping.sweep(caller, BELIEVED)
        added = {name: _count(caller.session, table) - before[name] for name, table in _WRITTEN.items()}
    return found.shown(due=ready, done=done, added=added, rows={"watch": ready})


def _count(session: Session, table: Any) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def _yardstick(url: str, rows: int) -> float:
    """Seconds for writing as many short rows as a sweep writes, in one transaction of the same driver."""
    with opened(url) as caller:
        return seconds_of(lambda: _write(caller, rows))


def _write(caller: Caller, rows: int) -> None:
    with writing(caller.session) as session:
        session.execute(text("CREATE TABLE bench_bare (id INTEGER PRIMARY KEY, content TEXT)"))
        content = "x" * 120
        values = [{"id": number, "content": content} for number in range(rows)]
        session.connection().execute(text("INSERT INTO bench_bare (id, content) VALUES (:id, :content)"), values)
