"""Reversals and corrections: the same end in every order."""

from datetime import date
from itertools import permutations

import pytest

from app.remittances.facts.claims import ClaimState, Standing
from app.remittances.rules.following import states_of
from tests.support import make

STANDS, REVERSED, FOLLOWED, REVERSAL = (
    ClaimState.STANDS,
    ClaimState.REVERSED,
    ClaimState.FOLLOWED,
    ClaimState.REVERSAL,
)


def one(number, status, charge, paid, day, control="P1"):
    return Standing(make.an_id(number), status, charge, paid, date(2026, 3, day), date(2026, 3, 1), control, False)


@pytest.mark.parametrize(
    ("claims", "states"),
    [
        ([one(1, "1", 100, 80, 1)], [STANDS]),
        ([one(1, "1", 100, 80, 1), one(2, "22", -100, -80, 5)], [REVERSED, REVERSAL]),
        (
            [one(1, "1", 100, 80, 1), one(2, "22", -100, -80, 5), one(3, "1", 100, 60, 5, "P2")],
            [REVERSED, REVERSAL, STANDS],
        ),
        # A reversal without its claim takes nothing back.
        ([one(1, "1", 100, 80, 1), one(2, "22", -90, -80, 5)], [STANDS, REVERSAL]),
        ([one(2, "22", None, None, 5), one(1, "1", None, None, 1)], [REVERSAL, STANDS]),
        # Of two that were alike one is taken back: that with the payer's number.
        (
            [one(1, "1", 100, 80, 1, "P0"), one(2, "1", 100, 80, 1), one(3, "22", -100, -80, 5)],
            [STANDS, REVERSED, REVERSAL],
        ),
        # A claim sent anew after a denial takes its place; parts of one claim paid on one day stand side by side.
        ([one(1, "4", 100, 0, 1), one(2, "1", 100, 80, 9)], [FOLLOWED, STANDS]),
        ([one(1, "1", 100, 80, 1), one(2, "1", 50, 40, 1)], [STANDS, STANDS]),
        ([one(1, "1", 100, 80, 1), one(2, "1", 100, 80, 1)], [STANDS, STANDS]),
        # Reversed, corrected, and the correction reversed too.
        (
            [
                one(1, "1", 100, 80, 1),
                one(2, "22", -100, -80, 5),
                one(3, "1", 100, 60, 5, "P2"),
                one(4, "22", -100, -60, 9, "P2"),
            ],
            [REVERSED, REVERSAL, REVERSED, REVERSAL],
        ),
    ],
)
def test_the_states_do_not_depend_on_the_order(claims, states):
    expected = {claim.id: state for claim, state in zip(claims, states, strict=True)}
    for order in permutations(claims):
        assert states_of(order) == expected
