"""Drill `restore`: a backup made while people and the sender work comes back exactly, and nothing is sent again.

A practice of any size is made. One process adds approvals and causes of texts, commit by commit, and writes down what
it committed and when; another is the sender, to a provider that writes down what it takes. Meanwhile the backup is
made. Then bytes of copies of it are changed, and copies are cut: each must be refused before anything is written. It is
restored elsewhere and compared with the source row by row, as the models read both, not by the backup's own digests. At
last the restored copy works, is released, and works on: what the provider takes from it is counted.
"""

import json
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.engine import make_url

from app.alerts.store.outbox import queue_all
from app.audit.actions import first_broken
from app.authorizations import store as authorization_store
from app.backups.actions import holding
from app.backups.actions.making import Made, make_backup
from app.backups.facts.shape import BackupError
from app.backups.files import sealing
from app.gateways.facts import Answer, Gateways
from app.gateways.recording import RecordingSms
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.logs import set_up_logs
from app.platform.sessions import engine_of
from app.platform.wall import see_whole
from app.timetable import JOBS
from app.web import restoring
from app.web.models import all_tables
from app.web.opening import Installation
from app.web.scheduler import run_job
from tests.bench.library import payer_key
from tests.bench.people import Ids, Person, an_approval
from tests.bench.practice import make_practice
from tests.drills.feeding import a_text, feed
from tests.drills.scene import MORNING, Scene, database, fill
from tests.drills.workers import PLENTY, fork
from tests.support import make, postgres
from tests.support.databases import administer
from tests.support.pace import PacedClock
from tests.support.web import write_keys

PLANTS = ("no-final-flag", "pending-outbox")
COMPARED = ("patient", "coverage", "authorization", "visit", "service_line", "patient_search_key")
"""Tables of the practice's facts, in which rows are only added while the drill runs."""
PEOPLE = 40
TARGET = 900.0  # seconds for all that a person waits for: the backup, the restore
SMALL, SMALL_CHUNK = 20_000, 16 * 1024
WHOLE_TRIES = 12  # damaged copies that are given to a whole restore; the others only to the seal


@dataclass(frozen=True)
class LoggedSms:
    """A provider that writes down each text before it answers."""

    path: Path
    real: RecordingSms = field(default_factory=RecordingSms)

    def send(self, to: str, words: str, callback: str | None) -> Answer:
        """Take a text."""
        _note(self.path, [to, words])
        return self.real.send(to, words, callback)

    def find(self, *asked: Any) -> Any:
        """Say what was taken."""
        return self.real.find(*asked)

    def signed(self, *asked: Any) -> bool:
        """Believe nobody."""
        return False


def _note(path: Path, content: Any) -> None:
    handle = os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
    os.write(handle, json.dumps(content).encode() + b"\n")
    os.close(handle)


