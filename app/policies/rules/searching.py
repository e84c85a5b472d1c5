"""Which services a person's words mean: suggestions to choose from, never an answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.policies.facts.book import Book
from app.policies.rules.scope import plain_name

MOST = 12
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class ServiceHit:
    """One service that words may mean: our label, its codes, and the service key of the drug where it is one."""

    label: str
    codes: tuple[str, ...]
    drug: str | None = None


def search_services(book: Book, words: str) -> tuple[ServiceHit, ...]:
    """Find services by words.

    Takes     the book; words such as `mohs`, `photo`, `dupi`: each of three letters or more.
    Returns   at most twelve, drugs first: those of whose label or name every word begins some word. One that has
              neither code nor drug is left out.
    """
    wanted = re.findall(r"[a-z0-9]+", words.casefold())
    if not wanted or any(len(word) < _SHORTEST for word in wanted):
        return ()
    found: dict[tuple[tuple[str, ...], str | None], ServiceHit] = {}
    for hit, spoken in _services(book):
        if (hit.codes or hit.drug) and any(_fits(wanted, name) for name in spoken):
            found.setdefault((hit.codes, hit.drug), hit)
    ordered = sorted(found.values(), key=lambda hit: (hit.drug is None, hit.label.casefold()))
    return tuple(ordered[:MOST])


def drug_named(book: Book, name: str) -> str | None:
    """The service key of the drug that a name means exactly; None when no list of ours has it."""
    key = book.drug_names.get(plain_name(name))
    return key if key is not None and key.startswith("drug:") else None


def _fits(wanted: list[str], name: str) -> bool:
    spoken = re.findall(r"[a-z0-9]+", name.casefold())
    return all(any(word.startswith(one) for word in spoken) for one in wanted)


def _services(book: Book) -> Iterator[tuple[ServiceHit, tuple[str, ...]]]:
    labels = book.services.services if book.services is not None else {}
    for key, drug in book.drugs.drugs.items() if book.drugs is not None else ():
        entry = labels.get(f"drug:{key}")
        label = entry.label if entry is not None else key.replace("_", " ").capitalize()
        yield ServiceHit(label, (), f"drug:{key}"), (key.replace("_", " "), *drug.names)
    for key, service in labels.items():
        if not key.startswith("drug"):
            yield ServiceHit(service.label, service.codes), (service.label, key.replace("_", " "))
    for one in book.grid_file.services if book.grid_file is not None else ():
        yield ServiceHit(one.label, one.codes), (one.label,)
