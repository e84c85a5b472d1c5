"""Which column each header of a file may be, for a person to see and to choose; nothing here refuses a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.imports.facts import Kind, Table
from app.imports.intake.headers import Matched, fold, known_column, recognise, sure, use_date_column
from app.imports.intake.names import COLUMNS, REQUIRED

SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Guess:
    """A canonical column, or nothing, for each place; `doubts`: the places that a person should look at."""

    columns: tuple[str, ...]
    doubts: frozenset[int]


@dataclass(frozen=True, slots=True)
class Faults:
    """Why columns cannot be taken as matched: places that mean the same column, and needed columns that none is."""

    doubled: Mapping[str, tuple[int, ...]]
    missing: tuple[tuple[str, ...], ...]

    def __bool__(self) -> bool:
        return bool(self.doubled or self.missing)


def header_keys(header: Sequence[str]) -> tuple[str, ...]:
    """Name each header by what counts in it; the second of equal ones by its number too."""
    seen: dict[str, int] = {}
    keys = []
    for name in header:
        folded = fold(name)
        seen[folded] = seen.get(folded, 0) + 1
        keys.append(folded if seen[folded] == 1 else f"{folded}|{seen[folded]}")
    return tuple(keys)


def header_set(header: Sequence[str]) -> str:
    """Name a set of headers, whatever their order: what a person matched is remembered under it."""
    return "|".join(sorted({fold(name) for name in header}))


def guess(header: Sequence[str], kind: Kind, remembered: Mapping[str, str]) -> Guess:
    """Guess which column each header is: as a person matched it before, else by the names that we know."""
    keys = header_keys(header)
    columns, doubts = [""] * len(header), set()
    taken: dict[str, int] = {}
    certain = [keys[place] in remembered or sure(header[place], kind) for place in range(len(header))]
    for place in sorted(range(len(header)), key=lambda one: (not certain[one], one)):
        key = keys[place]
        column = remembered.get(key, known_column(header[place], kind))
        first = taken.get(column, place)
        if not column or (first != place and certain[first] and not certain[place]):
            doubts |= set() if key in remembered else {place}
            continue
        columns[place] = column
        doubts |= {first, place} if first != place else set()
        taken[column] = first
    return Guess(tuple(columns), frozenset(doubts))


def kind_of(header: tuple[str, ...], remembered: Mapping[str, str]) -> Kind | None:
    """Tell the kind of a table whose columns a person matched before: the one kind that these columns make whole."""
    if not remembered:
        return recognise(header)
    whole = [
        kind
        for kind in Kind
        if set(filter(None, remembered.values())) <= set(COLUMNS[kind])
        and not faults_of(kind, guess(header, kind, remembered).columns)
    ]
    return whole[0] if len(whole) == 1 else recognise(header)


def faults_of(kind: Kind, columns: Sequence[str]) -> Faults:
    """Say what stands against taking the columns as they are matched."""
    doubled = {
        column: tuple(place for place, other in enumerate(columns) if other == column)
        for column in dict.fromkeys(columns)
        if column and list(columns).count(column) > 1
    }
    matched = matched_of(kind, columns)
    missing = tuple(names for names in REQUIRED[kind] if not any(name in matched.places for name in names))
    return Faults(doubled, missing)


def matched_of(kind: Kind, columns: Sequence[str], header: Sequence[str] = ()) -> Matched:
    """Take the columns as they are matched."""
    places: dict[str, int] = {}
    for place, column in enumerate(columns):
        if column:
            places.setdefault(column, place)
    use_date_column(places)
    left_out = [name or f"column {place + 1}" for place, name in enumerate(header) if not columns[place]]
    return Matched(kind, places, tuple(left_out))


def samples_of(table: Table) -> list[list[str]]:
    """Take the first values of each column that are not empty."""
    samples: list[list[str]] = [[] for _ in table.header]
    for _row, cells in table.rows[:500]:
        for place, cell in enumerate(cells[: len(samples)]):
            text = " ".join(cell.split())
            if text and text not in samples[place] and len(samples[place]) < SAMPLES:
                samples[place].append(text)
    return samples