def _noted(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def drill(authorizations: int, seed: int, kind: str, plant: str | None, flips: int = 200) -> dict[str, Any]:
    """Run the drill. Returns its answer."""
    set_up_logs()
    with TemporaryDirectory(prefix="cleared-drill-") as name, _planted(plant, authorizations):
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL, which runs as another user under root, must reach its part
        with database(kind, folder) as url, _elsewhere(kind, folder) as target:
            scene = _scene(folder, url)
            filled = _fill(scene, url, folder, authorizations, seed)
            backup, busy = _back_up_while_busy(scene, url)
            damage = _damage(backup, folder, seed, flips)
            began = time.monotonic()
            restoring.restore(backup.path, make_url(target), make.keys(), scene.clock)
            restored = round(time.monotonic() - began, 1)
            compared = _compare(scene, url, target, busy.pop("committed_before"))
            again = _send_again(scene, target)
    answer = {
        "drill": "restore", "seed": seed, "db": kind, "plant": plant, "authorizations": authorizations,
        **filled, **busy, "restore_seconds": restored, **damage, **compared, **again,
    }  # fmt: skip
    return {**answer, "passed": _passed(answer)}


def _passed(answer: dict[str, Any]) -> bool:
    clean = ("believed", "cuts_believed", "written_of_damaged", "lost", "unequal", "sent_held", "sent_again")
    quick = answer["backup_seconds"] + answer["restore_seconds"] <= TARGET
    worked = answer["written_meanwhile"] > 0 and answer["sent_meanwhile"] > 0 and answer["sent_new"] == 1
    return quick and worked and answer["audit_whole"] and not any(answer[name] for name in clean)


@contextmanager
def _planted(plant: str | None, authorizations: int) -> Iterator[None]:
    """A small practice gets small chunks, so that there are some. Plant a bad design where it is asked for."""
    before = sealing.CHUNK, sealing.nonce_of, restoring.hold
    sealing.CHUNK = SMALL_CHUNK if authorizations < SMALL else sealing.CHUNK
    if plant == "no-final-flag":
        sealing.nonce_of = lambda number, last: number.to_bytes(12, "big")
    elif plant == "pending-outbox":
        restoring.hold = lambda *_: holding.Cancelled(0, 0)
    try:
        yield
    finally:
        sealing.CHUNK, sealing.nonce_of, restoring.hold = before


@contextmanager
def _elsewhere(kind: str, folder: Path) -> Iterator[str]:
    """An empty place of the same kind."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'elsewhere.sqlite'}"
        return
    server, name = postgres.start(), f"elsewhere_{os.getpid()}"
    administer(server, f'CREATE DATABASE "{name}"')
    yield server.format(database=name)
    administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _scene(folder: Path, url: str) -> Scene:
    home = folder / "home"
    home.mkdir(mode=0o700)
    write_keys(home / "keys.json")
    environment = {"CLEARED_HOME": str(home), "DATABASE_URL": url, "PUBLIC_BASE_URL": "https://practice.example"}
    return Scene(folder, environment, PacedClock(MORNING, time.monotonic(), 1.0))


def _fill(scene: Scene, url: str, folder: Path, authorizations: int, seed: int) -> dict[str, Any]:
    """Make the practice in a process of its own, then its people."""
    began = time.monotonic()
    lines, rules = max(400, authorizations // 2), 200 if authorizations >= SMALL else 40
    filler = get_context("fork").Process(target=make_practice, args=(url, folder, lines, rules, seed, authorizations))
    filler.start()
    filler.join()
    assert filler.exitcode == 0, "the practice could not be made"
    fill(scene, PEOPLE)
    return {"fill_seconds": round(time.monotonic() - began, 1)}


def _back_up_while_busy(scene: Scene, url: str) -> tuple[Made, dict[str, Any]]:
    """Make the backup between two moments of a writer and a sender at work."""
    workers = [fork(scene, lambda: _write(scene)), fork(scene, lambda: _send(scene))]
    written, sent = scene.folder / "written", scene.folder / "sent"
    try:
        _wait(lambda: len(_noted(written)) >= 20 and len(_noted(sent)) >= 5)
        engine = engine_of(make_url(url))
        began = time.monotonic()
        backup = make_backup(engine, make.keys().keyring, scene.clock, scene.folder / "backups")
        ended = time.monotonic()
        engine.dispose()
        _wait(lambda: _noted(written)[-1][1] > ended)
    finally:
        for worker in workers:
            os.kill(worker, signal.SIGTERM)
            os.waitpid(worker, 0)
    commits = _noted(written)
    meanwhile = [took for _, at, took in commits if began < at <= ended]
    return backup, {
        "backup_seconds": round(ended - began, 1),
        "backup_bytes": backup.checked.size,
        "rows": backup.checked.manifest.rows,
        "written_meanwhile": len(meanwhile),
        "longest_write_seconds": round(max(meanwhile, default=0.0), 2),
        "sent_meanwhile": len(_noted(sent)),
        "committed_before": [one for one, at, _ in commits if at < began],
    }


def _wait(ready: Callable[[], bool]) -> None:
    until = time.monotonic() + 120
    while not ready():
        assert time.monotonic() < until, "the workers do not work"
        time.sleep(0.1)


def _write(scene: Scene) -> None:
    """Add an approval and a cause of a text, commit by commit, and note each with its time and how long it took."""
    installation, chance, number = scene.open(), random.Random(7), 0
    new_id = Ids(chance)
    with installation.session() as session:
        caller = Caller(session, make.PRACTICE_ID, scene.clock, via="drill")
        patients = list(session.scalars(select(all_tables().tables["patient"].c.id).limit(500)))
        while True:
            who = Person(patients[number % len(patients)], number, payer_key(0), *_NOTHING)
            made = replace(an_approval(chance, new_id, who, 10_000_000 + number), id=UUID(int=(1 << 120) + number))
            began = time.monotonic()
            with writing(session):
                authorization_store.add_authorizations(session, make.PRACTICE_ID, [made], ())
            at = time.monotonic()
            _note(scene.folder / "written", [made.id.hex, at, at - began])
            feed(caller, number, number + 1, PEOPLE)
            number += 1
            time.sleep(0.02)


_NOTHING: Any = (None, "W1", None, "L40.0", "1003000126", 0, 1, 1)
"""What of a person an approval does not ask for: line, member, focus, diagnosis, provider, site, visits, approvals."""


def _send(scene: Scene) -> None:
    installation = _open(scene, scene.folder / "sent")
    while True:
        _work(installation, scene)
        time.sleep(0.05)


def _open(scene: Scene, log: Path) -> Installation:
    return replace(scene.open(), gateways=Gateways(LoggedSms(log), None, "https://practice.example", PLENTY))


def _work(installation: Installation, scene: Scene) -> None:
    """Take a turn of what tells people: the jobs of the program, as the scheduler runs them."""
    for job in JOBS:
        if job.name in ("sweep", "deliver"):
            run_job(installation, scene.clock, job)


def _damage(backup: Made, folder: Path, seed: int, flips: int) -> dict[str, Any]:
    """Change single bytes of copies and cut copies, at random places and at the ends of chunks."""
    content, chance = backup.path.read_bytes(), random.Random(seed)
    copy, place = folder / "damaged.backup", folder / "never.sqlite"
    copy.write_bytes(content)
    believed = 0
    for number in range(flips):
        at = chance.randrange(len(content))
        changed = bytes([content[at] ^ 1 << chance.randrange(8)])
        _patch(copy, at, changed)
        believed += _restores(copy, place) if number < WHOLE_TRIES else _opens(copy)
        _patch(copy, at, content[at : at + 1])
    head = content.index(b"\n", len(sealing.MAGIC)) + 1
    ends = range(head + sealing.CHUNK + sealing.TAG, len(content), sealing.CHUNK + sealing.TAG)
    cuts = [*chance.sample(ends, min(20, len(ends))), *(chance.randrange(len(content)) for _ in range(20))]
    cuts_believed = 0
    for cut in sorted(cuts, reverse=True):
        os.truncate(copy, cut)
        cuts_believed += _opens(copy)
    return {
        "flips": flips,
        "believed": believed,
        "cuts": len(cuts),
        "cuts_believed": cuts_believed,
        "written_of_damaged": len([*folder.glob("never*"), *folder.glob(".never*")]),
    }


def _patch(path: Path, at: int, changed: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(changed)


def _restores(copy: Path, place: Path) -> int:
    try:
        restoring.restore(copy, make_url(f"sqlite:///{place}"), make.keys(), make.clock())
    except BackupError:
        return 0
    return 1


def _opens(copy: Path) -> int:
    """Whether the seal of a damaged copy opens to its end."""
    try:
        with copy.open("rb") as file:
            for _ in sealing.opened_chunks(file, make.keys().keyring):
                pass
    except BackupError:
        return 0
    return 1


def _compare(scene: Scene, url: str, target: str, committed_before: list[str]) -> dict[str, Any]:
    """Hold the copy against the source, as the models read both: its rows are the source's, and none is missing."""
    source, copy = engine_of(make_url(url)), engine_of(make_url(target))
    unequal = rows = later = 0
    for name in COMPARED:
        theirs, ours = _rows(source, name), _rows(copy, name)
        one = next(ours, None)
        for row in theirs:
            if row == one:
                rows, one = rows + 1, next(ours, None)
            else:
                later += 1
        unequal += sum(1 for _ in chain([one] if one is not None else [], ours))
    with copy.connect() as connection:
        see_whole(connection)
        table = all_tables().tables["authorization"]
        there = {one.hex for one in connection.scalars(select(table.c.id).where(table.c.id < UUID(int=1 << 121)))}
    source.dispose()
    installation = scene.open()
    with replace(installation, engine=copy).session() as session:
        session.info.pop("audit_heads", None)
        whole = first_broken(Caller(session, make.PRACTICE_ID, scene.clock, via="drill")) is None
    installation.engine.dispose()
    copy.dispose()
    return {
        "compared_rows": rows,
        "committed_later": later,
        "lost": len(set(committed_before) - there),
        "unequal": unequal,
        "audit_whole": whole,
    }


def _rows(engine: Engine, name: str) -> Iterator[Any]:
    table = all_tables().tables[name]
    order = [column.collate("C") if _is_text(engine, column) else column for column in table.primary_key.columns]
    with engine.connect() as connection:
        see_whole(connection)
        asked = connection.execution_options(yield_per=2000).execute(table.select().order_by(*order))
        for row in asked:
            yield tuple(row)


def _is_text(engine: Engine, column: Any) -> bool:
    return engine.dialect.name == "postgresql" and column.type.python_type is str


def _send_again(scene: Scene, target: str) -> dict[str, Any]:
    """Let the copy work before and after its release, then give it one new cause."""
    elsewhere = replace(scene, environment={**scene.environment, "DATABASE_URL": target})
    held, after = scene.folder / "sent-held", scene.folder / "sent-again"
    installation = _open(elsewhere, held)
    for _ in range(3):
        _work(installation, scene)
    with installation.session() as session:
        holding.release(Caller(session, make.PRACTICE_ID, scene.clock, via="drill"))
    installation = replace(installation, gateways=Gateways(LoggedSms(after), None, "https://practice.example", PLENTY))
    for _ in range(3):
        _work(installation, scene)
    again = len(_noted(after))
    with installation.session() as session:
        caller = Caller(session, make.PRACTICE_ID, scene.clock, via="drill")
        with writing(session):
            queue_all(session, make.PRACTICE_ID, [a_text(caller, 9_000_000, 1)])
    _work(installation, scene)
    installation.engine.dispose()
    return {"sent_held": len(_noted(held)), "sent_again": again, "sent_new": len(_noted(after)) - again}
