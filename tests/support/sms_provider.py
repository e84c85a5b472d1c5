"""The provider of texts as tests and drills hold it: a process that is told what to do and asked what it took."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from tests.support.sms_messages import DEFAULTS, FAULTS

ROOT = Path(__file__).parents[2]
ACCOUNT: str = DEFAULTS["account"]
TOKEN: str = DEFAULTS["token"]
_direct = build_opener(ProxyHandler({}))


@dataclass
class SmsProvider:
    """A running provider. `url` is its address without a path."""

    folder: Path
    process: subprocess.Popen[bytes]
    url: str
    account: str = ACCOUNT
    token: str = TOKEN

    def control(self, **changes: Any) -> None:
        """Change what it does from now on; the names are those of `sms_messages.DEFAULTS`."""
        known = FAULTS | {"error", "not_json", "silent", "reset"}
        for name in ("faults", "find_faults"):
            assert set(changes.get(name, ())) <= known, f"unknown faults: {changes[name]}"
        assert set(changes.get("script", ())) <= known, f"unknown faults: {changes['script']}"
        self._post("/control", changes)

    def inbound(self, url: str, sender: str, to: str, body: str, **more: Any) -> int:
        """Let someone write a text: handed in at `url`, signed. Returns the status of the answer."""
        said = {"url": url, "from": sender, "to": to, "body": body, **more}
        return int(self._post("/inbound", said)["status"])

    def log(self, what: str | None = None) -> list[dict[str, Any]]:
        """Read the log: what was accepted, refused, asked, reported, in order."""
        path = self.folder / "log.jsonl"
        entries = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
        return [entry for entry in entries if what in (None, entry["what"])]

    def accepted(self) -> list[dict[str, Any]]:
        """The messages that it took."""
        return self.log("accepted")

    def stop(self) -> None:
        """End its process."""
        self.process.terminate()
        self.process.wait(60)

    def _post(self, path: str, content: Any) -> Any:
        with _direct.open(Request(self.url + path, json.dumps(content).encode()), timeout=120) as answer:
            return json.load(answer)


def start(folder: Path, **settings: Any) -> SmsProvider:
    """Start a provider in a folder; one that was there before goes on with its log."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.json").write_text(json.dumps(settings))
    port = folder / "port"
    port.unlink(missing_ok=True)
    command = [sys.executable, "-P", "-m", "tests.support.sms_server", str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stdin=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while not port.exists():
        if process.poll() is not None or time.monotonic() > until:
            process.kill()
            process.wait()
            raise RuntimeError("The provider of the tests did not start; its words are above.")
        time.sleep(0.02)
    return SmsProvider(folder, process, f"http://127.0.0.1:{port.read_text()}")


@pytest.fixture
def sms_provider(tmp_path: Path) -> Iterator[Callable[..., SmsProvider]]:
    """`sms_provider(faults={...})` starts a provider; it ends with the test. Mark the test `loopback`."""
    started: list[SmsProvider] = []

    def make(**settings: Any) -> SmsProvider:
        started.append(start(tmp_path / f"provider-{len(started)}", **settings))
        return started[-1]

    yield make
    for one in started:
        one.stop()
