"""The one place that reads the clock."""

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells the instant (UTC) and the day in a zone."""

    def now(self) -> datetime:
        """The instant, in UTC."""

    def today(self, zone: ZoneInfo) -> date:
        """The day that it is in a zone."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The instant, in UTC."""
        return datetime.now(UTC)

    def today(self, zone: ZoneInfo) -> date:
        """The day that it is in a zone."""
        return datetime.now(zone).date()


@dataclass
class FixedClock:
    """A clock that stands still until moved: for tests, the sample and replays."""

    instant: datetime

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.instant

    def today(self, zone: ZoneInfo) -> date:
        """The day of that instant in a zone."""
        return self.instant.astimezone(zone).date()


def milliseconds() -> int:
    """Milliseconds since 1970, for ids that sort by time."""
    return time.time_ns() // 1_000_000


def ticks() -> float:
    """Seconds on a clock that only goes forward and starts anywhere: for waiting, whatever the time of day does.

    Where the machine has such a clock, it goes on while the machine sleeps: whoever wakes knows how long it was.
    """
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()
