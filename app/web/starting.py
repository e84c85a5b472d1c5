"""`scripts/start`: open the installation, make the first sign-in, and run the web server and the scheduler."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from time import monotonic
from types import FrameType
from urllib.parse import urlsplit

import click

from app.platform.caller import Caller
from app.platform.clock import SystemClock
from app.platform.keys import KeyFileError
from app.platform.lock import held
from app.platform.passwords import password_matches
from app.platform.sessions import DatabaseUrlError
from app.practice.actions import staff as actions
from app.practice.facts.practice import Practice
from app.practice.facts.staff import Role
from app.practice.store import staff as store
from app.web.opening import Installation, OpeningError, bring_rules_in, open_installation, the_practice
from app.web.removing import sign_in_file
from app.web.sample.desk_work import FIRST as SAMPLE_FIRST
from app.web.sampling import age_of_sample, fill_sample
from app.web.schema import SchemaError
from config import ROOT, Settings, SettingsError, is_zone, load

FIRST = frozenset({Role.ADMINISTRATOR, Role.MANAGER})
FORGOTTEN = "Sign in with your password. Forgotten: scripts/manage practice new-password"
PATIENCE = 60  # seconds for the web server to answer
SCHEDULER = "scheduler"
MOST_RESTARTS = 5  # of a scheduler that breaks, in ten minutes
ENDED_WELL = {
    0: "The scheduler was stopped; reminders stand still. A banner on every page says how to start it.",
    2: "Another scheduler works on this database; it does the work.",
}
"""What the exit codes of a scheduler that did not break mean."""


class StartError(Exception):
    """The program cannot start; the text says what to do."""


@click.command()
@click.option("--port", default=8000, type=click.IntRange(1, 65535), help="Port on this machine (default 8000).")
@click.option("--database", "url", default="", help="Database to use instead of the one in .local.")
@click.option("--zone", default="", help="Time zone of a practice that is made.")
@click.option("--empty", is_flag=True, help="Start a real, empty practice instead of the sample.")
def start(port: int, url: str, zone: str, empty: bool) -> None:
    """Start Cleared on this machine; Ctrl-C stops it."""
    if zone and not is_zone(zone):
        raise click.UsageError(f"--zone is '{zone}'; write a zone of the IANA list, such as America/Chicago.")
    try:
        settings = settings_for(port, url, zone, empty)
        run(settings, port, empty or settings.production)
    except SettingsError as error:
        raise click.ClickException("\n".join(error.faults)) from None
    except (StartError, OpeningError, SchemaError, KeyFileError, DatabaseUrlError) as error:
        raise click.ClickException(str(error)) from None


def settings_for(port: int, url: str, zone: str, empty: bool) -> Settings:
    """Read the settings, with what the line says, on the database to use."""
    given = {"DATABASE_URL": url, "PRACTICE_ZONE": zone}
    environment = {**os.environ, **{name: value for name, value in given.items() if value}}
    environment.setdefault("PUBLIC_BASE_URL", f"http://127.0.0.1:{port}")
    settings = load(environment)
    return settings if empty or settings.production else settings.on_sample()


def run(settings: Settings, port: int, empty: bool) -> None:
    """Open everything, run the two processes until one ends or we are stopped, and stop both."""
    installation = open_installation(settings)
    with held(installation.engine, "web") as mine:
        if not mine:
            raise StartError("Cleared already runs on this database. Stop that copy, or start on another --database.")
        refuse_taken(port)
        lines = prepare(installation, empty)
        running = Running(settings)
        try:
            _wait_and_tell(running, port, lines)
        finally:
            running.end()
            installation.engine.dispose()


def refuse_taken(port: int) -> None:
    """Raise StartError when something else answers on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise StartError(f"Port {port} is taken by another program. Choose another with --port.") from None


def prepare(installation: Installation, empty: bool) -> list[str]:
    """Make the practice, fill the sample, make the first sign-in. Returns what to tell."""
    clock, settings = SystemClock(), installation.settings
    with installation.session() as session:
        practice, _ = the_practice(session, clock, settings, sample=not empty)
        caller = Caller(session, practice.id, clock)
        said = bring_rules_in(caller)
        lines = [said] if said else []
        if practice.sample:
            lines.append("This is the sample practice. To begin with your own: scripts/start --empty")
            click.echo("Filling the sample practice where it is not filled yet.", err=True)
            fill_sample(caller)
            age = age_of_sample(caller)
            lines += [age] if age else []
        return [*lines, _first_sign_in(caller, practice, installation)]


