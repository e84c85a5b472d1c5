"""What an edit of an authorization changed, and how it is put back."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any
from uuid import UUID

from app.authorizations.facts import AuthorizationRecord, Item, Kind, RequestedLine, Status
from app.authorizations.rules.items import pack_items, pack_requested, unpack_items, unpack_requested
from app.values.insurance import Channel

SEALED = frozenset({"member_id", "denial_reason", "note"})
"""Fields that lists of changes do not show: they identify a person, or hold somebody's own words."""
_NEVER_TOLD = ("id", "natural_key")
FIELDS = frozenset(field.name for field in fields(AuthorizationRecord)) - {*_NEVER_TOLD}
WHY, CORRECTS = "why", "corrects"
"""What an event holds beside fields: one word that says why, and the id of the event that it corrects."""


def changes_of(old: AuthorizationRecord | None, record: AuthorizationRecord) -> dict[str, list[str | None]]:
    """List what an event changes: the old and new value by field, as text. The event is sealed as one.

    An event that is an authorization's first tells every field that is not empty. Events of before version 0025 hold of
    SEALED fields nothing but their names: both values are None.
    """
    changes: dict[str, list[str | None]] = {}
    for field in fields(record):
        before = None if old is None else getattr(old, field.name)
        after = getattr(record, field.name)
        if field.name in _NEVER_TOLD or before == after or (old is None and not after):
            continue
        changes[field.name] = [_text(before), _text(after)]
    return changes


def without_words(changes: Mapping[str, list[str | None]]) -> dict[str, list[str | None]]:
    """List changes for those who may not read what identifies a person: of SEALED fields only that they changed."""
    return {name: [None, None] if name in SEALED else pair for name, pair in changes.items() if name != "patient_id"}


def kept(pair: list[str | None]) -> bool:
    """Say whether an event kept what a field was and became."""
    return pair != [None, None]


def _text(value: Any) -> str | None:
    if isinstance(value, tuple) and value and isinstance(value[0], RequestedLine):
        return pack_requested(value)
    if isinstance(value, tuple):
        return pack_items(value) if value and isinstance(value[0], Item) else ";".join(value)
    return None if value is None else str(value)


_DAYS = frozenset({"begins", "ends", "requested_on", "decided_on", "used_on", "next_action_on", "too_early_until"})
_LISTS = frozenset({"diagnoses", "places"})
_YES_NO = frozenset({"no_end", "provider_binds", "urgent", "verbal"})
_READERS: Mapping[str, Callable[[str], Any]] = {
    **dict.fromkeys(_DAYS, date.fromisoformat),
    **dict.fromkeys(_LISTS, lambda text: tuple(text.split(";")) if text else ()),
    **dict.fromkeys(_YES_NO, lambda text: text == "True"),
    "items": unpack_items,
    "requested": unpack_requested,
    "parent_id": UUID,
    "patient_id": UUID,
    "site_id": UUID,
    "status": Status,
    "kind": Kind,
    "channel": Channel,
}


def is_first(changes: Mapping[str, list[str | None]]) -> bool:
    """Say whether an event tells how the authorization came on file: then nothing was there before."""
    return changes.get("payer", ["", ""])[0] is None or changes.get("patient_id", ["", ""])[0] is None


def values_before(changes: Mapping[str, list[str | None]]) -> dict[str, Any] | None:
    """Read from an event what its fields held before it.

    Takes     the changes of an event, as `changes_of` wrote them.
    Returns   the values by field, for `replace`; None where they cannot be put back: the event kept no value of a
              field, or is the first one (nothing was there before).
    """
    told = {name: pair for name, pair in changes.items() if name in FIELDS}
    if not told or is_first(changes) or not all(map(kept, told.values())):
        return None
    return {name: read_value(name, pair[0]) for name, pair in told.items()}


def values_after(changes: Mapping[str, list[str | None]]) -> dict[str, Any]:
    """Read from an event what its fields held after it; fields of which it kept no value are left out."""
    return {name: read_value(name, pair[1]) for name, pair in changes.items() if name in FIELDS and kept(pair)}


def read_value(name: str, text: str | None) -> Any:
    """Read the value of a field from its text in an event."""
    return None if text is None else _READERS.get(name, str)(text)


def corrects(changes: Mapping[str, list[str | None]]) -> UUID | None:
    """Say which event an event corrects, if any."""
    told = changes.get(CORRECTS, [None, None])[1]
    return None if told is None else UUID(told)


def with_used_kept(items: tuple[Item, ...], before: tuple[Item, ...]) -> tuple[Item, ...]:
    """Keep the units used when codes or counts are written anew.

    Takes     the items as written now, without units used; the items as they were.
    Returns   the items with the units used of every earlier item that shares a code with them: where codes are cut
              apart each part keeps them all, so that no unit is given twice.
    """
    return tuple(replace(item, used=_used_before(item, before)) for item in items)


def _used_before(item: Item, before: tuple[Item, ...]) -> int | None:
    used = [old.used for old in before if old.used is not None and shares_code(item, old)]
    return sum(used) if used else None


def shares_code(one: Item, other: Item) -> bool:
    """Say whether two items have a code in common: themselves, in their ranges, or any code."""
    ends = (*one.codes, one.last) if one.last else one.codes
    other_ends = (*other.codes, other.last) if other.last else other.codes
    return any(other.names(code) for code in ends) or any(one.names(code) for code in other_ends)
