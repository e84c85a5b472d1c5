"""A provider of texts for tests: Twilio's paths and answers on this machine, in a process of its own.

`python -m tests.support.sms_server FOLDER`: reads FOLDER/settings.json, writes its port to FOLDER/port, and every
message that it accepts to FOLDER/log.jsonl before anything else happens: the log tells the truth whoever is killed.
"""

import json
import os
import re
import socket
import struct
import sys
import time
from base64 import b64decode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.support.sms_messages import DEFAULTS, REFUSALS, TAKEN_FIRST, Provider

MESSAGES = re.compile(r"/2010-04-01/Accounts/(AC[0-9a-f]{32})/Messages(?:/(SM[0-9a-f]{32}))?\.json")


class Handler(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    provider: Provider

    def log_message(self, *_words: Any) -> None:
        """Say nothing: the log is elsewhere."""

    def do_POST(self) -> None:
        """Take a message, or a change of the settings."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/control":
            self._control(json.loads(body))
        elif self.path == "/inbound":
            self.answer(200, self.provider.callbacks.inbound(json.loads(body)))
        elif self._known():
            self._send(dict(parse_qsl(body.decode(), keep_blank_values=True)))

    def do_GET(self) -> None:
        """List messages, or show one."""
        known = self._known()
        if not known:
            return
        query = dict(parse_qsl(urlsplit(self.path).query))
        fault = self.provider.choose("find_script", "find_faults")
        self.provider.write("asked", to=query.get("To"), sid=known.group(2), fields=sorted(query), fault=fault)
        if fault != "ok":
            self._fail(fault)
        elif known.group(2):
            message = self.provider.messages.get(known.group(2))
            self.answer(200, self.provider.shown(message)) if message else self.error(404, 20404, "Not found")
        else:
            self._list(query)

    def _known(self) -> re.Match[str] | None:
        """The path, where it is one of the provider's and the caller has the account's token."""
        provider = self.provider
        known = MESSAGES.fullmatch(urlsplit(self.path).path)
        scheme, _, given = (self.headers.get("Authorization") or "").partition(" ")
        wanted = f"{provider.settings['account']}:{provider.settings['token']}"
        if scheme != "Basic" or b64decode(given or "").decode() != wanted:
            self.error(401, 20003, "Authenticate")
        elif not known or known.group(1) != provider.settings["account"]:
            self.error(404, 20404, "The requested resource was not found")
        else:
            return known
        return None

    def _control(self, changes: dict[str, Any]) -> None:
        unknown = set(changes) - set(DEFAULTS)
        if unknown:
            self.error(400, 0, f"unknown settings: {sorted(unknown)}")
            return
        with self.provider.lock:
            self.provider.settings.update(changes)
        self.answer(200, {"changed": sorted(changes)})

    def _send(self, form: dict[str, str]) -> None:
        provider = self.provider
        lacking = [name for name, code in (("To", 21604), ("Body", 21602)) if not form.get(name)]
        if lacking or not (form.get("From") or form.get("MessagingServiceSid")):
            provider.write("refused", to=form.get("To"), body=form.get("Body"), fault="incomplete")
            self.error(400, 21604, "A message needs To, Body, and From or MessagingServiceSid")
            return
        fault = provider.choose("script", "faults", form["To"])
        if fault == "ok" or fault in TAKEN_FIRST:
            message = provider.accept(form, fault)
            if fault == "slow":
                time.sleep(provider.settings["slow"])
            if fault in ("ok", "slow"):
                self.answer(201, {**provider.shown(message), "status": "queued"})
                return
        else:
            provider.write("refused", to=form["To"], body=form["Body"], fault=fault)
        if fault == "late":
            time.sleep(provider.settings["late"])
            provider.accept(form, fault)
        self._fail(fault)

    def _fail(self, fault: str) -> None:
        """Answer as a fault does."""
        how = fault.removesuffix("_after").removesuffix("_before")
        if how in REFUSALS:
            self.error(400, int(how), REFUSALS[how])
        elif how == "busy":
            self.error(429, 20429, "Too Many Requests", {"Retry-After": str(self.provider.settings["retry_after"])})
        elif how in ("error", "unavailable"):
            self.error(500 if how == "error" else 503, 20500, "Internal Server Error")
        elif how == "not_json":
            self.answer(200, "<html><body>Gateway</body></html>", kind="text/html")
        elif how == "cut_json":
            self.answer(201, '{"sid": "SM0123", "status": "que')
        else:
            self._hang_up(hard=how == "reset")

    def _hang_up(self, hard: bool) -> None:
        """Break the connection off at once, or hold it without a word and then close it."""
        self.close_connection = True
        if not hard:
            time.sleep(self.provider.settings["hold"])
            return
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())

    def _list(self, query: dict[str, str]) -> None:
        size = max(1, min(1000, int(query.get("PageSize", "50"))))
        found = self.provider.listed(query)
        token = query.get("PageToken", "")[2:]
        if token:
            sids = [one["sid"] for one in found]
            found = found[sids.index(token) + 1 :] if token in sids else []
        page = int(query.get("Page", "0"))
        path = urlsplit(self.path).path
        following = None
        if len(found) > size:
            following = {**query, "PageSize": size, "Page": page + 1, "PageToken": f"PA{found[size - 1]['sid']}"}
        self.answer(
            200,
            {
                "messages": [self.provider.shown(one) for one in found[:size]],
                "first_page_uri": f"{path}?{urlencode({**query, 'Page': 0})}",
                "next_page_uri": f"{path}?{urlencode(following)}" if following else None,
                "previous_page_uri": None,
                "page": page,
                "page_size": size,
                "start": page * size,
                "end": page * size + len(found[:size]) - 1,
                "uri": self.path,
            },
        )

    def error(self, status: int, code: int, message: str, headers: dict[str, str] | None = None) -> None:
        """Answer with an error in the provider's form."""
        more = f"https://www.twilio.com/docs/errors/{code}"
        self.answer(status, {"code": code, "message": message, "more_info": more, "status": status}, headers=headers)

    def answer(
        self, status: int, content: Any, kind: str = "application/json", headers: dict[str, str] | None = None
    ) -> None:
        """Answer with JSON, or with text as it is."""
        body = (content if isinstance(content, str) else json.dumps(content)).encode()
        try:
            self.send_response(status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # whoever asked is gone
            self.close_connection = True


class Server(ThreadingHTTPServer):
    """The provider's door: a thread for each connection."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_request: Any) -> None:
        """Say nothing of connections that ended early: those who were killed end so."""


def main(folder: Path) -> None:
    """Serve until the process ends."""
    Handler.provider = Provider(folder)
    server = Server(("127.0.0.1", 0), Handler)
    draft = folder / "port.draft"
    draft.write_text(str(server.server_port))
    draft.rename(folder / "port")
    server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