def _first_sign_in(caller: Caller, practice: Practice, installation: Installation) -> str:
    """Make the first person, once. A sample's password is kept beside it and told each time; a real one is not."""
    if practice.sample:
        return _sample_sign_in(caller, sign_in_file(installation.settings, installation.url))
    email = "administrator@practice.example"
    if not store.staff_of(caller.session, caller.practice_id):
        told = _told(email, actions.add_staff(caller, email, "First administrator", FIRST, must_change=True))
        return f"{told}; you change it at the first sign-in."
    return f"{FORGOTTEN} {email}"


def _sample_sign_in(caller: Caller, kept: Path) -> str:
    """Give the sample's first person, who was made with the sample, a password at the first start, and keep it."""
    email = SAMPLE_FIRST.email
    if not kept.exists():
        password = actions.renew_password(caller, email)
        assert password is not None
        kept.touch(mode=0o600)
        kept.write_text(password, encoding="ascii")
        return _told(email, password)
    state = store.sign_in_state(caller.session, email)
    known = state is not None and password_matches(state.password_hash, kept.read_text("ascii"))
    return _told(email, kept.read_text("ascii")) if known else f"{FORGOTTEN} {email}"


def _told(email: str, password: str | None) -> str:
    assert password is not None
    return f"Sign in as {email} with the password {password}"


@dataclass
class Running:
    """What runs, by name, and how more is started on the same installation."""

    settings: Settings
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    broken_at: list[float] = field(default_factory=list)

    def begin(self, name: str, *words: str) -> None:
        """Start one process. Each has a session of its own: Ctrl-C reaches us alone, and we stop all in order."""
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "CLEARED_HOME": str(self.settings.home),
            "CLEARED_KEY_FILE": str(self.settings.key_file),
            "DATABASE_URL": self.settings.database_url,
            "PUBLIC_BASE_URL": self.settings.base_url,
        }
        command = [sys.executable, "-P", "-m", *words]
        self.processes[name] = subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603

    def refuse_dead(self) -> None:
        """Raise StartError when the web server has ended by itself; look after the scheduler."""
        for name, process in list(self.processes.items()):
            code = process.poll()
            if code is None:
                continue
            if name != SCHEDULER:
                raise StartError(f"The {name} ended by itself (code {code}); its messages are above.")
            self._recover(code)

    def begin_scheduler(self) -> None:
        """Start the process that runs the jobs."""
        self.begin(SCHEDULER, "app.web.commandline", "jobs", "run")

    def _recover(self, code: int) -> None:
        """Start a scheduler that broke again, up to five times in ten minutes; say what became of it."""
        del self.processes[SCHEDULER]
        now = monotonic()
        self.broken_at = [at for at in self.broken_at if now - at < 600]
        if code in ENDED_WELL:
            click.echo(f"{ENDED_WELL[code]} Pages stay open.", err=True)
        elif len(self.broken_at) >= MOST_RESTARTS:
            click.echo(
                f"The scheduler broke too often (code {code}); reminders stand still. Pages stay open.", err=True
            )
        else:
            self.broken_at.append(now)
            click.echo(f"The scheduler ended by itself (code {code}); it is started again.", err=True)
            self.begin_scheduler()

    def end(self) -> None:
        """Stop all; whoever does not end within ten seconds is killed."""
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        for process in self.processes.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def web_words(port: int) -> tuple[str, ...]:
    """The words of the command that runs the web server."""
    return ("gunicorn", "--bind", f"127.0.0.1:{port}", "--config", "python:app.web.server", "app:create_app()")


def _wait_and_tell(running: Running, port: int, lines: list[str]) -> None:
    stopped = Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    running.begin("web server", *web_words(port))
    _wait_for_answer(running, port, stopped)
    if not stopped.is_set():
        running.begin_scheduler()
        click.echo("\n".join(["", f"Cleared runs at {running.settings.base_url}", *lines, "Ctrl-C stops it."]))
    while not stopped.wait(0.5):
        running.refuse_dead()
    click.echo("Stopped.")


def _wait_for_answer(running: Running, port: int, stopped: Event) -> None:
    waited, name = 0.0, str(urlsplit(running.settings.base_url).netloc)
    while not stopped.is_set() and not _answers(port, name):
        running.refuse_dead()
        waited += 0.1
        if waited > PATIENCE:
            raise StartError(f"The web server did not answer within {PATIENCE} seconds; its messages are above.")
        stopped.wait(0.1)


def _answers(port: int, name: str) -> bool:
    """Ask whether the program runs, under the one name that it answers to."""
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/health", headers={"Host": name})
    try:
        with urllib.request.urlopen(asked, timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    start(prog_name="scripts/start")
