"""What two whole rule sets say otherwise, payer by payer and list by list."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from app.policies.facts.grid import PayerRules, PolicySet
from app.policies.facts.library import ChangeKind
from app.policies.facts.own_rules import FieldChange
from app.policies.facts.set_differences import EntryChange, ListChange, PayerChange, SetDifferences
from app.policies.rules.differences import payer_differences, say_value, sources_read_again
from app.policies.rules.wording import say_key

LISTS = {
    "grid": "service grid",
    "services": "services",
    "drugs": "drugs",
    "scores": "scores",
    "routine": "routine services",
    "clocks": "clocks of laws and programs",
    "families": "families of codes",
    "gold_card": "gold card laws",
    "modifiers": "Medicare modifiers",
    "codes": "codes offered first",
    "words": "everyday words",
}
"""The lists that all payers share, by the name of their part of a rule set."""
_UNTOLD = frozenset({"schema_", "read_on", "sources", "notes", "history"})
_MAIN = frozenset({"services", "drugs", "scores", "groups", "rules", "families", "laws", "modifiers"})
_PARTS = (("payer", "Payer"), ("products", "Products"), ("processes", "Ways to send"), ("forms", "Forms"))
_MISSING = object()


def set_differences(before: PolicySet | None, after: PolicySet) -> SetDifferences:
    """Compare two rule sets.

    Takes     the older set, None where there was none; the newer one.
    Returns   the payers that differ, by key, and the shared lists that differ. Both are empty for equal sets only.
    """
    old = before.payers if before is not None else {}
    keys = sorted(old.keys() | after.payers.keys())
    payers = (_payer(key, old.get(key), after.payers.get(key)) for key in keys)
    lists = (_list(name, getattr(before, part, None), getattr(after, part)) for part, name in LISTS.items())
    return SetDifferences(
        tuple(one for one in payers if one is not None), tuple(one for one in lists if one is not None)
    )


def _payer(key: str, old: PayerRules | None, new: PayerRules | None) -> PayerChange | None:
    if old == new:
        return None
    held = new or old
    assert held is not None
    kind = ChangeKind.ADDED if old is None else ChangeKind.REMOVED if new is None else ChangeKind.CHANGED
    parts = tuple(_parts(old, new)) if old is not None and new is not None else ()
    return PayerChange(
        key, held.file.payer.name, kind, payer_differences(old, new), parts, sources_read_again(old, new)
    )


def _parts(old: PayerRules, new: PayerRules) -> Iterator[FieldChange]:
    for part, label in _PARTS:
        before, after = getattr(old.file, part), getattr(new.file, part)
        if before == after:
            continue
        was, is_now = _collection(before), _collection(after)
        if was is None or is_now is None:
            yield from _fields(before, after, label)
            continue
        for entry in _entries(was, is_now):
            said = f"{label}: {say_key(entry.entry)}"
            if entry.kind is ChangeKind.CHANGED:
                yield from (FieldChange(f"{said}, {one.field}", one.before, one.after) for one in entry.fields)
            else:
                yield FieldChange(said, *(("", "new") if entry.kind is ChangeKind.ADDED else ("on file", "removed")))


def _list(name: str, old: BaseModel | None, new: BaseModel | None) -> ListChange | None:
    if old == new:
        return None
    return ListChange(name, tuple(_entries(_told(old), _told(new))))


def _told(file: BaseModel | None) -> dict[str, Any]:
    """The entries of a list by name: of its main part by their own, of other parts with the part before."""
    found: dict[str, Any] = {}
    for part in type(file).model_fields if file is not None else ():
        value = getattr(file, part)
        entries = _collection(value)
        if part in _UNTOLD:
            continue
        if entries is None:
            found[say_key(part)] = value
        else:
            found |= {key if part in _MAIN else f"{say_key(part)} {key}": one for key, one in entries.items()}
    return found


def _collection(value: Any) -> dict[str, Any] | None:
    """Entries by key: of a mapping, or of models that have an id. None for anything else."""
    if isinstance(value, dict):
        return {str(key): one for key, one in value.items()}
    if isinstance(value, tuple) and value and all(hasattr(one, "id") for one in value):
        return {str(one.id): one for one in value}
    return {} if value == () else None


def _entries(old: dict[str, Any], new: dict[str, Any]) -> Iterator[EntryChange]:
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key, _MISSING), new.get(key, _MISSING)
        if before == after:
            continue
        if before is _MISSING or after is _MISSING:
            yield EntryChange(key, ChangeKind.ADDED if before is _MISSING else ChangeKind.REMOVED)
        else:
            yield EntryChange(key, ChangeKind.CHANGED, tuple(_fields(before, after)))


def _fields(before: Any, after: Any, label: str = "") -> Iterator[FieldChange]:
    """What differs of one entry: field by field of a model, else the whole."""
    if not isinstance(before, BaseModel) or not isinstance(after, BaseModel) or type(before) is not type(after):
        yield FieldChange(label or "It", say_value(before), say_value(after))
        return
    for name in type(after).model_fields:
        was, is_now = getattr(before, name), getattr(after, name)
        if was != is_now:
            said = say_key(name.rstrip("_"))
            yield FieldChange(f"{label}, {said}" if label else said, say_value(was), say_value(is_now))
