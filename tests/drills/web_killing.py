"""Drill `kill-web`: web workers die at any moment while programs create, decide and use; each is done exactly once."""

import json
import multiprocessing
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from app.api.actions.tokens import make_token
from app.api.facts.tokens import ApiScope
from app.api.store import answers as answer_store
from app.audit.actions import first_broken
from app.authorizations import store as authorization_store
from app.authorizations.actions import change_authorization
from app.platform.caller import Caller
from app.platform.clock import SystemClock
from app.practice.store import practice as practice_store
from app.web.opening import open_installation
from config import load
from tests.drills import web_under_kill
from tests.drills.scene import database
from tests.support import make
from tests.support.desk import DAY, Desk

PLANTS = tuple(web_under_kill.PLANTS)
CLIENTS, WORKERS = 4, 2
DIES_BEFORE, DIES_AFTER = 0.05, 0.05  # of all commits: the moments at which a kill can hurt
AT_MOST = 2.0  # seconds between two kills from outside
A_MASTER = 0.04  # of the kills from outside: the master itself, and its workers with it
PATIENCE = 600.0  # seconds that a program goes on asking for one answer
STARTING = 120.0  # seconds that the server may take to answer
UNITS = 90_000  # of the approval that all programs use at once
SCOPES = (
    ApiScope.READ_PATIENTS,
    ApiScope.READ_AUTHORIZATIONS,
    ApiScope.WRITE_AUTHORIZATIONS,
    ApiScope.READ_COVERAGE,
)


@dataclass(frozen=True)
class Ground:
    """What every process of the drill needs to know."""

    folder: Path
    environment: dict[str, str]
    secret: str
    patients: tuple[str, ...]
    coverages: tuple[str, ...]
    shared: str
    port: int

    @property
    def halt(self) -> Path:
        """While it is not there, programs begin new work."""
        return self.folder / "halt"


@dataclass
class Server:
    """The real web server, and who of it died."""

    ground: Ground
    master: subprocess.Popen[bytes] | None = None
    alive: set[int] = field(default_factory=set)
    deaths: Counter[str] = field(default_factory=Counter)

    @property
    def kills(self) -> int:
        """How many processes were killed so far."""
        return self.deaths.total()

    def start(self) -> None:
        """Start the master with its workers, who die at one commit in twenty by themselves."""
        environment = dict(os.environ) | self.ground.environment
        environment |= {web_under_kill.BEFORE: str(DIES_BEFORE), web_under_kill.AFTER: str(DIES_AFTER)}
        words = ("-m", "gunicorn", "--preload", "--workers", str(WORKERS), "--bind", f"127.0.0.1:{self.ground.port}")
        words += ("--config", "python:app.web.server", "--reuse-port", "tests.drills.web_under_kill:program()")
        with (self.ground.folder / "words").open("ab") as said:
            self.master = subprocess.Popen(
                [sys.executable, *words], env=environment, stdout=said, stderr=said, start_new_session=True
            )

    def look(self) -> None:
        """Take note of who died by a fuse, and of who took the place."""
        assert self.master is not None
        if self.master.poll() is not None:
            raise RuntimeError("The web server ended by itself: " + (self.ground.folder / "words").read_text()[-3000:])
        now = _children(self.master.pid)
        self.deaths["at a commit"] += len(self.alive - now)
        self.alive = now

    def kill_one(self, dice: random.Random) -> None:
        """Kill a worker, whatever it does now; sometimes the master and all its workers."""
        self.look()
        if dice.random() < A_MASTER:
            self.kill_all("with the master")
            self.start()
            return
        if not self.alive:
            return
        victim = dice.choice(sorted(self.alive))
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
            self.alive.discard(victim)
            self.deaths["anywhere"] += 1

    def kill_all(self, why: str) -> None:
        """Kill the master and every worker: one death, since all die at one moment."""
        assert self.master is not None
        for process in (self.master.pid, *_children(self.master.pid)):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.deaths[why] += 1
        self.master.wait()
        self.alive = set()

    def stop(self) -> None:
        """End the server in good order."""
        assert self.master is not None
        self.master.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.master.wait(15)
        if self.master.poll() is None:
            os.killpg(self.master.pid, signal.SIGKILL)
            self.master.wait()


def drill(kills: int, seed: int, db: str, plant: str | None) -> dict[str, Any]:
    """Run the drill. Returns its answer; `passed`: what was acknowledged is there once, and nothing else is."""
    began, dice = time.monotonic(), random.Random(seed)
    with _ground(db, plant) as ground:
        context = multiprocessing.get_context("fork")
        server = Server(ground)
        server.start()
        programs = [context.Process(target=_program, args=(ground, number, seed)) for number in range(CLIENTS)]
        for program in programs:
            program.start()
        try:
            _kill(server, kills, dice)
            ground.halt.touch()
            for program in programs:
                program.join(PATIENCE)
                server.look()
        finally:
            for program in programs:
                program.kill()
            server.stop()
        told = [
            json.loads(line) for path in sorted(ground.folder.glob("told-*")) for line in path.read_text().splitlines()
        ]
        return _answer(ground, server, told, {"db": db, "seed": seed, "plant": plant}, began)


