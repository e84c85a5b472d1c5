"""Open an installation: keys, database and practice, each made when it is missing."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.audit.actions import HEADS
from app.backups.access import Keeping, keep_backups
from app.backups.facts.records import Keep
from app.gateways.facts import Gateways
from app.gateways.setup import gateways_from
from app.platform.caller import Caller
from app.platform.clock import Clock, SystemClock
from app.platform.ids import new_id
from app.platform.key_checks import finish_index, note_keys, refuse_foreign_keys
from app.platform.keys import KeyFileError, KeyPlace, Keys, LiveKeys, make_keys
from app.platform.sessions import DatabaseUrlError, engine_of, read_url, session_on
from app.platform.wall import of_practice
from app.policies.actions.library import refresh_rules
from app.policies.facts.faults import PolicyFilesError
from app.practice.actions import practice as actions
from app.practice.facts.practice import Practice
from app.practice.store import practice as store
from app.web.models import all_tables
from app.web.restoring import make_tables
from app.web.schema import SchemaError, bring_up_to_date
from app.web.wiring import wire
from config import DEFAULT_ZONE, Settings

__all__ = ["DatabaseUrlError", "KeyFileError", "SchemaError"]


NOTHING_SET_UP = Gateways()


class OpeningError(Exception):
    """The installation cannot be opened; the text says what to do."""


@dataclass(frozen=True)
class Installation:
    """An open installation: its keys, its database with this version's tables, its ways out of the building."""

    settings: Settings
    url: URL
    live: LiveKeys
    engine: Engine
    gateways: Gateways = NOTHING_SET_UP

    @property
    def keys(self) -> Keys:
        """The keys as they are now."""
        return self.live.now()

    def session(self) -> Session:
        """Open a session with the keys. Nothing can be sent through it."""
        session = session_on(self.engine, self.keys)
        session.info[HEADS] = self.settings.audit_heads
        return session

    def session_of(self, practice: Practice) -> Session:
        """Open a session for the work of one practice, with the ways out that it has."""
        session = of_practice(self.session(), practice.id)
        session.info["gateways"] = gateways_for(practice, self.gateways)
        keep_backups(session, self.keeping)
        return session

    @property
    def keeping(self) -> Keeping:
        """How backups are kept."""
        settings = self.settings
        return Keeping(settings.backup_folder, Keep(*settings.backup_keep), settings.home, make_tables)


def gateways_for(practice: Practice, gateways: Gateways) -> Gateways:
    """The ways out that a practice has: none for the sample, and none for one that was restored until its release."""
    held = practice.sample or practice.restored_at is not None
    return replace(gateways, sms=None, mail=None, clearinghouses={}, pas={}) if held else gateways


def open_installation(settings: Settings) -> Installation:
    """Open the installation that the settings name, on the database that they name."""
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    url = read_url(settings.database_url)
    all_tables()
    wire()
    with _one_at_a_time(settings.home):
        if not settings.production and settings.keys is None:
            make_keys(settings.key_file)
        live = LiveKeys(KeyPlace(settings.key_file, settings.keys))
        if url.get_backend_name() == "sqlite":
            _make_file(Path(str(url.database)))
        engine = engine_of(url)
        try:
            finish_index(engine, live)
            refuse_foreign_keys(engine, live.now())
            bring_up_to_date(engine, live.now().keyring)
            note_keys(engine, live.now(), SystemClock().now())
        except OperationalError:
            raise OpeningError(
                f"The database {url.render_as_string(hide_password=True)} does not answer. "
                "Check its address and that it runs, then try again."
            ) from None
    installation = Installation(settings, url, live, engine, gateways_from(settings))
    if settings.production:
        _refuse_sample(installation)
    return installation


def _refuse_sample(installation: Installation) -> None:
    """Raise OpeningError when the database holds the sample, whose sign-in is written down."""
    with installation.session() as session:
        sample = any(practice.sample for practice in store.all_practices(session))
    if sample:
        installation.engine.dispose()
        raise OpeningError("The database holds the sample practice. In production, name the practice's own database.")


def the_practice(session: Session, clock: Clock, settings: Settings, sample: bool = False) -> tuple[Practice, bool]:
    """Find the practice of a database, or make it in the zone of the settings. Returns it and whether it was made."""
    with _one_at_a_time(settings.home):
        practices = store.all_practices(session)
        if len(practices) > 1:
            raise OpeningError(f"The database holds {len(practices)} practices; an installation has one.")
        if practices:
            return practices[0], False
        caller = Caller(session, new_id(), clock)
        name = "Sample Dermatology" if sample else "My practice"
        return actions.make_practice(caller, name, settings.zone or DEFAULT_ZONE, sample=sample), True


def caller_on(
    installation: Installation, clock: Clock | None = None, sample: bool = False
) -> tuple[Caller, Practice, bool]:
    """Open a session as the command line. Returns the caller, the practice, and whether the practice was made."""
    session, clock = installation.session(), clock or SystemClock()
    practice, made = the_practice(session, clock, installation.settings, sample)
    session.info["gateways"] = gateways_for(practice, installation.gateways)
    keep_backups(session, installation.keeping)
    return Caller(session, practice.id, clock), practice, made


def bring_rules_in(caller: Caller) -> str | None:
    """Put the shipped payer rules in force where none are yet; else put them forward when they are others.

    Returns   a sentence when they are faulty (the last good rules stay in force), or were put forward just now.
    """
    try:
        loaded = refresh_rules(caller)
    except PolicyFilesError as error:
        return (
            f"The payer rule files have {len(error.faults)} faults, so the rules in force stay as they were. "
            "scripts/manage policies check names each fault."
        )
    if loaded.put_forward:
        return (
            "New payer rules came with the program. The rules in force stay until two people accept the new ones on "
            "the page Rules, New rules."
        )
    return None


def _make_file(path: Path) -> None:
    if not path.parent.is_dir():
        raise OpeningError(f"The folder {path.parent} is missing. Make it, or name another database.")
    try:
        path.touch(mode=0o600)
    except OSError:
        raise OpeningError(
            f"The database file {path} cannot be written. Choose a place that you may write to."
        ) from None


@contextmanager
def _one_at_a_time(home: Path) -> Iterator[None]:
    """Hold the installation's lock while something may be made; it dies with the process."""
    with (home / "making.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
