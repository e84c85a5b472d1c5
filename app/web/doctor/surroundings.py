"""What the doctor sees without a database: settings, files, disk, clock, packages, and who runs the program."""

import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import ZoneInfo

from packaging.requirements import Requirement
from sqlalchemy.engine import URL

from app.platform.clock import Clock
from app.web.doctor.findings import Finding, good, note, serious, unsafe
from config import DEFAULT_ZONE, ROOT, Settings, read

PYTHON_ENDS = {(3, 11): date(2027, 10, 31), (3, 12): date(2028, 10, 31), (3, 13): date(2029, 10, 31)}
"""When a version of Python gets its last security fix (PEP 664, 693, 719)."""
GIB, MIB = 2**30, 2**20
LITTLE_SPACE, NO_SPACE = 5 * GIB, 512 * MIB
OTHERS = 0o077
KEEPERS = ("/run/systemd/timesync/synchronized", "/run/chrony/chronyd.pid", "/var/run/ntpd.pid")
"""Whoever keeps the clock right leaves one of these behind."""


def of_settings(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Name every fault of the settings; at a desk also what production would refuse."""
    settings, faults = read(environment)
    for fault in faults:
        yield unsafe("settings", fault, "Mend this setting, then run the doctor again.")
    if settings.production:
        if not faults:
            yield good("settings", "Production, and every setting is as it must be.")
        return
    yield note(
        "settings",
        "APP_ENV is not production: this is a desk, for one machine and for trying.",
        "Before a practice's own data, set APP_ENV=production; the README names what else it asks for.",
    )
    _, wanted = read({**environment, "APP_ENV": "production"})
    for fault in wanted:
        if fault not in faults:
            yield note("production", fault, "Mend this before you set APP_ENV=production.")


def of_messages(settings: Settings) -> Iterator[Finding]:
    """Say whether texts and e-mail can leave."""
    for name, there, variables in (
        ("e-mail", settings.mail, "SMTP_HOST and SMTP_FROM"),
        ("texts", settings.texts, "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_FROM"),
    ):
        if there is None:
            kept = "Invitations and links to reset a password cannot be sent." if name == "e-mail" else ""
            yield note(
                name, f"Not set up: such messages stay in the Outbox. {kept}".strip(), f"Set {variables} if wanted."
            )
        else:
            yield good(name, "Set up.")


def of_clearinghouses(settings: Settings) -> Iterator[Finding]:
    """Say whether payers can be asked about coverage, and whether the folders are there and their owner's alone."""
    if not settings.clearinghouses:
        yield note(
            "clearinghouse",
            "Not set up: payers are asked about coverage by portal and telephone only.",
            "Set CLEARINGHOUSE_OUT and CLEARINGHOUSE_IN, or CLEARINGHOUSE_URL, if wanted.",
        )
    for one in settings.clearinghouses:
        faults = [
            f"The folder {path} is missing or may not be written to."
            for path in (one.out, one.incoming)
            if path is not None and not (path.is_dir() and os.access(path, os.R_OK | os.W_OK | os.X_OK))
        ]
        for fault in faults:
            yield unsafe("clearinghouse", fault, "Make it, for the user who runs the program.")
        for path in (one.out, one.incoming):
            if path is not None and path.is_dir() and path.stat().st_mode & OTHERS:
                yield serious(
                    settings.production,
                    "clearinghouse",
                    f"Others on this machine may reach the folder {path}; its files name patients.",
                    f"Run: chmod 700 {path}, or 770 for a group that holds only the clearinghouse's own program.",
                )
        if not faults:
            yield good("clearinghouse", f"{one.name} is set up, by {'an address' if one.url else 'folders'}.")


def of_files(settings: Settings, url: URL | None) -> Iterator[Finding]:
    """Look at who may read the folder, the keys and the database file, and whether they lie apart."""
    strict, database = settings.production, None
    if url is not None and url.get_backend_name() == "sqlite":
        database = Path(str(url.database)).absolute()
    files = {"folder": settings.home, "key file": settings.key_file}
    if database is not None:
        files |= {"database file": database, "database log": Path(f"{database}-wal")}
    for name, path in files.items():
        if path.exists() and (mode := path.stat().st_mode & 0o777) & OTHERS:
            yield serious(
                strict or name == "key file",
                "files",
                f"Others on this machine may reach the {name} {path} (mode {mode:03o}).",
                f"Run: chmod {'700' if path.is_dir() else '600'} {path}",
            )
        elif path.exists():
            yield good("files", f"The {name} is its owner's alone.")
    if database is not None and settings.key_file.parent == database.parent:
        yield note(
            "key file",
            "The keys lie beside the database: whoever copies that folder can read all of it.",
            "Put the key file in a folder of its own, and name it with CLEARED_KEY_FILE.",
        )


def of_disk(settings: Settings) -> Finding:
    """Say how much room is left where databases and keys lie."""
    place = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    free = shutil.disk_usage(place).free
    words = f"{free / GIB:.1f} GB are free at {place}."
    if free < NO_SPACE:
        return unsafe("disk", words, "Make room now: without it nothing can be saved or backed up.")
    if free < LITTLE_SPACE:
        return note("disk", words, "Make room: backups and imports need some gigabytes.")
    return good("disk", words)


def of_clock(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Say whether zones are known here, and whether something keeps the clock right."""
    zone = ZoneInfo(settings.zone or DEFAULT_ZONE)
    summer, winter = datetime(2027, 7, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    known = ZoneInfo("America/New_York")
    if summer.astimezone(known).utcoffset() == winter.astimezone(known).utcoffset():
        yield unsafe("clock", "The data of time zones on this machine know no summer time.", "Install tzdata anew.")
    else:
        yield good("clock", f"Time zones are known; it is {clock.now().astimezone(zone):%m/%d/%Y %H:%M} in {zone.key}.")
    if any(Path(keeper).exists() for keeper in KEEPERS):
        yield good("clock", "A time server keeps the clock right.")
    else:
        yield note(
            "clock",
            "Whether a time server keeps this machine's clock right could not be seen.",
            "See that systemd-timesyncd or chrony runs: codes of a second factor and deadlines hang on it.",
        )


def of_packages() -> Iterator[Finding]:
    """Hold the packages that are installed against the lock file."""
    wanted = list(locked())
    wrong = []
    for requirement in wanted:
        try:
            there: str | None = version(requirement.name)
        except PackageNotFoundError:
            there = None
        if there is None or not requirement.specifier.contains(there, prereleases=True):
            wrong.append(f"{requirement.name} is {there or 'missing'}, the lock says {requirement.specifier}")
    if wrong:
        yield unsafe(
            "packages",
            f"{len(wrong)} of {len(wanted)} packages are not those of the lock: {'; '.join(wrong[:5])}.",
            "Remove the folder .venv; the next start installs them anew, each held to its hash.",
        )
    else:
        yield good("packages", f"All {len(wanted)} packages are those of the lock.")


def locked() -> Iterator[Requirement]:
    """Read the lock file: what of it is meant for this machine."""
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    for line in re.findall(r"^([A-Za-z0-9][^\\\n]*==[^\\\n]*)", text, re.MULTILINE):
        requirement = Requirement(line.strip())
        if requirement.marker is None or requirement.marker.evaluate():
            yield requirement


def as_root() -> bool:
    """Say whether this process may do anything on this machine."""
    return os.geteuid() == 0


def of_process(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Say whether the program runs with more rights than it needs, and on a Python that is still mended."""
    if as_root():
        yield serious(
            settings.production,
            "user",
            "This runs as root.",
            "Run it as a user of its own; scripts/deploy holds units for systemd that do.",
        )
    ends = PYTHON_ENDS.get(sys.version_info[:2])
    name = f"Python {sys.version_info[0]}.{sys.version_info[1]}"
    if ends is not None and clock.now().date() > ends:
        yield unsafe("python", f"{name} gets no security fixes since {ends:%m/%d/%Y}.", "Install a newer Python.")
    else:
        yield good("python", f"{name} gets security fixes.")
