"""Times of day as people write them."""

import re
from datetime import time

_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap])?\.?\s*(m)?\.?", re.IGNORECASE)


def read_time(text: str) -> time | None:
    """Read a time of day: `7 PM`, `7:30pm`, `7 a`, `19:00`. Returns None when it is none.

    A bare number up to 12 (`7`) is none: nobody knows which half of the day it means; `7:00` and `19:00` are read as
    clocks of 24 hours show them.
    """
    found = _TIME.fullmatch(text.strip())
    if found is None or (found[4] and not found[3]):
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[3].lower() == "p" else 0)
    elif found[2] is None:
        return None
    return time(hour, minute) if hour < 24 and minute < 60 else None


def time_words(at: time) -> str:
    """Write a time of day: 7:00 PM."""
    return f"{at.hour % 12 or 12}:{at:%M} {'PM' if at.hour >= 12 else 'AM'}"
