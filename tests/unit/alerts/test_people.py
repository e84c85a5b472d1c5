"""By which way, when not, who covers, who is on call: truth tables, and properties against a slow second opinion."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.alerts.facts.outbox import Way
from app.alerts.facts.people import Absence, Duty, Person
from app.alerts.rules.people import (
    BREAKS_THROUGH,
    CLOCKS,
    DEFAULT_STEPS,
    DEFAULT_WAYS,
    cover_of,
    may_tell_at,
    next_digest,
    on_call_at,
    own_step,
    thresholds,
    ways_of,
)
from app.deadlines.facts import Reason
from app.practice.facts.staff import Role
from app.values.spans import DateSpan
from tests.support import make

NEW_YORK = "America/New_York"
ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
)
BELL, EMAIL, SMS = Way.BELL, Way.EMAIL, Way.SMS


def person(number: int = 1, *roles: Role, **others: object) -> Person:
    """Make a person with a number on file."""
    made = Person(make.an_id(number), f"Person {number}", f"p{number}@example.test", frozenset(roles), NEW_YORK)
    return replace(made, **{"phone": "+12125550100", **others})


def local(text: str, zone: str = NEW_YORK, fold: int = 0) -> datetime:
    """Read a local time as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("roles", "reason", "ways"),
    [
        ((Role.COORDINATOR,), Reason.APPEAL, {BELL, EMAIL, SMS}),
        ((Role.COORDINATOR,), Reason.APPROVAL_ENDS, {BELL, EMAIL}),
        ((Role.COORDINATOR,), Reason.APPROVED, {BELL}),
        ((Role.COORDINATOR,), Reason.JOB_LATE, {BELL}),
        ((Role.MANAGER,), Reason.APPEAL, {BELL, EMAIL}),
        ((Role.MANAGER,), Reason.JOB_LATE, {BELL, EMAIL, SMS}),
        ((Role.MANAGER,), Reason.APPROVAL_ENDS, {BELL}),
        ((Role.PROVIDER,), Reason.PEER_TO_PEER, {BELL, EMAIL, SMS}),
        ((Role.PROVIDER,), Reason.APPEAL, {BELL}),
        ((Role.SCHEDULER,), Reason.TOMORROW, {BELL, EMAIL}),
        ((Role.BILLER,), Reason.DENIED, {BELL, EMAIL}),
        ((Role.ADMINISTRATOR,), Reason.UNDELIVERED, {BELL, EMAIL}),
        ((Role.MANAGER, Role.PROVIDER), Reason.PEER_TO_PEER, {BELL, EMAIL, SMS}),
        ((), Reason.APPEAL, {BELL}),
    ],
)
def test_the_ways_that_come_with_a_role(roles, reason, ways):
    assert ways_of(person(1, *roles), reason) == ways


def test_every_role_has_defaults_and_hears_of_everything_at_the_bell():
    assert set(DEFAULT_WAYS) == set(Role)
    assert all(BELL in ways_of(person(1, role), reason) for role in Role for reason in Reason)


def test_what_a_person_chose_replaces_the_defaults_but_never_the_bell():
    chosen = person(1, Role.COORDINATOR, ways={Reason.APPEAL: frozenset(), Reason.APPROVED: frozenset({SMS})})
    assert ways_of(chosen, Reason.APPEAL) == {BELL}
    assert ways_of(chosen, Reason.APPROVED) == {BELL, SMS}
    assert ways_of(chosen, Reason.PEER_TO_PEER) == {BELL, EMAIL, SMS}


def test_a_default_text_needs_a_number_and_a_chosen_one_without_it_is_left_to_be_found():
    without = person(1, Role.COORDINATOR, phone=None)
    assert ways_of(without, Reason.APPEAL) == {BELL, EMAIL}
    chosen = replace(without, ways={Reason.APPEAL: frozenset({SMS})})
    assert ways_of(chosen, Reason.APPEAL) == {BELL, SMS}


def test_who_ended_texts_gets_mail_instead():
    chosen = person(1, ways={Reason.APPEAL: frozenset({SMS})}, stopped=True)
    assert ways_of(chosen, Reason.APPEAL) == {BELL, EMAIL}
    assert ways_of(person(1, Role.BILLER, stopped=True), Reason.APPROVED) == {BELL}


