"""Spans of dates, both ends included, and lengths of time as payers write them."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from app.values.fact import fact


@fact
class DateSpan:
    """Days from `begins` to `ends`, both included; None leaves that side open.

    Raises    ValueError when it would end before it begins.
    """

    begins: date | None = None
    ends: date | None = None

    def __post_init__(self) -> None:
        if self.begins is not None and self.ends is not None and self.ends < self.begins:
            raise ValueError("a span cannot end before it begins")

    def __contains__(self, day: date) -> bool:
        return (self.begins is None or self.begins <= day) and (self.ends is None or day <= self.ends)

    def overlaps(self, other: "DateSpan") -> bool:
        """Say whether any day lies in both spans."""
        begins_in_time = self.begins is None or other.ends is None or self.begins <= other.ends
        ends_in_time = self.ends is None or other.begins is None or other.begins <= self.ends
        return begins_in_time and ends_in_time


@dataclass(frozen=True, slots=True)
class Duration:
    """A length as a payer writes it: `value` of one `unit`; `value` is None only for `no_expiry`.

    Units     hour, calendar_day, business_day, day, week, month, year, no_expiry.
    """

    value: int | None
    unit: str


def add_months(day: date, months: int) -> date:
    """Move by whole months; the last day of a month stays within the month (01-31 plus one month is 02-28)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def days_before(day: date, length: Duration) -> date:
    """Count back from a day by a length in days, weeks, months or years.

    Takes     a day; a length (hours and business days count as calendar days: earlier is the safe side).
    Returns   the day that lies that long before; the same day for `no_expiry`.
    """
    if length.value is None:
        return day
    if length.unit in ("month", "year"):
        return add_months(day, -length.value * (12 if length.unit == "year" else 1))
    if length.unit == "hour":
        return day - timedelta(days=-(-length.value // 24))
    if length.unit == "business_day":
        return day - timedelta(days=length.value * 7 // 5 + 2)
    return day - timedelta(days=length.value * (7 if length.unit == "week" else 1))


def age_on(birth: date, day: date) -> int:
    """Whole months of age on a day; negative before birth. A birthday on 02-29 counts on 03-01 in other years."""
    months = (day.year - birth.year) * 12 + day.month - birth.month
    return months if day.day >= birth.day else months - 1
