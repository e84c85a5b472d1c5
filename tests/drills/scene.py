"""The ground of a drill: a practice and its people in a database, a provider of texts, a clock that runs ahead."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from sqlalchemy.orm import Session

from app.alerts.facts.outbox import Way
from app.alerts.facts.people import QUIET_FROM, Person
from app.alerts.store.people import save_person
from app.deadlines.facts import Reason
from app.platform.caller import Caller
from app.platform.wall import of_practice
from app.practice.facts.staff import Role, Staff
from app.practice.store import practice as practice_store
from app.practice.store import staff as staffing
from app.web.opening import Installation, open_installation
from config import load
from tests.support import make, postgres, sms_provider
from tests.support.databases import begin_run, copy_of_template, end_run
from tests.support.pace import PacedClock, as_setting

MORNING = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
"""Monday 2026-03-02, 9:00 AM in the practice's zone: hours before anyone's quiet time."""


@dataclass(frozen=True)
class Scene:
    """What every process of a drill needs to know. `wait`: seconds until a message without an answer is looked for."""

    folder: Path
    environment: dict[str, str]
    clock: PacedClock
    design: str = "ours"
    wait: float = 3.0
    patience: float = 0.5  # seconds that the gateway waits for an answer

    @property
    def words(self) -> Path:
        """Where its processes write what they have to say."""
        return self.folder / "words"

    def open(self) -> Installation:
        """Open the installation: in the process that uses it."""
        return open_installation(load(self.environment))


def person_id(number: int) -> UUID:
    """The id of one of the practice's people."""
    return make.an_id(1000 + number)


def phone(number: int) -> str:
    """The number of one of the practice's people."""
    return f"+1202{5550000 + number:07}"


def email(number: int) -> str:
    """The address of one of the practice's people."""
    return f"person{number}@example.test"


def fill(scene: Scene, people: int) -> None:
    """Make the practice and its people: each a coordinator of a site, told of everything by text."""
    installation = scene.open()
    with installation.session() as session:
        practice_store.save_practice(of_practice(session, make.PRACTICE_ID), make.PRACTICE_ID, make.practice())
        for number in range(people):
            _add_person(session, number)
        session.commit()
    installation.engine.dispose()


def _add_person(session: Session, number: int) -> None:
    who, site = person_id(number), make.site(2000 + number, f"Clinic {number}")
    practice_store.add_site(session, make.PRACTICE_ID, site)
    roles = frozenset({Role.COORDINATOR})
    staff = Staff(who, make.PRACTICE_ID, email(number), f"Person {number}", roles)
    staffing.add_staff(session, make.PRACTICE_ID, staff, "no password")
    ways = {Reason.INFORMATION_OWED: frozenset({Way.BELL, Way.SMS})}
    save_person(
        session,
        make.PRACTICE_ID,
        Person(
            who,
            staff.name,
            staff.email,
            roles,
            make.ZONE,
            frozenset({site.id}),
            phone(number),
            ways,
            quiet_until=QUIET_FROM,  # never quiet: a drill may last into the night of its clock
            quiet_weekends=False,
        ),
    )


def site_id(number: int) -> UUID:
    """The id of one of the practice's sites: each has one person."""
    return make.an_id(2000 + number)


def caller_of(installation: Installation, session: Session, clock: PacedClock) -> Caller:
    """The practice's caller, as a job is."""
    return Caller(session, make.PRACTICE_ID, clock, via="job")


@contextmanager
def database(kind: str, folder: Path, practices: bool = False) -> Iterator[str]:
    """A fresh database with tables, and two practices if wished.

    A file, or one of a throw-away PostgreSQL; within a run of the tests, the run's.
    """
    alone = postgres.RUN not in os.environ
    if alone:
        begin_run()
    try:
        with copy_of_template("sqlite" if kind == "sqlite" else "postgresql", folder, practices) as url:
            yield url
    finally:
        if alone:
            end_run()


@contextmanager
def scene_on(
    kind: str, people: int, speed: float, design: str, **provider: object
) -> Iterator[tuple[Scene, sms_provider.SmsProvider]]:
    """Set a scene up in a folder that goes at the end, with a provider whose dates are those of the scene's clock."""
    with TemporaryDirectory(prefix="cleared-drill-") as name:
        folder = Path(name)
        clock = PacedClock(MORNING, time.monotonic(), speed)
        with database(kind, folder) as url:
            running = sms_provider.start(folder / "provider", pace=as_setting(clock), **provider)
            try:
                scene = Scene(folder, _environment(folder, url, running), clock, design)
                fill(scene, people)
                yield scene, running
            finally:
                running.stop()


def _environment(folder: Path, url: str, running: sms_provider.SmsProvider) -> dict[str, str]:
    return {
        "CLEARED_HOME": str(folder / "home"),
        "DATABASE_URL": url,
        "PUBLIC_BASE_URL": "https://practice.example",
        "TWILIO_ACCOUNT_SID": running.account,
        "TWILIO_AUTH_TOKEN": running.token,
        "TWILIO_FROM": "+12025550000",
        "TWILIO_API_URL": running.url,
    }
