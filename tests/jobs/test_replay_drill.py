"""A small run of the drill of documents that come again and forged, on both databases; planted holes are caught."""

import pytest

from tests.drills.replay import drill


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_each_file_does_its_work_once_and_no_forgery_does(kind):
    answer = drill(1, kind, copies=2, orders=1, each=0)
    assert answer["passed"] and answer["delivered"] == 18 and answer["forgeries"] > 30
    assert (answer["wrong_effects"], answer["forged_changes"], answer["broken"], answer["ends"]) == (0, 0, 0, 1)


@pytest.mark.parametrize(
    ("plant", "fault"), [("any-status", "wrong_effects"), ("no-control-numbers", "forged_changes")]
)
def test_a_design_that_takes_what_it_should_not_is_caught(plant, fault):
    answer = drill(1, "sqlite", plant, copies=1, orders=1, each=0)
    assert not answer["passed"] and answer[fault] > 0
