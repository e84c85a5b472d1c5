"""The web program as the canary drill runs it: our own, with every address, Referer and cookie written down.

`CANARY_PLANT` plants what the drill must find: `log` writes a form's words to the log, `temp` keeps an upload.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, request

from app import create_app as real_app

Start = Callable[..., Any]


class Noted:
    """Writes down what may hold something that it should not, before the program sees the request."""

    def __init__(self, program: Callable[[dict[str, Any], Start], Iterable[bytes]], path: str) -> None:
        self.program, self.path = program, path

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Note the request and the headers of its answer."""
        words = [environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("QUERY_STRING", "")]
        self._note([*words, environ.get("HTTP_REFERER", ""), environ.get("HTTP_COOKIE", "")])

        def started(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            self._note([status, *(f"{name}: {value}" for name, value in headers)])
            return start(status, headers, *more)

        return self.program(environ, started)

    def _note(self, words: list[str]) -> None:
        handle = os.open(self.path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
        os.write(handle, " ".join(words).encode() + b"\n")
        os.close(handle)


def create_app() -> Flask:
    """Put the program together, with what is planted."""
    app = real_app()
    plant = os.environ.get("CANARY_PLANT")
    if plant == "log":
        app.before_request(_log_form)
    elif plant == "temp":
        app.before_request(_keep_upload)
    app.wsgi_app = Noted(app.wsgi_app, os.environ["CANARY_ADDRESSES"])  # type: ignore[method-assign]
    return app


def _log_form() -> None:
    for words in request.form.values():
        print(words, file=sys.stderr, flush=True)


def _keep_upload() -> None:
    for file in request.files.values():
        with tempfile.NamedTemporaryFile(delete=False) as kept:
            kept.write(file.stream.read())
        file.stream.seek(0)
