"""Facts for tests of clocks: name only what the test is about."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from app.deadlines.facts import About, Approval, Deadline
from app.deadlines.rules.steps import now_step
from tests.support import make

NEW_YORK, HONOLULU, PHOENIX, CHICAGO = "America/New_York", "Pacific/Honolulu", "America/Phoenix", "America/Chicago"
ZONES = (NEW_YORK, CHICAGO, "America/Denver", PHOENIX, "America/Los_Angeles", "America/Anchorage", HONOLULU,
         "America/Puerto_Rico")  # fmt: skip


def about(zone: str = NEW_YORK) -> About:
    """Make whose clock it is."""
    return About(make.an_id(1), zone, make.an_id(2), make.an_id(3), make.an_id(4))


def approval(ends: date | None, zone: str = NEW_YORK, **facts: object) -> Approval:
    """Make an approval in a series, so that its clocks run."""
    return Approval(about(zone), ends, **{"series": True, **facts})  # type: ignore[arg-type]


def at(day: date, hour: int = 12, zone: str = NEW_YORK, minute: int = 0) -> datetime:
    """Make an instant from what clocks of a zone show."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(zone))


def stands(deadline: Deadline | None, now: datetime) -> str | None:
    """Name the step that stands at an instant."""
    assert deadline is not None
    step = now_step(deadline, now)
    return step and step.name


def names(deadline: Deadline | None) -> list[str]:
    """Name all steps, in order."""
    assert deadline is not None
    return [step.name for step in deadline.steps]
