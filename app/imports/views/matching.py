"""Which column each header is taken for, ready for its page."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID

from app.imports.facts import Draft, Kind
from app.imports.intake.labels import KIND_WORDS, choices, needed

CUT = 40


@dataclass(frozen=True, slots=True)
class Header:
    """One column of the file."""

    place: int
    name: str
    samples: str
    column: str
    doubt: bool


@dataclass(frozen=True, slots=True)
class ColumnsPage:
    """The page on which columns are matched; `kind` is empty when the headers do not say what the file is."""

    id: UUID
    version: int
    name: str
    kind: str
    kinds: tuple[tuple[str, str], ...]
    needs: str
    headers: tuple[Header, ...]
    options: tuple[tuple[str, str], ...]
    doubts: int


def columns_page(draft: Draft, kind: Kind | None, columns: Sequence[str], doubts: AbstractSet[int]) -> ColumnsPage:
    """Put the headers of a file into words."""
    header, samples = draft.head["header"], draft.head["samples"]
    headers = [
        Header(place, name or f"Column {place + 1}, no name", _samples(samples[place]), column, place in doubts)
        for place, (name, column) in enumerate(zip(header, columns, strict=True))
    ] if kind else []  # fmt: skip
    return ColumnsPage(
        draft.id,
        draft.version,
        draft.head["name"],
        "" if kind is None else kind.value,
        tuple((one.value, KIND_WORDS[one]) for one in Kind),
        "" if kind is None else ", ".join(needed(kind)),
        tuple(headers),
        () if kind is None else tuple(choices(kind)),
        len(doubts),
    )


def _samples(values: Sequence[str]) -> str:
    cut = [value if len(value) <= CUT else f"{value[: CUT - 1]}…" for value in values]
    return " · ".join(cut) or "empty"