def test_steps_are_those_chosen_or_those_that_come_with_the_program():
    assert thresholds(person(), Reason.APPROVAL_ENDS) == (60, 30, 14, 7, 1)
    assert thresholds(person(thresholds={Reason.APPROVAL_ENDS: (7, 30)}), Reason.APPROVAL_ENDS) == (30, 7)
    assert thresholds(person(), Reason.UNITS_LOW) == ()


@pytest.mark.parametrize(
    ("chosen", "reached", "own"),
    [
        ((30, 7), "2026-12-11-60d", None),
        ((30, 7), "2026-12-11-30d", "2026-12-11-30d"),
        ((30, 7), "2026-12-11-14d", "2026-12-11-30d"),
        ((30, 7), "2026-12-11-7d", "2026-12-11-7d"),
        ((30, 7), "2026-12-11-1d", "2026-12-11-7d"),
        ((), "2026-12-11-14d", "2026-12-11-14d"),
        ((30, 7), "2026-12-11-24h", "2026-12-11-24h"),
        ((60, 30, 14, 7, 1), "2026-12-11-45d", "2026-12-11-45d"),
    ],
)
def test_the_step_that_stands_for_a_person(chosen, reached, own):
    one = person(thresholds={Reason.APPROVAL_ENDS: chosen} if chosen else {})
    assert own_step(one, Reason.APPROVAL_ENDS, reached) == own


@given(st.sets(st.sampled_from(DEFAULT_STEPS[Reason.APPROVAL_ENDS]), min_size=1))
def test_each_chosen_step_is_told_once_on_its_day_whatever_the_others(chosen):
    one = person(thresholds={Reason.APPROVAL_ENDS: tuple(chosen)})
    told = [own_step(one, Reason.APPROVAL_ENDS, f"x-{days}d") for days in DEFAULT_STEPS[Reason.APPROVAL_ENDS]]
    assert list(dict.fromkeys(step for step in told if step)) == [f"x-{days}d" for days in sorted(chosen, reverse=True)]
    assert all(own_step(one, Reason.APPROVAL_ENDS, f"x-{days}d") == f"x-{days}d" for days in chosen)


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("2026-03-02T10:00", "2026-03-02T10:00"),  # Monday
        ("2026-03-02T18:59:59", "2026-03-02T18:59:59"),
        ("2026-03-02T19:00", "2026-03-03T07:00"),
        ("2026-03-03T06:59:59", "2026-03-03T07:00"),
        ("2026-03-03T07:00", "2026-03-03T07:00"),
        ("2026-03-06T19:00", "2026-03-09T07:00"),  # Friday evening, over the change of the clock on Sunday
        ("2026-03-07T12:00", "2026-03-09T07:00"),
        ("2026-10-31T12:00", "2026-11-02T07:00"),  # Saturday, over the change back on Sunday
    ],
)
def test_quiet_hours_and_weekends(now, told):
    assert may_tell_at(person(), Reason.APPEAL, False, local(now)) == local(told)


@pytest.mark.parametrize(
    ("others", "now", "told"),
    [
        ({"quiet_weekends": False}, "2026-03-07T12:00", "2026-03-07T12:00"),
        ({"quiet_from": time(12), "quiet_until": time(13)}, "2026-03-02T12:30", "2026-03-02T13:00"),
        ({"quiet_from": time(12), "quiet_until": time(13)}, "2026-03-02T23:00", "2026-03-02T23:00"),
        ({"quiet_from": time(8), "quiet_until": time(8)}, "2026-03-02T03:00", "2026-03-02T03:00"),
        ({"zone": "Pacific/Honolulu"}, "2026-03-02T10:00", "2026-03-02T12:00"),
    ],
)
def test_a_person_has_quiet_hours_of_their_own(others, now, told):
    assert may_tell_at(person(**others), Reason.APPEAL, False, local(now)) == local(told)


