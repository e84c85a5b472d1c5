"""A throw-away PostgreSQL for one run of the tests: on a socket, without a network, gone at the end."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

RUN = "CLEARED_TEST_RUN"
SETTINGS = (
    "fsync=off synchronous_commit=off full_page_writes=off listen_addresses='' max_connections=60 lock_timeout=120000 "
    "wal_level=minimal max_wal_senders=0 autovacuum=off jit=off shared_buffers=64MB max_wal_size=4GB"
)
"""Nothing of it outlives the run, and thousands of databases come and go: it keeps no log that it can do without."""


def binaries() -> Path:
    """Find initdb and pg_ctl: on the PATH, or where Debian and Homebrew keep them."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    places = [Path("/usr/lib/postgresql"), Path("/opt/homebrew/opt"), Path("/usr/local/opt")]
    homes = sorted(home for place in places for home in place.glob("*/bin/initdb"))
    if not homes:
        raise RuntimeError("PostgreSQL is not installed; run `scripts/test`, or: apt-get install postgresql")
    return homes[-1].parent


def start() -> str:
    """Start the run's server, or find it started by another worker. Returns its SQLAlchemy URL without a database."""
    run = Path(os.environ[RUN])
    with (run / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (run / "postgres.started").exists():
            _make(run / "pg")
            (run / "postgres.started").touch()
    return f"postgresql+psycopg://postgres@/{{database}}?host={run / 'pg'}"


def stop() -> None:
    """Stop the run's server, if one was started."""
    run = Path(os.environ[RUN])
    if (run / "postgres.started").exists():
        _as_owner([binaries() / "pg_ctl", "-D", run / "pg" / "data", "-m", "immediate", "stop"], run)


def _make(folder: Path) -> None:
    folder.mkdir()
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres", "postgres")
    data, log = folder / "data", folder / "log"
    initdb = [binaries() / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
    _as_owner(initdb, folder)
    options = " ".join(f"-c {setting}" for setting in [*SETTINGS.split(" "), f"unix_socket_directories={folder}"])
    _as_owner([binaries() / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start"], folder)


def _as_owner(command: list[str | Path], folder: Path) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["runuser", "-u", "postgres", "--", *words]
    done = subprocess.run(words, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{words[-1]} of {Path(words[0]).name} failed:\n{done.stdout}\n{done.stderr}")
