"""Let a worker of ours read content from outside in a confined process of its own (confinement.py)."""

import contextlib
import selectors
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import IO

CONFINEMENT = Path(__file__).with_name("confinement.py")
PATIENCE = 180.0
PIECE = 2**18


def lines_from(worker: Path, argument: str, content: bytes | None, most: int) -> Iterator[bytes]:
    """Give out the whole lines that a worker writes, as they come.

    Takes     the worker's script; its one argument; what it reads from its standard input, all of it before it writes;
              how many bytes it may write.
    Returns   the lines up to the end, to `most`, or until it was at work for too long: whether it came to its end, its
              last line must say.
    """
    with _at_work(worker, argument, content) as out:
        rest = b""
        for piece in _pieces(out, most):
            *lines, rest = (rest + piece).split(b"\n")
            yield from lines


def answer_from(worker: Path, argument: str, content: bytes, most: int) -> bytes:
    """Read all that a worker writes, as `lines_from` does."""
    with _at_work(worker, argument, content) as out:
        return b"".join(_pieces(out, most))


@contextlib.contextmanager
def _at_work(worker: Path, argument: str, content: bytes | None) -> Iterator[IO[bytes]]:
    child = subprocess.Popen(  # noqa: S603  (our own worker, with one argument)
        [sys.executable, "-I", str(CONFINEMENT), str(worker), argument],
        stdin=subprocess.DEVNULL if content is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
    )
    assert child.stdout is not None
    try:
        if content is not None:
            _hand_over(child, content)
        yield child.stdout
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


def _hand_over(child: subprocess.Popen[bytes], content: bytes) -> None:
    """Give the child all of a content; it reads to the end before it writes. One that died is found out by silence."""
    assert child.stdin is not None
    with contextlib.suppress(BrokenPipeError):
        child.stdin.write(content)
    with contextlib.suppress(BrokenPipeError):
        child.stdin.close()


def _pieces(out: IO[bytes], most: int) -> Iterator[bytes]:
    """Give out bytes as they come; stop at the cap, or when the child is at work for too long."""
    limit, size = monotonic() + PATIENCE, 0
    with selectors.DefaultSelector() as ready:
        ready.register(out, selectors.EVENT_READ)
        while ready.select(timeout=max(0.0, limit - monotonic())):
            piece = out.read1(PIECE)  # type: ignore[attr-defined]
            size += len(piece)
            if not piece or size > most:
                return
            yield piece
