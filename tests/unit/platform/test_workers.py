"""Processes that share a piece of work end when they are told to, whatever their parent does with signals."""

import signal

import pytest

from app.platform.workers import workers


@pytest.fixture
def scheduler_like():
    """A process that only notes that it is to end, as the scheduler does."""
    before = signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    yield
    signal.signal(signal.SIGTERM, before)


def test_a_worker_of_the_scheduler_does_not_inherit_its_handlers(scheduler_like):
    with workers(2) as pool:
        assert pool.apply(signal.getsignal, (signal.SIGTERM,)) is signal.SIG_DFL
