"""Single values of 270 and 271: money, percentages, days, flags. Equal texts are read once: files repeat them much."""

import re
from datetime import date
from functools import lru_cache

from app.standards.x12.periods import iso_moment

_NUMBER = re.compile(r"(?a:([+-]?)(\d{0,15})(?:\.(\d{0,15}))?)")
FLAGS = {"Y": True, "N": False}
"""What a flag says; any other (U unknown, W not applicable, nothing) says nothing."""

REMEMBERED = 4096
LONGEST = 15
CENTS = ".00"
DAYS = frozenset(f"{day:%m%d}" for day in map(date.fromordinal, range(1, 366)))
"""Month and day of each day that every year has."""


def money(text: str) -> str | None:
    """Write an amount (EB07) with two places: "1250" and "1250.0" give "1250.00"; None where there is none.

    Parts of a cent are rounded half away from zero. Raises `ValueError` for what is no decimal number.
    """
    if not text:
        return None
    if text[0] != "0" and len(text) <= LONGEST and text.isascii():
        if text.isdecimal():
            return text + CENTS
        units, _point, places = text.partition(".")
        if len(places) == 2 and places.isdecimal() and units.isdecimal():
            return text
    return _money(text)


@lru_cache(REMEMBERED)
def _money(text: str) -> str | None:
    if not text.strip():
        return None
    sign, units, places = _number(text)
    cents = int(units) * 100 + int((places + "00")[:2]) + ((places + "000")[2] >= "5")
    return f"{sign if cents else ''}{cents // 100}.{cents % 100:02d}"


@lru_cache(REMEMBERED)
def percent(text: str) -> str | None:
    """Write a share (EB08, a decimal fraction) as a percentage without trailing zeros: ".2" gives "20".

    Some payers send percentages: more than 1 is read as one ("20" gives "20"). None where there is none. Raises
    `ValueError` for what is no number from 0 to 100.
    """
    if not text.strip():
        return None
    sign, units, places = _number(text)
    if int(units) < 1 or (int(units) == 1 and not places.strip("0")):
        places = places.ljust(2, "0")
        units, places = units + places[:2], places[2:]
    whole, places = int(units), places.rstrip("0")
    if (sign and (whole or places)) or whole > 100 or (whole == 100 and places):
        raise ValueError("A percentage lies between 0 and 100.")
    return f"{whole}.{places}" if places else str(whole)


def _number(text: str) -> tuple[str, str, str]:
    """Take a decimal number apart: "-" or nothing, the digits before the point (at least one), those behind it."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None or not (match[2] or match[3]):
        raise ValueError("An amount is a number with a point.")
    return match[1].replace("+", ""), match[2] or "0", match[3] or ""


def moment(text: str) -> str | None:
    """Write a date (DTP03, DMG02) in ISO form, a range as `begin/end`; None for what is no day of the calendar."""
    if len(text) == 8 and text[4:] in DAYS and text.isdecimal() and text.isascii() and text[:4] > "0000":
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return _moment(text)


@lru_cache(REMEMBERED)
def _moment(text: str) -> str | None:
    return iso_moment(text)


def first_day(when: str | None) -> str | None:
    """Give the day on which a date or range begins."""
    return when and when[:10]


def last_day(when: str | None) -> str | None:
    """Give the day on which a date or range ends."""
    return when and when.rpartition("/")[2][:10]
