"""Absences and duties as typed -> checked values, or errors beside the field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from app.alerts.facts.people import Absence, Duty
from app.alerts.facts.roster import Away, OnCall
from app.deadlines.rules.calendar import local_time, zone_of
from app.values.days import read_typed_day
from app.values.spans import DateSpan
from app.values.times import read_time

LONGEST_DUTY = timedelta(days=31)
LONGEST_ABSENCE = timedelta(days=366)


@dataclass
class AbsenceForm:
    """An absence as typed; `away` None: has errors."""

    typed: Mapping[str, str]
    away: Away | None = None
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class DutyForm:
    """A duty as typed; `duty` None: has errors."""

    typed: Mapping[str, str]
    duty: OnCall | None = None
    errors: dict[str, str] = field(default_factory=dict)


def read_absence(typed: Mapping[str, str], key: UUID, staff_id: UUID | None, today: date) -> AbsenceForm:
    """Read an absence. `staff_id`: whose it is; None: chosen in the form (`who`). `key`: made with the form."""
    form = AbsenceForm(typed)
    whose = staff_id or _id(form.errors, typed, "who", "Choose who is away")
    begins = _day(form.errors, typed, "begins", "First day away", today)
    ends = _day(form.errors, typed, "ends", "Last day away", today)
    cover = _id(form.errors, typed, "cover", "Choose who covers") if typed.get("cover") else None
    if begins and ends and ends < begins:
        form.errors["ends"] = f"Last day away must be the same as or after the first, {begins:%m/%d/%Y}"
    elif begins and ends and ends - begins > LONGEST_ABSENCE:
        form.errors["ends"] = (
            "Last day away must be within a year of the first. Who leaves for good may no longer sign in"
        )
    elif ends and ends < today:
        form.errors["ends"] = f"Last day away must not be over; today is {today:%m/%d/%Y}"
    if cover is not None and cover == whose:
        form.errors["cover"] = "Choose another person to cover: this one is away"
    if not form.errors and whose and begins and ends:
        form.away = Away(key, whose, Absence(DateSpan(begins, ends), cover))
    return form


def read_duty(typed: Mapping[str, str], key: UUID, today: date, zone: str) -> DutyForm:
    """Read a duty: days and times of the practice's zone."""
    form = DutyForm(typed)
    whose = _id(form.errors, typed, "duty_who", "Choose who is on call")
    days = [
        _day(form.errors, typed, name, label, today)
        for name, label in (("duty_begins", "First day on call"), ("duty_ends", "Last day on call"))
    ]
    times = []
    for name, label in (("duty_from", "Begins at"), ("duty_until", "Ends at")):
        times.append(read_time(typed.get(name, "")))
        if times[-1] is None:
            form.errors[name] = f"{label} must be a time of day, like 7:00 PM"
    if form.errors or whose is None:
        return form
    begins, ends = (
        local_time(day, at, zone_of(zone)) for day, at in zip(days, times, strict=True) if day is not None and at
    )
    if ends <= begins:
        form.errors["duty_ends"] = "The duty must end after it begins"
    elif ends - begins > LONGEST_DUTY:
        form.errors["duty_ends"] = "One duty is at most 31 days long. Enter a longer one in parts"
    else:
        form.duty = OnCall(key, whose, Duty(begins, ends))
    return form


def _day(errors: dict[str, str], typed: Mapping[str, str], name: str, label: str, today: date) -> date | None:
    text = typed.get(name, "").strip()
    day = read_typed_day(text, today)
    if day is None:
        errors[name] = f"{label} must be a date, like 12/5, 12/05/2026 or t+7" if text else f"Enter the {label.lower()}"
    return day


def _id(errors: dict[str, str], typed: Mapping[str, str], name: str, otherwise: str) -> UUID | None:
    try:
        return UUID(typed.get(name, ""))
    except ValueError:
        errors[name] = otherwise
        return None
