"""Whatever reads content from outside does it in a process that can do nothing else."""

import sys

import pytest

from app.platform import confined
from app.platform.confined import answer_from, lines_from

WORKER = """
import os, sys
MEMORY, SECONDS = 300 * 2**20, 10
def main():
    try:
        {attempt}
        sys.stdout.write("done")
    except BaseException as error:
        sys.stdout.write(type(error).__name__)
"""


def worker(tmp_path, attempt):
    """A worker that tries something and says what came of it."""
    script = tmp_path / "worker.py"
    script.write_text(WORKER.format(attempt=attempt))
    return script


@pytest.mark.parametrize(
    ("attempt", "said"),
    [
        ("pass", b"done"),
        ("import socket; socket.socket()", b"PermissionError"),
        ("import subprocess; subprocess.run(['true'])", b"PermissionError"),
        ("os.system('true')", b"PermissionError"),
        ("os.fork()", b"PermissionError"),
        ("print('x' * 10, file=open(sys.argv[1], 'w'), flush=True)", b"OSError"),
        ("assert not os.environ.keys() - {'LC_CTYPE'}", b"done"),
    ],
)
def test_a_worker_may_open_no_socket_start_no_program_and_write_no_file(tmp_path, attempt, said):
    assert answer_from(worker(tmp_path, attempt), str(tmp_path / "out"), b"", 100) == said
    assert not (tmp_path / "out").exists() or (tmp_path / "out").read_text() == ""


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS does not enforce limits of memory on a process")
def test_a_workers_memory_is_limited(tmp_path):
    assert answer_from(worker(tmp_path, "bytearray(2 * MEMORY)"), "-", b"", 100) == b"MemoryError"


def test_a_worker_reads_what_it_is_given_and_is_read_to_its_end(tmp_path):
    script = worker(tmp_path, "sys.stdout.write(sys.stdin.read() + chr(10) + 'end' + chr(10) + 'rest')")
    assert list(lines_from(script, "-", b"x" * 300_000, 2**20)) == [b"x" * 300_000, b"end"]


def test_a_worker_that_writes_too_much_is_read_no_further(tmp_path):
    script = worker(tmp_path, "sys.stdout.write('x' * 3_000_000)")
    assert len(answer_from(script, "-", b"", 1000)) <= 1000


def test_a_worker_that_hangs_or_dies_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(confined, "PATIENCE", 0.5)
    assert answer_from(worker(tmp_path, "import time; time.sleep(60)"), "-", b"", 100) == b""
    assert answer_from(worker(tmp_path, "os._exit(3)"), "-", b"x" * 500_000, 100) == b""
