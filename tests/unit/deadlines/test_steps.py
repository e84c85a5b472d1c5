"""Which step of a deadline stands, and which comes next."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.deadlines.facts import Basis, BasisKind, Clears, Deadline, Reason, Step, Subject, SubjectKind
from app.deadlines.rules.steps import next_step, now_step

START = datetime(2026, 3, 2, 12, tzinfo=UTC)


def _deadline(*days: int) -> Deadline:
    return Deadline(
        subject=Subject(SubjectKind.AUTHORIZATION, "0"),
        reason=Reason.APPROVAL_ENDS,
        steps=tuple(Step(f"after {day}", START + timedelta(days=day)) for day in days),
        zone="America/New_York",
        clears=Clears.RENEWED,
        basis=Basis(BasisKind.PRACTICE),
    )


@pytest.mark.parametrize(
    ("after", "now", "then"),
    [
        (timedelta(seconds=-1), None, "after 0"),
        (timedelta(0), "after 0", "after 3"),
        (timedelta(days=3, seconds=-1), "after 0", "after 3"),
        (timedelta(days=3), "after 3", "after 9"),
        (timedelta(days=9), "after 9", None),
        (timedelta(days=400), "after 9", None),
    ],
)
def test_a_step_stands_from_its_instant_until_the_next_ones(
    after: timedelta, now: str | None, then: str | None
) -> None:
    deadline = _deadline(0, 3, 9)
    stands, comes = now_step(deadline, START + after), next_step(deadline, START + after)
    assert (stands and stands.name, comes and comes.name) == (now, then)


def test_a_deadline_without_steps_is_never_told() -> None:
    assert now_step(_deadline(), START) is None
    assert next_step(_deadline(), START) is None


@given(some.lists(some.integers(-500, 500), unique=True, max_size=8), some.integers(-600, 600))
def test_every_step_is_either_behind_or_ahead_whatever_their_order(days: list[int], now: int) -> None:
    instant = START + timedelta(days=now)
    stands, comes = now_step(_deadline(*days), instant), next_step(_deadline(*days), instant)
    assert (stands.tell_at if stands else None) == max(
        (START + timedelta(days=day) for day in days if day <= now), default=None
    )
    assert (comes.tell_at if comes else None) == min(
        (START + timedelta(days=day) for day in days if day > now), default=None
    )
