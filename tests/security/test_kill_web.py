"""Web workers die while programs create, decide and use units: what was acknowledged is there exactly once."""

import pytest

from tests.drills.web_killing import drill


@pytest.mark.loopback
@pytest.mark.parametrize("db", ["sqlite", "postgres"])
def test_every_acknowledged_change_is_there_once(db: str) -> None:
    answer = drill(kills=3, seed=7, db=db, plant=None)
    assert answer["passed"], answer
    assert answer["kills"] >= 3
    assert (answer["lost"], answer["doubled"], answer["wrong"], answer["refused"]) == (0, 0, 0, 0)
    assert answer["acknowledged"]["use"] >= 3
    assert answer["audit_whole"]


@pytest.mark.loopback
def test_a_key_that_is_kept_after_the_effect_is_caught() -> None:
    answer = drill(kills=6, seed=3, db="sqlite", plant="no-keys")
    assert not answer["passed"]
    assert answer["doubled"] or answer["refused"]