def test_a_time_that_clocks_skip_ends_quiet_when_the_clocks_have_gone_forward():
    one = person(quiet_from=time(22), quiet_until=time(2, 30), quiet_weekends=False)
    told = may_tell_at(one, Reason.APPEAL, False, local("2026-03-08T00:00"))
    assert told == datetime(2026, 3, 8, 7, 0, tzinfo=UTC)  # 3:00 AM, the first instant after the gap


def test_an_hour_that_clocks_show_twice_is_quiet_until_it_is_first_over():
    one = person(quiet_from=time(22), quiet_until=time(1, 30), quiet_weekends=False)
    first, second = local("2026-11-01T01:30"), local("2026-11-01T01:10", fold=1)
    assert may_tell_at(one, Reason.APPEAL, False, local("2026-11-01T01:10")) == first
    assert may_tell_at(one, Reason.APPEAL, False, second) == second


ON_CALL = (Duty(local("2026-03-02T20:00"), local("2026-03-03T08:00")),)


@pytest.mark.parametrize(
    ("duties", "reason", "urgent", "now", "told"),
    [
        (ON_CALL, Reason.TOMORROW, True, "2026-03-02T23:00", "2026-03-02T23:00"),
        (ON_CALL, Reason.TOMORROW, True, "2026-03-02T19:30", "2026-03-02T20:00"),
        (ON_CALL, Reason.TOMORROW, False, "2026-03-02T23:00", "2026-03-03T07:00"),
        (ON_CALL, Reason.RULES_UNVERIFIED, True, "2026-03-02T23:00", "2026-03-03T07:00"),
        (ON_CALL, Reason.TOMORROW, True, "2026-03-03T20:00", "2026-03-04T07:00"),
        ((), Reason.TOMORROW, True, "2026-03-02T23:00", "2026-03-03T07:00"),
    ],
)
def test_only_what_is_urgent_reaches_who_is_on_call_in_quiet_hours(duties, reason, urgent, now, told):
    assert may_tell_at(person(on_call=duties), reason, urgent, local(now)) == local(told)


def test_nothing_but_clocks_and_visits_at_risk_ever_breaks_through():
    assert {Reason.APPROVED, Reason.RULES_UNVERIFIED, Reason.JOB_LATE, Reason.IMPORT_STALE}.isdisjoint(BREAKS_THROUGH)
    assert CLOCKS < BREAKS_THROUGH


def quiet_by_the_wall(one: Person, instant: datetime) -> bool:
    """Say whether it is quiet by what clocks and calendars on the wall show: right but where clocks change."""
    shown = instant.astimezone(ZoneInfo(one.zone))
    at = shown.time()
    if one.quiet_weekends and shown.weekday() >= 5:
        return True
    if one.quiet_from <= one.quiet_until:
        return one.quiet_from <= at < one.quiet_until
    return at >= one.quiet_from or at < one.quiet_until


QUARTERS = st.integers(0, 95).map(lambda number: time(number // 4, number % 4 * 15))


@given(
    st.sampled_from(ZONES),
    st.integers(0, 4 * 24 * 60 - 1),
    QUARTERS,
    QUARTERS,
    st.booleans(),
    st.sampled_from(["2026-01-15", "2026-06-18", "2028-02-27", "2026-12-30"]),
)
@example("America/New_York", 0, time(19), time(7), True, "2026-01-15")
def test_the_first_quarter_of_an_hour_that_is_not_quiet(zone, minutes, begins, ends, weekends, day):
    one = person(zone=zone, quiet_from=begins, quiet_until=ends, quiet_weekends=weekends)
    now = local(f"{day}T00:00", zone) + timedelta(minutes=minutes - minutes % 15)
    slow = now
    while quiet_by_the_wall(one, slow):
        slow += timedelta(minutes=15)
    assert may_tell_at(one, Reason.APPEAL, False, now) == slow


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)),
    QUARTERS,
    QUARTERS,
    st.booleans(),
    st.lists(st.tuples(st.integers(-2000, 4000), st.integers(1, 2000)), max_size=3),
    st.booleans(),
)
def test_told_never_early_and_asking_again_then_changes_nothing(zone, at, begins, ends, weekends, duties, urgent):
    now = at.replace(tzinfo=UTC)
    on_call = tuple(
        Duty(now + timedelta(minutes=start), now + timedelta(minutes=start + length)) for start, length in duties
    )
    one = person(zone=zone, quiet_from=begins, quiet_until=ends, quiet_weekends=weekends, on_call=on_call)
    told = may_tell_at(one, Reason.APPEAL, urgent, now)
    assert told >= now
    assert may_tell_at(one, Reason.APPEAL, urgent, told) == told
    calm = may_tell_at(replace(one, on_call=()), Reason.APPEAL, urgent, now)
    assert told <= calm
    if told < calm:
        assert urgent and on_call_at([one], told) == (one,)


