"""Names found by their words, with typing errors: beginnings count, and one or two letters may be wrong."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

_WORD = re.compile(r"[a-z0-9]+")
_EMPTY = frozenset({"a", "an", "and", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"})
_SHORTEST_PART = 3
_EXACT, _PLURAL, _BEGINS, _ONE_OFF, _TWO_OFF = 1.0, 0.97, 0.85, 0.75, 0.5
_MOST_ALIKE = 40
_OF_WORDS, _OF_NAME = 0.7, 0.3
"""How much it counts that the words fit well, and that they are all of the name."""
_PARTLY = 0.6
"""What is left of a score where next to none of the words fit."""


def words_in(text: str) -> list[str]:
    """Cut a text into words that tell something; where it has none such, into all its words."""
    words = _WORD.findall(text.casefold().replace("'", ""))
    return [word for word in words if word not in _EMPTY] or words


class WordIndex:
    """Names by the words in them. Built once, then only asked."""

    def __init__(self, names: Iterable[tuple[int, str]]) -> None:
        """Take names, each with the number of what goes by it."""
        self.owners = array("L")
        self.names: list[str] = []
        self._sizes = array("B")
        postings: dict[str, array[int]] = {}
        for owner, name in names:
            place = len(self.owners)
            words = dict.fromkeys(words_in(name))
            self.owners.append(owner)
            self.names.append(name)
            self._sizes.append(min(len(words), 255))
            for word in words:
                places = postings.get(word)
                if places is None:
                    places = postings[word] = array("L")
                places.append(place)
        self._words = sorted(postings)
        self._places = [postings[word] for word in self._words]

    def find(self, text: str) -> Mapping[int, tuple[float, int]]:
        """Find what goes by a text.

        Takes     words as typed.
        Returns   by the number of each: how well its best name fits, above 0 to 1, and the place of that name. Where
                  names have all words, only those; else those that have the most of them, at least half, for less.
        """
        wanted = list(dict.fromkeys(words_in(text)))
        if not wanted:
            return {}
        fits = [self._names_with(word) for word in wanted]
        joined = "".join(wanted)
        if len(wanted) > 1 and len(joined) <= 24:
            split = self._alike(joined)
            if split and not all(fits):
                return self._best(split, [joined], 1.0)
        counts: dict[int, int] = {}
        for found in fits:
            for place in found:
                counts[place] = counts.get(place, 0) + 1
        most = max(counts.values(), default=0)
        if most * 2 < len(wanted) or not most:
            return {}
        sums = {place: sum(one.get(place, 0.0) for one in fits) for place, count in counts.items() if count == most}
        return self._best(sums, wanted, most / len(wanted))

    def _best(self, sums: Mapping[int, float], wanted: list[str], share: float) -> dict[int, tuple[float, int]]:
        found: dict[int, tuple[float, int]] = {}
        owners, sizes, count = self.owners, self._sizes, len(wanted)
        for place, total in sums.items():
            covered = min(count * share / max(sizes[place], 1), 1.0)
            score = (_OF_WORDS * total / count + _OF_NAME * covered) * (_PARTLY + (1 - _PARTLY) * share)
            owner = owners[place]
            if owner not in found or score > found[owner][0]:
                found[owner] = (score, place)
        return found

    def _names_with(self, word: str) -> dict[int, float]:
        """The names that have a word, or one that begins with it, or one that is nearly it."""
        found = self._alike(word)
        if len(word) >= _SHORTEST_PART:
            start = bisect_left(self._words, word)
            for place in range(start, len(self._words)):
                longer = self._words[place]
                if not longer.startswith(word):
                    break
                weight = _EXACT if longer == word else _PLURAL if longer in (f"{word}s", f"{word}es") else _BEGINS
                _raise_to(found, self._places[place], weight)
        elif (start := bisect_left(self._words, word)) < len(self._words) and self._words[start] == word:
            _raise_to(found, self._places[start], _EXACT)
        return found

    def _alike(self, word: str) -> dict[int, float]:
        """The names with a word that differs by one letter from four letters on, by two from eight."""
        found: dict[int, float] = {}
        off = 0 if len(word) < 4 or not word.isalpha() else 1 if len(word) < 8 else 2
        if not off:
            return found
        start = bisect_left(self._words, word)
        if start < len(self._words) and self._words[start] == word:
            off = 1  # the word is there: only what may be mistaken for it
        for other, distance, place in extract(
            word, self._words, scorer=OSA.distance, score_cutoff=off, limit=_MOST_ALIKE
        ):
            weight = _EXACT if not distance else _ONE_OFF if distance == 1 else _TWO_OFF
            if distance == 1 and word in (f"{other}s", f"{other}es"):
                weight = _PLURAL
            _raise_to(found, self._places[place], weight)
        return found


def _raise_to(found: dict[int, float], places: Iterable[int], weight: float) -> None:
    for place in places:
        if found.get(place, 0.0) < weight:
            found[place] = weight
