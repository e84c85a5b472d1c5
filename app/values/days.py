"""Reading a day as people and programs write it."""

import re
from datetime import date, timedelta

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})")
_SHORT = re.compile(r"(\d{1,2})/(\d{1,2})")
LATELY = timedelta(days=60)
_FROM_TODAY = re.compile(r"([tm])(?:\s*([+-])\s*(\d{1,4}))?")


def read_day(text: str) -> date | None:
    """Read a day: ISO (2026-12-01), 12/1/2026 or 12/1/26 (20yy). Returns None when it is no such day."""
    stripped = text.strip()
    if match := _ISO.fullmatch(stripped):
        year, month, day = (int(part) for part in match.groups())
    elif match := _AMERICAN.fullmatch(stripped):
        month, day, year = (int(part) for part in match.groups())
        year += 2000 if len(match.group(3)) == 2 else 0
    else:
        return None
    return _day(year, month, day)


def read_typed_day(text: str, today: date) -> date | None:
    """Read a day as a person types it into a form.

    Takes     what `read_day` takes; `12/5` (the next one, or that of the last 60 days: most days that people write lie
              ahead, such as an end, or just behind, such as a check); `t`, `t+30`, `t-7` (days from today); `m+6`,
              `m-1` (months from today, the last day of a shorter month).
    Returns   the day, or None when it is none of these. Show it with its weekday, so that the reading is seen.
    """
    stripped = text.strip().lower()
    if match := _SHORT.fullmatch(stripped):
        month, day = int(match[1]), int(match[2])
        years = range(today.year - 1, today.year + 9)  # 2/29 may be far away
        return next((found for year in years if (found := _day(year, month, day)) and found >= today - LATELY), None)
    if match := _FROM_TODAY.fullmatch(stripped):
        steps = int(match[3] or 0) * (-1 if match[2] == "-" else 1)
        return _days_on(today, steps) if match[1] == "t" else _months_on(today, steps)
    return read_day(stripped)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _days_on(today: date, days: int) -> date | None:
    try:
        return today + timedelta(days=days)
    except OverflowError:
        return None


def _months_on(today: date, months: int) -> date | None:
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return next((found for day in range(today.day, 27, -1) if (found := _day(year, month + 1, day))), None) or _day(
        year, month + 1, today.day
    )
