"""`scripts/start`, as a newcomer runs it: one address, a sign-in, no second copy, and nothing left at the end."""

import re
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from tests.support.source import ROOT

pytestmark = pytest.mark.browser


def free_port() -> int:
    """Find a port that nothing uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def begin(home, port, *words):
    """Start the program as scripts/start does once the environment stands."""
    command = [sys.executable, "-P", "-m", "app.web.starting", "--port", str(port), *words]
    environment = {"PYTHONPATH": str(ROOT), "CLEARED_HOME": str(home), "PATH": "/usr/bin:/bin"}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def read_until(process, mark):
    """Read what the program prints, up to a line that holds the mark."""
    lines = []
    for line in process.stdout:
        lines.append(line)
        if mark in line:
            return "".join(lines)
    raise AssertionError("".join(lines) + process.stderr.read())


def stop(process, number=signal.SIGINT):
    """Stop the program as Ctrl-C does. Returns what it still printed."""
    process.send_signal(number)
    out, err = process.communicate(timeout=240)
    assert process.returncode == 0, err
    return out


def test_start_tells_one_address_and_refuses_a_second_copy(tmp_path):
    port = free_port()
    running = begin(tmp_path, port, "--empty")
    try:
        told = read_until(running, "Ctrl-C")
        assert re.findall(r"http://\S+", told) == [f"http://127.0.0.1:{port}"]
        assert re.search(r"Sign in as \S+@\S+ with the password \S{19}; you change it at the first sign-in\.\n", told)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
            assert answer.url.endswith("/sign-in?next=/")
        second = begin(tmp_path, free_port(), "--empty")
        out, err = second.communicate(timeout=240)
        assert (second.returncode, out) == (1, "")
        assert "already runs on this database" in err
    finally:
        rest = stop(running)
    assert rest.endswith("Stopped.\n")
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_second_start_does_not_tell_the_password_again(tmp_path):
    for mark in ("with the password", "with your password"):
        running = begin(tmp_path, free_port(), "--empty")
        try:
            assert mark in read_until(running, "Ctrl-C")
        finally:
            stop(running, signal.SIGTERM)


def test_a_taken_port_is_said(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        out, err = begin(tmp_path, taken.getsockname()[1], "--empty").communicate(timeout=240)
    assert out == ""
    assert "is taken by another program" in err
