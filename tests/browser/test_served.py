"""The server of browser tests ends with no request under way."""

import socket
import struct
from threading import Event, Thread
from urllib.request import urlopen

import pytest

from tests.support.browsers import ServerThatEnds

pytestmark = pytest.mark.loopback


@pytest.fixture
def under_way():
    """A server with a request under way: the server, what lets it be answered, and the order in which things end."""
    begun, go_on, order = Event(), Event(), []

    def app(_environ, start):
        begun.set()
        go_on.wait(60)
        start("200 OK", [("Content-Type", "text/plain")])
        order.append("answered")
        return [b"ok"]

    server = ServerThatEnds(app)
    Thread(target=server.serve_forever, daemon=True).start()
    asking = Thread(target=lambda: urlopen(f"http://127.0.0.1:{server.server_port}/").read())
    asking.start()
    begun.wait(60)
    yield server, go_on, order
    asking.join(60)


def test_a_request_under_way_is_answered_before_the_server_has_ended(under_way):
    server, go_on, order = under_way
    ending = Thread(target=lambda: (server.end(), order.append("server")))
    ending.start()
    go_on.set()
    ending.join(60)
    assert order == ["answered", "server"]


def test_whoever_closes_second_waits_as_well(under_way):
    server, go_on, order = under_way
    server.shutdown()  # the thread that serves closes the server now, and waits for the request
    closing = [Thread(target=lambda: (server.server_close(), order.append("closed"))) for _ in range(3)]
    for one in closing:
        one.start()
    closing[0].join(0.2)
    go_on.set()
    for one in closing:
        one.join(60)
    assert order == ["answered", "closed", "closed", "closed"]


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
        closing.join(60)
        assert not closing.is_alive()


def test_an_answer_is_closed_although_the_browser_broke_the_connection_off_behind_it():
    closed = Event()

    class Body:
        def __iter__(self):
            yield b"ok"
            browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closing resets it
            browser.close()

        def close(self):
            closed.set()

    def app(_environ, start):
        start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
        return Body()

    server = ServerThatEnds(app)
    serving = Thread(target=server.serve_forever, daemon=True)
    serving.start()
    browser = socket.create_connection(("127.0.0.1", server.server_port))
    browser.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert closed.wait(60)
    server.end()
