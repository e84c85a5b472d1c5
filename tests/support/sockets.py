"""Sockets are shut in tests: nothing leaves the machine, and loopback opens where a test is marked for it."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class NetworkUsedError(Exception):
    """A test tried to reach the network."""


@pytest.fixture(autouse=True)
def shut_sockets(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuse every connection but unix sockets; tests marked `browser` or `loopback` may use loopback."""
    loopback = any(request.node.get_closest_marker(mark) for mark in ("browser", "loopback"))
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        local = loopback and isinstance(address, tuple) and address[0] in LOOPBACK
        if self.family != socket.AF_UNIX and not local:
            raise NetworkUsedError("a test opened a network connection; pass a fake instead")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    yield
