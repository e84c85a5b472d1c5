"""Faults of the file of everyday words that no single key shows: names that lead nowhere, phrases that stand twice."""

from collections.abc import Callable, Iterator

from app.policies.facts.faults import Fault
from app.policies.facts.grid import PolicySet
from app.policies.facts.words import EverydayWords
from app.policies.files.diagnoses import diagnosis_exists
from app.policies.files.yaml_text import Path

FILE = "_grid/words.yaml"


def word_faults(policies: PolicySet, line: Callable[[str, Path], int]) -> Iterator[Fault]:
    """Find every fault of the everyday words of a set; `line` gives the line of a path in the file."""
    known = _known(policies)
    seen: set[str] = set()
    for place, entry in enumerate(policies.words.words if policies.words is not None else ()):
        for key, found, remedy in _of_entry(entry, known, seen):
            yield Fault(FILE, line(FILE, ("words", place, key)), key, found, remedy)
        seen.update(phrase.casefold() for phrase in entry.say)


def _known(policies: PolicySet) -> frozenset[str]:
    services = policies.services.services if policies.services is not None else {}
    grid = policies.grid.services if policies.grid is not None else ()
    drugs = policies.drugs.drugs if policies.drugs is not None else {}
    return frozenset((*services, *(f"drug:{key}" for key in drugs), *(f"grid:{one.id}" for one in grid)))


def _of_entry(entry: EverydayWords, known: frozenset[str], seen: set[str]) -> Iterator[tuple[str, str, str]]:
    for phrase in entry.say:
        if phrase.casefold() in seen:
            yield "say", f"'{phrase}' stands there already", "Put all that it may mean into one entry"
    for name in entry.means:
        if name not in known:
            where = "service_grid.yaml" if name.startswith("grid:") else "services.yaml or drugs.yaml"
            yield "means", f"there is no '{name}' in _grid/{where}", "Name one that is there"
    for pattern in entry.diagnoses:
        if not diagnosis_exists(pattern):
            yield "diagnoses", f"there is no ICD-10-CM code {pattern}", "Correct it, or remove it"
