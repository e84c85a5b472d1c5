"""Drill `canary`: patients marked in every field that identifies them; the marks may be found nowhere but on pages.

The practice's files come in through the command line and the pages; people find, read and change what is on file; texts
go out and come in; jobs run; a backup is made. All of it in real processes: web server, scheduler, command line. Then
everything that is left is searched: database files with log and free pages, a dump of PostgreSQL, logs, every address
with Referer and cookies, the words of messages, backups, temporary folders. A mark may stand in none, in any form.

One exception is meant: a text to a patient's own number begins with that patient's own first name.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.engine import make_url

from app.platform.db import writing
from app.platform.sessions import engine_of
from app.platform.wall import see_whole
from app.practice.actions import staff as staff_actions
from app.practice.facts.staff import Role
from app.practice.store import practice as practice_store
from app.web.opening import caller_on, open_installation
from config import ROOT, load
from tests.drills.canary_files import write_files
from tests.drills.canary_marks import Marks
from tests.drills.canary_walk import Browser, sign_in, work_on
from tests.drills.scene import database
from tests.support import mail_server, postgres, sms_provider

PLANTS = ("note", "log", "url", "temp")
EMAIL = "kim@practice.example"
ROLES = frozenset({Role.ADMINISTRATOR, Role.MANAGER, Role.COORDINATOR})
BY_UPLOAD, WALKED, SMALL = 5, 6, 20
ZONES = ("America/New_York", "America/Los_Angeles", "Pacific/Honolulu", "Asia/Tokyo", "Asia/Kolkata", "Europe/Berlin")
MOST_TOLD = 20


@dataclass
class Stage:
    """Where the drill plays: its folders, the environment of every process, and what was done."""

    folder: Path
    url: str
    marks: Marks
    environment: dict[str, str]
    port: int
    plant: str | None
    done: dict[str, int] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """The address of the web server."""
        return f"http://127.0.0.1:{self.port}"

    def place(self, name: str) -> Path:
        """A folder of the drill."""
        path = self.folder / name
        path.mkdir(exist_ok=True)
        return path

    def manage(self, *words: str) -> str:
        """Run a command; what it says goes to the logs."""
        ran = subprocess.run(
            [sys.executable, "-P", "-m", "app.web.commandline", *words],
            env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        log = self.place("logs") / "command.log"
        log.write_text((log.read_text() if log.exists() else "") + ran.stderr)
        if ran.returncode not in (0, 1):
            raise RuntimeError(f"manage {words[0]} ended with {ran.returncode}: {ran.stderr[-2000:]}")
        return ran.stdout


def drill(patients: int, seed: int, kind: str, plant: str | None, seconds: float = 20.0) -> dict[str, Any]:
    """Run the drill. Returns its answer; `passed` when marks were everywhere that they belong and nowhere else."""
    with TemporaryDirectory(prefix="canary-") as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL, which runs as another user under root, must reach its part
        data = folder / "data"
        data.mkdir()
        url = stack.enter_context(database(kind, data))
        mail, controller = mail_server.start()
        stack.callback(controller.stop)
        sms = sms_provider.start(folder / "provider")
        stack.callback(sms.stop)
        stage = _stage(folder, url, Marks(seed, patients), plant, (sms, controller.port))
        _play(stage, sms, seconds)
        looked = {**_stores(stage), **_papers(stage), "messages": [_messages(stage, sms, mail)]}
    hits, sizes = _search(stage.marks, looked)
    answer = {
        "drill": "canary", "seed": seed, "db": kind, "plant": plant, "patients": patients, **stage.done,
        "searched": sizes, "hits": len(hits),
        "hits_by_place": {name: sum(hit.startswith(f"{name}:") for hit in hits) for name in _places(hits)},
        "first_hits": hits[:MOST_TOLD],
    }  # fmt: skip
    return {**answer, "passed": not hits and _was_real(stage)}


def _was_real(stage: Stage) -> bool:
    """Whether the marks were on file, shown and written: else finding none says nothing."""
    done = stage.done
    there = done["on_file"] == stage.marks.people and done["shown"] > 0 and done["written"] > 0
    return there and done["found"] > 0 and done["addresses"] > 0 and done["backups"] > 0


def _stage(folder: Path, url: str, marks: Marks, plant: str | None, out: tuple[Any, int]) -> Stage:
    sms, mail_port = out
    port = _free_port()
    environment = {
        **{name: os.environ[name] for name in ("PATH", "LANG", "HOME", postgres.RUN) if name in os.environ},
        "PYTHONPATH": str(ROOT),
        "CLEARED_HOME": str(folder / "home"),
        "CLEARED_KEY_FILE": str(folder / "keys" / "keys.json"),
        "BACKUP_FOLDER": str(folder / "backups"),
        "DATABASE_URL": url,
        "PRACTICE_ZONE": _zone_of_day(),
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "TMPDIR": str(folder / "temp"),
        "TWILIO_ACCOUNT_SID": sms.account,
        "TWILIO_AUTH_TOKEN": sms.token,
        "TWILIO_FROM": "+12025550100",
        "TWILIO_API_URL": sms.url,
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(mail_port),
        "SMTP_FROM": "cleared@practice.example",
        "SMTP_TLS": "none",
        "CANARY_ADDRESSES": str(folder / "addresses.log"),
        **({"CANARY_PLANT": plant} if plant else {}),
    }
    stage = Stage(folder, url, marks, environment, port, plant)
    for name in ("temp", "home", "keys", "logs", "backups"):
        stage.place(name).chmod(0o700)
    return stage


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _zone_of_day() -> str:
    """A zone in which it is working hours now, so that messages are not held back for the night."""
    now = datetime.now(UTC)  # noqa: TID251 - the real processes use the real clock
    return next((name for name in ZONES if 9 <= now.astimezone(ZoneInfo(name)).hour < 16), ZONES[0])


def _play(stage: Stage, sms: sms_provider.SmsProvider, seconds: float) -> None:
    """Let everything happen that happens in a practice."""
    password = _make_practice(stage)
    today = datetime.now(ZoneInfo(stage.environment["PRACTICE_ZONE"])).date()  # noqa: TID251
    people = stage.marks.people
    own = stage.place("practice-files")  # the practice's own folder, which the program only reads
    by_command = people - BY_UPLOAD if people > SMALL else 0  # a small run has no time for more processes
    if by_command:
        first = write_files(stage.marks, own, today, range(by_command), "first")
        stage.manage("import", *map(str, first))
        stage.manage("policies", "answer", *_an_answer(stage))
    with _running(stage, "web", *_web_words(stage)), _running(stage, "scheduler", *_scheduler_words()):
        browser = _wait_for_sign_in(stage, password)
        later = write_files(stage.marks, own, today, range(by_command, people), "later")
        for path in later:
            _bring_in(browser, path)
        _walk(stage, browser, today.isoformat())
        _write_texts(stage, sms)
        _print(browser, today.isoformat())
        time.sleep(seconds)
        if stage.plant == "url":
            browser.get(f"/schedule?owner={stage.marks.word('planted')}")
    stage.manage("backup")
    stage.done["on_file"] = int(_ask(stage, "SELECT count(*) FROM patient"))
    if stage.plant == "note":
        _ask(stage, f"UPDATE coverage SET plan = '{stage.marks.word('planted')}'")


def _make_practice(stage: Stage) -> str:
    """Make the practice and one person, who signs in with a password alone. Returns the password."""
    installation = open_installation(load(stage.environment))
    caller, practice, _made = caller_on(installation)
    with writing(caller.session) as session:
        practice_store.save_practice(session, practice.id, replace(practice, second_factor=False, set_up=True))
    password = staff_actions.add_staff(caller, EMAIL, "Kim Example", ROLES)
    caller.session.close()
    installation.engine.dispose()
    assert password is not None
    return password


def _an_answer(stage: Stage) -> list[str]:
    mrn = stage.marks.code("mr", 0)
    said = ["--payer", "Aetna", "--code", "96910", "--need", "not_required"]
    return ["--patient", mrn, *said, "--reference", stage.marks.code("said", 0)]


def _web_words(stage: Stage) -> tuple[str, ...]:
    served = "tests.drills.canary_app:create_app()"
    return ("gunicorn", "--bind", f"127.0.0.1:{stage.port}", "--config", "python:app.web.server", served)


def _scheduler_words() -> tuple[str, ...]:
    return ("app.web.commandline", "jobs", "run")


@contextmanager
def _running(stage: Stage, name: str, *words: str) -> Iterator[None]:
    """Run a process of the program, its words in the logs, until the block ends."""
    with (stage.place("logs") / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", *words],
            env=stage.environment, cwd=ROOT, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _wait_for_sign_in(stage: Stage, password: str) -> Browser:
    opener, until = build_opener(ProxyHandler({})), time.monotonic() + 60
    while True:
        try:
            opener.open(f"{stage.base}/health", timeout=5).close()
            return sign_in(stage.base, EMAIL, password)
        except (URLError, OSError):
            if time.monotonic() > until:
                words = (stage.place("logs") / "web.log").read_text()[-3000:]
                raise RuntimeError(f"the web server does not answer:\n{words}") from None
            time.sleep(0.2)


def _bring_in(browser: Browser, path: Path) -> None:
    """Bring a file in through the pages, and confirm it once the scheduler has checked it."""
    browser.get("/imports")
    browser.upload("/mail", path.name, path.read_bytes())
    address, until = browser.at, time.monotonic() + 60
    while time.monotonic() < until and "/imports/" in address:
        browser.get(address)
        for action in ("/confirm", "/check", "/columns"):
            if f'{action}"' in browser.text:
                browser.submit(action)
                break
        if "/undo" in browser.text:
            return
        time.sleep(0.5)


def _walk(stage: Stage, browser: Browser, day: str) -> None:
    people = stage.marks.people
    for number in [*range(WALKED if people > SMALL else 1), people - 1]:
        for name, count in work_on(browser, stage.marks, number, day).items():
            stage.done[name] = stage.done.get(name, 0) + count
    stage.done["broken_pages"] = sum(count for status, count in browser.counts.items() if status >= "500")


def _write_texts(stage: Stage, sms: sms_provider.SmsProvider) -> None:
    """Let a patient write a marked text."""
    body = f"my name is {stage.marks.word('body')}"
    stage.done["texts_in"] = sms.inbound(
        f"{stage.base}/hooks/sms/in", f"+1{stage.marks.phone(0)}", "+12025550100", body
    )


def _print(browser: Browser, day: str) -> None:
    """Print the day's list, which is kept as it was printed."""
    browser.get(f"/schedule/print?day={day}")
    if browser.status == 200:
        browser.submit("/schedule/print")


