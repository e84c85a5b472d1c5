"""Medical, cosmetic, or medical only with a reason on file: the grid's answer for a line (contract `verdict.md`)."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

from app.policies.facts.answers import ClassFinding, ServiceClass
from app.policies.facts.book import GridIndex
from app.policies.facts.grid import GridFile, GridService

APPEARANCE = "patient_request_appearance"
"""The trigger that points the other way: with no other trigger it makes a conditional service cosmetic."""

_UNKNOWN = ClassFinding(ServiceClass.UNKNOWN)


@dataclass(frozen=True, slots=True)
class _Codes:
    """A list of diagnoses: exact codes, and stems of those with a star."""

    exact: frozenset[str]
    stems: tuple[str, ...]

    def __contains__(self, code: str) -> bool:
        return code in self.exact or (bool(self.stems) and code.startswith(self.stems))


@dataclass(frozen=True, slots=True)
class GridEntry:
    """A service of the grid, ready to be asked."""

    klass: ServiceClass
    medical: _Codes
    weak: _Codes
    triggers: frozenset[str]
    shown: Callable[[Set[str]], bool]


def index_grid(file: GridFile | None) -> GridIndex:
    """Index the grid by code."""
    by_code: dict[str, list[GridEntry]] = {}
    family: dict[str, set[str]] = {}
    for service in file.services if file else ():
        entry = _entry(service)
        for code in service.codes:
            by_code.setdefault(code, []).append(entry)
            family.setdefault(code, set()).update(service.codes)
    return GridIndex(
        {code: tuple(entries) for code, entries in by_code.items()},
        {code: frozenset(codes) for code, codes in family.items()},
    )


def _entry(service: GridService) -> GridEntry:
    tree = service.medical_if_documented
    needed = frozenset(tree.all) if tree else frozenset()
    one_of = frozenset(tree.any) if tree else frozenset()

    def shown(documented: Set[str]) -> bool:
        if not needed and not one_of:
            return False
        return needed <= documented and (not one_of or not one_of.isdisjoint(documented))

    klass = ServiceClass(service.class_)
    return GridEntry(klass, _codes(service.medical), _codes(service.weak), needed | one_of, shown)


def _codes(patterns: Sequence[str]) -> _Codes:
    exact = frozenset(pattern for pattern in patterns if not pattern.endswith("*"))
    return _Codes(exact, tuple(p.rstrip("*").rstrip(".") for p in patterns if p.endswith("*")))


def classify(grid: GridIndex, code: str | None, diagnoses: Sequence[str], documented: Set[str]) -> ClassFinding:
    """Class a line by its code, its diagnoses and what its note documents.

    Takes     the grid; a CPT/HCPCS code or None; ICD-10-CM codes with the dot; keys of triggers on file.
    Returns   the class; `weak` where every diagnosis is cosmetic or weak for the code; `listed` where the grid lists
              one of them; the triggers that would make it medical; all codes of the services that name the code.
    Source    contract `verdict.md`, class of a line. A diagnosis in both lists counts as weak.
    """
    entries: tuple[GridEntry, ...] = grid.by_code.get(code or "", ())
    if not entries:
        return _UNKNOWN
    weak = [any(code in entry.weak for entry in entries) for code in diagnoses]
    strong = [
        any(code in entry.medical for entry in entries) and not is_weak
        for code, is_weak in zip(diagnoses, weak, strict=True)
    ]
    all_weak = bool(diagnoses) and all(weak)
    klass = _class(entries, any(strong), all_weak)
    if klass is ServiceClass.CONDITIONAL:
        klass = _by_note(entries, documented)
    triggers = frozenset[str]().union(*(entry.triggers for entry in entries))
    return ClassFinding(klass, all_weak, any(strong) or any(weak), triggers, grid.family.get(code or "", frozenset()))


def _class(entries: Sequence[GridEntry], medical_diagnosis: bool, all_weak: bool) -> ServiceClass:
    classes = {entry.klass for entry in entries}
    if medical_diagnosis or (ServiceClass.MEDICAL in classes and not all_weak):
        return ServiceClass.MEDICAL
    if all_weak and ServiceClass.COSMETIC in classes:
        return ServiceClass.COSMETIC
    return ServiceClass.CONDITIONAL if ServiceClass.CONDITIONAL in classes else ServiceClass.COSMETIC


def _by_note(entries: Sequence[GridEntry], documented: Set[str]) -> ServiceClass:
    """A satisfied trigger makes conditional medical; the wish for a better look without one makes it cosmetic."""
    if any(entry.klass is ServiceClass.CONDITIONAL and entry.shown(documented) for entry in entries):
        return ServiceClass.MEDICAL
    return ServiceClass.COSMETIC if APPEARANCE in documented else ServiceClass.CONDITIONAL
