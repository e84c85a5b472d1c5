"""The server of browser tests ends with no request under way."""

import socket
from threading import Event, Thread
from urllib.request import urlopen

import pytest

from tests.support.browsers import ServerThatEnds

pytestmark = pytest.mark.loopback


def test_a_request_under_way_is_answered_before_the_server_has_ended():
    begun, go_on, ended = Event(), Event(), []

    def app(_environ, start):
        begun.set()
        go_on.wait(10)
        start("200 OK", [("Content-Type", "text/plain")])
        ended.append("answered")
        return [b"ok"]

    server = ServerThatEnds(app)
    Thread(target=server.serve_forever, daemon=True).start()
    asking = Thread(target=lambda: urlopen(f"http://127.0.0.1:{server.server_port}/").read())
    asking.start()
    begun.wait(10)
    ending = Thread(target=lambda: (server.end(), ended.append("server")))
    ending.start()
    go_on.set()
    ending.join(10)
    asking.join(10)
    assert ended == ["answered", "server"]


def silent(_environ, start):
    start("200 OK", [("Content-Type", "text/plain")])
    return [b""]


def test_a_connection_on_which_nothing_was_asked_does_not_hold_the_server_up():
    server = ServerThatEnds(silent)
    Thread(target=server.serve_forever, daemon=True).start()
    with (
        socket.create_connection(("127.0.0.1", server.server_port)),
        urlopen(f"http://127.0.0.1:{server.server_port}/"),
    ):
        closing = Thread(target=server.end)
        closing.start()
        closing.join(10)
        assert not closing.is_alive()
