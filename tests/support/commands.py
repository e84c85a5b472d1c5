"""Fixture: run the command line in the process of the test, on a fresh database."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.web.commandline import main
from tests.support import make


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str


@pytest.fixture
def manage(
    new_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """`manage("visits", "clear", ...)` runs a command; its practice is made in `make.ZONE` by the first one."""
    for name in ("DATABASE_URL", "PRACTICE_ZONE", "PUBLIC_BASE_URL", "APP_ENV", "CLEARED_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLEARED_HOME", str(tmp_path / "home"))

    def run(*words: str) -> Ran:
        capsys.readouterr()
        code = main(["--database", new_database_url, "--zone", make.ZONE, *words])
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run
