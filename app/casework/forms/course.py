"""What a person types of visits that are thought of -> a cadence, or errors beside the field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.casework.facts.course import Cadence
from app.deadlines.rules.cadence import Phase
from app.values.days import read_typed_day
from app.values.spans import add_months
from app.values.wording import long_day

PATTERNS: Mapping[str, tuple[str, Phase]] = {
    "3w": ("3 visits a week", Phase(per_week=3)),
    "2w": ("2 visits a week", Phase(per_week=2)),
    "1w": ("1 visit a week", Phase(per_week=1)),
    "14d": ("1 visit every 2 weeks", Phase(every_days=14)),
    "28d": ("1 visit every 4 weeks", Phase(every_days=28)),
    "56d": ("1 visit every 8 weeks", Phase(every_days=56)),
    "84d": ("1 visit every 12 weeks", Phase(every_days=84)),
}
"""How often visits go on, by the key that stands in the address."""
GAPS: Mapping[str, tuple[str, int]] = {
    "7": ("7 days apart", 7),
    "14": ("14 days apart", 14),
    "28": ("28 days apart", 28),
}
"""How far loading visits lie apart."""
MOST_LOADING, MOST_UNITS = 30, 400
AHEAD_MONTHS = 24
FIELDS = ("pattern", "first", "units", "loading", "gap", "loading_units")


@dataclass
class CourseForm:
    """The fields as typed, and the cadence; None where nothing was asked or something cannot be read."""

    typed: Mapping[str, str]
    cadence: Cadence | None = None
    errors: dict[str, str] = field(default_factory=dict)


def read_cadence(typed: Mapping[str, str], today: date) -> CourseForm:
    """Read a cadence from an address: a pattern, and what goes before it; `today` is the practice's day."""
    form = CourseForm({name: typed.get(name, "").strip() for name in FIELDS})
    if not form.typed["pattern"]:
        return form
    pattern = PATTERNS.get(form.typed["pattern"])
    if pattern is None:
        form.errors["pattern"] = "Choose how often the visits go on"
    first = _first(form, today)
    units = _whole(form, "units", "Units of a visit", 1, MOST_UNITS)
    loading = _whole(form, "loading", "Loading visits", 0, MOST_LOADING)
    loading_units = _whole(form, "loading_units", "Units of a loading visit", 1, MOST_UNITS)
    if pattern is not None and not form.errors:
        gap = GAPS.get(form.typed["gap"], GAPS["14"])[1]
        phases = [Phase(visits=loading, every_days=gap, units=loading_units)] if loading else []
        going_on = Phase(per_week=pattern[1].per_week, every_days=pattern[1].every_days, units=units)
        form.cadence = Cadence((*phases, going_on), first)
    return form


def _first(form: CourseForm, today: date) -> date | None:
    typed = form.typed["first"]
    if not typed:
        return None
    day = read_typed_day(typed, today)
    if day is None:
        form.errors["first"] = "First visit must be a date, like 12/5, 12/05/2026 or t+30"
    elif not today <= day <= add_months(today, AHEAD_MONTHS):
        form.errors["first"] = (
            f"First visit must be from today to {AHEAD_MONTHS} months ahead; you asked {long_day(day)}"
        )
    return day


def _whole(form: CourseForm, name: str, label: str, least: int, most: int) -> int:
    typed = form.typed[name]
    if not typed:
        return least
    if not (typed.isascii() and typed.isdigit()) or not least <= int(typed[:9]) <= most:
        form.errors[name] = f"{label} must be a whole number from {least} to {most}, like {max(least, 3)}"
        return least
    return int(typed)
