"""Codes and counts of an approval as a person types them: `96910:36; 96912:10`, `96920-96922:12`, `J2357:12 visits`."""

import re

from app.authorizations.facts import ANY_CODE, Counting, Item
from app.authorizations.rules.numbers import real_number
from app.values.codes import in_range, read_procedure

LARGEST = 100_000
_COUNT = re.compile(r"(\d{1,6})\s*(units?|visits?)?", re.IGNORECASE)
_HOW = "Write codes like 96910, with their units like 96910:36; 96912:10, or a range like 96920-96922:12"


class UnreadError(Exception):
    """What was typed cannot be read; the text says how to write it."""


def read_codes(text: str) -> tuple[Item, ...]:
    """Read codes, each with its count where one is typed behind a colon.

    Takes     codes set off by `;`, `,` or lines; one shared count as `96910/96912:36`; `*` for any code; `96910:*`
              where the payer does not count.
    Returns   the items, in the order typed.
    Raises    UnreadError.
    """
    parts = [part.strip() for part in re.split(r"[;,\n]", text) if part.strip()]
    items = tuple(_item(part) for part in parts)
    named = [code for item in items for code in item.codes]
    if len(set(named)) != len(named):
        raise UnreadError("A code is named twice; name each once, with all its units")
    return items


def _item(text: str) -> Item:
    names, colon, count_text = text.partition(":")
    counting, count = read_count(count_text) if colon else (Counting.UNKNOWN, None)
    first, dash, last = names.partition("-")
    if dash:
        begin, end = _code(first), _code(last)
        if not in_range(end, begin, end):
            raise UnreadError(f"{begin}-{end} is not a range of codes. {_HOW}")
        return Item((begin,), None if begin == end else end, counting, count)
    return Item(
        tuple(ANY_CODE if name.strip() == ANY_CODE else _code(name) for name in names.split("/")), None, counting, count
    )


def _code(text: str) -> str:
    code = read_procedure(text.strip().rstrip(".,;"))
    if code is None:
        raise UnreadError(f"'{text.strip()[:20]}' is not a CPT or HCPCS code. {_HOW}")
    return code


def read_count(text: str) -> tuple[Counting, int | None]:
    """Read a count: `36`, `36 units`, `12 visits`, `*` for not counted; empty for not known. Raises UnreadError."""
    stripped = text.strip()
    if not stripped:
        return Counting.UNKNOWN, None
    if stripped == "*":
        return Counting.NOT_COUNTED, None
    found = _COUNT.fullmatch(stripped)
    if not found or not 0 < int(found[1]) <= LARGEST:
        raise UnreadError("Units must be a whole number, like 36")
    by_visit = found[2] is not None and found[2].lower().startswith("visit")
    return (Counting.VISITS if by_visit else Counting.UNITS), int(found[1])


def with_count(items: tuple[Item, ...], counting: Counting, count: int | None) -> tuple[Item, ...]:
    """Put a count that was typed beside the codes on them: one count for several codes is shared between them.

    Raises    UnreadError when the codes bring counts of their own, or a range stands among several.
    """
    if counting is Counting.UNKNOWN or not items:
        return items
    if any(item.counting is not Counting.UNKNOWN for item in items) or (
        len(items) > 1 and any(one.last for one in items)
    ):
        raise UnreadError("Write the count once: behind each code, or in this field")
    codes = tuple(code for item in items for code in item.codes)
    return (Item(codes, items[0].last, counting, count),)


def write_codes(items: tuple[Item, ...]) -> str:
    """Write items as a person would type them."""
    return "; ".join(_written(item) for item in items)


def _written(item: Item) -> str:
    names = f"{item.codes[0]}-{item.last}" if item.last else "/".join(item.codes)
    count = f"{item.count}{' visits' if item.counting is Counting.VISITS else ''}" if item.count is not None else ""
    count = "*" if item.counting is Counting.NOT_COUNTED else count
    return f"{names}:{count}" if count else names


def read_number(text: str) -> str | None:
    """Keep an authorization number or reference only when it is one: not `TBD`, zeros or a word without a digit."""
    return real_number(text)
