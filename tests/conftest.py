"""What every test stands on: fresh databases of both kinds, and shut sockets."""

import pytest

from tests.support.databases import begin_run, caller, database_url, end_run, engine, session
from tests.support.sockets import shut_sockets

__all__ = ["caller", "database_url", "engine", "session", "shut_sockets"]


def pytest_configure(config: pytest.Config) -> None:
    """Begin the run, once, before the workers start."""
    if not hasattr(config, "workerinput"):
        begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the run, after the workers."""
    if not hasattr(config, "workerinput"):
        end_run()
