"""Measuring: time, processor time, memory of this process and its children, growth, and what the machine is."""

import math
import os
import platform
import resource
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any, NamedTuple, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
EVERY = 0.02  # seconds between two looks at the memory
MIB = 1024 * 1024


@dataclass
class Measured:
    """One measured stretch: seconds on the wall, seconds of processors, peak memory of all processes in MiB."""

    seconds: float = 0.0
    processor_seconds: float = 0.0
    peak_mib: float = 0.0

    def shown(self, **more: Any) -> dict[str, Any]:
        """The stretch for the JSON answer."""
        return {
            "seconds": rounded(self.seconds),
            "processor_seconds": rounded(self.processor_seconds),
            "peak_memory_mib": round(self.peak_mib),
            **more,
        }


@contextmanager
def measured() -> Iterator[Measured]:
    """Measure a stretch with the processes that it starts and ends."""
    found = Measured()
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(found, done), daemon=True)
    watcher.start()
    before, begun = _processors(), perf_counter()
    yield found
    found.seconds = perf_counter() - begun
    found.processor_seconds = _processors() - before
    done.set()
    watcher.join()


def _watch(found: Measured, done: threading.Event) -> None:
    while True:
        found.peak_mib = max(found.peak_mib, memory_mib())
        if done.wait(EVERY):
            return


def _processors() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def memory_mib() -> float:
    """Resident memory now of this process and all below it, in MiB; where there is no /proc, the largest so far."""
    if not Path("/proc/self/statm").exists():
        unit = 1 if platform.system() == "Darwin" else 1024
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(one.ru_maxrss for one in used) * unit / MIB
    return sum(_resident(process) for process in _with_children(os.getpid())) / MIB


def peak_mib() -> float:
    """The most memory that this process has had by now, in MiB. Elsewhere than on Linux a parent's may count."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (MIB if platform.system() == "Darwin" else 1024)
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024


def _resident(process: int) -> int:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, IndexError):  # it has just ended
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _with_children(process: int) -> Iterator[int]:
    yield process
    for listed in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = listed.read_text().split()
        except OSError:  # the thread has just ended
            continue
        for child in children:
            yield from _with_children(int(child))


class Short(NamedTuple):
    """A short piece of work: seconds on the wall, and of the processor, which other programs hardly move."""

    seconds: float
    processor: float

    def milliseconds(self) -> dict[str, float]:
        """Both for the JSON answer."""
        return {
            "median_milliseconds": milliseconds(self.seconds),
            "median_processor_milliseconds": milliseconds(self.processor),
        }

    def microseconds(self, pieces: int) -> dict[str, float]:
        """Both for one of the pieces that the work has."""
        return {
            "microseconds": rounded(self.seconds / pieces * 1e6),
            "processor_microseconds": rounded(self.processor / pieces * 1e6),
        }


def short(works: Iterable[Callable[[], object]]) -> Short:
    """Medians over several runs of a short piece of work."""
    runs = [_run(work) for work in works]
    return Short(median(run.seconds for run in runs), median(run.processor for run in runs))


def _run(work: Callable[[], object]) -> Short:
    begun, used = perf_counter(), process_time()
    work()
    return Short(perf_counter() - begun, process_time() - used)


def seconds_of(work: Callable[[], object]) -> float:
    """Seconds of one run."""
    begun = perf_counter()
    work()
    return perf_counter() - begun


def growth_exponent(points: list[tuple[float, float]]) -> float | None:
    """The slope of log seconds over log size by least squares: 1 is linear. None of fewer than two sizes."""
    if len({size for size, _ in points}) < 2:
        return None
    logs = [(math.log(size), math.log(seconds)) for size, seconds in points]
    mean_x = sum(x for x, _ in logs) / len(logs)
    mean_y = sum(y for _, y in logs) / len(logs)
    above = sum((x - mean_x) * (y - mean_y) for x, y in logs)
    return round(above / sum((x - mean_x) ** 2 for x, _ in logs), 3)


def alone(work: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R:
    """Run work in a fresh process that may start others: nothing that was warmed up or kept before counts for it."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(work, *arguments, **named).result()


def rounded(value: float) -> float:
    """Four digits that mean something."""
    return float(f"{value:.4g}")


def machine() -> dict[str, Any]:
    """What the figures were measured on, and how busy it was."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "cores": cores,
        "python": platform.python_version(),
        "system": platform.system(),
        "load_average": [round(one, 2) for one in os.getloadavg()],
    }


def milliseconds(seconds: float) -> float:
    """Seconds as milliseconds, four digits."""
    return rounded(seconds * 1000)
