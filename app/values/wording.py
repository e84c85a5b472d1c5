"""How dates and counts are written for people."""

from datetime import date, datetime

from app.values.spans import Duration


def long_day(day: date) -> str:
    """Write a day with its weekday: Tue 12/01/2026."""
    return f"{day:%a %m/%d/%Y}"


def short_day(day: date) -> str:
    """Write a day: 12/01/2026."""
    return f"{day:%m/%d/%Y}"


def near_day(day: date, today: date) -> str:
    """Write a day for a narrow column: Tue 12/01, with its year only when that is another than this one's."""
    return f"{day:%a %m/%d}" if day.year == today.year else short_day(day)


def counted(number: int, thing: str, things: str | None = None) -> str:
    """Write a count with its noun: 1 visit, 2 visits."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def listed(words: list[str], conjunction: str = "and") -> str:
    """Write a list: a, b and c."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def clock_time(instant: datetime) -> str:
    """Write the time of day of an instant that is given in its zone: 3:41 PM."""
    return f"{instant:%I:%M %p}".lstrip("0")


def near_time(instant: datetime, today: date) -> str:
    """Write an instant that is given in its zone: 3:41 PM today, else with its day: Tue 12/01/2026 3:41 PM."""
    return clock_time(instant) if instant.date() == today else f"{long_day(instant.date())} {clock_time(instant)}"


def length_words(length: Duration) -> str:
    """A length as a payer writes it: `30 days`, `2 business days`, `1 month`; no end for `no_expiry`."""
    return "no end" if length.value is None else counted(length.value, length.unit.replace("_", " "))
