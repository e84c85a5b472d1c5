"""A clock that runs at a multiple of the real one, the same in every process of a machine."""

import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class PacedClock:
    """Shows `base` when the machine's monotonic clock shows `since`, and runs `speed` times as fast."""

    base: datetime
    since: float
    speed: float

    def now(self) -> datetime:
        """The instant, in UTC."""
        return self.base + timedelta(seconds=(time.monotonic() - self.since) * self.speed)

    def today(self, zone: ZoneInfo) -> date:
        """The day that it is in a zone."""
        return self.now().astimezone(zone).date()


def as_setting(clock: PacedClock) -> dict[str, str | float]:
    """The clock as the provider of the tests takes it."""
    return {"base": clock.base.isoformat(), "since": clock.since, "speed": clock.speed}


def from_setting(setting: dict[str, str | float]) -> PacedClock:
    """The clock that a setting stands for."""
    base, since, speed = setting["base"], setting["since"], setting["speed"]
    return PacedClock(datetime.fromisoformat(str(base)), float(since), float(speed))
