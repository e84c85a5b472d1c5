"""Judge the whole book: read in the order of patients by several processes, store what differs by one.

Each process reads its share of the patients through a connection of its own and sends back only the verdicts that
differ from what is stored. The parent stores them in short transactions, and only where the stored verdict is still
the one that was compared with: what an edit judged in the meantime is newer and stays.
"""

import gc
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import Queue
from threading import Thread
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from app.audit.actions import record
from app.authorizations import store as authorization_store
from app.clearance.actions.judging import judge_file, to_store
from app.clearance.actions.replacing import keep_replaced
from app.clearance.actions.world import World, world_of
from app.clearance.facts.history import By, Cause
from app.clearance.facts.verdicts import PatientFile
from app.clearance.rules.judge import COUNTED
from app.clearance.store import risks
from app.clearance.store import verdicts as store
from app.clearance.store.questions import Asking
from app.clearance.store.verdicts import Difference
from app.clinical.store import charted as fact_store
from app.coverage.store import coverages as coverage_store
from app.patients import store as patient_store
from app.pharmacy import store as supply_store
from app.platform.caller import Caller
from app.platform.clock import Clock
from app.platform.db import writing
from app.platform.sessions import engine_of
from app.platform.wall import of_practice
from app.platform.workers import context, end_when_told
from app.policies.store import answers as answer_store
from app.schedule import store as schedule_store

SMALL = 2_000  # patients below which one process is quicker than starting two
SENT = 2_000  # differences sent at a time
STORED = 20_000  # differences stored in one transaction: well under a second of SQLite's only writer
WAITING = 50  # batches that may wait for the disk

Share = tuple[UUID | None, UUID | None]
Sent: TypeAlias = "tuple[list[Difference], Done]"


@dataclass
class Done:
    """What a run judged: patients, lines, and visits whose answer changed."""

    patients: int = 0
    lines: int = 0
    changed: int = 0

    def add(self, other: "Done") -> None:
        """Add the counts of another part of the run."""
        self.patients += other.patients
        self.lines += other.lines
        self.changed += other.changed


@dataclass(frozen=True)
class _Task:
    """What one process needs: where the database is, its keys, whose book, which share, and the clock."""

    url: URL
    info: dict[Any, Any]
    practice_id: UUID
    share: Share
    clock: Clock
    as_of: date | None = None


def rejudge_all(caller: Caller, processes: int | None = None) -> Done:
    """Judge every patient anew and store what differs.

    Takes     how many processes read and judge; by default one for each core, or none but this for a small book.
    Returns   what was judged and changed. A second run right after changes nothing.
    """
    session, practice_id = caller.session, caller.practice_id
    many = processes or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    pieces = patient_store.shards(session, practice_id, max(many, 1))
    if patient_store.count(session, practice_id) < SMALL and processes is None:
        pieces = [(None, None)]
    done = Done()
    if len(pieces) == 1:
        _here(caller, pieces[0], done)
    else:
        _in_processes(caller, pieces, done)
    with writing(session):
        record(caller, "clearance.book_judged", patients=done.patients, lines=done.lines, changed=done.changed)
    return done


def _here(caller: Caller, share: Share, done: Done) -> None:
    """Judge in this process. Read through a session of its own: a cursor does not outlive the writes between."""
    with Session(caller.session.get_bind().engine) as reading:
        reading.info.update(_keys_of(caller.session))
        of_practice(reading, caller.practice_id)
        world = world_of(reading, caller.practice_id, caller.clock)
        for differences, part in _judged(reading, caller.practice_id, world, share):
            done.add(part)
            _store(caller, differences)


def _keys_of(session: Session) -> dict[Any, Any]:
    return {key: session.info[key] for key in ("keyring", "audit_key")}


def _in_processes(caller: Caller, pieces: list[Share], done: Done) -> None:
    """Store in this process what others judge. A thread a pipe takes it off them, so that none waits for the disk."""
    pipes, workers = _start(caller, pieces)
    arrived: Queue[Sent | None] = Queue(WAITING)
    for pipe in pipes:
        Thread(target=_take_off, args=(pipe, arrived), daemon=True).start()
    gathered: list[Difference] = []
    open_pipes = len(pipes)
    while open_pipes:
        sent = arrived.get()
        if sent is None:
            open_pipes -= 1
            continue
        gathered += sent[0]
        done.add(sent[1])
        if len(gathered) >= STORED:
            _store(caller, gathered)
            gathered = []
    _store(caller, gathered)
    for worker in workers:
        worker.join()
        if worker.exitcode:
            raise BookError(f"a process that judged a part of the book ended with {worker.exitcode}; run it again")


def _take_off(pipe: Connection, arrived: "Queue[Sent | None]") -> None:
    while True:
        try:
            arrived.put(pipe.recv())
        except EOFError:
            arrived.put(None)
            return


