"""An authorization's items, and the lines of a request, as one text each; its natural key."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from app.authorizations.facts import UNSENT, AuthorizationRecord, Counting, Item, RequestedLine
from app.values.insurance import Channel

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


def natural_key(
    payer: str,
    number: str | None,
    reference: str | None,
    items: tuple[Item, ...],
    drug: str | None,
    begins: date | None,
) -> str:
    """Make a natural key: payer and number; else reference; else codes or drug without units, and the begin."""
    if number:
        return f"{payer}|number|{folded(number)}"
    if reference:
        return f"{payer}|reference|{folded(reference)}"
    names = "/".join(sorted(item_names(items))) or drug or ""
    return f"{payer}|codes|{names}|{'' if begins is None else begins.isoformat()}"


def key_of(record: AuthorizationRecord) -> str:
    """The natural key of a record as it now reads.

    A request that was made here has, until the payer names it, a key of its own: what is asked twice or anew for the
    same codes is two cases, and a chain has several.
    """
    if not record.number and not record.reference and made_here(record):
        return f"{record.payer}|case|{record.id.hex}"
    drug = record.drug or record.ndc
    return natural_key(record.payer, record.number, record.reference, record.items, drug, record.begins)


def made_here(record: AuthorizationRecord) -> bool:
    """Say whether the program knows a case from its request on, or as a link of a chain."""
    return record.status in UNSENT or bool(record.requested) or record.parent_id is not None


def codes_key(record: AuthorizationRecord) -> str:
    """The natural key of a record by its codes and begin alone, as a log without numbers knows it."""
    return natural_key(record.payer, None, None, record.items, record.drug or record.ndc, record.begins)


def folded(text: str) -> str:
    """Fold a number for comparing: letters and digits in upper case; a text without any stays as it is."""
    return re.sub(r"[^0-9A-Z]", "", text.upper()) or text.strip().upper()


_LISTS = ("modifiers", "diagnoses")


def pack_requested(lines: tuple[RequestedLine, ...]) -> str:
    """Write what was asked for as one text of JSON, without the fields that are empty; no lines: an empty text."""
    return json.dumps([_told(line) for line in lines], separators=(",", ":")) if lines else ""


def _told(line: RequestedLine) -> dict[str, Any]:
    values = {field.name: getattr(line, field.name) for field in fields(line)}
    values["counting"] = None if line.counting is Counting.UNKNOWN else line.counting.value
    return {
        name: list(value) if isinstance(value, tuple) else value if isinstance(value, int) else str(value)
        for name, value in values.items()
        if value not in (None, ())
    }


@lru_cache(maxsize=20_000)
def unpack_requested(text: str) -> tuple[RequestedLine, ...]:
    """Read what `pack_requested` wrote."""
    return tuple(_line(told) for told in json.loads(text)) if text else ()


def _line(told: dict[str, Any]) -> RequestedLine:
    values: dict[str, Any] = {name: tuple(value) if name in _LISTS else value for name, value in told.items()}
    values |= {name: reader(told[name]) for name, reader in _READERS.items() if name in told}
    return RequestedLine(**values)


_READERS: Mapping[str, Callable[[str], Any]] = {
    "counting": Counting,
    "begins": date.fromisoformat,
    "ends": date.fromisoformat,
    "site_id": UUID,
    "channel": Channel,
}
