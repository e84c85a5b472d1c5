"""What the grid says of a code: its services with their sources, and what would make a conditional one medical."""

from collections.abc import Collection, Sequence

from app.booking.facts.gate import Missing, Source
from app.policies.facts.grid import GridFile, GridService
from app.policies.rules.classify import APPEARANCE


def services_of(grid: GridFile | None, code: str | None) -> tuple[GridService, ...]:
    """The services of the grid that name a code, in the order of the file."""
    if grid is None or code is None:
        return ()
    return tuple(one for one in grid.services if code in one.codes)


def sources_of(grid: GridFile | None, code: str | None) -> tuple[Source, ...]:
    """Where the class of a code was read, service by service."""
    if grid is None:
        return ()
    return tuple(
        Source(one.id, one.label, one.class_, one.sources, grid.read_on, one.confidence == "memory", one.cosmetic_if)
        for one in services_of(grid, code)
    )


def missing_of(
    grid: GridFile | None, code: str | None, diagnoses: Sequence[str], documented: Collection[str]
) -> Missing:
    """Name the facts of which one would make a conditional service medical.

    Takes     the grid; the code; the line's diagnoses; findings on file.
    Returns   diagnoses that are medical for the code and weak in none of its services (a diagnosis in both lists counts
              as weak); the findings of conditional services, without those on file.
    """
    services = services_of(grid, code)
    weak = [pattern for one in services for pattern in one.weak]
    medical = [pattern for one in services for pattern in one.medical if not pattern.endswith("*")]
    wanted = [one for one in dict.fromkeys(medical) if not _in(one, weak) and one not in diagnoses]
    one_of: list[str] = []
    together: list[tuple[str, ...]] = []
    for one in services:
        tree = one.medical_if_documented
        if one.class_ != "conditional" or tree is None:
            continue
        needed = tuple(key for key in tree.all if key not in documented)
        if len(tree.all) > 1 or (tree.all and tree.any):
            together.append((*needed, *tree.any))
        else:
            one_of += [key for key in (*needed, *tree.any) if key not in documented]
    return Missing(tuple(wanted), tuple(dict.fromkeys(one_of)), tuple(dict.fromkeys(filter(None, together))))


def accepted_findings(missing: Missing) -> frozenset[str]:
    """The findings that a form may record: what is missing, and that only the look is wanted."""
    return frozenset((*missing.findings, APPEARANCE))


def _in(code: str, patterns: Sequence[str]) -> bool:
    return any(code.startswith(one.rstrip("*").rstrip(".")) if one.endswith("*") else code == one for one in patterns)