def _start(caller: Caller, pieces: list[Share]) -> tuple[list[Connection], list[BaseProcess]]:
    """Start one process for each share. Forked, it has the compiled rules at once; elsewhere it compiles them anew."""
    engine = caller.session.get_bind().engine
    begin = context()
    world_of(caller.session, caller.practice_id, caller.clock)
    caller.session.rollback()
    engine.dispose()  # no open connection goes into another process
    pipes: list[Connection] = []
    workers: list[BaseProcess] = []
    for share in pieces:
        receiving, sending = begin.Pipe(duplex=False)
        task = _Task(engine.url, _keys_of(caller.session), caller.practice_id, share, caller.clock)
        worker = begin.Process(target=_work, args=(task, sending, [*pipes, receiving]), daemon=True)
        worker.start()
        sending.close()
        pipes.append(receiving)
        workers.append(worker)
    return pipes, workers


class BookError(Exception):
    """A part of the book was not judged."""


def _work(task: _Task, sending: Connection, others: list[Connection]) -> None:
    """Judge one share in a process of its own. Nothing in it makes cycles, so no collector need look for them."""
    end_when_told()
    gc.disable()
    for receiving in others:
        receiving.close()  # the parent's ends: a parent that dies must be noticed
    engine = engine_of(task.url)
    with Session(engine) as session:
        of_practice(session, task.practice_id)
        session.info.update(task.info)
        world = world_of(session, task.practice_id, task.clock, task.as_of)
        for sent in _judged(session, task.practice_id, world, task.share):
            sending.send(sent)
    sending.close()


def _judged(session: Session, practice_id: UUID, world: World, share: Share) -> Iterator[tuple[list[Difference], Done]]:
    """Judge one share of the patients. Gives differences and counts, a batch at a time."""
    differences: list[Difference] = []
    done = Done()
    row_of = store.row_maker(session, practice_id)
    accepted = risks.standing(session, practice_id)
    for file, stored in _files(session, practice_id, share):
        judged = judge_file(file, world)
        done.patients += 1
        for verdict in to_store(judged, world.book.version, accepted):
            done.lines += len(judged[verdict.id].lines)
            before = stored.pop(verdict.id, None)
            if before is None or not before.alike(verdict):
                done.changed += 1
                differences.append(Difference(verdict.id, row_of(verdict), before, Asking.of(verdict, before)))
            elif before.moved(verdict):
                row = row_of(before.goes_on(verdict))
                differences.append(Difference(verdict.id, row, before, Asking.of(verdict, before)))
        for visit_id, before in stored.items():
            done.changed += 1
            differences.append(Difference(visit_id, None, before, Asking.ended(visit_id, before)))
        if len(differences) >= SENT:
            yield differences, done
            differences, done = [], Done()
    yield differences, done


def _files(session: Session, practice_id: UUID, share: Share) -> Iterator[tuple[PatientFile, dict[UUID, Any]]]:
    """Put each patient's file together from streams that are all in the order of the patients.

    Canceled and missed visits are left out: they have no stored verdict, and take nothing from others.
    """
    visits = _Stream(schedule_store.in_patient_order(session, practice_id, *share, statuses=COUNTED))
    coverages = _Stream(coverage_store.in_patient_order(session, practice_id, *share))
    authorizations = _Stream(authorization_store.in_patient_order(session, practice_id, *share))
    answers = _Stream(answer_store.answers_in_patient_order(session, practice_id, *share))
    supplies = _Stream(supply_store.in_patient_order(session, practice_id, *share))
    facts = _Stream(fact_store.in_patient_order(session, practice_id, *share))
    stored = _Stream(store.in_patient_order(session, practice_id, *share))
    for patient in patient_store.in_patient_order(session, practice_id, *share):
        key = patient.id
        planned = visits.of(key) or ()
        before = stored.of(key) or {}
        known = tuple(one.of(key) or () for one in (coverages, authorizations, answers, supplies, facts))
        file = PatientFile(patient, planned, *known)
        if planned or before:
            yield file, before


class _Stream:
    """One stream in the order of patients, of which the part of one patient at a time is taken."""

    def __init__(self, rows: Iterator[tuple[UUID, Any]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, patient_id: UUID) -> Any:
        """Take what belongs to a patient; None when there is nothing. Patients before it are passed over."""
        while self._next is not None and self._next[0].int < patient_id.int:
            self._next = next(self._rows, None)
        if self._next is None or self._next[0].int != patient_id.int:
            return None
        found = self._next[1]
        self._next = next(self._rows, None)
        return found


def _store(caller: Caller, differences: list[Difference]) -> None:
    for start in range(0, len(differences), STORED):
        with writing(caller.session) as session:
            now = caller.clock.now()
            done = store.replace(session, caller.practice_id, differences[start : start + STORED], now)
            replaced = [(one.id, one.before, one.badge) for one in done if one.before is not None and not one.alike]
            keep_replaced(session, caller.practice_id, replaced, now, By(Cause.BOOK, caller.user_id))
