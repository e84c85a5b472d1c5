"""Where the bench keeps its practice databases: files in a folder that goes at the end, or a throw-away PostgreSQL."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support import postgres
from tests.support.databases import administer


@dataclass
class Databases:
    """Makes a fresh database for each size. `server` is the URL of a PostgreSQL server with `{database}` in it."""

    home: Path
    server: str | None = None
    given: str | None = None
    numbers: Iterator[int] = field(default_factory=count)

    @property
    def kind(self) -> str:
        """Which database it is."""
        url = self.given or self.server or "sqlite"
        return url.partition(":")[0].partition("+")[0]

    @contextmanager
    def fresh(self) -> Iterator[tuple[str, Path]]:
        """A fresh database, and a folder beside it. A database that was given must be empty, and is left as filled."""
        number = next(self.numbers)
        folder = self.home / f"practice-{number}"
        folder.mkdir()
        if self.given is not None:
            yield self.given, folder
        elif self.server is not None:
            name = f"cleared_bench_{os.getpid()}_{number}"
            administer(self.server, f'CREATE DATABASE "{name}"')
            try:
                yield self.server.format(database=name), folder
            finally:
                administer(self.server, f'DROP DATABASE "{name}" WITH (FORCE)')
        else:
            yield f"sqlite:///{folder / 'practice.sqlite'}", folder


@contextmanager
def databases(given: str | None = None, with_postgres: bool = False) -> Iterator[Databases]:
    """Databases in a folder that goes at the end."""
    with TemporaryDirectory(prefix="cleared-bench-") as name:
        home = Path(name)
        if not with_postgres:
            yield Databases(home, None, given)
            return
        home.chmod(0o755)  # PostgreSQL, which runs as another user under root, must reach its part
        before = os.environ.get(postgres.RUN)
        os.environ[postgres.RUN] = str(home)
        try:
            yield Databases(home, postgres.start())
        finally:
            postgres.stop()
            if before is not None:
                os.environ[postgres.RUN] = before
            else:
                del os.environ[postgres.RUN]
