"""What every test stands on: fresh databases of both kinds, and shut sockets."""

import gc

import pytest
from hypothesis import HealthCheck, settings

from tests.support.browsers import chromium, page, served
from tests.support.commands import manage
from tests.support.databases import (
    begin_run,
    blank_database_url,
    caller,
    database_url,
    end_run,
    engine,
    new_database_url,
    session,
)
from tests.support.mail_server import mail_server
from tests.support.passwords import quick_passwords
from tests.support.quick_apps import quick_addresses, quick_rules, quick_statements
from tests.support.sharing import share
from tests.support.sms_provider import sms_provider
from tests.support.sockets import shut_sockets
from tests.support.web import client, sign_in, web_app, web_clock

__all__ = [
    "blank_database_url",
    "caller",
    "chromium",
    "client",
    "database_url",
    "engine",
    "mail_server",
    "manage",
    "new_database_url",
    "page",
    "quick_addresses",
    "quick_passwords",
    "quick_rules",
    "quick_statements",
    "served",
    "session",
    "shut_sockets",
    "sign_in",
    "sms_provider",
    "web_app",
    "web_clock",
]


# Timings never decide a test: a busy machine is no failure.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """Begin the run, once, before the workers start."""
    if not hasattr(config, "workerinput"):
        begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the run, after the workers."""
    if not hasattr(config, "workerinput"):
        end_run()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Choose what runs where, before the order is shuffled: in every worker alike."""
    share(config, items)


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what stays for the whole run, program and tests, and come rarely."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