def _kill(server: Server, kills: int, dice: random.Random) -> None:
    _wait_for(server.ground.port)
    while server.kills < kills:
        _work_on(server.ground, dice.randint(1, 6))
        time.sleep(dice.uniform(0.0, 0.05))
        server.kill_one(dice)


def _work_on(ground: Ground, answers: int) -> None:
    """Wait until so many more answers were acknowledged, at most a few seconds."""
    until, wanted = time.monotonic() + AT_MOST, _told(ground) + answers
    while time.monotonic() < until and _told(ground) < wanted:
        time.sleep(0.01)


def _told(ground: Ground) -> int:
    return sum(path.read_bytes().count(b"\n") for path in ground.folder.glob("told-*"))


def _children(process: int) -> set[int]:
    try:
        words = Path(f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return set()
    return {int(word) for word in words.split()}


def _wait_for(port: int) -> None:
    until = time.monotonic() + STARTING
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise RuntimeError("the web server does not answer")


@contextmanager
def _ground(db: str, plant: str | None) -> Iterator[Ground]:
    with TemporaryDirectory(prefix="cleared-drill-") as name, database(db, Path(name)) as url:
        folder = Path(name)
        environment = {"CLEARED_HOME": name, "DATABASE_URL": url, "PUBLIC_BASE_URL": "http://127.0.0.1"}
        environment |= {web_under_kill.PLANT: plant} if plant else {}
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        yield _furnish(Ground(folder, environment, "", (), (), "", port))


def _furnish(bare: Ground) -> Ground:
    installation = open_installation(load(bare.environment))
    with installation.session() as session:
        caller = Caller(session, make.PRACTICE_ID, SystemClock(), via="drill")
        practice_store.save_practice(session, make.PRACTICE_ID, make.practice())
        session.commit()
        desk = Desk(caller).furnish()
        desk.book(*DAY[:6])
        ends = caller.clock.now() + timedelta(days=30)
        _token, secret = make_token(caller, "drill", SCOPES, None, ends, 1_000_000)
        shared = authorization_store.of_patients(session, make.PRACTICE_ID, [make.an_id(10_002)])
        approval = shared[make.an_id(10_002)][0]
        roomy = {"items": (replace(approval.items[0], count=UNITS),), "ends": date(2030, 12, 31)}
        change_authorization(caller, approval.id, approval.version, roomy)
    installation.engine.dispose()
    people = tuple(str(make.an_id(10_001 + number)) for number in range(6))
    coverages = tuple(str(make.an_id(50_001 + number)) for number in range(6))
    return Ground(bare.folder, bare.environment, secret, people, coverages, str(approval.id), bare.port)


# One program


@dataclass
class Asking:
    """How one program asks: again and again, under one key, until it has an answer."""

    ground: Ground
    dice: random.Random
    tries: Counter[str] = field(default_factory=Counter)
    connection: HTTPConnection | None = None

    def until_answered(self, address: str, body: Mapping[str, Any], tag: str | None = None) -> tuple[int, Any, str]:
        """Send a request until it is acknowledged; sometimes once more after that. Returns status, body and ETag."""
        key = "drill-" + self.dice.randbytes(16).hex()
        headers = {"Idempotency-Key": key} | ({"If-Match": tag} if tag else {})
        found = self._acknowledged(address, body, headers)
        if self.dice.random() < 0.2:
            again = self._acknowledged(address, body, headers)
            if again != found:
                return 599, {"first": found, "again": again}, ""
        return found

    def _acknowledged(self, address: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> tuple[int, Any, str]:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                status, found, tag = self._ask(address, body, headers)
            except (OSError, HTTPException, ValueError):
                self._close()
                self.tries["broken off"] += 1
                time.sleep(self.dice.uniform(0.02, 0.2))
                continue
            in_flight = status == 409 and str(found.get("type", "")).endswith("#in-flight")
            if status >= 500 or in_flight:
                self.tries["in flight" if in_flight else "busy"] += 1
                time.sleep(self.dice.uniform(0.05, 0.3))
                continue
            return status, found, tag
        return 0, {}, ""

    def _ask(self, address: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> tuple[int, Any, str]:
        self.connection = self.connection or HTTPConnection("127.0.0.1", self.ground.port, timeout=20)
        whole = {"Authorization": f"Bearer {self.ground.secret}", "Content-Type": "application/json", **headers}
        self.connection.request("POST", f"/api/v1{address}", json.dumps(body), whole)
        answer = self.connection.getresponse()
        content, closes = answer.read(), answer.headers.get("Connection", "") == "close"
        if closes:
            self._close()
        return answer.status, json.loads(content), answer.headers.get("ETag", "")

    def _close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def _program(ground: Ground, number: int, seed: int) -> None:
    """Create, decide and use until halted, and write down what was acknowledged, after it was."""
    dice = random.Random(seed * 1000 + number)
    asking = Asking(ground, dice)
    with (ground.folder / f"told-{number}").open("w", buffering=1) as told:

        def tell(**what: Any) -> None:
            told.write(json.dumps(what) + "\n")

        count = 0
        while not ground.halt.exists():
            count += 1
            _one_case(asking, dice, f"KW-{seed}-{number}-{count}", tell)
        tell(kind="tries", **asking.tries)


def _one_case(asking: Asking, dice: random.Random, number: str, tell: Any) -> None:
    who = dice.randrange(len(asking.ground.patients))
    new = {
        "patient_id": asking.ground.patients[who],
        "coverage_id": asking.ground.coverages[who],
        "status": "submitted",
        "reference": number,
        "items": [{"codes": ["96910"], "counting": "units", "count": 40}],
        "requested_on": "2026-01-02",
    }
    status, made, tag = asking.until_answered("/authorizations", new)
    tell(kind="create", status=status, id=made.get("id"), number=number, said=None if status == 201 else made)
    if status != 201:
        return
    decision = {"status": "approved", "decided_on": "2026-01-05", "begins": "2026-01-01", "ends": "2027-12-31"}
    address = f"/authorizations/{made['id']}"
    status, said, _tag = asking.until_answered(f"{address}/decision", decision, tag)
    tell(kind="decide", status=status, id=made["id"], said=None if status == 200 else said)
    for target in (made["id"], made["id"], asking.ground.shared):
        units = dice.randint(1, 3)
        address = f"/authorizations/{target}/uses"
        status, said, _tag = asking.until_answered(address, {"code": "96910", "units": units})
        tell(kind="use", status=status, id=target, units=units, said=None if status == 200 else said)


# What is there in the end


def _answer(
    ground: Ground, server: Server, told: list[dict[str, Any]], asked: dict[str, Any], began: float
) -> dict[str, Any]:
    wanted = {"create": 201, "decide": 200, "use": 200}
    done = [one for one in told if one["kind"] in wanted and one["status"] == wanted[one["kind"]]]
    refused = [one for one in told if one["kind"] in wanted and one not in done]
    tries: Counter[str] = Counter()
    for one in told:
        if one["kind"] == "tries":
            tries.update({name: count for name, count in one.items() if name != "kind"})
    found = _differences(ground, done)
    return {
        "drill": "kill-web",
        "passed": found["audit_whole"] and not (refused or found["lost"] or found["doubled"] or found["wrong"]),
        **asked,
        "kills": server.kills,
        "deaths": dict(server.deaths),
        "acknowledged": dict(Counter(one["kind"] for one in done)),
        "refused": len(refused),
        "refusals": [str(one.get("said"))[:200] for one in refused[:3]],
        "tries_again": dict(tries),
        **found,
        "seconds": round(time.monotonic() - began, 1),
    }


def _differences(ground: Ground, done: list[dict[str, Any]]) -> dict[str, Any]:
    """Hold what was acknowledged against what is on file: authorizations, their events, their units, and the log."""
    installation = open_installation(load(ground.environment))
    lost, doubled, wrong = Counter[str](), Counter[str](), Counter[str]()
    with installation.session() as session:
        caller = Caller(session, make.PRACTICE_ID, SystemClock(), via="drill")
        records = authorization_store.records_of(session, make.PRACTICE_ID, [UUID(one) for one in ground.patients])
        on_file = {str(one.id): one for group in records.values() for one in group}
        numbers = Counter(one.reference for one in on_file.values())
        created = {one["id"]: one["number"] for one in done if one["kind"] == "create"}
        for number in created.values():
            lost["create"] += numbers[number] == 0
            doubled["create"] += max(0, numbers[number] - 1)
        drilled = {one.reference for one in on_file.values() if str(one.reference).startswith("KW-")}
        wrong["never acknowledged"] += len(drilled - set(created.values()))
        for key in {*created, ground.shared} & set(on_file):
            mine = [one for one in done if one["id"] == key]
            units = sum(one["units"] for one in mine if one["kind"] == "use")
            used = (on_file[key].items[0].used or 0) - (SHARED_BEFORE if key == ground.shared else 0)
            lost["units"] += max(0, units - used)
            doubled["units"] += max(0, used - units)
            events = len(authorization_store.events_of(session, make.PRACTICE_ID, UUID(key))) - (key == ground.shared)
            lost["events"] += max(0, len(mine) - events)
            doubled["events"] += max(0, events - len(mine))
        whole = first_broken(caller) is None
        kept = answer_store.count_answers(session, make.PRACTICE_ID)
    installation.engine.dispose()
    wrong["answers kept"] += abs(kept - len(done))
    return {
        "lost": lost.total(),
        "doubled": doubled.total(),
        "wrong": wrong.total(),
        "where": {name: dict(+counter) for name, counter in (("lost", lost), ("doubled", doubled), ("wrong", wrong))},
        "audit_whole": whole,
    }


SHARED_BEFORE = 21
"""Units of the shared approval used before the drill (tests/support/desk.py). One event of it raised its count."""
