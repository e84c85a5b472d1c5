"""Windows of appeals come from the letter or from a rule that surely applies, and are never guessed."""

from datetime import date

import pytest

from app.casework.facts.denials import EXTERNAL, FIRST, SECOND, Denial
from app.casework.rules.windows import name_of, number_of, open_levels, window_of
from app.deadlines.facts import AppealLevel
from app.policies.facts.clocks import ClockRule
from app.policies.rules.clocks import ClockQuestion
from app.values.insurance import Known, Line
from tests.support import make

DENIED = date(2026, 3, 2)
RULES = tuple(
    ClockRule.model_validate(one)
    for one in (
        {"id": "own", "title": "Own", "lines": ["commercial"], "window": "180 days", "confidence": "memory",
         "appeal": {"standard": "30 calendar days", "basis": "federal"}},
        {"id": "outside", "title": "Outside", "lines": ["commercial"], "level": "2", "external": "yes",
         "window": "4 months", "confidence": "memory", "appeal": {"standard": "45 calendar days", "basis": "federal"}},
        {"id": "plan", "title": "Plan", "lines": ["medicare_advantage"], "level": "2", "external": "yes",
         "confidence": "memory"},
    )
)  # fmt: skip


def asked(line: Line | None = Line.COMMERCIAL) -> ClockQuestion:
    """Make the denial of a request of one line."""
    return ClockQuestion(DENIED, "America/New_York", line, drug=Known.NO, codes=("96910",))


def a_denial(appeal_by: date | None = None) -> Denial:
    """Make a denial whose letter names a last day, or none."""
    return Denial(
        make.an_id(1), make.an_id(2), make.an_id(3), DENIED, "Words.", make.NOW, None, appeal_by=appeal_by
    )  # fmt: skip


def level(number: int = 1, *, external: bool = False, decided: bool = True, denied_on: date = DENIED) -> AppealLevel:
    """Make a level that was filed, and decided unless said otherwise."""
    day = date(2026, 3, 20)
    return AppealLevel(make.an_id(number), number, denied_on, day, day, day if decided else None, external)


@pytest.mark.parametrize(
    ("name", "line", "last"),
    [
        (FIRST, Line.COMMERCIAL, date(2026, 8, 29)),
        (SECOND, Line.COMMERCIAL, None),  # no rule: the external one is of another kind
        (EXTERNAL, Line.COMMERCIAL, date(2026, 7, 2)),
        (FIRST, None, None),
        (EXTERNAL, None, None),
        (FIRST, Line.TRICARE, None),
    ],
)
def test_a_rule_names_the_last_day_only_where_it_surely_applies(name, line, last):
    assert window_of(name, asked(line), RULES, a_denial()).last == last


def test_the_letters_day_goes_before_every_rule():
    window = window_of(FIRST, asked(), RULES, a_denial(date(2026, 4, 1)))
    assert (window.last, window.letter, window.basis) == (date(2026, 4, 1), True, None)


def test_what_the_plan_sends_on_by_itself_is_not_to_be_filed():
    window = window_of(EXTERNAL, asked(Line.MEDICARE_ADVANTAGE), RULES, a_denial())
    assert (window.last, window.sent_on) == (None, True)


@pytest.mark.parametrize(
    ("levels", "open_ones"),
    [
        ((), (FIRST,)),
        ((level(decided=False),), ()),
        ((level(denied_on=date(2026, 1, 2)),), (SECOND, EXTERNAL)),
        ((level(denied_on=date(2026, 1, 2)), level(2, decided=False)), (EXTERNAL,)),
        ((level(denied_on=date(2026, 1, 2)), level(2, external=True, denied_on=date(2026, 2, 2))), (SECOND,)),
    ],
)
def test_levels_follow_each_other(levels, open_ones):
    assert open_levels(levels, DENIED) == open_ones


def test_an_external_review_stands_after_the_payers_own_levels():
    assert [number_of(one) for one in (FIRST, SECOND, EXTERNAL)] == [1, 2, 3]
    assert [name_of(one) for one in (level(1), level(2), level(3, external=True))] == [FIRST, SECOND, EXTERNAL]
