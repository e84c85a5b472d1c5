"""Drill `hostile-files`: 120 files that mean harm go through every door of the program that takes files.

The doors: the reader's process behind `scripts/manage read`, the page that takes a file of any kind, the mailroom that
stands behind it, and the page of Imports for tables. Each file is read, or refused by a name of the program's list and
in a sentence; no door breaks, nor the room that a record of it is for; no child passes its memory and time, none ends
without its last word.
"""

import io
import json
import re
import resource
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any
from unittest.mock import patch

from flask.testing import FlaskClient
from sqlalchemy import text

from app.mailroom.actions.receiving import receive
from app.mailroom.facts import Via
from app.mailroom.files import lines, reading
from app.practice.facts.staff import Role
from app.standards.errors import Fault
from tests.drills.front_door import World, front_door
from tests.drills.hostile_files import Hostile, hostile_files
from tests.support.web import token_of

FILES = 120
MEMORY_MIB = 512
SECONDS = 10.0
LOOK = 0.01
PEAK = re.compile(r"VmHWM:\s+(\d+) kB")
TAKEN = frozenset({200, 303, 404, 409, 413, 422})
CODES = frozenset(fault.value for fault in Fault)
DYING = "import os, sys\nMEMORY, SECONDS = 2**29, 10\n\ndef main():\n    sys.stdin.buffer.read()\n    os._exit(3)\n"
GREEDY = (
    "import time\nMEMORY, SECONDS = 2**31, 10\n\ndef main():\n    held = b'x' * (700 * 2**20)\n"
    "    time.sleep(0.3)\n    print('Enull', flush=True)\n"
)
PLANTS = ("reader-dies", "reader-takes-memory", "name-is-a-path")


@dataclass
class Tally:
    """What came of the files."""

    read: int = 0
    refused: int = 0
    crashes: int = 0
    answers_5xx: int = 0
    unnamed: int = 0
    cut_short: int = 0
    slow: list[tuple[float, str]] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)
    first: list[str] = field(default_factory=list)
    wall: float = 0.0

    @property
    def slowest(self) -> float:
        """Give the longest that the children of one file were at work, in seconds of the processor."""
        return self.slow[0][0] if self.slow else 0.0

    def took(self, file: Hostile, seconds: float) -> None:
        """Note how long the children of one file were at work; the slowest few are kept."""
        self.slow = sorted([*self.slow, (round(seconds, 2), f"{file.kind}, {file.trick}")], reverse=True)[:3]

    def fault(self, count: str, file: Hostile, door: str, what: str) -> None:
        """Count a fault of the program, and keep the first few."""
        setattr(self, count, getattr(self, count) + 1)
        self.first = [*self.first, f"{door}: {file.kind}, {file.trick}: {what}"][:5]


def drill(size: int, seed: int, plant: str | None = None, light: bool = False) -> dict[str, Any]:
    """Run the drill.

    Takes     how many files; the seed of the dice; a bad design to plant, to be caught; whether large files are
              left out.
    Returns   the counts by door, the slowest child in seconds of the processor, the largest child in MiB, `passed`.
    """
    began, files = time.monotonic(), hostile_files(Random(seed), size, light)
    doors: dict[str, Tally] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="cleared-hostile-")))
        world = stack.enter_context(front_door("sqlite"))
        stack.enter_context(planted(plant, folder))
        children = stack.enter_context(measured())
        browser = world.enter(world.person(Role.COORDINATOR))
        for door, enter in _doors(folder, world, browser).items():
            doors[door] = through(door, enter, files)
        broken = _broken_rooms(world)
    faults = sum(getattr(one, count) for one in doors.values() for count in FAULTS)
    done = all(tally.read + tally.refused == size for tally in doors.values())
    largest, slowest = children.largest, max(tally.slowest for tally in doors.values())
    return {
        "drill": "hostile-files",
        "seed": seed,
        "plant": plant,
        "files": len(files),
        "tricks": len({(file.kind, file.trick) for file in files}),
        **{count: sum(getattr(one, count) for one in doors.values()) for count in ("read", "refused", *FAULTS)},
        "broken_rooms": broken,
        "doors": {
            door: {"read": one.read, "refused": one.refused, "codes": one.codes, "longest": one.wall}
            for door, one in doors.items()
        },
        "slowest_child_seconds": slowest,
        "slow": sorted((slow for one in doors.values() for slow in one.slow), reverse=True)[:5],
        "largest_child_mib": largest,
        "first": [line for one in doors.values() for line in one.first][:5],
        "seconds": round(time.monotonic() - began, 1),
        "passed": not faults and not broken and done and slowest <= SECONDS and largest <= MEMORY_MIB,
    }


FAULTS = ("crashes", "answers_5xx", "unnamed", "cut_short")
Enter = Callable[[Hostile, Tally], None]


def _doors(folder: Path, world: World, browser: FlaskClient) -> dict[str, Enter]:
    return {
        "read": lambda file, tally: read(folder, file, tally),
        "page": lambda file, tally: upload(browser, "/mail", file, tally),
        "mailroom": lambda file, tally: _receive(world, file, tally),
        "tables": lambda file, tally: upload(browser, "/imports", file, tally),
    }


