"""Single values of a remittance: money, days, the parts of a composite."""

import re
from datetime import date
from functools import lru_cache

from app.standards.errors import Fault, ReadingError

LONGEST = 15
MONEY = re.compile(r"([+-]?)([0-9]{0,15})(?:\.([0-9]*))?")
QUALIFIERS = frozenset(("AD", "ER", "HC", "HP", "IV", "N1", "N2", "N3", "N4", "N6", "NU", "RB", "UI", "WK", "ZZ"))


def money(text: str | None, segment: int) -> str | None:
    """Give an amount as sent with two places ("-42.5" gives "-42.50"); None where there is none.

    Takes     the element; the number of its segment in the file, for the error.
    Raises    ReadingError when it is no amount. Parts of a cent are rounded half away from zero.
    """
    if not text:
        return None
    head, _, tail = text.partition(".")
    if head.isdecimal() and head.isascii() and len(head) <= LONGEST and (head[0] != "0" or head == "0"):  # nearly all
        if not tail:
            return f"{head}.00"
        if len(tail) <= 2 and tail.isascii() and tail.isdigit():
            return text if len(tail) == 2 else f"{text}0"
    value = cents(text, segment)
    return None if value is None else in_words(value)


def cents(text: str | None, segment: int) -> int | None:
    """Give an amount in whole cents; see `money`."""
    if text is None or not (text := text.strip()):
        return None
    match = MONEY.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        raise ReadingError(
            Fault.BAD_VALUE,
            "An amount of this segment is not a number with a point; ask the sender for the file anew.",
            "segment",
            segment,
            "x12.835",
        )
    places = (match[3] or "") + "000"
    value = int(match[2] or 0) * 100 + int(places[:2]) + (places[2] >= "5")
    return -value if match[1] == "-" else value


def in_words(value: int) -> str:
    """Write cents as a decimal with two places."""
    sign = "-" if value < 0 else ""
    return f"{sign}{abs(value) // 100}.{abs(value) % 100:02d}"


def cents_of(amount: str | None) -> int | None:
    """Read back what `in_words` wrote."""
    if amount is None:
        return None
    units, _, places = amount.lstrip("-").partition(".")
    value = int(units) * 100 + int(places)
    return -value if amount.startswith("-") else value


@lru_cache(maxsize=4096)
def day(text: str | None) -> str | None:
    """Give CCYYMMDD as an ISO date; None for what is no day of the calendar."""
    if text is None or len(text) != 8 or not (text.isascii() and text.isdigit()):
        return None
    year, month, number = int(text[:4]), int(text[4:6]), int(text[6:])
    try:
        return date(year, month, number).isoformat()
    except ValueError:
        return None


def parts(composite: str | None, separator: str) -> list[str]:
    """Split a composite (SVC01) into its parts.

    Some senders write another separator than their envelope names (`HC>11102` under `:`). A known qualifier directly
    followed by a sign that no code has tells which.
    """
    if composite is None:
        return []
    if separator not in composite and composite[:2] in QUALIFIERS and composite[2:3] and not composite[2].isalnum():
        separator = composite[2]
    return composite.split(separator)


def code_of(composite: list[str]) -> str | None:
    """Give the code of a procedure's parts. One part alone is the code unless it is a qualifier."""
    if len(composite) == 1:
        return None if composite[0] in QUALIFIERS else composite[0] or None
    return composite[1] or None if composite else None
