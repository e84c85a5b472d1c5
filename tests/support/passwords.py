"""Passwords of tests are hashed with little work: thousands of people sign in, and nobody guards them."""

from collections.abc import Iterator
from functools import cache

import pytest
from argon2 import PasswordHasher

from app.platform import passwords

REAL = passwords._hasher
"""The hasher of the program, which tests/unit/platform/test_passwords.py holds to its work."""


@cache
def _quick() -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash with little work in the tests' own process; programs that tests start hash as they always do."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passwords, "_hasher", _quick)
        yield
