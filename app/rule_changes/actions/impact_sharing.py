"""The search shared by several processes, as the whole-book run is: each compares its share of the patients."""

import gc
import os
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any
from uuid import UUID

from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from app.platform.caller import Caller
from app.platform.sessions import engine_of
from app.platform.wall import of_practice
from app.platform.workers import context, end_when_told
from app.rule_changes.actions.impact_search import Comparison, Found, search


class ShareError(Exception):
    """A part of the patients was not compared."""


def cores() -> int:
    """How many processes are worth starting: one for each core; one alone where none can be begun as a copy."""
    if context().get_start_method() != "fork":
        return 1  # compiled rules are functions, which only a copy has
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def search_in_processes(
    caller: Caller, comparison: Comparison, patients: Sequence[UUID], processes: int
) -> Iterator[Found]:
    """Let each process compare its share. Gives what pieces of patients hold, as they arrive.

    Raises    ShareError where a process ended before it was through: a list with a hole is no list.
    """
    if context().get_start_method() != "fork":
        raise ShareError("only a copy of this process has both sets of rules; compare in one process here")
    pipes, workers = _start(caller, comparison, patients, processes)
    waiting = list(pipes)
    while waiting:
        for pipe in wait(waiting):
            assert isinstance(pipe, Connection)
            try:
                yield pipe.recv()
            except EOFError:
                waiting.remove(pipe)
    for worker in workers:
        worker.join()
        if worker.exitcode:
            raise ShareError(f"a process that compared a part of the patients ended with {worker.exitcode}; run again")


def _start(
    caller: Caller, comparison: Comparison, patients: Sequence[UUID], processes: int
) -> tuple[list[Connection], list[BaseProcess]]:
    engine = caller.session.get_bind().engine
    keys = {key: caller.session.info[key] for key in ("keyring", "audit_key")}
    caller.session.rollback()
    engine.dispose()  # no open connection goes into another process
    pipes: list[Connection] = []
    workers: list[BaseProcess] = []
    for number in range(processes):
        receiving, sending = context().Pipe(duplex=False)
        given = (engine.url, keys, caller.practice_id, comparison, patients[number::processes])
        worker = context().Process(target=_work, args=(given, sending, [*pipes, receiving]), daemon=True)
        worker.start()
        sending.close()
        pipes.append(receiving)
        workers.append(worker)
    return pipes, workers


def _work(
    given: tuple[URL, dict[Any, Any], UUID, Comparison, Sequence[UUID]], sending: Connection, others: list[Connection]
) -> None:
    """Compare one share in a process of its own."""
    end_when_told()
    gc.disable()
    for receiving in others:
        receiving.close()  # the parent's ends: a parent that dies must be noticed
    url, keys, practice_id, comparison, patients = given
    with Session(engine_of(url)) as session:
        of_practice(session, practice_id)
        session.info.update(keys)
        for found in search(session, practice_id, comparison.on(session, practice_id), patients):
            sending.send(found)
    sending.close()
