"""Reading a day as people and programs write it."""

import re
from datetime import date

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})")


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
    try:
        return date(year, month, day)
    except ValueError:
        return None
