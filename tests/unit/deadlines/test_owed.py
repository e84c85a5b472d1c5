"""What is owed on a case: the payer's answer; information, calls and appeals by us."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.deadlines.facts import (
    AT_ONCE,
    AppealLevel,
    Basis,
    BasisKind,
    Clears,
    Information,
    PeerToPeer,
)
from app.deadlines.rules.calendar import is_business_day
from app.deadlines.rules.owed import Waiting, answer_owed, appeal_window, information_owed, peer_to_peer
from app.deadlines.rules.steps import is_urgent, now_step
from tests.support import make
from tests.unit.deadlines.support import HONOLULU, ZONES, about, at, names, stands

LAW, TARGET = Basis(BasisKind.FEDERAL, "a-rule"), Basis(BasisKind.TARGET)
DUE = date(2026, 12, 11)  # a Friday
ASKED = datetime(2026, 12, 1, 15, tzinfo=UTC)


def _waiting(basis: Basis = LAW, **facts: object) -> Waiting:
    return Waiting(about(), date(2026, 12, 4), basis, **facts)  # type: ignore[arg-type]


def test_a_limit_of_the_law_is_missed_only_once_its_whole_last_day_is_over() -> None:
    owed = answer_owed(_waiting(due_on=DUE))
    assert stands(owed, at(DUE, 23, minute=59)) is None
    assert stands(owed, at(date(2026, 12, 12), 0)) == "2026-12-11-missed"
    assert owed.clears is Clears.ANSWERED


def test_after_the_limit_it_is_told_again_on_business_days() -> None:
    owed = answer_owed(_waiting(due_on=DUE))
    told = [(step.name.removeprefix("2026-12-11-"), step.tell_at.date()) for step in owed.steps[1:]]
    assert told == [
        ("chase-2b", date(2026, 12, 15)),
        ("chase-5b", date(2026, 12, 18)),
        ("chase-10b", date(2026, 12, 28)),  # Christmas is no business day
    ]


def test_a_limit_in_hours_is_missed_at_its_instant() -> None:
    owed = answer_owed(_waiting(due_at=ASKED))
    assert names(owed)[0] == "2026-12-01T10:00-0500-missed"
    assert stands(owed, ASKED - timedelta(seconds=1)) is None
    assert stands(owed, ASKED) == "2026-12-01T10:00-0500-missed"


def test_a_target_is_over_and_not_missed() -> None:
    assert names(answer_owed(_waiting(TARGET, due_on=DUE)))[0] == "2026-12-11-over"


def test_without_limit_and_target_the_payer_is_asked_again_after_business_days() -> None:
    owed = answer_owed(_waiting(TARGET))
    assert names(owed) == [f"2026-12-04-no-limit-chase-{days}b" for days in (5, 10, 20)]
    assert (owed.due_on, owed.due_at) == (None, None)


def test_a_request_without_a_known_receipt_is_told_at_once() -> None:
    owed = answer_owed(Waiting(about(), None, TARGET))
    assert [(step.name, step.tell_at) for step in owed.steps] == [("no-receipt", AT_ONCE)]


@given(some.dates(date(2024, 1, 1), date(2032, 12, 31)), some.sampled_from(ZONES))
def test_chasing_falls_on_business_days_at_eight_in_every_zone(due: date, zone: str) -> None:
    owed = answer_owed(Waiting(about(zone), due, LAW, due_on=due))
    for step in owed.steps[1:]:
        local = step.tell_at.astimezone(ZoneInfo(zone))
        assert is_business_day(local.date())
        assert local.hour == 8
    assert [step.tell_at for step in owed.steps] == sorted(step.tell_at for step in owed.steps)


def _asked(number: int = 1, **facts: object) -> Information:
    return Information(make.an_id(number), ASKED, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "step"),
    [
        (ASKED, None),
        (datetime(2026, 12, 6, 14, 59, tzinfo=UTC), None),
        (datetime(2026, 12, 6, 15, tzinfo=UTC), "half"),
        (datetime(2026, 12, 10, 14, 59, tzinfo=UTC), "half"),
        (datetime(2026, 12, 10, 15, tzinfo=UTC), "24h"),
        (datetime(2026, 12, 11, 14, 59, tzinfo=UTC), "24h"),
        (datetime(2026, 12, 11, 15, tzinfo=UTC), "overdue"),
        (datetime(2027, 12, 11, 15, tzinfo=UTC), "overdue"),
    ],
)
def test_information_is_told_at_half_time_a_day_before_and_when_overdue(now: datetime, step: str | None) -> None:
    owed = information_owed(about(), [_asked(due_at=datetime(2026, 12, 11, 15, tzinfo=UTC))])
    assert stands(owed, now) == (f"2026-12-11T10:00-0500-{step}" if step else None)


def test_information_due_on_a_day_has_that_whole_day() -> None:
    owed = information_owed(about(), [_asked(due_on=DUE)])
    assert stands(owed, at(DUE, 23, minute=59)) == "2026-12-11-24h"
    assert stands(owed, at(date(2026, 12, 12), 0)) == "2026-12-11-overdue"


def test_information_within_its_last_day_may_break_through_and_before_not() -> None:
    owed = information_owed(about(), [_asked(due_on=DUE)])
    assert owed is not None
    assert not is_urgent(owed, at(date(2026, 12, 10), 23, minute=59))
    assert is_urgent(owed, at(DUE, 0))
    assert not is_urgent(owed, at(date(2026, 12, 12), 0))


def test_of_several_open_requests_the_first_is_due_and_all_are_told() -> None:
    late, soon, sent = _asked(1, due_on=date(2026, 12, 20)), _asked(2, due_on=DUE), _asked(3, answered_at=ASKED)
    owed = information_owed(about(), [late, sent, soon])
    assert owed is not None
    assert owed.due_on == DUE
    assert {"2026-12-11-overdue", "2026-12-20-half"} <= set(names(owed))


def test_a_request_without_a_day_is_told_at_once_and_again() -> None:
    owed = information_owed(about(), [_asked()])
    assert names(owed) == ["2026-12-01-asked", *(f"2026-12-01-asked-chase-{days}b" for days in (2, 5, 10))]
    assert stands(owed, ASKED) == "2026-12-01-asked"


def test_one_with_a_day_is_due_before_one_without() -> None:
    owed = information_owed(about(), [_asked(1), _asked(2, due_on=DUE)])
    assert owed is not None
    assert owed.due_on == DUE


@pytest.mark.parametrize("requests", [[], [_asked(answered_at=ASKED)]], ids=["none", "answered"])
def test_nothing_is_owed(requests: list[Information]) -> None:
    assert information_owed(about(), requests) is None


CLOSES = datetime(2026, 12, 4, 22, tzinfo=UTC)


def test_an_offered_call_is_told_at_once_and_a_day_before_it_closes() -> None:
    call = PeerToPeer(make.an_id(9), ASKED, CLOSES)
    found = peer_to_peer(about(), [call], ASKED)
    assert found is not None
    assert [(step.name[-7:], step.tell_at) for step in found.steps] == [
        ("offered", ASKED),
        ("500-24h", CLOSES - timedelta(hours=24)),
    ]
    assert (found.due_at, found.again_at, found.clears) == (CLOSES, CLOSES, Clears.CALL_HELD)
    assert is_urgent(found, CLOSES - timedelta(hours=24))
    assert not is_urgent(found, CLOSES - timedelta(hours=25))


def test_a_call_of_less_than_a_day_is_told_once() -> None:
    found = peer_to_peer(about(), [PeerToPeer(make.an_id(9), ASKED, ASKED + timedelta(hours=20))], ASKED)
    assert len(names(found)) == 1


def test_a_held_or_closed_call_is_no_deadline() -> None:
    assert peer_to_peer(about(), [PeerToPeer(make.an_id(9), ASKED, CLOSES, ASKED)], ASKED) is None
    assert peer_to_peer(about(), [PeerToPeer(make.an_id(9), ASKED, CLOSES)], CLOSES) is None
    assert peer_to_peer(about(), [PeerToPeer(make.an_id(9), ASKED, CLOSES)], CLOSES - timedelta(seconds=1)) is not None


def _level(number: int, ends: date, **facts: object) -> AppealLevel:
    return AppealLevel(make.an_id(number), number, date(2026, 6, 1), ends, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ahead", "hour", "told"),
    [
        (31, 12, None), (30, 7, None), (30, 8, "30d"), (8, 12, "30d"), (7, 8, "7d"), (2, 8, "2d"), (0, 23, "2d"),
    ],
)  # fmt: skip
def test_an_appeal_is_told_thirty_seven_and_two_days_before(ahead: int, hour: int, told: str | None) -> None:
    now = at(DUE - timedelta(days=ahead), hour)
    found = stands(appeal_window(about(), [_level(1, DUE)], now), now)
    assert found == (f"2026-12-11-level-1-{told}" if told else None)


def test_a_window_is_open_through_its_last_day_in_the_zone() -> None:
    level = [_level(1, DUE)]
    last = datetime(2026, 12, 12, 9, 59, tzinfo=UTC)
    assert appeal_window(about(HONOLULU), level, last) is not None
    assert appeal_window(about(HONOLULU), level, last + timedelta(minutes=1)) is None


def test_each_level_has_its_own_window() -> None:
    filed = _level(1, DUE, filed_on=date(2026, 7, 1), decided_on=date(2026, 8, 1))
    second = AppealLevel(make.an_id(2), 2, date(2026, 8, 1), date(2026, 12, 30))
    third = AppealLevel(make.an_id(3), 3, date(2026, 8, 1), date(2027, 2, 1))
    now = at(date(2026, 9, 1))
    found = appeal_window(about(), [filed, third, second], now)
    assert found is not None
    assert (found.due_on, found.counts["level"]) == (date(2026, 12, 30), 2)
    assert {"2026-12-30-level-2-7d", "2027-02-01-level-3-30d"} <= set(names(found))
    assert not any("level-1" in name for name in names(found))
    assert appeal_window(about(), [filed], now) is None
    assert appeal_window(about(), [_level(1, DUE, filed_on=date(2026, 7, 1))], now) is None


@given(some.dates(date(2024, 2, 1), date(2032, 12, 31)), some.sampled_from(ZONES))
def test_steps_of_an_appeal_lie_on_their_local_days(end: date, zone: str) -> None:
    found = appeal_window(about(zone), [_level(1, end)], at(end, 0, zone))
    assert found is not None
    days = [(end - step.tell_at.astimezone(ZoneInfo(zone)).date()).days for step in found.steps]
    assert days == [30, 7, 2]
    assert now_step(found, at(end, 23, zone)) == found.steps[-1]
