"""An authorization's items as one text, so that one read of a row gives all that was approved."""

from functools import lru_cache

from app.authorizations.facts import Counting, Item

_SIGNS = {Counting.UNITS: "u", Counting.VISITS: "v", Counting.NOT_COUNTED: "*", Counting.UNKNOWN: "?"}
_COUNTINGS = {sign: counting for counting, sign in _SIGNS.items()}


def pack_items(items: tuple[Item, ...]) -> str:
    """Write items as one compact text: `96910/96912:u36~22;96920-96922:v12;J2357:*`; `~` and units used at the end."""
    return ";".join(_packed(item) for item in items)


def _packed(item: Item) -> str:
    codes = "/".join(item.codes) if item.last is None else f"{item.codes[0]}-{item.last}"
    count = "" if item.count is None else str(item.count)
    used = "" if item.used is None else f"~{item.used}"
    return f"{codes}:{_SIGNS[item.counting]}{count}{used}"


@lru_cache(maxsize=200_000)
def unpack_items(text: str) -> tuple[Item, ...]:
    """Read what `pack_items` wrote. Few texts are distinct in a large book, so each is read once."""
    return tuple(_unpacked(part) for part in text.split(";")) if text else ()


def _unpacked(text: str) -> Item:
    codes, _, count = text.partition(":")
    first, _, last = codes.partition("-")
    number, _, used = count[1:].partition("~")
    return Item(
        tuple(first.split("/")),
        last or None,
        _COUNTINGS[count[0]],
        int(number) if number else None,
        int(used) if used else None,
    )


def item_names(items: tuple[Item, ...]) -> tuple[str, ...]:
    """List codes and ranges (`96920-96922`) that items name."""
    return tuple(
        name for item in items for name in (item.codes if item.last is None else (f"{item.codes[0]}-{item.last}",))
    )
