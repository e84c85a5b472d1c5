"""Until when a denial can be appealed: by the letter's own day, else by a rule that surely applies, never a guess."""

from collections.abc import Iterable
from datetime import date

from app.casework.facts.denials import EXTERNAL, FIRST, SECOND, Denial, Window
from app.deadlines.facts import AppealLevel
from app.deadlines.rules.legal import appeal_by, appeal_window
from app.policies.facts.clocks import ClockRule
from app.policies.rules.clocks import ClockQuestion

KEPT = {FIRST: 1, SECOND: 2, EXTERNAL: 3}
_RULED = {FIRST: 1, SECOND: 2, EXTERNAL: 2}
"""The level that the rules speak of; of an external review they are found by what they say of the reviewer."""


def name_of(level: AppealLevel) -> str:
    """How a form names a level that is on file."""
    return EXTERNAL if level.external else (FIRST if level.level == 1 else SECOND)


def number_of(name: str) -> int:
    """The number under which a level is kept: 1 and 2 the payer's own, 3 an external review."""
    return KEPT[name]


def window_of(name: str, question: ClockQuestion, clocks: Iterable[ClockRule], denial: Denial | None) -> Window:
    """Find the window of one level against a denial.

    Takes     the level; the denial as a question, `received_on` the day of its notice; the rules; the denial as it was
              recorded, None: only its day is known.
    Returns   the letter's day where it names one for the next appeal; else the day of the rule that surely applies;
              else a window without a day, which a person must read off the letter.
    """
    if denial is not None and denial.appeal_by is not None:
        return Window(name, denial.appeal_by, letter=True)
    found = appeal_window(question, _RULED[name], clocks, name == EXTERNAL)
    if found is None:
        return Window(name, None)
    last = appeal_by(question.received_on, found)
    return Window(name, last, found.basis, sent_on=last is None)


def open_levels(levels: Iterable[AppealLevel], denied_on: date) -> tuple[str, ...]:
    """Name the levels that can be opened against a denial of a day: those that nobody opened against it yet.

    The payer's second level and an external review follow its first: their windows count from its decision.
    """
    known = list(levels)
    against = {name_of(one) for one in known if one.denied_on == denied_on}
    decided = {name_of(one) for one in known if one.decided_on is not None}
    following = (SECOND, EXTERNAL) if FIRST in decided else (FIRST,)
    return tuple(one for one in following if one not in against | decided)
