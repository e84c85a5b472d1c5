"""What the library says beside the practice's own rules, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from app.policies.facts.conflicts import Conflict, ConflictKind, Original, Turned
from app.policies.views.own_rules import RuleRow, rule_row
from app.values.wording import listed, short_day

SHOWN = 20
_KINDS = {
    ConflictKind.OTHERWISE: "The library now says otherwise",
    ConflictKind.REMOVED: "The library no longer speaks of it",
    ConflictKind.CHANGED: "The library's rule was changed",
    ConflictKind.SAME: "The library now says the same, so this rule is no longer needed",
}


@dataclass(frozen=True, slots=True)
class TurnedRow:
    """One rule of the practice, and a sentence for each rule of the library that is not what it was."""

    id: UUID
    row: RuleRow
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OriginalWords:
    """One rule of the library beside the practice's. `changed`: it is not what it was when that was recorded."""

    ref: str
    key: str
    anchor: str
    about: str
    summary: str
    says: str
    changed: str | None
    source: str
    url: str | None


def turned_rows(found: Turned) -> tuple[TurnedRow, ...]:
    """Put the rules that the library says something new about into words."""
    return tuple(
        TurnedRow(one.kept.id, rule_row(one, found.names, found.staff), tuple(map(conflict_sentence, them)))
        for one, them in found.rules
    )


def conflict_sentence(one: Conflict) -> str:
    """Say what became of one rule of the library: `96910: ... Approval was required, is not required (aetna/t#r).`"""
    names = sorted(name.removeprefix("drug:") for name in one.names)
    named = listed(names) if len(names) <= 3 else f"{names[0]} and {len(names) - 1} more"
    return f"{named}: {_KINDS[one.kind]}. {_turn(one.was, one.now)} ({one.ref})."


def original_words(found: Iterable[Original]) -> tuple[OriginalWords, ...]:
    """Put the library's rules beside a rule of the practice into words."""
    return tuple(map(_original, found))


def _turn(was: str | None, now: str | None) -> str:
    if was is not None and was == now:
        return f"Approval is {now} as before; what it asks is not what it was"
    return f"Approval was {was or 'not spoken of'}, is {now or 'not spoken of'}"


def _original(one: Original) -> OriginalWords:
    key, _, name = one.ref.partition("/")
    read = f", read {short_day(one.read_on)}" if one.read_on is not None else ""
    return OriginalWords(
        ref=one.ref,
        key=key,
        anchor=name.replace("#", "-").replace(".", "-"),
        about=one.about,
        summary=f"{one.summary.rstrip('.')}.",
        says=(one.said or one.says or "").capitalize(),
        changed=f"Since this rule was recorded: {_turn(one.said, one.says).lower()}." if one.turned else None,
        source=f"{one.source}{read}" if one.source else "From memory, to verify",
        url=one.url,
    )
