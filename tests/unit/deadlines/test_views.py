"""Deadlines in words: every reason, basis and clearing has them, and they say what stands."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.deadlines import views
from app.deadlines.facts import Basis, BasisKind, Clears, Count, Reason
from app.deadlines.rules.ends import approval_ends, renewal_due
from app.deadlines.rules.making import deadline
from app.deadlines.rules.owed import Waiting, answer_owed
from app.deadlines.rules.practice_wide import SiteDay, tomorrow
from app.deadlines.rules.units import units_low
from app.policies.facts.answers import Confidence
from tests.unit.deadlines.support import CHICAGO, about, approval, at

END = date(2026, 12, 11)
COUNTS = {"units_left": 1, "units_total": 2, "units_booked": 3, "lead_days": 30, "count": 2, "rules": 3, "memory": 1}
DUES = [
    {"due_on": END},
    {"due_at": datetime(2026, 12, 11, 22, tzinfo=UTC)},
    {},
]


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("due", DUES, ids=["day", "instant", "none"])
def test_every_reason_has_a_title_and_a_sentence(reason: Reason, due: dict[str, object]) -> None:
    if not due and reason in (Reason.APPROVAL_ENDS, Reason.RENEWAL_DUE, Reason.PEER_TO_PEER, Reason.APPEAL):
        due = {"due_on": END}  # these are never without one
    if not due and reason in (Reason.IMPORT_STALE,):
        due = DUES[1]
    if reason is Reason.RENEWAL_DUE:
        due = {"due_on": END}
    one = deadline(about(), reason, Clears.SEEN, Basis(BasisKind.PAYER), (), counts=COUNTS, **due)  # type: ignore[arg-type]
    for now in (at(date(2026, 11, 27)), at(END), at(date(2026, 12, 30))):
        words = views.deadline_words(one, now)
        assert words.title and words.title[0].isupper() and not words.title.endswith(".")
        assert words.sentence.endswith(".") and "  " not in words.sentence


def test_every_reason_clearing_and_basis_has_its_own_words() -> None:
    assert set(views.TITLES) == set(Reason)
    assert len(set(views.TITLES.values())) == len(Reason)
    assert set(views.CLEARS) == set(Clears)
    assert len(set(views.CLEARS.values())) == len(Clears)
    for kind in BasisKind:
        assert views.basis_words(Basis(kind)).endswith(".")


def _ends(now: datetime, visits: int = 3) -> str:
    found = approval_ends(approval(END, visits_after=visits, last_after=date(2026, 12, 30) if visits else None), now)
    assert found is not None
    return views.sentence(found, now)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 27), "Ends Fri 12/11/2026, in 14 days."),
        (date(2026, 12, 10), "Ends Fri 12/11/2026, in 1 day."),
        (END, "Ends Fri 12/11/2026, today."),
        (date(2026, 12, 12), "Ended Fri 12/11/2026, 1 day ago."),
    ],
)
def test_an_end_is_told_by_its_day_and_how_far_off_it_is(day: date, said: str) -> None:
    assert _ends(at(day)) == f"{said} 3 booked visits fall after it."


def test_a_count_of_one_and_of_none_have_their_own_words() -> None:
    assert _ends(at(END), 1).endswith("1 booked visit falls after it.")
    assert _ends(at(END), 0).endswith("No booked visit falls after it.")


def test_a_renewal_names_the_day_to_ask_and_why() -> None:
    now = at(date(2026, 11, 2))
    short = Count(36, 30, 8, first_short=date(2026, 12, 9), run_out=date(2026, 12, 7))
    by_end, by_units = renewal_due(approval(END), now), renewal_due(approval(END, counts=(short,)), now)
    assert by_end is not None and by_units is not None
    assert views.sentence(by_end, now) == (
        "Ask the payer from Wed 11/11/2026 on (in 9 days): 30 days before it ends on Fri 12/11/2026."
    )
    assert "30 days before the units run out on Mon 12/07/2026." in views.sentence(by_units, now)


def test_units_name_the_first_visit_that_is_not_covered() -> None:
    now = at(date(2026, 11, 2))
    short = units_low(approval(END, counts=(Count(36, 31, 7, first_short=date(2026, 12, 9)),)), now)
    last = units_low(approval(END, counts=(Count(36, 31, 5, run_out=date(2026, 12, 9)),)), now)
    assert short is not None and last is not None
    assert views.sentence(short, now) == (
        "5 of 36 left, and 7 are booked. The visit on Wed 12/09/2026 is the first that it does not cover."
    )
    assert views.sentence(last, now).endswith("The visit on Wed 12/09/2026 takes the last.")


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (50, "in 2 days"),
        (47, "in 47 hours"),
        (1, "in 1 hour"),
        (0.5, "in less than an hour"),
        (-3, "3 hours ago"),
        (-49, "2 days ago"),
    ],
)
def test_an_instant_is_told_with_its_zone_and_in_hours_below_48(hours: float, said: str) -> None:
    due = datetime(2026, 12, 3, 23, tzinfo=UTC)
    one = answer_owed(Waiting(about(CHICAGO), END, Basis(BasisKind.FEDERAL), due_at=due))
    words = views.sentence(one, due - timedelta(hours=hours))
    assert f"due Thu 12/03/2026 5:00 PM CT, {said}." in words
    assert words.startswith("The payer's answer was" if hours < 0 else "The payer's answer is")


def test_summer_and_winter_have_the_same_letters_and_zones_without_letters_their_own() -> None:
    for zone, month, letters in (
        (CHICAGO, 7, "CT"),
        (CHICAGO, 12, "CT"),
        ("America/Anchorage", 12, "AKST"),
        ("Pacific/Honolulu", 7, "HST"),
    ):
        assert views.zone_letters(at(date(2026, month, 1), 9, zone)) == letters


def test_tomorrow_keeps_our_work_apart_from_the_payers() -> None:
    day = SiteDay(about(CHICAGO), END, 9, 2, 1, first_at=at(END, 9, CHICAGO))
    found = tomorrow(day, at(date(2026, 12, 10), 16))
    assert found is not None
    assert views.sentence(found, at(date(2026, 12, 10), 16)) == (
        "2 visits need your work and 1 visit waits for the payer, of 9 booked. "
        "The first begins Fri 12/11/2026 9:00 AM CT."
    )


def test_what_nobody_waits_for_is_not_counted() -> None:
    day = SiteDay(about(CHICAGO), END, 9, 1, 0)
    found = tomorrow(day, at(date(2026, 12, 10), 16))
    assert found is not None
    assert views.sentence(found, at(date(2026, 12, 10), 16)) == "1 visit needs your work, of 9 booked."


def test_the_basis_says_what_is_the_payers_where_it_is_no_day() -> None:
    payers = Basis(BasisKind.PAYER)
    assert views.basis_words(payers, Reason.RENEWAL_DUE) == "The payer's own lead time."
    assert views.basis_words(payers, Reason.APPEAL) == "The payer's own day."
    assert views.basis_words(Basis(BasisKind.PRACTICE), Reason.RENEWAL_DUE) == "The practice's own notice."
    assert views.basis_words(Basis(BasisKind.FEDERAL, words="A rule."), Reason.RENEWAL_DUE) == "A rule."


def test_what_is_from_memory_says_so() -> None:
    basis = Basis(BasisKind.PAYER, confidence=Confidence.MEMORY)
    assert views.basis_words(basis) == "The payer's own day. From memory, to verify."
