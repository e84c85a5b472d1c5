"""Fixture: run the command line in the process of the test, on a fresh database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.platform.clock import SystemClock
from app.web.commandline import main
from tests.support import make


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str


ENDS_SOON, BEHIND = timedelta(minutes=15), timedelta(minutes=30)


def stay_in_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test that begins just before the practice's midnight work half an hour earlier: it meets one day only.

    The command line goes by the machine's clock. A test that puts something on file of today, and asks for it minutes
    later, would else ask on the next day.
    """
    zone, own = ZoneInfo(make.ZONE), SystemClock.now
    begins = own(SystemClock()).astimezone(zone)
    if (begins + ENDS_SOON).date() != begins.date():
        monkeypatch.setattr(SystemClock, "now", lambda self: own(self) - BEHIND)
        monkeypatch.setattr(SystemClock, "today", lambda self, zone: self.now().astimezone(zone).date())


@pytest.fixture
def manage(
    new_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """`manage("visits", "clear", ...)` runs a command; its practice is made in `make.ZONE` by the first one."""
    for name in ("DATABASE_URL", "PRACTICE_ZONE", "PUBLIC_BASE_URL", "APP_ENV", "CLEARED_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLEARED_HOME", str(tmp_path / "home"))
    stay_in_the_day(monkeypatch)

    def run(*words: str) -> Ran:
        capsys.readouterr()
        code = main(["--database", new_database_url, "--zone", make.ZONE, *words])
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run
