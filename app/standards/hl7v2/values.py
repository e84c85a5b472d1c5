"""Values of HL7 v2: days, instants, durations, and the sequences that stand for delimiters."""

import re
from datetime import date, datetime, timedelta

_SEQUENCE = re.compile(r"[FSREPTHN]|X(?:[0-9A-Fa-f]{2})+|\.(?:br|sp|fi|nf|in|ti|sk|ce)[+-]?\d{0,3}")
"""What stands between two escape signs."""
_STAMP = re.compile(
    r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})?(\d{2})?(\.\d{1,6})?\d*)?\s*(Z|[+-]\d{2}:?\d{2})?", re.ASCII
)
_UNITS = {
    60: ("m", "min", "mins", "minute", "minutes", "mn", ""),
    1: ("s", "sec", "secs", "second", "seconds"),
    3600: ("h", "hr", "hrs", "hour", "hours"),
    86400: ("d", "day", "days"),
}
_SECONDS = {word: seconds for seconds, words in _UNITS.items() for word in words}
"""Seconds of a unit of time; a duration without a unit is in minutes."""


def read_stamp(text: str) -> date | datetime | None:
    """Read a time stamp (`20260309143000-0500`, or as ISO 8601): a day where it has no time; None when it is none."""
    found = _STAMP.fullmatch(text.strip())
    if found is None:
        return _read_iso(text.strip())
    year, month, day, hour, minute, second, part, offset = found.groups()
    written = f"{year}-{month}-{day}"
    try:
        if hour is None:
            return date.fromisoformat(written)
        written += f"T{hour}:{minute or '00'}:{second or '00'}{(part or '').ljust(7, '0') if part else ''}"
        return datetime.fromisoformat(written + (offset or ""))
    except ValueError:
        return None


def _read_iso(text: str) -> date | datetime | None:
    if not re.match(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return None


def read_day(text: str | None) -> str | None:
    """Read a day as ISO 8601; the time behind it does not count. None where there is no whole day."""
    found = None if text is None else read_stamp(text)
    if found is None:
        return None
    return (found.date() if isinstance(found, datetime) else found).isoformat()


def minutes_between(start: str | None, end: str | None) -> int | float | None:
    """The minutes from one time stamp to a later one; None where either is none or they cannot be compared."""
    one, other = (None if text is None else read_stamp(text) for text in (start, end))
    if not isinstance(one, datetime) or not isinstance(other, datetime):
        return None
    if (one.tzinfo is None) is not (other.tzinfo is None):
        return None
    return _minutes((other - one) / timedelta(seconds=1))


def minutes_of(duration: str | None, unit: str | None) -> int | float | None:
    """Read a duration in minutes; None where it is no number above 0 or its unit is not known."""
    seconds = _SECONDS.get((unit or "").strip().lower())
    if duration is None or seconds is None or not re.fullmatch(r"\d{1,7}(?:\.\d{1,4})?", duration.strip(), re.ASCII):
        return None
    return _minutes(float(duration) * seconds)


def _minutes(seconds: float) -> int | float | None:
    minutes = seconds / 60
    if minutes <= 0:
        return None
    return int(minutes) if minutes == int(minutes) else round(minutes, 4)


def unescaped(text: str, signs: str, charset: str) -> str:
    """Write out the sequences of a value.

    Takes     `signs`: field, component, repetition, escape and subcomponent sign of the message, in this order.
    Returns   the text; sequences that stand for nothing that we know stay as they are.
    """
    field, component, repetition, escape, inner = tuple(signs)
    if escape not in text:
        return text
    plain = {"F": field, "S": component, "R": repetition, "E": escape, "T": inner, "P": "#", "H": "", "N": ""}

    def written(name: str) -> str:
        if name in plain:
            return plain[name]
        if name.startswith("."):
            return " " if name.startswith((".in", ".ti", ".sk")) else "\n"
        try:
            return bytes.fromhex(name[1:]).decode(charset)
        except ValueError:
            return f"{escape}{name}{escape}"

    first, *rest = text.split(escape)
    found = [first]
    while rest:
        part = rest.pop(0)
        found += [written(part), rest.pop(0)] if rest and _SEQUENCE.fullmatch(part) else [escape, part]
    return "".join(found)
