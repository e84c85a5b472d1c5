"""A test of the command line that begins before midnight ends on the same day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.platform.clock import SystemClock
from tests.support import make
from tests.support.commands import stay_in_the_day

ZONE = ZoneInfo(make.ZONE)
MIDNIGHT = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "day"),
    [
        (timedelta(minutes=10), date(2026, 11, 30)),
        (timedelta(seconds=1), date(2026, 11, 30)),
        (timedelta(hours=12), None),
    ],
    ids=["ten minutes before", "a second before", "in the middle of a day"],
)
def test_no_day_ends_while_a_test_goes_on(monkeypatch, before, day):
    shown = [MIDNIGHT - before]
    monkeypatch.setattr(SystemClock, "now", lambda _self: shown[0])
    monkeypatch.setattr(SystemClock, "today", lambda self, zone: self.now().astimezone(zone).date())
    stay_in_the_day(monkeypatch)
    begun = SystemClock().today(ZONE)
    assert begun == (day or shown[0].astimezone(ZONE).date())
    shown[0] += timedelta(minutes=14)
    assert SystemClock().today(ZONE) == begun
    assert (SystemClock().now() == shown[0]) is (day is None)
