"""What two rule sets say otherwise, in words and as an object."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from app.policies.facts.library import ChangeKind
from app.policies.facts.own_rules import FieldChange
from app.policies.facts.set_differences import EntryChange, ListChange, PayerChange, SetDifferences
from app.policies.views.detail import difference_words
from app.values.wording import counted, listed


def difference_lines(found: SetDifferences) -> Iterator[str]:
    """Say what differs: a line a payer or list, then a line, set in by two spaces, a difference."""
    if not found.any:
        yield "Both rule sets say the same."
    for payer in found.payers:
        yield f"{payer.name}: {payer_summary(payer)}."
        yield from (f"  {sentence}" for sentence in payer_sentences(payer))
    for one in found.lists:
        yield f"The list '{one.name}': {list_summary(one)}."
        yield from (f"  {sentence}" for sentence in list_sentences(one))


def payer_summary(payer: PayerChange) -> str:
    """How much differs of a payer, without a full stop."""
    if payer.kind is not ChangeKind.CHANGED:
        return (
            f"{'new' if payer.kind is ChangeKind.ADDED else 'removed'} payer with {counted(len(payer.rules), 'rule')}"
        )
    kinds = Counter(one.kind for one in payer.rules)
    said = [f"{counted(kinds[kind], 'rule')} {kind.value}" for kind in ChangeKind if kinds[kind]]
    said += [f"{counted(len(payer.parts), 'other difference')}"] if payer.parts else []
    said += [f"{counted(payer.read_again, 'source')} read again"] if payer.read_again else []
    return f"{listed(said) or 'notes or reading days differ'}{'; no rule says otherwise' if payer.quiet else ''}"


def payer_sentences(payer: PayerChange) -> Iterator[str]:
    """One sentence a difference of a payer."""
    for rule in payer.rules:
        yield from difference_words(rule)
    yield from (f"{_field(one)}." for one in payer.parts)


def list_summary(one: ListChange) -> str:
    """How much of a list differs, without a full stop."""
    kinds = Counter(entry.kind for entry in one.entries)
    said = [f"{kinds[kind]:,} {kind.value}" for kind in ChangeKind if kinds[kind]]
    return listed(said) or "only notes or reading days differ"


def list_sentences(one: ListChange) -> Iterator[str]:
    """One sentence an entry of a list that differs."""
    for entry in one.entries:
        yield f"{entry.entry}: {_entry(entry)}."


def difference_object(found: SetDifferences) -> dict[str, Any]:
    """The differences as the command prints them for programs."""
    return {
        "same": not found.any,
        "payers": [
            {
                "payer": payer.key,
                "change": payer.kind.value,
                "rules": [
                    {"rule": one.ref, "about": one.about, "change": one.kind.value, "fields": _objects(one.fields)}
                    for one in payer.rules
                ],
                "other": _objects(payer.parts),
                "sources_read_again": payer.read_again,
            }
            for payer in found.payers
        ],
        "lists": [
            {
                "list": one.name,
                "entries": [
                    {"entry": entry.entry, "change": entry.kind.value, "fields": _objects(entry.fields)}
                    for entry in one.entries
                ],
            }
            for one in found.lists
        ],
    }


def _entry(entry: EntryChange) -> str:
    if entry.kind is not ChangeKind.CHANGED:
        return entry.kind.value
    return "; ".join(_field(one) for one in entry.fields)


def _field(one: FieldChange) -> str:
    if not one.before:
        return f"{one.field} {one.after}"
    return f"{one.field} was {one.before}, is {one.after}"


def _objects(fields: tuple[FieldChange, ...]) -> list[dict[str, str]]:
    return [{"field": one.field, "before": one.before, "after": one.after} for one in fields]
