"""Runs one worker on content from outside, confined: `python -I confinement.py WORKER ARGUMENT`.

It knows nothing of the program. The worker is a script of ours with MEMORY (bytes), SECONDS (of processor time) and
`main()`. It is loaded first, so that what its packages need to start is there; then the limits stand, and only then
does it read a byte. Nothing may open a socket, start a program or write a file: hostile content can only end this
process.
"""

import contextlib
import importlib.util
import resource
import sys
from types import ModuleType
from typing import Any

FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "ctypes.", "shutil.")


def confine(memory: int, seconds: int) -> None:
    """Give up what the work does not need. A limit that this system does not know is left out."""
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for name, limit in limits.items():
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(name, (limit, limit))
    sys.addaudithook(refuse)


def refuse(event: str, _arguments: tuple[Any, ...]) -> None:
    """Refuse sockets and other programs."""
    if event.startswith(FORBIDDEN):
        raise PermissionError(f"{event} is not for a reader of files")


def worker_of(path: str) -> ModuleType:
    """Load the script of a worker."""
    spec = importlib.util.spec_from_file_location("worker", path)
    assert spec is not None and spec.loader is not None
    worker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(worker)
    return worker


def main() -> None:
    """Load the worker, confine this process, and let it work."""
    sys.argv = sys.argv[1:]
    worker = worker_of(sys.argv[0])
    confine(worker.MEMORY, worker.SECONDS)
    worker.main()


if __name__ == "__main__":
    main()
