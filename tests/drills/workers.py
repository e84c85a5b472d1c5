"""Processes of a drill: workers that run the program's jobs until they are killed, and the web that hears reports."""

import logging
import os
import random
import re
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NoReturn, TypeVar

from sqlalchemy.exc import OperationalError

from app import create_app
from app.alerts.actions.sweeping import sweep
from app.gateways.facts import Gateways, Limits
from app.platform.caller import Caller
from app.platform.incidents import describe
from app.platform.logs import log
from app.timetable import Job
from app.web.opening import Installation
from app.web.scheduler import run_job
from config import load
from tests.drills.crashing import CrashingSms, Fuse
from tests.drills.delivering import design_of, impatient
from tests.drills.planted import DESIGNS
from tests.drills.scene import Scene, caller_of
from tests.support.browsers import ServerThatEnds

Result = TypeVar("Result")
PLENTY = Limits(per_hour=100_000, per_day=100_000)
BROKEN = re.compile(r"((?:job|turn|sending|writing) broke|run not recorded)\s.*?job=(\S+).*?what='(\S+)")
TRIES = 20
REST = 0.05  # seconds between two rounds of a worker


@dataclass(frozen=True)
class Orders:
    """How one worker lives: where it dies, and whether it runs jobs without the scheduler's lock around them."""

    point: str | None = None
    count: int = 1
    seed: int = 0
    bare: bool = False


def fork(scene: Scene, work: Callable[[], None]) -> int:
    """Start a process that does one thing; what it says goes to the scene's words. Returns its id."""
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        _live(scene, work)
    return child


def _live(scene: Scene, work: Callable[[], None]) -> NoReturn:
    """Do the work, then end without the parent's own endings."""
    words = os.open(scene.words, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o644)
    os.dup2(words, sys.stdout.fileno())
    os.dup2(words, sys.stderr.fileno())
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        work()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def worker(scene: Scene, orders: Orders) -> None:
    """Run sweeps and deliveries by turns, until killed."""
    installation = scene.open()
    fuse = Fuse(orders.point, orders.count, orders.seed)
    ways = Gateways(CrashingSms(impatient(scene), fuse), None, installation.gateways.base_url, PLENTY)
    installation = replace(installation, gateways=ways)
    fuse.watch(installation.engine)
    jobs = (
        Job("sweep", timedelta(minutes=1), sweep),
        Job("deliver", timedelta(seconds=5), design_of(scene)),
    )
    chance = random.Random(orders.seed)
    while True:
        for job in jobs:
            _run(scene, installation, job, orders.bare or scene.design in DESIGNS)
        time.sleep(REST * chance.uniform(0.5, 1.5))


def _run(scene: Scene, installation: Installation, job: Job, bare: bool) -> None:
    if not bare:
        run_job(installation, scene.clock, job)
        return
    with installation.session() as session:
        session.info["gateways"] = installation.gateways
        try:
            job.run(caller_of(installation, session, scene.clock))
        except Exception as error:  # as the scheduler does: one failure never stops the rest
            log().error("job broke", job=job.name, what=describe(error))


def web(scene: Scene) -> None:
    """Serve the web program, to which the provider reports. Its port is written to the scene's folder."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line a request says nothing here
    app = create_app(load(scene.environment), scene.clock)
    server = ServerThatEnds(app)
    draft = scene.folder / "web.draft"
    draft.write_text(str(server.server_port))
    draft.rename(scene.folder / "web")
    server.serve_forever()


def address_of_web(scene: Scene) -> str:
    """Wait for the web of a scene. Returns its address."""
    until = time.monotonic() + 60
    while not (scene.folder / "web").exists():
        if time.monotonic() > until:
            raise RuntimeError("The web of the drill did not start; its words are above.")
        time.sleep(0.05)
    return f"http://127.0.0.1:{(scene.folder / 'web').read_text()}"


def broken(scene: Scene) -> dict[str, int]:
    """What broke in the processes of a scene, and how often: a job that breaks runs again, a report is lost."""
    found = BROKEN.findall(scene.words.read_text()) if scene.words.exists() else []
    return dict(Counter(" ".join(one) for one in found).most_common(5))


def end_of(child: int) -> None:
    """End a process of ours."""
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def once(scene: Scene, work: Callable[[Caller], Result]) -> Result:
    """Run something once in this process, with no ways out; again where the database is held."""
    for left in reversed(range(TRIES)):
        installation = scene.open()
        try:
            with installation.session() as session:
                return work(caller_of(installation, session, scene.clock))
        except OperationalError:  # a worker that stands still may hold the one write lock of SQLite
            if not left:
                raise
        finally:
            installation.engine.dispose()
    raise AssertionError
