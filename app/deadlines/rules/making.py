"""How every deadline is put together: about whom, and with steps in order of time."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.deadlines.facts import About, Basis, Clears, Deadline, Reason, Step, Subject, SubjectKind
from app.deadlines.rules.calendar import local_time

MORNING = time(8)
"""When a step that belongs to a whole day is told: as people begin to work, in the zone of the deadline."""


def deadline(
    about: About,
    reason: Reason,
    clears: Clears,
    basis: Basis,
    steps: Iterable[Step],
    *,
    due_on: date | None = None,
    due_at: datetime | None = None,
    urgent: bool = False,
    counts: Mapping[str, int] | None = None,
    again_at: datetime | None = None,
    subject: Subject | None = None,
) -> Deadline:
    """Make a deadline, of an authorization where no other subject is given; its steps are put in order of time."""
    return Deadline(
        subject=subject or Subject(SubjectKind.AUTHORIZATION, about.id.hex),
        reason=reason,
        steps=tuple(sorted(steps, key=in_time)),
        zone=about.zone,
        clears=clears,
        basis=basis,
        due_on=due_on,
        due_at=due_at,
        site_id=about.site_id,
        patient_id=about.patient_id,
        owner_id=about.owner_id,
        urgent=urgent,
        counts=dict(counts or {}),
        again_at=again_at,
    )


def in_time(step: Step) -> tuple[datetime, str]:
    """The order of steps: by time, then by name."""
    return step.tell_at, step.name


def day_steps(due_on: date, days: Iterable[int], zone: ZoneInfo, name: str = "") -> list[Step]:
    """Make one step for each number of days before a day, told in the morning of its own day.

    `name` stands between what is due and how far ahead: `2026-12-11-level-1-30d`.
    """
    middle = f"-{name}" if name else ""
    return [
        Step(f"{due_on.isoformat()}{middle}-{ahead}d", local_time(due_on - timedelta(days=ahead), MORNING, zone))
        for ahead in sorted(set(days), reverse=True)
    ]


def stamp(instant: datetime, zone: ZoneInfo) -> str:
    """Name an instant in a step's name: the day and minute that clocks of the zone show, and its distance from UTC."""
    return f"{instant.astimezone(zone):%Y-%m-%dT%H:%M%z}"
