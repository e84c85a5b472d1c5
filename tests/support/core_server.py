"""A server of CAQH CORE connectivity for tests: takes forms of several parts on this machine, and answers as told."""

import hashlib
import time
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest


@dataclass
class CoreServer:
    """A running server. `script`: what befalls the next forms, one each; then each is taken.

    `results`: payloads that wait for whoever asks for answers to batches. `taken`: the fields of each form taken.
    """

    url: str = ""
    script: list[str] = field(default_factory=list)
    results: list[bytes] = field(default_factory=list)
    realtime_answer: bytes = b""
    taken: list[dict[str, bytes]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)


def _fields(content_type: str, body: bytes) -> dict[str, bytes]:
    message = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body, policy=policy.HTTP)
    return {
        str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True)  # type: ignore[misc]
        for part in message.iter_parts()  # type: ignore[attr-defined]
    }


def form(fields: dict[str, bytes], boundary: str = "b0undary") -> tuple[str, bytes]:
    """Write a form of several parts. Returns its type and its bytes."""
    pieces = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value + b"\r\n"
        for name, value in fields.items()
    )
    return f"multipart/form-data; boundary={boundary}", pieces + f"--{boundary}--\r\n".encode()


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def log_message(self, *_: Any) -> None:
        """Write nothing."""

    def do_POST(self) -> None:
        """Take one form."""
        own = self.server.own
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fault = own.script.pop(0) if own.script else "ok"
        own.calls.append(fault)
        if fault == "silent":
            time.sleep(1.5)
        if fault in ("silent", "drop"):
            self.close_connection = True
            return
        if fault.isdecimal():
            self.send_response(int(fault))
            self.send_header("Location", "http://elsewhere.example/")
            self.send_header("Retry-After", "7")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        fields = _fields(self.headers["Content-Type"], body)
        own.taken.append(fields)
        self._answer(own, fields, fault)

    def _answer(self, own: CoreServer, fields: dict[str, bytes], fault: str) -> None:
        answer = {"PayloadType": b"X12_BatchReceiptConfirmation", "PayloadID": fields["PayloadID"]}
        if fields["PayloadType"].startswith(b"X12_005010_Request_Batch_Results_27"):
            payload = own.results.pop(0) if own.results else b""
            answer |= {"PayloadType": b"X12_271_Response_005010X279A1", "Payload": payload}
            answer |= {"CheckSum": hashlib.sha1(payload).hexdigest().encode()}
        if fields["ProcessingMode"] == b"RealTime":
            answer |= {"PayloadType": b"X12_271_Response_005010X279A1", "Payload": own.realtime_answer}
        code = b"Success" if fault in ("ok", "spoiled", "no_envelope") else fault.encode()
        answer |= {"ErrorCode": code, "ErrorMessage": b"None"}
        if fault == "spoiled":
            answer |= {"Payload": b"other", "PayloadLength": b"99"}
        kind, body = ("text/html", b"<p>hello</p>") if fault == "no_envelope" else form(answer)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    own: CoreServer
    daemon_threads = True


@pytest.fixture
def core_server() -> Any:
    """Start a server on a free port of this machine."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.own = CoreServer(f"http://127.0.0.1:{server.server_address[1]}/core")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server.own
    server.shutdown()
    server.server_close()
    thread.join()