def _ask(stage: Stage, statement: str) -> Any:
    engine = engine_of(make_url(stage.url))
    with engine.begin() as connection:
        see_whole(connection)
        answer = connection.execute(text(statement))
        found = answer.scalar() if answer.returns_rows else None
    engine.dispose()
    return found


def _stores(stage: Stage) -> dict[str, list[bytes]]:
    """What the database holds: its files with log and free pages, or a dump."""
    url = make_url(stage.url)
    if url.get_backend_name() == "sqlite":
        path = Path(str(url.database))
        return {"database": [one.read_bytes() for one in path.parent.glob(f"{path.name}*")]}
    dump = [
        str(postgres.binaries() / "pg_dump"),
        "-h",
        str(url.query["host"]),
        "-U",
        "postgres",
        "-d",
        str(url.database),
    ]
    ran = subprocess.run(dump, capture_output=True, check=True)
    return {"database": [ran.stdout]}


def _papers(stage: Stage) -> dict[str, list[bytes]]:
    """What lies around: logs, addresses, backups, temporary files, and the home folder."""
    found = {}
    for name in ("logs", "backups", "temp", "home"):
        found[name] = [one.read_bytes() for one in (stage.folder / name).rglob("*") if one.is_file()]
    addresses = (stage.folder / "addresses.log").read_bytes()
    stage.done |= {"addresses": addresses.count(b"\n") // 2, "backups": len(found["backups"])}
    return found | {"addresses": [addresses]}


def _messages(stage: Stage, sms: sms_provider.SmsProvider, mail: mail_server.MailServer) -> bytes:
    """The words of the messages that went out; of a patient's text without that patient's own first name and number."""
    accepted = sms.accepted()
    stage.done |= {"texts_out": len(accepted), "mails_out": len(mail.accepted)}
    own = {f"+1{stage.marks.phone(number)}": stage.marks.word("first", number) for number in range(stage.marks.people)}
    words = [str(one["body"]).replace(own.get(one["to"], "\0"), "") for one in accepted]
    return json.dumps(words, ensure_ascii=False).encode() + b"\n".join(bytes(one) for one in mail.accepted)


def _places(hits: list[str]) -> set[str]:
    return {hit.split(":")[0] for hit in hits}


def _search(marks: Marks, looked: dict[str, list[bytes]]) -> tuple[list[str], dict[str, int]]:
    hits = [f"{name}: {hit}" for name, parts in looked.items() for part in parts for hit in marks.hits_in(part)]
    return hits, {name: sum(map(len, parts)) for name, parts in looked.items()}
