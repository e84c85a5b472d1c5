"""Days and periods of X12 (DTP, HI): what stands there, in ISO form, or a named fault."""

import re
from datetime import date, datetime

from app.standards.errors import Fault, ReadingError

DAY = re.compile(r"(?a:\d{8})")
SHORT_DAY = re.compile(r"(?a:\d{6})")
INSTANT = re.compile(r"(?a:\d{12}(?:\d{2})?)")
RANGE = re.compile(r"(?a:(\d{8})\s*-\s*(\d{8}))")
CENTURY_TURNS = 50


def iso_day(text: str | None) -> str | None:
    """Write CCYYMMDD (or YYMMDD, as old versions have it) as CCYY-MM-DD; None where it is no day of the calendar."""
    text = (text or "").strip()
    if SHORT_DAY.fullmatch(text):
        text = ("20" if int(text[:2]) < CENTURY_TURNS else "19") + text
    if not DAY.fullmatch(text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])).isoformat()
    except ValueError:
        return None


def iso_span(text: str | None) -> tuple[str, str] | None:
    """Give the first and the last day of a day, a range of days (begin-end) or an instant; None where it is none."""
    text = (text or "").strip()
    both = RANGE.fullmatch(text)
    if both:
        begins, ends = iso_day(both[1]), iso_day(both[2])
        return None if begins is None or ends is None else (begins, ends)
    day = iso_day(text[:8] if INSTANT.fullmatch(text) else text)
    return None if day is None else (day, day)


def iso_moment(text: str | None) -> str | None:
    """Write a day, a range (`begin/end`) or an instant without its zone; None where it is none of them."""
    text = (text or "").strip()
    if INSTANT.fullmatch(text):
        try:
            return datetime.strptime(text.ljust(14, "0"), "%Y%m%d%H%M%S").isoformat()  # noqa: DTZ007  (X12 gives no zone)
        except ValueError:
            return None
    span = iso_span(text)
    if span is None:
        return None
    return "/".join(span) if "-" in text else span[0]


def no_date(segment: str, qualifier: str | None, number: int, kind: str) -> ReadingError:
    """Give the error for a date that is none: the segment's id and what kind of date it should be, never its text."""
    named = f" {qualifier}" if qualifier and qualifier.isalnum() and len(qualifier) <= 3 else ""
    sentence = f"The date in {segment}{named} is no day of the calendar. Ask the sender for the document again."
    return ReadingError(Fault.BAD_VALUE, sentence, "segment", number, kind)
