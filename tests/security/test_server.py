"""The web server as it runs: it names itself nowhere, writes no request down, and is led by no header."""

import json
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import pytest

from app.platform.keys import make_keys
from app.platform.logs import PackageFormatter, log, set_up_logs
from app.web.starting import web_words
from config import ROOT

MARK = "QUIXOTEMARK"
HOST = "cleared.practice.example"


@dataclass
class Server:
    """A web server that runs in production mode on a port of this machine."""

    port: int
    log: Path

    def ask(self, *lines: str, body: str = "") -> str:
        """Send a request as it is written; give the whole answer."""
        with closing(socket.create_connection(("127.0.0.1", self.port), 20)) as connection:
            connection.sendall("\r\n".join([*lines, "Connection: close", "", body]).encode("latin-1"))
            return b"".join(iter(lambda: connection.recv(65536), b"")).decode("utf-8", "replace")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The web server of production, with a practice's empty database."""
    folder = tmp_path_factory.mktemp("server")
    make_keys(folder / "keys" / "keys.json")
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    environment = {
        **kept,
        "PYTHONPATH": str(ROOT),
        "APP_ENV": "production",
        "CLEARED_HOME": str(folder / "home"),
        "CLEARED_KEY_FILE": str(folder / "keys" / "keys.json"),
        "DATABASE_URL": f"sqlite:///{folder}/practice.sqlite",
        "PUBLIC_BASE_URL": f"https://{HOST}",
        "TRUSTED_PROXIES": "127.0.0.1",
    }
    words = [sys.executable, "-P", "-m", *web_words(port)]
    with (folder / "log").open("wb") as log_file:
        process = subprocess.Popen(words, env=environment, stderr=log_file, stdout=log_file, cwd=folder)
    made = Server(port, folder / "log")
    try:
        _wait(made, process)
        yield made
    finally:
        process.terminate()
        process.wait(60)


def _wait(server: Server, process: "subprocess.Popen[bytes]") -> None:
    until = monotonic() + 240
    while True:
        assert process.poll() is None, server.log.read_text()
        assert monotonic() < until, server.log.read_text()
        try:
            server.ask("GET /health HTTP/1.1", f"Host: {HOST}")
            return
        except OSError:
            sleep(0.2)


@pytest.mark.loopback
def test_no_request_leaves_a_word_in_the_log(server):
    hostile = [
        (f"GET /sign-in?next=/{MARK} HTTP/1.1", f"Host: {HOST}"),
        (f"GET /{MARK} HTTP/1.1", f"Host: {HOST}"),
        (f"GET /{MARK}", f"Host: {HOST}"),
        ("GET /sign-in HTTP/1.1", f"Host: {HOST}", f"Bad header {MARK}"),
        ("GET /sign-in HTTP/1.1", f"Host: {HOST}", f"Content-Length: {MARK}"),
        (f"{MARK} /sign-in HTTP/1.1", f"Host: {HOST}"),
        ("GET /sign-in HTTP/1.1", f"Host: {MARK}.example"),
        ("GET /sign-in HTTP/1.1", f"Host: {HOST}", f"Cookie: __Host-cleared={MARK}"),
        ("GET /sign-in HTTP/1.1", f"Host: {HOST}", f"User-Agent: a\x0b{MARK}"),
        (f"GET /sign-in?{'x' * 9000}{MARK} HTTP/1.1", f"Host: {HOST}"),
        ("POST /sign-in HTTP/1.1", f"Host: {HOST}", f"Content-Type: text/{MARK}", "Content-Length: 3"),
    ]
    for lines in hostile:
        answer = server.ask(*lines, body="abc")
        assert MARK not in answer.partition("\r\n\r\n")[0] or "next=" in lines[0]
        assert not answer.startswith("HTTP/1.1 5"), lines
    assert MARK not in server.log.read_text()


@pytest.mark.loopback
def test_the_server_does_not_name_itself(server):
    answer = server.ask("GET /sign-in HTTP/1.1", f"Host: {HOST}")
    assert answer.startswith("HTTP/1.1 200")
    head = answer.partition("\r\n\r\n")[0].lower()
    assert "\nserver:" not in head
    assert "gunicorn" not in head
    assert "x-powered-by" not in head


@pytest.mark.loopback
def test_production_answers_under_its_own_name_alone(server):
    for name in ("127.0.0.1", "localhost", f"{HOST}.evil.example", "evil.example"):
        answer = server.ask("GET /sign-in HTTP/1.1", f"Host: {name}", f"X-Forwarded-Host: {HOST}")
        assert answer.startswith("HTTP/1.1 400"), name
        assert "strict-transport-security: max-age=63072000; includesubdomains" in answer.lower()


@pytest.mark.loopback
def test_no_header_moves_the_program_to_another_path_scheme_or_method(server):
    moved = server.ask("GET / HTTP/1.1", f"Host: {HOST}", "SCRIPT_NAME: /evil", "X-Forwarded-Prefix: /evil")
    assert "Location: /sign-in?" in moved
    plain = server.ask("GET /sign-in HTTP/1.1", f"Host: {HOST}", "X-Forwarded-Proto: http", "X-Forwarded-Ssl: off")
    assert "set-cookie: __host-cleared=" in plain.lower()
    assert "secure" in plain.lower().partition("set-cookie:")[2].splitlines()[0]
    override = server.ask("GET /sign-out HTTP/1.1", f"Host: {HOST}", "X-HTTP-Method-Override: POST")
    assert override.startswith("HTTP/1.1 405")


def test_a_line_of_a_package_holds_no_value(capsys):
    formatter = PackageFormatter()
    try:
        raise ValueError(f"value {MARK}")
    except ValueError as error:
        failed = (type(error), error, error.__traceback__)
    record = logging.LogRecord("somewhere", logging.ERROR, "/x/module.py", 7, f"asked {MARK}\nforged", (), failed)
    line = json.loads(formatter.format(record))
    assert MARK not in str(line)
    assert line["what"].startswith("somewhere at module:7 | builtins.ValueError at ")
    templated = logging.LogRecord("gunicorn.error", logging.ERROR, "/x/m.py", 7, "bad request from %s", (MARK,), None)
    assert json.loads(formatter.format(templated))["what"] == "gunicorn.error at m:7: bad request from %s"


def test_a_line_of_ours_holds_keys_of_the_list_and_stays_one_line(capsys):
    set_up_logs()
    log().warning("broken", what="a\nb {'event': 'forged'}\u2028c", patient=MARK, name=MARK)
    said = capsys.readouterr().err
    assert MARK not in said
    assert len(said.splitlines()) == 1
    assert set(json.loads(said)) == {"event", "level", "timestamp", "what"}


def test_what_packages_log_goes_the_same_way(capsys):
    set_up_logs()
    set_up_logs()
    logging.getLogger("some.package").error(f"asked for {MARK}")
    said = capsys.readouterr().err
    assert MARK not in said
    assert json.loads(said)["event"] == "package"