def test_a_digest_comes_at_its_time_on_days_that_are_not_quiet():
    one = person(digest_at=time(8, 30))
    assert next_digest(person(), make.NOW) is None
    assert next_digest(one, local("2026-03-02T08:30")) == local("2026-03-02T08:30")
    assert next_digest(one, local("2026-03-02T08:31")) == local("2026-03-03T08:30")
    assert next_digest(one, local("2026-03-06T09:00")) == local("2026-03-09T08:30")
    always_quiet = replace(one, digest_at=time(22))
    assert next_digest(always_quiet, local("2026-03-02T12:00")) == local("2026-03-03T07:00")


MONDAY = date(2026, 3, 2)


def away(cover: int | None = None, day: date = MONDAY) -> tuple[Absence, ...]:
    """An absence of three days about a day."""
    span = DateSpan(day - timedelta(days=1), day + timedelta(days=1))
    return (Absence(span, None if cover is None else make.an_id(cover)),)


@pytest.mark.parametrize(
    ("away_by", "backup_by", "covers"),
    [
        ({}, {}, 1),
        ({1: 2}, {}, 2),
        ({1: None}, {1: 3}, 3),
        ({1: 2}, {1: 3}, 2),
        ({1: 2, 2: 3}, {}, 3),
        ({1: 2, 2: None}, {1: 3}, 3),
        ({1: 2, 2: None}, {1: 3, 2: 4}, 4),
        ({1: 2, 2: 1}, {}, None),
        ({1: 2, 2: 1}, {1: 3}, 3),
        ({1: 1}, {}, None),
        ({1: 9}, {}, None),
        ({1: 9}, {1: 2}, 2),
        ({1: None}, {}, None),
    ],
)
def test_who_covers(away_by, backup_by, covers):
    people = [
        person(
            number,
            absences=away(away_by[number]) if number in away_by else (),
            backup_id=make.an_id(backup_by[number]) if number in backup_by else None,
        )
        for number in range(1, 5)
    ]
    found = cover_of(people[0], MONDAY, people)
    assert (None if found is None else found.id) == (None if covers is None else make.an_id(covers))


@pytest.mark.parametrize(("days", "covers"), [(-2, 1), (-1, 2), (0, 2), (1, 2), (2, 1)])
def test_an_absence_holds_its_first_and_last_day(days, covers):
    people = [person(1, absences=away(2)), person(2)]
    assert cover_of(people[0], MONDAY + timedelta(days=days), people) == people[covers - 1]


@given(st.data())
def test_whoever_covers_is_here_and_reached_without_going_round(data):
    numbers = st.one_of(st.none(), st.integers(1, 6))
    people = [
        person(
            number,
            absences=away(data.draw(numbers)) if data.draw(st.booleans()) else (),
            backup_id=None if (backup := data.draw(numbers)) is None else make.an_id(backup),
        )
        for number in range(1, 6)
    ]
    found = cover_of(people[0], MONDAY, people)
    assert found is None or found.absences == ()
    if people[0].absences == ():
        assert found == people[0]


@pytest.mark.parametrize(
    ("now", "on_duty"),
    [("2026-03-02T19:59", False), ("2026-03-02T20:00", True), ("2026-03-03T07:59", True), ("2026-03-03T08:00", False)],
)
def test_a_duty_begins_with_its_first_instant_and_is_over_at_its_end(now, on_duty):
    one = person(on_call=ON_CALL)
    assert on_call_at([person(2), one], local(now)) == ((one,) if on_duty else ())
