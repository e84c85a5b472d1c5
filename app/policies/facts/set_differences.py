"""What two whole rule sets say otherwise: by payer, and in the lists that all payers share."""

from dataclasses import dataclass

from app.policies.facts.library import ChangeKind, RuleDifference
from app.policies.facts.own_rules import FieldChange


@dataclass(frozen=True, slots=True)
class PayerChange:
    """What differs of one payer.

    `rules`       the rules that differ, by topic and id.
    `parts`       other parts of the payer's files that differ, by name: its products, its ways, its forms.
    `read_again`  how many sources were read again, or are new.
    `quiet`       only notes, or days on which sources were read, differ: no answer does.
    """

    key: str
    name: str
    kind: ChangeKind
    rules: tuple[RuleDifference, ...]
    parts: tuple[FieldChange, ...] = ()
    read_again: int = 0

    @property
    def quiet(self) -> bool:
        """No rule and no other part differs."""
        return self.kind is ChangeKind.CHANGED and not self.rules and not self.parts


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One entry of a list that differs, and in what; a new or removed one has no fields."""

    entry: str
    kind: ChangeKind
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class ListChange:
    """A list that all payers share and that differs. Without entries only notes or reading days differ."""

    name: str
    entries: tuple[EntryChange, ...]


@dataclass(frozen=True, slots=True)
class SetDifferences:
    """All that differs between two rule sets; empty where they say the same."""

    payers: tuple[PayerChange, ...]
    lists: tuple[ListChange, ...]

    @property
    def any(self) -> bool:
        """Whether anything differs."""
        return bool(self.payers or self.lists)
