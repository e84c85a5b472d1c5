"""A payer's system for tests: takes Claim/$submit and Claim/$inquire on this machine, and answers as told."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

TOKEN = "a-token-of-the-tests"


@dataclass
class PasServer:
    """A running server. `script`: what befalls the next calls, one each; then each is answered with `answer`.

    `taken`: operation and bundle of each call that the payer has. `tokens`: how many it gave; `life` of each, seconds.
    """

    url: str = ""
    script: list[str] = field(default_factory=list)
    answer: bytes = b'{"resourceType": "Bundle"}'
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    tokens: int = 0
    life: Any = 3600
    no_token: bool = False


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def log_message(self, *_: Any) -> None:
        """Write nothing."""

    def do_POST(self) -> None:
        """Give a token, or take a bundle."""
        own = self.server.own
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/token":
            self._token(own, body)
            return
        fault = own.script.pop(0) if own.script else "ok"
        own.headers.append(dict(self.headers))
        if fault.isdecimal():
            self._send(int(fault), b"{}")
            return
        if fault != "reset":
            own.taken.append((self.path.rsplit("/", 1)[-1], body))
        if fault == "silent":
            time.sleep(1.5)
        if fault in ("silent", "reset", "drop"):
            self.close_connection = True
            return
        kind = "text/html" if fault == "page" else "application/fhir+json; charset=utf-8"
        self._send(200, b"<p>" if fault == "page" else b"[" if fault == "spoiled" else own.answer, kind)

    def _token(self, own: PasServer, body: bytes) -> None:
        own.tokens += 1
        if own.no_token or b"grant_type=client_credentials" not in body:
            self._send(400, b'{"error": "invalid_client"}')
        else:
            self._send(200, json.dumps({"access_token": f"{TOKEN}-{own.tokens}", "expires_in": own.life}).encode())

    def _send(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Location", "http://elsewhere.example/")
        self.send_header("Retry-After", "7")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    own: PasServer
    daemon_threads = True


@pytest.fixture
def pas_server() -> Iterator[PasServer]:
    """Start a server on a free port of this machine."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.own = PasServer(f"http://127.0.0.1:{server.server_address[1]}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server.own
    server.shutdown()
    server.server_close()
    thread.join()
