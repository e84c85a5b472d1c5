"""An authorization's items as one text, its natural key, and what an edit of it changed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from app.authorizations.facts import AuthorizationRecord, Counting, Item, Kind, Status
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
    """The natural key of a record as it now reads."""
    drug = record.drug or record.ndc
    return natural_key(record.payer, record.number, record.reference, record.items, drug, record.begins)


def folded(text: str) -> str:
    """Fold a number for comparing: letters and digits in upper case; a text without any stays as it is."""
    return re.sub(r"[^0-9A-Z]", "", text.upper()) or text.strip().upper()


SEALED = frozenset({"member_id", "denial_reason", "note"})
_NEVER_TOLD = ("id", "patient_id", "natural_key")


def changes_of(old: AuthorizationRecord | None, record: AuthorizationRecord) -> dict[str, list[str | None]]:
    """List what an event changes: the old and new value by column; of sealed columns nothing but their names."""
    changes: dict[str, list[str | None]] = {}
    for field in fields(record):
        before = None if old is None else getattr(old, field.name)
        after = getattr(record, field.name)
        if field.name in _NEVER_TOLD or before == after or (old is None and not after):
            continue
        sealed = field.name in SEALED
        changes[field.name] = [None, None] if sealed else [_text(before), _text(after)]
    return changes


def _text(value: Any) -> str | None:
    if isinstance(value, tuple):
        return pack_items(value) if value and isinstance(value[0], Item) else ";".join(value)
    return None if value is None else str(value)


_DAYS = frozenset({"begins", "ends", "requested_on", "decided_on", "used_on", "next_action_on"})
_LISTS = frozenset({"diagnoses", "places"})
_YES_NO = frozenset({"no_end", "provider_binds", "urgent"})
_READERS: Mapping[str, Callable[[str], Any]] = {
    **dict.fromkeys(_DAYS, date.fromisoformat),
    **dict.fromkeys(_LISTS, lambda text: tuple(text.split(";")) if text else ()),
    **dict.fromkeys(_YES_NO, lambda text: text == "True"),
    "items": unpack_items,
    "site_id": UUID,
    "status": Status,
    "kind": Kind,
    "channel": Channel,
}


def is_first(changes: Mapping[str, list[str | None]]) -> bool:
    """Say whether an event tells how the authorization came on file: then nothing was there before."""
    return changes.get("payer", ["", ""])[0] is None


def values_before(changes: Mapping[str, list[str | None]]) -> dict[str, Any] | None:
    """Read from an event what its columns held before it.

    Takes     the changes of an event, as `changes_of` wrote them.
    Returns   the values by column, for `replace`; None where they cannot be put back: a sealed column changed (its
              value is not kept), or the event is the first one (nothing was there before).
    """
    columns = {field.name for field in fields(AuthorizationRecord)}
    told = {name: pair for name, pair in changes.items() if name in columns}
    if not told or SEALED & set(told) or is_first(changes):
        return None
    return {
        name: None if (before := pair[0]) is None else _READERS.get(name, str)(before) for name, pair in told.items()
    }


def with_used_kept(items: tuple[Item, ...], before: tuple[Item, ...]) -> tuple[Item, ...]:
    """Keep the units used when codes or counts are written anew.

    Takes     the items as written now, without units used; the items as they were.
    Returns   the items with the units used of every earlier item that shares a code with them: where codes are cut
              apart each part keeps them all, so that no unit is given twice.
    """
    return tuple(replace(item, used=_used_before(item, before)) for item in items)


def _used_before(item: Item, before: tuple[Item, ...]) -> int | None:
    used = [old.used for old in before if old.used is not None and _share(item, old)]
    return sum(used) if used else None


def _share(one: Item, other: Item) -> bool:
    ends = (*one.codes, one.last) if one.last else one.codes
    other_ends = (*other.codes, other.last) if other.last else other.codes
    return any(other.names(code) for code in ends) or any(one.names(code) for code in other_ends)
