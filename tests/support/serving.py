"""Serve a Flask program on a free port of this machine while a block runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from tests.support.browsers import ServerThatEnds


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """Give the address of the program; at the end its requests are waited for."""
    server = ServerThatEnds(app)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.end()
        thread.join()
