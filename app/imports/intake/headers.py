"""Which column of a file is which: canonical names, the names that practice systems use, and the kind of the table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.imports.facts import FileRefusedError, Kind
from app.imports.intake.names import COLUMNS, FIRST_NAMES, OTHER_NAMES, REQUIRED


@dataclass(frozen=True, slots=True)
class Matched:
    """The columns of a file: the place of each canonical name, and the headers that no one knows."""

    kind: Kind
    places: Mapping[str, int]
    ignored: tuple[str, ...]


def fold(name: str) -> str:
    """Reduce a header to what counts: letters and digits in lower case (`Auth #` is `authnumber`)."""
    spelled = name.lower().replace("#", " number ").replace("&", " and ").replace("no.", " number ")
    return re.sub(r"[^a-z0-9]", "", spelled)


_KNOWN = {
    kind: {fold(name): name for name in COLUMNS[kind]}
    | {fold(other): name for name, others in OTHER_NAMES[kind].items() for other in others}
    for kind in Kind
}

_CANONICAL = {kind: frozenset(map(fold, COLUMNS[kind])) for kind in Kind}
_FIRST = frozenset(map(fold, FIRST_NAMES))


def match(header: tuple[str, ...], kind: Kind | None = None, chosen: Mapping[str, str] | None = None) -> Matched:
    """Say which column is which.

    Takes     the header; the kind, or None to recognise it; `chosen`, what a person matched by hand: a folded header
              to a canonical name, or to an empty text for a column to leave out.
    Returns   the places of the canonical columns and the headers that are not known.
    Raises    FileRefusedError when the kind cannot be told, a required column is missing, or two columns are one.
    """
    found = kind or recognise(header)
    if found is None:
        raise FileRefusedError("no_kind", _no_kind(header))
    places, ignored = _places(header, found, chosen or {})
    use_date_column(places)
    missing = [names for names in REQUIRED[found] if not any(name in places for name in names)]
    if missing:
        wanted = ", ".join(" or ".join(names) for names in missing)
        raise FileRefusedError(
            "missing_column",
            f"The file has no column for {wanted}. A {found.value} file needs it; "
            f"the columns found are {', '.join(filter(None, header)) or 'none'}.",
        )
    return Matched(found, places, ignored)


def recognise(header: tuple[str, ...]) -> Kind | None:
    """Tell the kind of a table by its headers: the one whose required columns are all there.

    Of several, the one that knows the most of the headers; None when that does not decide.
    """
    folded = {fold(name) for name in header}
    scores = []
    for kind in Kind:
        names = {name for other, name in _KNOWN[kind].items() if other in folded}
        if "start_date" in names:
            names.add("starts_at")
        complete = all(any(name in names for name in needed) for needed in REQUIRED[kind])
        scores.append((complete, len(names), kind))
    scores.sort(key=lambda one: one[:2], reverse=True)
    best, second = scores[0], scores[1]
    if not best[0] or (second[0] and second[1] == best[1]):
        return None
    return best[2]


def likely(header: tuple[str, ...]) -> Kind | None:
    """Guess the kind of a table that lacks a column or two: the one that knows the most headers; None for a tie."""
    known = sorted((sum(fold(name) in _KNOWN[kind] for name in header), place) for place, kind in enumerate(Kind))
    return None if known[-1][0] in (0, known[-2][0]) else list(Kind)[known[-1][1]]


def known_column(name: str, kind: Kind) -> str:
    """Name the column that a header means in a table of a kind; empty when we do not know it."""
    return _KNOWN[kind].get(fold(name), "")


def sure(name: str, kind: Kind) -> bool:
    """Say whether a header means its column whatever else is there: canonical or a first name."""
    return fold(name) in _FIRST or fold(name) in _CANONICAL[kind]


def _places(header: tuple[str, ...], kind: Kind, chosen: Mapping[str, str]) -> tuple[dict[str, int], tuple[str, ...]]:
    places: dict[str, int] = {}
    ignored = []
    order = sorted(range(len(header)), key=lambda place: (not _sure(header[place], kind, chosen), place))
    for place in order:
        name, folded = header[place], fold(header[place])
        column = chosen.get(folded, _KNOWN[kind].get(folded))
        if not column:
            ignored.append(place)
        elif column not in places:
            places[column] = place
        elif _sure(name, kind, chosen) or not _sure(header[places[column]], kind, chosen):
            raise FileRefusedError(
                "double_column",
                f"The columns '{header[places[column]]}' and '{name}' both mean {column}. Remove or rename one, "
                f"or leave one out with --map '{name}='.",
            )
        else:
            ignored.append(place)
    return places, tuple(header[place] or f"column {place + 1}" for place in sorted(ignored))


def _sure(name: str, kind: Kind, chosen: Mapping[str, str]) -> bool:
    """Say whether a header means its column whatever else is there: chosen by hand, canonical or a first name."""
    return fold(name) in chosen or sure(name, kind)


def use_date_column(places: dict[str, int]) -> None:
    """A date column without a time column beside it holds date and time."""
    if "start_date" in places and "starts_at" not in places:
        places["starts_at"] = places.pop("start_date")


def _no_kind(header: tuple[str, ...]) -> str:
    folded = {fold(name) for name in header}
    lacks = []
    for kind in Kind:
        names = {name for other, name in _KNOWN[kind].items() if other in folded}
        missing = [" or ".join(needed) for needed in REQUIRED[kind] if not any(name in names for name in needed)]
        lacks.append(f"for {kind.value} it lacks {', '.join(missing)}" if missing else f"it may be {kind.value}")
    return (
        f"The columns do not say what this file is: {'; '.join(lacks)}. "
        "Name the columns in the first row, or say what it is with --kind."
    )