class Measured(subprocess.Popen[bytes]):
    """A child whose memory is looked at until it ends: its own, and not that of the process it was split off from."""

    largest = 0

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        status = Path(f"/proc/{self.pid}/status")
        with suppress(OSError):
            while found := PEAK.search(status.read_text(encoding="ascii", errors="replace")):
                Measured.largest = max(Measured.largest, int(found[1]) // 1024)
                time.sleep(LOOK)


@contextmanager
def measured() -> Iterator[type[Measured]]:
    """Look at the memory of every child."""
    Measured.largest = 0
    with patch.object(subprocess, "Popen", Measured):
        yield Measured


def _broken_rooms(world: World) -> int:
    """Count the records that broke the room that they are for."""
    with world.caller() as caller:
        return int(caller.session.scalar(text("SELECT count(*) FROM mail_record WHERE why = 'failed'")))


def through(door: str, enter: Enter, files: list[Hostile]) -> Tally:
    """Bring every file to one door."""
    tally = Tally()
    for file in files:
        before, began = _child_seconds(), time.monotonic()
        try:
            enter(file, tally)
        except Exception as error:
            tally.fault("crashes", file, door, type(error).__name__)
        tally.took(file, _child_seconds() - before)
        tally.wall = max(tally.wall, round(time.monotonic() - began, 1))
    return tally


def _child_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def read(folder: Path, file: Hostile, tally: Tally) -> None:
    """Read a file as the command does: under its own name where the disk takes it."""
    path, out = folder / "file", io.BytesIO()
    path.write_bytes(file.content)
    named = folder / Path(file.name).name
    with suppress(OSError, ValueError):
        if named != folder:
            path = path.rename(named)
    refused = reading.written([lines.Named(path, file.name)], out)
    told = [json.loads(line, parse_constant=_no_constant) for line in out.getvalue().splitlines()]
    path.unlink()
    _note(file, tally, "read", told[-1].get("error") if refused else None)
    if any(line["file"] != file.name or not line["kind"] for line in told):
        tally.fault("unnamed", file, "read", "an object without its file or kind")


def _no_constant(_name: str) -> None:
    raise ValueError("This is no JSON.")


def _receive(world: World, file: Hostile, tally: Tally) -> None:
    """Bring a file to the mailroom."""
    with world.caller() as caller:
        report = receive(caller, file.content, file.name, Via.COMMAND)
    fault = report.fault
    _note(file, tally, "mailroom", None if fault is None else {"code": fault.code, "message": fault.sentence})


def _note(file: Hostile, tally: Tally, door: str, error: dict[str, Any] | None) -> None:
    """Count what a reader said."""
    if error is None:
        tally.read += 1
        return
    tally.refused += 1
    tally.codes[error["code"]] = tally.codes.get(error["code"], 0) + 1
    if error["message"] == reading.LIMITS:
        tally.fault("cut_short", file, door, "the child ended without its last word")
    elif error["code"] not in CODES or len(error["message"]) < 10:
        tally.fault("unnamed", file, door, "refused without a name")


def upload(browser: FlaskClient, address: str, file: Hostile, tally: Tally) -> None:
    """Bring a file to a page that takes files, and open the page that follows."""
    form = {"csrf_token": token_of(browser, "/imports"), "kind": "", "file": (io.BytesIO(file.content), file.name)}
    answer = browser.post(address, data=form, content_type="multipart/form-data")
    statuses, kept = [answer.status_code], False
    if answer.status_code == 303:
        shown = browser.get(answer.location, follow_redirects=True)
        statuses.append(shown.status_code)
        kept = "could not be read" in shown.text
    if any(status >= 500 for status in statuses):
        tally.fault("answers_5xx", file, address, str(statuses))
    elif not TAKEN.issuperset(statuses):
        tally.fault("unnamed", file, address, str(statuses))
    elif answer.status_code == 303:
        tally.read, tally.refused = tally.read + (not kept), tally.refused + kept
    elif 'class="field-error"' in answer.text or answer.status_code == 413:
        tally.refused += 1
    else:
        tally.fault("unnamed", file, address, "refused without a sentence")


@contextmanager
def planted(plant: str | None, folder: Path) -> Iterator[None]:
    """Plant a bad design."""
    if plant is None:
        yield
    elif plant == "name-is-a-path":
        with patch("app.imports.actions.drafts.begin", _kept_under_its_name):
            yield
    else:
        worker = folder / "planted.py"
        worker.write_text(DYING if plant == "reader-dies" else GREEDY, encoding="utf-8")
        with patch.object(lines, "CHILD", worker):
            yield


def _kept_under_its_name(_caller: Any, name: str, content: bytes, _kind: Any) -> None:
    """A bad design: the file is kept on the disk, under the name that its sender gave it."""
    with TemporaryDirectory() as folder:
        Path(folder, name).write_bytes(content)
    raise AssertionError
