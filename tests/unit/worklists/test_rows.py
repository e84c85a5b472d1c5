"""What a row of the schedule says of the payer."""

from types import SimpleNamespace

import pytest

from app.schedule.facts import BillTo
from app.worklists.views.rows import payer_words


def visit(*names, bill_to=BillTo.INSURANCE, no_coverage=False):
    """An opened visit as far as its payers are told: one line for each name, None for a line without coverage."""
    lines = [
        SimpleNamespace(
            coverage=None if name is None else SimpleNamespace(payer_name=name), line=SimpleNamespace(bill_to=bill_to)
        )
        for name in names
    ]
    return SimpleNamespace(answer=SimpleNamespace(lines=lines), patient=SimpleNamespace(no_coverage=no_coverage))


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("Original Medicare (Part B, MAC administered)",), "Original Medicare"),
        (("Acme Health", "Acme Health"), "Acme Health"),
        (("Acme Health", "Zenith (PPO) Mutual"), "Acme Health and Zenith (PPO) Mutual"),
        ((None,), "No coverage on file"),
    ],
)
def test_a_list_names_the_payer_without_what_is_added_in_brackets(names, words):
    assert payer_words(visit(*names)) == words


def test_a_line_that_the_patient_pays_says_so():
    assert payer_words(visit(None, bill_to=BillTo.SELF_PAY)) == "Self-pay"
