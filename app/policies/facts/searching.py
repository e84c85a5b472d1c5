"""What words may mean to the finder: services, drugs, codes and diagnoses, always as a choice for a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What was found."""

    DRUG = "drug"
    SERVICE = "service"
    CODE = "code"
    DIAGNOSIS = "diagnosis"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that may be found.

    `key`: a service key, a code, or an ICD-10-CM code; of a service that no rule can name, its id in the grid behind
    `grid:`. `label` is our own, of a diagnosis the public list's. `names`: what it is called, each is its exact name;
    `words`: everyday words, which never are. `codes`: of a service or drug.
    """

    kind: Kind
    key: str
    label: str
    names: tuple[str, ...]
    words: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One meaning. `score` from 0 to 1 orders them; `found_by`: the name that fitted, where it is not the label."""

    kind: Kind
    key: str
    label: str
    codes: tuple[str, ...]
    score: float
    found_by: str | None = None

    @property
    def ask(self) -> Mapping[str, str]:
        """The field of a question that asks for it; empty for a service of which only its codes can be asked."""
        if self.kind is Kind.SERVICE and self.key.startswith("grid:"):
            return {}
        return {("dx" if self.kind is Kind.DIAGNOSIS else self.kind.value): self.key}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What words mean. `exact`: the one thing that goes by just this name or code; `hits`, best first, are a choice."""

    exact: Hit | None = None
    hits: tuple[Hit, ...] = field(default=())
