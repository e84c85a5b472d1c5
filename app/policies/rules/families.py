"""Which codes of a family to offer with what is asked for. An offer: people decide, and judging knows nothing of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.policies.facts.book import Book
from app.policies.facts.families import Family, FamilyPart


@dataclass(frozen=True, slots=True)
class OfferedCode:
    """One code with our label; `usual`: it usually comes with what is asked for."""

    code: str
    label: str
    usual: bool


@dataclass(frozen=True, slots=True)
class OfferedPart:
    """One part of a family. `lacking`: what is asked for needs one of its codes, and none is asked for yet."""

    label: str
    why: str
    codes: tuple[OfferedCode, ...]
    lacking: bool


@dataclass(frozen=True, slots=True)
class OfferedFamily:
    """One family to offer; `basis` is the key of its source, None where it is ours."""

    id: str
    label: str
    basis: str | None
    parts: tuple[OfferedPart, ...]

    @property
    def usual(self) -> tuple[str, ...]:
        """The codes that usually come with what is asked for."""
        return tuple(one.code for part in self.parts for one in part.codes if one.usual)


def offered_families(book: Book, asked: Sequence[str]) -> tuple[OfferedFamily, ...]:
    """Find the families of what is asked for.

    Takes     the book; the codes asked for.
    Returns   each family of which a leading part names one of them, in the order of the file. Codes asked for stand in
              it too, and are never `usual`.
    """
    codes = frozenset(asked)
    return tuple(
        OfferedFamily(one.id, one.label, one.source, tuple(_parts(one, codes)))
        for one in book.families
        if any(part.leads and not codes.isdisjoint(part.codes) for part in one.parts)
    )


def family_label(book: Book, code: str) -> str | None:
    """Our own words for a code, where a family names it: `Mohs surgery: Each further stage`."""
    for family in book.families:
        for part in family.parts:
            if code in part.codes:
                return f"{part.label}: {part.codes[code]}"
    return None


def _parts(family: Family, asked: frozenset[str]) -> Iterator[OfferedPart]:
    for part in family.parts:
        usual = _usual(part, asked)
        codes = tuple(OfferedCode(code, label, code in usual) for code, label in part.codes.items())
        lacking = not asked.isdisjoint(part.needed_with) and asked.isdisjoint(part.codes)
        yield OfferedPart(part.label, part.why, codes, lacking)


def _usual(part: FamilyPart, asked: frozenset[str]) -> frozenset[str]:
    codes = list(part.codes)
    if not asked.isdisjoint(part.usual_with) or (part.usual == "all" and not asked.isdisjoint(codes)):
        return frozenset(codes) - asked
    if part.usual != "next":
        return frozenset()
    places = [place for place, code in enumerate(codes) if code in asked]
    near = {place + step for place in places for step in (-1, 1)}
    return frozenset(code for place, code in enumerate(codes) if place in near) - asked
