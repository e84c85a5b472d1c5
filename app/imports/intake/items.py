"""The codes of an authorization (`96910:36;96912:10`, `96920-96922:12`, `J2357:12 visits`, `*:6`) and units used."""

import re

from app.authorizations.facts import ANY_CODE, Counting, Item
from app.imports.facts import Code
from app.imports.intake.cells import LARGEST, Cells
from app.values.codes import in_range, read_procedure

_HOW = (
    "Write codes and units as 96910:36;96912:10, one shared count as 96910/96912:36, a range as 96920-96922:12, "
    "a count of visits as J2357:12 visits, 96910:* where the payer does not count, *:6 for any code."
)
_COUNT = re.compile(r"(\d{1,6})(?:\.0)?\s*(units?|visits?)?", re.IGNORECASE)

_WITH_COUNT = re.compile(r"(?:CPT\s*)?([0-9A-Z]{5})\s*(?:x|\*|\(|=|#|\s)\s*(\d{1,4})\)?", re.IGNORECASE)


def read_items(cells: Cells) -> tuple[Item, ...] | None:
    """Read the column `codes`, with the count of the column `units` where the codes bring none of their own.

    One count for several codes is shared between them: the reading that never approves more than the payer did.
    """
    parts = [part.strip() for part in re.split(r"[;,\n]", cells.values.get("codes", "")) if part.strip()]
    items = tuple(_item(cells, part) for part in parts)
    named = [code for item in items for code in item.codes]
    if len(set(named)) != len(named):
        cells.refuse("codes", Code.BAD_CODE, "A code is named twice; name each once, with all its units.")
    counting, count = _units(cells)
    if count is None or not items:
        return items or None
    if any(item.counting is not Counting.UNKNOWN for item in items) or (len(items) > 1 and any(i.last for i in items)):
        cells.refuse("units", Code.BAD_NUMBER, "Write the count once: behind each code, or in this column.")
    if len(items) > 1:
        return (Item(tuple(named), None, counting, count),)
    return (Item(items[0].codes, items[0].last, counting, count),)


def _units(cells: Cells) -> tuple[Counting, int | None]:
    """Read the column of units: a whole number, also with its word (`36 visits` counts by visit)."""
    found = cells.text("units")
    counted = _COUNT.fullmatch(found or "")
    if found is None or counted is None or counted[2] is None:
        return Counting.UNITS, cells.number("units")
    by_visit = counted[2].lower().startswith("visit")
    if not 0 < int(counted[1]) <= LARGEST:
        cells.refuse("units", Code.BAD_NUMBER, f"Write a whole number from 1 to {LARGEST}.")
    return (Counting.VISITS if by_visit else Counting.UNITS), int(counted[1])


def _item(cells: Cells, text: str) -> Item:
    names, colon, count_text = text.partition(":")
    counting, count = _count(cells, count_text.strip()) if colon else (Counting.UNKNOWN, None)
    first, dash, last = names.partition("-")
    if dash:
        return _range(cells, first, last, counting, count)
    codes = tuple(ANY_CODE if name.strip() == ANY_CODE else _code(cells, name) for name in names.split("/"))
    return Item(codes, None, counting, count)


def _range(cells: Cells, first: str, last: str, counting: Counting, count: int | None) -> Item:
    begin, end = _code(cells, first), _code(cells, last)
    if not in_range(end, begin, end):
        cells.refuse("codes", Code.BAD_CODE, f"{first.strip()}-{last.strip()} is not a range. {_HOW}")
    return Item((begin,), None if begin == end else end, counting, count)


def _code(cells: Cells, text: str) -> str:
    code = read_procedure(text)
    if code is None:
        cells.refuse("codes", Code.BAD_CODE, f"'{text.strip()}' is not a CPT or HCPCS code. {_meant(text)}{_HOW}")
    return code


def _meant(text: str) -> str:
    """Offer the writing of a code with its count, where that is what stands there (`96910 x 36`, `96910 (36)`)."""
    found = _WITH_COUNT.fullmatch(text.strip())
    code = read_procedure(found[1]) if found else None
    return f"For {found[2]} of {code} write {code}:{found[2]}. " if found and code else ""


def _count(cells: Cells, text: str) -> tuple[Counting, int | None]:
    if text == "*":
        return Counting.NOT_COUNTED, None
    if not text:
        return Counting.UNKNOWN, None
    found = _COUNT.fullmatch(text)
    if not found or not 0 < int(found[1]) <= LARGEST:
        cells.refuse("codes", Code.BAD_NUMBER, f"'{text}' is not a count. {_HOW}")
    by_visit = found[2] is not None and found[2].lower().startswith("visit")
    return (Counting.VISITS if by_visit else Counting.UNITS), int(found[1])


def read_used(cells: Cells) -> tuple[tuple[str, int], ...] | None:
    """Read the column `used`: pairs of a code and whole units. A number alone is for the only item (code `*`)."""
    parts = [part.strip() for part in re.split(r"[;,\n]", cells.values.get("used", "")) if part.strip()]
    pairs = []
    for part in parts:
        name, colon, count = part.rpartition(":")
        code = _used_code(cells, name.strip()) if colon else ANY_CODE
        number = re.fullmatch(r"(\d{1,6})(?:\.0)?(?:\s*(?:units?|visits?))?", count.strip(), re.IGNORECASE)
        if not number or (not colon and len(parts) > 1):
            cells.refuse("used", Code.BAD_NUMBER, "Write code and units used, such as 96910:22.")
        pairs.append((code, int(number[1])))
    return tuple(pairs) or None


def _used_code(cells: Cells, text: str) -> str:
    code = ANY_CODE if text == ANY_CODE else read_procedure(text)
    if code is None:
        cells.refuse("used", Code.BAD_CODE, f"'{text}' is not a CPT or HCPCS code; write 96910:22.")
    return code
