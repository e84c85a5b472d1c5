"""An approval ends: its steps on their days, ended only after the last day, and when to ask for a renewal."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.deadlines.facts import BasisKind, Clears, Count, Reason
from app.deadlines.rules.ends import approval_ends, renewal_due
from app.deadlines.rules.steps import days_left, next_step, now_step
from app.values.spans import Duration, days_before
from tests.unit.deadlines.support import HONOLULU, NEW_YORK, ZONES, about, approval, at, names, stands

END = date(2026, 12, 11)


@pytest.mark.parametrize(
    ("ahead", "hour", "stands_then"),
    [
        (61, 12, None),
        (60, 7, None),
        (60, 8, "60d"),
        (31, 12, "60d"),
        (30, 8, "30d"),
        (15, 23, "30d"),
        (14, 8, "14d"),
        (7, 8, "7d"),
        (2, 12, "7d"),
        (1, 7, "7d"),
        (1, 8, "1d"),
        (0, 0, "1d"),
        (0, 23, "1d"),
    ],
)
def test_the_step_of_a_day_is_told_on_that_day_from_eight_in_the_morning(
    ahead: int, hour: int, stands_then: str | None
) -> None:
    now = at(END - timedelta(days=ahead), hour)
    found = stands(approval_ends(approval(END, visits_after=2, last_after=date(2026, 12, 20)), now), now)
    assert found == (f"2026-12-11-{stands_then}" if stands_then else None)


def test_it_is_said_to_have_ended_only_once_the_whole_last_day_is_over() -> None:
    held = approval(END, HONOLULU, visits_after=1, last_after=date(2027, 1, 4))
    last = datetime(2026, 12, 12, 9, 59, 59, tzinfo=UTC)  # 11:59:59 PM of the last day in Honolulu
    over = datetime(2026, 12, 12, 10, tzinfo=UTC)
    assert stands(approval_ends(held, last), last) == "2026-12-11-1d"
    assert stands(approval_ends(held, over), over) == "2026-12-11-ended"


def test_an_ended_approval_is_told_of_only_while_visits_fall_after_it() -> None:
    now = at(END + timedelta(days=3))
    assert approval_ends(approval(END), now) is None
    found = approval_ends(approval(END, visits_after=1, last_after=date(2026, 12, 20)), now)
    assert found is not None
    assert found.again_at == datetime(2026, 12, 21, 5, tzinfo=UTC)


def test_the_last_day_itself_is_still_told() -> None:
    now = at(END, 23)
    found = approval_ends(approval(END), now)
    assert found is not None
    assert (found.due_on, found.again_at) == (END, datetime(2026, 12, 12, 5, tzinfo=UTC))
    assert days_left(found, now) == 0


def test_what_it_is_about_by_whom_and_what_clears_it() -> None:
    found = approval_ends(approval(END, visits_after=3, last_after=END + timedelta(9)), at(date(2026, 11, 1)))
    assert found is not None
    assert (found.reason, found.clears, found.basis.kind) == (Reason.APPROVAL_ENDS, Clears.RENEWED, BasisKind.PAYER)
    whose = about()
    assert (found.subject.key, found.site_id, found.patient_id, found.owner_id) == (
        whose.id.hex,
        whose.site_id,
        whose.patient_id,
        whose.owner_id,
    )
    assert found.counts == {"visits_after": 3}


def test_the_payers_lead_time_is_one_step_more() -> None:
    told = names(approval_ends(approval(END, lead=Duration(45, "day")), at(date(2026, 6, 1))))
    assert told == [f"2026-12-11-{days}d" for days in (60, 45, 30, 14, 7, 1)]
    again = names(approval_ends(approval(END, lead=Duration(30, "day")), at(date(2026, 6, 1))))
    assert again == [f"2026-12-11-{days}d" for days in (60, 30, 14, 7, 1)]


def test_an_approval_without_any_care_planned_is_told_once_at_fourteen_days() -> None:
    assert names(approval_ends(approval(END, series=False), at(date(2026, 6, 1)))) == ["2026-12-11-14d"]


@pytest.mark.parametrize(
    "facts", [{"continued": True}, {"continued": True, "visits_after": 0, "series": False}], ids=["series", "none"]
)
def test_a_continued_approval_is_not_told(facts: dict[str, object]) -> None:
    assert approval_ends(approval(END, **facts), at(END)) is None


def test_a_continued_approval_with_a_visit_in_the_gap_is_told() -> None:
    assert approval_ends(approval(END, continued=True, visits_after=1, last_after=END), at(END)) is not None


def test_an_approval_without_a_known_end_has_no_such_clock() -> None:
    assert approval_ends(approval(None), at(END)) is None


def test_a_moved_end_makes_other_steps() -> None:
    now = at(date(2026, 6, 1))
    one, other = approval_ends(approval(END), now), approval_ends(approval(END + timedelta(days=1)), now)
    assert not set(names(one)) & set(names(other))


@given(some.dates(date(2024, 1, 1), date(2032, 12, 31)), some.sampled_from(ZONES), some.integers(-100, 40 * 24))
def test_every_step_falls_on_its_local_day_and_none_says_ended_early(end: date, zone: str, hours: int) -> None:
    held = approval(end, zone, visits_after=1, last_after=end + timedelta(days=90))
    now = at(end, 0, zone).astimezone(UTC) - timedelta(hours=hours)
    found = approval_ends(held, now)
    assert found is not None
    for step in found.steps:
        local = step.tell_at.astimezone(ZoneInfo(zone))
        ahead = step.name.rsplit("-", 1)[1]
        if ahead == "ended":
            assert local.date() == end + timedelta(days=1)
            assert (step.tell_at - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date() == end
        else:
            assert local.date() == end - timedelta(days=int(ahead[:-1]))
            assert local.hour == 8
    step, then = now_step(found, now), next_step(found, now)
    assert (step is None or step.tell_at <= now) and (then is None or then.tell_at > now)
    if step is not None and step.name.endswith("ended"):
        assert now.astimezone(ZoneInfo(zone)).date() > end


def test_a_renewal_is_asked_for_the_lead_time_before_the_end_and_half_way_again() -> None:
    now = at(date(2026, 6, 1))
    found = renewal_due(approval(END, lead=Duration(45, "day")), now)
    assert found is not None
    assert found.due_on == date(2026, 10, 27)
    assert [(step.name, step.tell_at) for step in found.steps] == [
        ("2026-10-27-ask", datetime(2026, 10, 27, 12, tzinfo=UTC)),
        ("2026-10-27-half", datetime(2026, 11, 18, 13, tzinfo=UTC)),
    ]
    assert found.counts["lead_days"] == 45
    assert found.clears is Clears.ASKED


def test_thirty_days_are_counted_where_the_payer_says_none() -> None:
    found = renewal_due(approval(END), at(date(2026, 6, 1)))
    assert found is not None
    assert (found.due_on, found.basis.kind) == (date(2026, 11, 11), BasisKind.PRACTICE)


def test_units_that_run_out_before_the_end_turn_the_renewal_earlier() -> None:
    short = Count(36, 30, 8, first_short=date(2026, 9, 20), run_out=date(2026, 9, 17))
    found = renewal_due(approval(END, counts=(short,)), at(date(2026, 6, 1)))
    assert found is not None
    assert (found.due_on, found.counts["by_units"]) == (days_before(date(2026, 9, 17), Duration(30, "day")), 1)


def test_units_that_suffice_turn_nothing() -> None:
    enough = Count(36, 30, 6, run_out=date(2026, 9, 17))
    found = renewal_due(approval(END, counts=(enough,)), at(date(2026, 6, 1)))
    assert found is not None
    assert found.due_on == date(2026, 11, 11)
    assert renewal_due(approval(END, series=False, counts=(enough,)), at(date(2026, 6, 1))) is None


@pytest.mark.parametrize(
    ("facts", "now"),
    [
        ({"asked": True}, date(2026, 11, 20)),
        ({"continued": True}, date(2026, 11, 20)),
        ({"series": False}, date(2026, 11, 20)),
        ({}, END + timedelta(days=1)),
    ],
    ids=["asked", "continued", "no care planned", "ended"],
)
def test_nothing_is_to_be_renewed(facts: dict[str, object], now: date) -> None:
    assert renewal_due(approval(END, **facts), at(now, 0)) is None


def test_on_the_last_day_a_renewal_can_still_be_asked_for() -> None:
    assert renewal_due(approval(END), at(END, 23, NEW_YORK, 59)) is not None
