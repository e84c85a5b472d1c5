"""What the finder can find of a rule book: its drugs, services and codes with our own labels, and everyday words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from app.policies.facts.book import Book
from app.policies.facts.drugs import Drug
from app.policies.facts.searching import Entry, Hit, Kind
from app.policies.facts.words import EverydayWords
from app.policies.rules.scope import plain_name
from app.policies.rules.searching import Lexicon

_HELD, _SPOKEN = "lexicon", "spoken diagnoses"


@dataclass
class _Said:
    """Everyday words by what they mean."""

    of_keys: dict[str, list[str]]
    of_codes: dict[str, list[str]]


def lexicon_of(book: Book) -> Lexicon:
    """What may be found of a book; made once for each book."""
    held = book.fixed.get(_HELD)
    if held is None:
        held = book.fixed[_HELD] = Lexicon(tuple(entries_of(book)))
    assert isinstance(held, Lexicon)
    return held


def for_diagnoses(book: Book, codes: Iterable[str]) -> tuple[Hit, ...]:
    """What is usual for diagnoses: services that the grid counts as medical with one, then drugs and services that
    everyday words name beside it. A choice, in the order of our lists."""
    lexicon, asked = lexicon_of(book), tuple(codes)
    grid = book.grid_file.services if book.grid_file is not None else ()
    labels = [one.label for one in grid if any(_covers(pattern, code) for pattern in one.medical for code in asked)]
    keys = [
        key
        for one in book.words
        if any(_covers(pattern, code) for pattern in one.diagnoses for code in asked)
        for key in one.means
        if not key.startswith("grid:")
    ]
    found = (lexicon.called(name) for name in dict.fromkeys((*keys, *labels)))
    hits = {hit.key: hit for hit in found if hit is not None}
    return tuple(hits.values())


def _covers(pattern: str, code: str) -> bool:
    stem = pattern.rstrip("*").rstrip(".")
    return code.startswith(stem) if pattern.endswith("*") else code == stem


def spoken_diagnoses(book: Book, diagnoses: Lexicon) -> Lexicon:
    """The diagnoses that everyday words of a book mean, by these words alone; made once for each book."""
    held = book.fixed.get(_SPOKEN)
    if held is None:
        held = book.fixed[_SPOKEN] = Lexicon(tuple(_spoken(diagnoses.entries, book.words)))
    assert isinstance(held, Lexicon)
    return held


def _spoken(entries: Iterable[Entry], words: Iterable[EverydayWords]) -> Iterator[Entry]:
    exact: dict[str, list[str]] = {}
    stems: dict[str, list[str]] = {}
    for one in words:
        for pattern in one.diagnoses:
            where = stems if pattern.endswith("*") else exact
            where.setdefault(pattern.rstrip("*").rstrip("."), []).extend(one.say)
    for entry in entries:
        said = list(exact.get(entry.key, ()))
        for length in range(3, len(entry.key) + 1):
            said += stems.get(entry.key[:length], ())
        if said:
            yield replace(entry, names=(), words=tuple(dict.fromkeys(said)))


def entries_of(book: Book) -> Iterator[Entry]:
    """Every drug, service and code of a book, in this order."""
    said = _said(book)
    labels = book.services.services if book.services is not None else {}
    for key, drug in book.drugs.drugs.items() if book.drugs is not None else ():
        yield _drug(book, key, drug, tuple(said.of_keys.get(f"drug:{key}", ())))
    services = _services(book)
    for entry in services:
        keys = (entry.key, f"grid:{entry.key}", *_grid_ids(book, entry))
        yield replace(entry, words=tuple(dict.fromkeys(word for key in keys for word in said.of_keys.get(key, ()))))
    for key, service in labels.items():
        if key.startswith("drug_class:"):
            words = tuple(said.of_keys.get(key, ()))
            yield Entry(Kind.DRUG, key, service.label, (service.label, key), words, service.codes)
    for code, label in sorted(_codes(book, services).items()):
        words = (label, *said.of_codes.get(code, ())) if label else tuple(said.of_codes.get(code, ()))
        yield Entry(Kind.CODE, code, f"{code} {label}".strip(), (code,), words)


def _said(book: Book) -> _Said:
    said = _Said({}, {})
    for entry in book.words:
        for key in entry.means:
            said.of_keys.setdefault(key, []).extend(entry.say)
        for code in entry.codes:
            said.of_codes.setdefault(code, []).extend(entry.say)
    return said


def _drug(book: Book, key: str, drug: Drug, words: tuple[str, ...]) -> Entry:
    entry = book.services.services.get(f"drug:{key}") if book.services is not None else None
    brand, label = drug.names[0], entry.label if entry is not None else ""
    same = not label or plain_name(label) == plain_name(brand) or plain_name(label) == plain_name(key)
    shown = brand[:1].upper() + brand[1:] if same else label
    names = dict.fromkeys((shown, key.replace("_", " "), f"drug:{key}", *drug.names))
    return Entry(Kind.DRUG, f"drug:{key}", shown, tuple(names), words, entry.codes if entry is not None else ())


def _services(book: Book) -> tuple[Entry, ...]:
    """Services of rules, and those of the grid; where both have one by the same label it is one."""
    found: dict[str, Entry] = {}
    for key, service in book.services.services.items() if book.services is not None else ():
        if not key.startswith(("drug", "any_")):
            names = (service.label, key.replace("_", " "), key)
            found[plain_name(service.label)] = Entry(Kind.SERVICE, key, service.label, names, (), service.codes)
    for one in book.grid_file.services if book.grid_file is not None else ():
        known = found.get(plain_name(one.label))
        if known is None:
            found[plain_name(one.label)] = Entry(
                Kind.SERVICE, f"grid:{one.id}", one.label, (one.label,), (), tuple(one.codes)
            )
        else:
            codes = tuple(dict.fromkeys((*known.codes, *one.codes)))
            found[plain_name(one.label)] = replace(known, codes=codes)
    return tuple(found.values())


def _grid_ids(book: Book, entry: Entry) -> tuple[str, ...]:
    grid = book.grid_file.services if book.grid_file is not None else ()
    return tuple(f"grid:{one.id}" for one in grid if plain_name(one.label) == plain_name(entry.label))


def _codes(book: Book, services: tuple[Entry, ...]) -> Mapping[str, str]:
    """Every code that is known, with our own label where one list of ours has one."""
    labels: dict[str, str] = {}
    for code, label in (
        *_of_families(book),
        *_of_lists(book, services),
        *((code, "") for _payer, code in book.by_code),
    ):
        labels.setdefault(code, label)
    return labels


def _of_families(book: Book) -> Iterator[tuple[str, str]]:
    parts = (part for family in book.families for part in family.parts)
    return ((code, f"{part.label}: {label}") for part in parts for code, label in part.codes.items())


def _of_lists(book: Book, services: tuple[Entry, ...]) -> Iterator[tuple[str, str]]:
    yield from ((code, entry.label) for entry in services for code in entry.codes)
    groups = book.routine.groups if book.routine is not None else ()
    yield from ((code, group.label) for group in groups for code in group.codes)
    others = book.services.services.items() if book.services is not None else ()
    for key, service in others:
        yield from ((code, service.label if key.startswith("drug") else "") for code in service.codes)
