"""A small run of the lifecycle drill, and of the holes that it must find."""

import pytest

from tests.drills import lifecycle


def test_the_program_and_the_model_say_the_same_of_every_case() -> None:
    found = lifecycle.drill(runs=8, steps=40, seed_=3)

    assert found["passed"], found
    assert (found["divergences"], found["first"]) == (0, None)
    assert found["done"] > 80
    assert found["illegal"] > 20


@pytest.mark.parametrize(
    ("plant", "shows"),
    [("decide-unasked", "answer"), ("word-for-number", "state"), ("forget-words", "history against state")],
)
def test_a_hole_is_found(plant: str, shows: str) -> None:
    found = lifecycle.drill(runs=12, steps=40, seed_=1, plant=plant)

    assert not found["passed"]
    assert found["first"].startswith(f"{shows}: the program says ")
    assert found["before_it"]
