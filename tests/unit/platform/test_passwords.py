"""What it costs to try a password: the work that RFC 9106 asks where memory is scarce."""

from argon2 import Type

from app.platform.passwords import hash_password, password_matches
from tests.support.passwords import REAL


def test_the_program_hashes_with_the_work_that_the_standard_asks():
    hasher = REAL()
    assert hasher.type is Type.ID
    assert (hasher.time_cost, hasher.memory_cost, hasher.parallelism) == (3, 65536, 4)
    assert hasher.verify(hasher.hash("four words and more"), "four words and more")


def test_a_password_matches_its_own_hash_only():
    stored = hash_password("four words and more")
    assert password_matches(stored, "four words and more")
    assert not password_matches(stored, "four words and less")
    assert not password_matches(None, "four words and more")
    assert not password_matches("not a hash", "four words and more")
