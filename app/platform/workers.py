"""Processes of our own that share a long piece of work."""

import multiprocessing
import signal
import sys
from multiprocessing.pool import Pool
from typing import Any


def context() -> Any:
    """How processes are begun: as copies where that is safe and quick, else anew."""
    return multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


def end_when_told() -> None:
    """Let a signal to end do so: a copy of the scheduler inherits handlers that only note it, and would wait on."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def workers(count: int) -> Pool:
    """Begin processes that take pieces of work until the pool is left."""
    pool: Pool = context().Pool(count, initializer=end_when_told)
    return pool
