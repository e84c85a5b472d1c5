"""The audit log against whoever has the database file: a small run of the drill, and what it must not miss."""

import pytest

from tests.drills import tampering


@pytest.mark.parametrize("db", ["sqlite", "postgres"])
def test_each_change_past_the_triggers_is_found_at_its_line(db):
    answer = tampering.drill(26, 1, db, None)
    assert answer["passed"], answer
    assert answer["found"] == 26


@pytest.mark.parametrize("plant", ["skip-mac", "no-heads"])
def test_the_drill_sees_a_check_that_looks_too_little(plant):
    answer = tampering.drill(13, 1, "sqlite", plant)
    assert not answer["passed"]
    assert answer["missed"]
    assert answer["whole_before_and_after"]
