"""When did the badges of a case's visits turn?"""

from datetime import UTC, date, datetime, timedelta

from app.casework.rules.linked import Turned, turned
from app.clearance.facts.history import By, Cause, PastVerdict
from app.clearance.facts.reasons import Badge
from tests.support import make

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
ONE, OTHER = make.an_id(1), make.an_id(2)


def shown(visit, badge, hours):
    """A verdict that was replaced some hours after the start."""
    until = AT + timedelta(hours=hours)
    return PastVerdict(visit, AT, until, date(2026, 3, 2), badge, "1", b"", By(next(iter(Cause))))


def test_each_turn_tells_what_it_was_and_what_it_became():
    past = [shown(ONE, Badge.WAITING, 5), shown(OTHER, Badge.BLOCKED, 4), shown(ONE, Badge.BLOCKED, 1)]
    assert turned(past, {ONE: Badge.CLEARED}) == (
        Turned(ONE, AT + timedelta(hours=5), Badge.WAITING, Badge.CLEARED),
        Turned(OTHER, AT + timedelta(hours=4), Badge.BLOCKED, None),
        Turned(ONE, AT + timedelta(hours=1), Badge.BLOCKED, Badge.WAITING),
    )


def test_a_verdict_that_only_changed_its_words_is_no_turn():
    past = [shown(ONE, Badge.CLEARED, 5), shown(ONE, Badge.CLEARED, 1)]
    assert turned(past, {ONE: Badge.CLEARED}) == ()
