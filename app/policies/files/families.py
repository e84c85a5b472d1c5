"""Faults of the file of families that no single key shows: codes and ids that stand twice, names that lead nowhere."""

from collections.abc import Callable, Iterator

from app.policies.facts.families import FamiliesFile, Family, FamilyPart
from app.policies.facts.faults import Fault
from app.policies.facts.grid import PolicySet
from app.policies.files.yaml_text import Path

FILE = "_grid/families.yaml"
_Fault = tuple[Path, str, str, str]


def family_faults(policies: PolicySet, line: Callable[[str, Path], int]) -> Iterator[Fault]:
    """Find every fault between the families of a set; `line` gives the line of a path in a file."""
    file = policies.families
    if file is None:
        return
    ids: set[str] = set()
    for place, family in enumerate(file.families):
        for path, key, found, remedy in _of_family(family, file, ids):
            at: Path = ("families", place, *path)
            yield Fault(FILE, line(FILE, at), key, f"family {family.id}: {found}", remedy)
        ids.add(family.id)


def _of_family(family: Family, file: FamiliesFile, ids: set[str]) -> Iterator[_Fault]:
    if family.id in ids:
        yield ("id",), "id", "stands there already", "Give it another id"
    if family.source is not None and family.source not in file.sources:
        yield ("source",), "source", f"there is no source '{family.source}' in this file", "Add it under sources"
    seen: set[str] = set()
    every = {code for part in family.parts for code in part.codes}
    for place, part in enumerate(family.parts):
        yield from _of_part(part, ("parts", place), every, seen)
        seen.update(part.codes)


def _of_part(part: FamilyPart, at: Path, every: set[str], seen: set[str]) -> Iterator[_Fault]:
    for code in sorted(seen & set(part.codes)):
        yield (*at, "codes"), "codes", f"{code} stands in two of its parts", "Keep it in one of them"
    for key in ("usual_with", "needed_with"):
        for code in getattr(part, key):
            if code not in every or code in part.codes:
                found = f"{key} names {code}, which is in no other part of the family"
                yield (*at, key), key, found, "Name a code of another part"
