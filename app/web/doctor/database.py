"""What the doctor sees in the database, which it only reads: tables, role, second factor, scheduler, backups."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.backups.facts.records import LATE, TEST_LATE
from app.backups.store import standing_of as backups_of
from app.platform.clock import Clock
from app.platform.keys import KeyFileError, Keys, read_keys
from app.platform.sessions import engine_of, session_on
from app.practice.facts.practice import Practice
from app.practice.store import practice as store
from app.web.doctor.findings import Finding, good, note, serious, unsafe
from app.web.job_words import When
from app.web.models import all_tables
from app.web.schema import SchemaError, newest, revision_of
from app.web.standing import standing_words, standstill
from config import Settings

OLDEST_POSTGRESQL = 15
LOOKED = timedelta(days=1)
ROLE = """
SELECT r.rolsuper, r.rolcreatedb OR r.rolcreaterole OR r.rolbypassrls,
       EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid AND c.relname = 'audit_event'),
       current_setting('server_version_num')::int / 10000
FROM pg_roles r WHERE r.rolname = current_user
"""


def of_database(settings: Settings, url: URL, clock: Clock) -> Iterator[Finding]:
    """Look at the database. It is opened with the keys, and nothing is written or made."""
    all_tables()
    try:
        keys = read_keys(settings.key_file, settings.keys)
    except KeyFileError as error:
        yield unsafe("keys", f"{str(error)[:1].upper()}{str(error)[1:]}.", "Put the keys back; nothing opens without.")
        return
    yield good("keys", "The keys can be read.")
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
        yield note("database", "There is none yet.", "The first start makes it.")
        return
    engine = engine_of(url)
    try:
        yield from _of_open(engine, keys, settings, clock)
    except SQLAlchemyError:
        yield unsafe(
            "database", "It does not answer, or refuses to be read.", "See that it runs and that DATABASE_URL is right."
        )
    except SchemaError as error:
        yield unsafe("database", f"{str(error)[:1].upper()}{str(error)[1:]}.", "Name the practice's own database.")
    finally:
        engine.dispose()


def _of_open(engine: Engine, keys: Keys, settings: Settings, clock: Clock) -> Iterator[Finding]:
    if engine.dialect.name == "postgresql":
        yield from _of_role(engine, settings.production)
    there = revision_of(engine)
    if there != newest():
        yield note(
            "database",
            f"Its tables are at {there or 'nothing'}, this version's at {newest()}; what they hold was not looked at.",
            "The next start brings them up to date; make a backup before.",
        )
        return
    yield good("database", "It answers, and its tables are those of this version.")
    with session_on(engine, keys) as session:
        yield from _of_practices(session, settings, clock)


def _of_role(engine: Engine, strict: bool) -> Iterator[Finding]:
    with engine.connect() as connection:
        mighty, more, owns, server = connection.execute(text(ROLE)).one()
    if server < OLDEST_POSTGRESQL:
        yield unsafe("database", f"PostgreSQL is at version {server}.", f"Use {OLDEST_POSTGRESQL} or newer.")
    remedy = "Give the program the role of `scripts/manage database roles`, which may neither change tables nor logs."
    if mighty or more:
        yield unsafe("database role", "The program is a superuser, or may make roles or pass by row security.", remedy)
    elif owns:
        yield serious(strict, "database role", "The program owns the tables, so that it could change its logs.", remedy)
    else:
        yield good("database role", "The program has a role of its own, without rights over tables and logs.")


def _of_practices(session: Session, settings: Settings, clock: Clock) -> Iterator[Finding]:
    practices = store.all_practices(session)
    if len(practices) != 1:
        yield note("practice", f"The database holds {len(practices)} practices.", "An installation has one.")
    for practice in practices:
        if practice.sample:
            yield serious(
                settings.production,
                "practice",
                "This is the sample practice.",
                "Name another database with DATABASE_URL, or remove the sample: scripts/manage sample remove",
            )
        if not practice.second_factor:
            yield serious(
                settings.production and not practice.sample,
                "second factor",
                "People sign in with a password alone.",
                "Ask everybody for a second factor at Admin > Practice.",
            )
        yield from _of_work(session, practice, settings.production, clock.now())


def _of_work(session: Session, practice: Practice, strict: bool, now: datetime) -> Iterator[Finding]:
    still = standstill(session, practice.id, now, now - LOOKED)
    if still is None:
        yield good("scheduler", "It runs, and nothing waits.")
    else:
        words = standing_words(still, When(now, ZoneInfo(practice.zone)), practice)
        found, _, remedy = words.partition(". ")
        yield serious(strict, "scheduler", f"{found}.", remedy or "Admin > Jobs shows what failed.")
    backups = backups_of(session, practice.id)
    if backups.last is None or now - backups.last.ended_at > LATE:
        hours = "There is none" if backups.last is None else f"The last is {_hours(now - backups.last.ended_at)} old"
        yield serious(strict, "backup", f"{hours}.", "See that the scheduler runs, or run: scripts/manage backup")
    else:
        yield good("backup", f"The last is {_hours(now - backups.last.ended_at)} old.")
    proved = backups.proved.tested_at if backups.proved is not None else None
    if proved is None or now - proved > TEST_LATE:
        yield note("backup", "None was restored on trial lately.", "The scheduler tries one each week; let it run.")


def _hours(age: timedelta) -> str:
    hours = max(0, int(age / timedelta(hours=1)))
    return "less than an hour" if hours == 0 else f"{hours} hours" if hours < 72 else f"{hours // 24} days"
