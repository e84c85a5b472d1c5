"""Clocks of a whole practice: tomorrow's visits, coverage, the last import, old rules; and decisions to be seen."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.deadlines.facts import AT_ONCE, Clears, SubjectKind
from app.deadlines.rules.calendar import is_business_day
from app.deadlines.rules.events import approved, denied
from app.deadlines.rules.practice_wide import (
    SiteDay,
    coverage_changed,
    eligibility_stale,
    eligibility_unanswered,
    import_stale,
    rules_unverified,
    tomorrow,
)
from app.deadlines.rules.steps import is_urgent
from tests.unit.deadlines.support import CHICAGO, HONOLULU, NEW_YORK, ZONES, about, at, names, stands

MONDAY = date(2026, 12, 7)
FRIDAY = date(2026, 12, 4)


def _day(day: date = MONDAY, zone: str = CHICAGO, **counts: object) -> SiteDay:
    facts = {"total": 9, "blocked": 2, "waiting": 1, "at_risk": 1} | counts
    return SiteDay(about(zone), day, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (at(FRIDAY, 14, CHICAGO, 59), None),
        (at(FRIDAY, 15, CHICAGO), "day-before"),
        (at(date(2026, 12, 6), 12, CHICAGO), "day-before"),
        (at(MONDAY, 6, CHICAGO, 59), "day-before"),
        (at(MONDAY, 7, CHICAGO), "morning"),
        (at(MONDAY, 23, CHICAGO, 59), "morning"),
    ],
)
def test_mondays_visits_are_told_on_friday_at_three_and_on_monday_at_seven(now: datetime, told: str | None) -> None:
    assert stands(tomorrow(_day(), now), now) == (f"2026-12-07-{told}" if told else None)


def test_work_of_ours_is_counted_apart_from_waiting_for_the_payer() -> None:
    found = tomorrow(_day(first_at=at(MONDAY, 9, CHICAGO)), at(FRIDAY, 12))
    assert found is not None
    assert found.counts == {"blocked": 2, "waiting": 1, "at_risk": 1, "total": 9}
    assert (found.due_at, found.due_on, found.clears) == (at(MONDAY, 9, CHICAGO), None, Clears.VISITS_CLEARED)
    assert (found.subject.kind, found.subject.key) == (SubjectKind.SITE_DAY, f"{about().id.hex}:2026-12-07")


@pytest.mark.parametrize(
    ("blocked", "waiting", "at_risk", "told"), [(0, 0, 0, False), (0, 0, 3, False), (0, 1, 0, True), (1, 0, 0, True)]
)
def test_it_is_gone_when_every_visit_may_go_ahead(blocked: int, waiting: int, at_risk: int, *, told: bool) -> None:
    day = _day(blocked=blocked, waiting=waiting, at_risk=at_risk)
    assert (tomorrow(day, at(FRIDAY, 16)) is not None) is told


def test_only_visits_that_need_our_work_may_break_through_once_they_are_told() -> None:
    first = at(MONDAY, 9, CHICAGO)
    ours, theirs = _day(first_at=first), _day(blocked=0, first_at=first)
    found, waiting = tomorrow(ours, at(FRIDAY, 12)), tomorrow(theirs, at(FRIDAY, 12))
    assert found is not None and waiting is not None
    assert not is_urgent(found, at(FRIDAY, 14, CHICAGO))
    assert is_urgent(found, at(FRIDAY, 15, CHICAGO))
    assert not is_urgent(found, first)
    assert not is_urgent(waiting, at(FRIDAY, 15, CHICAGO))


def test_a_day_that_is_over_is_told_no_more() -> None:
    assert tomorrow(_day(), at(MONDAY, 23, CHICAGO, 59)) is not None
    assert tomorrow(_day(), at(date(2026, 12, 8), 0, CHICAGO)) is None
    assert eligibility_stale(_day(unchecked=1), at(date(2026, 12, 8), 0, CHICAGO)) is None


@given(some.dates(date(2024, 1, 5), date(2032, 12, 31)), some.sampled_from(ZONES))
def test_in_every_zone_it_is_three_on_the_last_business_day_and_seven_on_the_day(day: date, zone: str) -> None:
    found = tomorrow(_day(day, zone), at(day - timedelta(days=10), 0, zone))
    assert found is not None
    before, morning = (step.tell_at.astimezone(ZoneInfo(zone)) for step in found.steps)
    assert (before.hour, before.minute, morning.hour, morning.date()) == (15, 0, 7, day)
    assert before.date() < day
    assert is_business_day(before.date())
    between = (before.date() + timedelta(days=n) for n in range(1, (day - before.date()).days))
    assert not any(map(is_business_day, between))


def test_unchecked_eligibility_is_told_on_the_morning_of_the_last_business_day_before() -> None:
    found = eligibility_stale(_day(unchecked=3), at(FRIDAY, 12))
    assert found is not None
    assert [(step.name, step.tell_at) for step in found.steps] == [
        ("2026-12-07-check", datetime(2026, 12, 4, 14, tzinfo=UTC))
    ]
    assert (found.counts["count"], found.due_on, found.clears) == (3, MONDAY, Clears.CHECKED)
    assert eligibility_stale(_day(unchecked=0), at(FRIDAY, 12)) is None


def test_changed_coverage_is_told_once_for_each_day_on_which_one_changed() -> None:
    now = at(FRIDAY, 12)
    one = coverage_changed(about(), 3, MONDAY, FRIDAY, now)
    other = coverage_changed(about(), 2, MONDAY, FRIDAY, now)
    later = coverage_changed(about(), 4, MONDAY, date(2026, 12, 5), now)
    assert names(one) == names(other) == ["2026-12-04-changed"]
    assert names(later) == ["2026-12-05-changed"]
    assert one is not None
    assert (one.counts, one.due_on) == ({"count": 3}, MONDAY)
    assert coverage_changed(about(), 0, MONDAY, FRIDAY, now) is None


@pytest.mark.parametrize(
    ("imported", "due"),
    [
        (at(FRIDAY, 8), at(MONDAY, 10)),
        (at(date(2026, 12, 5), 9), at(date(2026, 12, 8), 2)),
        (at(MONDAY, 8), at(date(2026, 12, 8), 10)),
        (at(date(2026, 12, 24), 8), at(date(2026, 12, 28), 10)),
        (at(date(2026, 3, 6), 8), at(date(2026, 3, 9), 10)),
        (at(date(2026, 10, 30), 8), at(date(2026, 11, 2), 10)),
    ],
    ids=["over a weekend", "on a saturday", "on a monday", "over christmas", "clocks forward", "clocks back"],
)
def test_an_import_is_stale_after_26_hours_of_business_days(imported: datetime, due: datetime) -> None:
    found = import_stale(about(), imported.astimezone(UTC))
    assert found is not None
    assert found.due_at == due
    assert stands(found, due - timedelta(seconds=1)) is None
    assert (stands(found, due) or "").endswith("-26h")


def test_nothing_is_stale_before_the_first_import_and_a_new_one_makes_other_steps() -> None:
    assert import_stale(about(), None) is None
    one, other = import_stale(about(), at(FRIDAY, 8)), import_stale(about(), at(MONDAY, 8))
    assert not set(names(one)) & set(names(other))


@given(some.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 31)), some.sampled_from(ZONES))
def test_stale_is_told_on_business_days_only(moment: datetime, zone: str) -> None:
    imported = moment.replace(tzinfo=UTC)
    found = import_stale(about(zone), imported)
    assert found is not None and found.due_at is not None
    assert found.due_at - imported >= timedelta(hours=26)
    last = (found.due_at - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()
    assert is_business_day(last)


def test_rules_are_told_once_a_month_and_those_from_memory_once() -> None:
    old = rules_unverified(about(), "a-payer", 4, 2, date(2026, 12, 4))
    again = rules_unverified(about(), "a-payer", 5, 2, date(2026, 12, 20))
    assert names(old) == names(again) == ["2026-12-old"]
    memory = rules_unverified(about(), "a-payer", 0, 2, None)
    assert memory is not None and old is not None
    assert [(step.name, step.tell_at) for step in memory.steps] == [("never-read", AT_ONCE)]
    assert (old.counts, old.subject.key) == ({"rules": 6, "memory": 2}, "a-payer")
    assert rules_unverified(about(), "a-payer", 0, 0, None) is None


LEARNED = datetime(2026, 12, 4, 15, tzinfo=UTC)


def test_a_decision_is_told_when_we_learned_of_it_and_is_no_news_after_thirty_days() -> None:
    for make_one in (
        lambda now: denied(about(), LEARNED, MONDAY, now),
        lambda now: approved(about(), LEARNED, MONDAY, 3, now),
    ):
        found = make_one(LEARNED)
        assert found is not None
        assert (found.steps[0].tell_at, found.due_on, found.clears) == (LEARNED, MONDAY, Clears.SEEN)
        assert make_one(LEARNED + timedelta(days=30, seconds=-1)) is not None
        assert make_one(LEARNED + timedelta(days=30)) is None


def test_a_second_denial_is_another_step() -> None:
    one = denied(about(NEW_YORK), LEARNED, None, LEARNED)
    other = denied(about(HONOLULU), LEARNED + timedelta(hours=1), None, LEARNED)
    assert not set(names(one)) & set(names(other))


def test_plans_without_an_answer_are_told_at_noon_before_and_at_seven_on_the_day() -> None:
    found = eligibility_unanswered(_day(unanswered=2), at(FRIDAY, 12))
    assert found is not None
    assert [(step.name, step.tell_at) for step in found.steps] == [
        ("2026-12-07-unanswered", datetime(2026, 12, 4, 18, tzinfo=UTC)),
        ("2026-12-07-unanswered-morning", datetime(2026, 12, 7, 13, tzinfo=UTC)),
    ]
    assert (found.counts["count"], found.due_on, found.clears) == (2, MONDAY, Clears.CHECKED)
    assert eligibility_unanswered(_day(unanswered=0), at(FRIDAY, 12)) is None
    assert eligibility_unanswered(_day(unanswered=2), at(date(2026, 12, 8), 0, CHICAGO)) is None
