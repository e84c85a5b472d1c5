"""What words mean: a drug, a service, a code or a diagnosis. One exact name is an answer; all else is a choice."""

import re
from collections.abc import Iterable, Sequence

from app.policies.facts.book import Book
from app.policies.facts.searching import Entry, Hit, Kind, Meaning
from app.policies.rules.library import drug_key
from app.policies.rules.word_index import WordIndex
from app.values.codes import read_ndc, read_procedure

MOST = 30
MOST_OF_KIND = 12
_LEAST, _FAR_WORSE = 0.35, 0.4
_CODE_LIKE = 3
_BETWEEN = re.compile(r"[\W_]+")
_SKIN = ("L", "C43", "C44", "C4A", "D03", "D04", "D17", "D18.01", "D22", "D23", "B00", "B07", "B08.1", "B35", "R61")
_SKIN_FIRST = 0.04


class Lexicon:
    """Everything that may be found, by names, words and codes. Built once, then only asked."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        """Take the entries; where two are equally good, the one that stands first is shown first."""
        self.entries = tuple(entries)
        self._index = WordIndex(
            (number, name) for number, entry in enumerate(entries) for name in (*entry.names, *entry.words)
        )
        self._exact: dict[str, list[int]] = {}
        for number, entry in enumerate(entries):
            for name in {_folded(name) for name in entry.names}:
                self._exact.setdefault(name, []).append(number)
        self._codes = {entry.key.replace(".", ""): number for number, entry in enumerate(entries) if _is_code(entry)}

    def called(self, name: str) -> Hit | None:
        """The one entry that goes by a name; None where none does, or several do."""
        found = self._exact.get(_folded(name), ())
        return self._hit(found[0], 1.0) if len(found) == 1 else None

    def search(self, words: str) -> tuple[Hit, ...]:
        """The entries that words may mean, best first; at most twelve of a kind."""
        found = [
            self._hit(number, score + self._boost(number), self._index.names[place])
            for number, (score, place) in self._index.find(words).items()
        ]
        return _few(hit for hit in (*found, *self._near_codes(words)) if hit.score >= _LEAST)

    def _near_codes(self, words: str) -> Iterable[Hit]:
        """Codes that begin as a part of one was typed."""
        typed = "".join(words.upper().replace(".", "").split())
        if len(typed) < _CODE_LIKE or not any(character.isdigit() for character in typed):
            return
        for code, number in self._codes.items():
            if code.startswith(typed):
                yield self._hit(number, 1.0 if code == typed else 0.9)

    def _boost(self, number: int) -> float:
        entry = self.entries[number]
        return _SKIN_FIRST if entry.kind is Kind.DIAGNOSIS and entry.key.startswith(_SKIN) else 0.0

    def _hit(self, number: int, score: float, name: str | None = None) -> Hit:
        entry = self.entries[number]
        found_by = name if name is not None and _folded(name) != _folded(entry.label) else None
        return Hit(entry.kind, entry.key, entry.label, entry.codes, round(min(score, 1.0), 4), found_by)


def exact_meaning(book: Book, lexicon: Lexicon, words: str) -> Hit | None:
    """A code as it stands, or the one drug or service that goes by exactly this name; None: it has to be chosen."""
    text = " ".join(words.split())
    code, ndc = read_procedure(text), read_ndc(text)
    if code is not None and any(character.isdigit() for character in text):
        known = lexicon.called(code)
        return known if known is not None and known.kind is Kind.CODE else Hit(Kind.CODE, code, code, (), 1.0)
    if ndc is not None:
        key = drug_key(book, ndc)
        return lexicon.called(key) if key != ndc else Hit(Kind.DRUG, ndc, ndc, (), 1.0)
    exact = lexicon.called(text)
    return exact if exact is not None and exact.ask else None


def meanings(lexicons: Iterable[Lexicon], words: str) -> tuple[Hit, ...]:
    """All that words may mean, best first: what fits far worse than the best is left out."""
    text = " ".join(words.split())
    return _few(hit for lexicon in lexicons for hit in lexicon.search(text))


def diagnosis_meant(diagnoses: Lexicon, spoken: Lexicon, words: str) -> Meaning:
    """Say which diagnosis a person meant: one that goes by exactly this name, or a choice."""
    exact = diagnoses.called(" ".join(words.split()))
    return Meaning(exact) if exact is not None else Meaning(None, meanings((diagnoses, spoken), words))


def _folded(name: str) -> str:
    """A name for exact comparison: case, spaces and punctuation do not matter."""
    return _BETWEEN.sub("", name.casefold())


def _is_code(entry: Entry) -> bool:
    return entry.kind in (Kind.CODE, Kind.DIAGNOSIS)


def _few(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """The best first, each once, a few of each kind."""
    best: dict[tuple[Kind, str], Hit] = {}
    for hit in hits:
        kept = best.get((hit.kind, hit.key))
        if kept is None or hit.score > kept.score:
            best[hit.kind, hit.key] = hit
    counts: dict[Kind, int] = {}
    chosen = []
    least = max((hit.score for hit in best.values()), default=0.0) - _FAR_WORSE
    for hit in sorted(best.values(), key=lambda one: -one.score):
        if hit.score < least:
            break
        counts[hit.kind] = counts.get(hit.kind, 0) + 1
        if counts[hit.kind] <= MOST_OF_KIND:
            chosen.append(hit)
    return tuple(chosen[:MOST])
