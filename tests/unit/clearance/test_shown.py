"""What the chart shows of a conditional service: one of several triggers that are needed together shows nothing."""

import pytest

from app.clearance.actions.world import AgeReader, World
from app.clearance.facts.verdicts import ClassAnswer
from app.policies.actions.library import SHIPPED
from app.policies.facts.answers import ServiceClass
from app.policies.files.directory import read_policies
from app.policies.rules.compiling import compile_book
from tests.support import make


@pytest.fixture(scope="module")
def world() -> World:
    """The shipped grid, and nothing else."""
    book = compile_book(read_policies(SHIPPED), "test")
    age = AgeReader(None, make.PRACTICE_ID)  # type: ignore[arg-type]  # no rule of this test asks for an age
    return World(make.practice(), {}, {}, {}, book, (), make.clock(), age)


def classed(world: World, *documented: str) -> ClassAnswer:
    """The class of botulinum for sweating with a weak diagnosis and these triggers in the chart."""
    return world.at(make.NOW.date()).classify("64650", ("R61",), frozenset(documented))


@pytest.mark.parametrize(
    ("documented", "shown"),
    [
        ((), False),
        (("daily_life",), False),
        (("daily_life", "severity_score"), False),
        (("daily_life", "severity_score", "failed_conservative"), True),
    ],
)
def test_all_triggers_that_are_needed_together_must_be_in_the_chart(
    world: World, documented: tuple[str, ...], shown: bool
) -> None:
    answer = classed(world, *documented)
    assert answer.documented is shown
    assert (answer.klass is ServiceClass.MEDICAL) is shown
