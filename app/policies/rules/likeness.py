"""Which payers of the library a name may mean: suggestions for a person to choose from, never an answer."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

MOST = 3
LEAST = 0.3
"""A likeness below it is no suggestion."""
_SHORTEST = 4
_WHOLE = {
    "bcbs": ("blue", "cross", "blue", "shield"),
    "bc": ("blue", "cross"),
    "bs": ("blue", "shield"),
    "uhc": ("united", "healthcare"),
    "uhg": ("united", "healthcare"),
    "unitedhealthcare": ("united", "healthcare"),
    "mcare": ("medicare",),
    "mcaid": ("medicaid",),
    "tx": ("texas",),
    "ca": ("california",),
    "fl": ("florida",),
    "ny": ("new", "york"),
    "ins": ("insurance",),
    "hlth": ("health",),
}
"""Short words of practice systems, written out."""
_BLUES = re.compile(r"\bbcbs([a-z]{2})\b")  # bcbstx: the short word of a plan, and its state
_EMPTY = frozenset({"of", "the", "and", "inc", "co", "company", "insurance", "plan", "plans", "ins", "corp", "llc"})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A payer that a name may mean, and how alike they are, from 0 to 1."""

    key: str
    name: str
    likeness: float


def suggestions(name: str, library: Mapping[str, tuple[str, Sequence[str]]]) -> tuple[Suggestion, ...]:
    """Name the payers of the library that are most like a name.

    Takes     a name as a file wrote it; the library's payers: name and all spoken names, by key.
    Returns   at most three, the most alike first, then by name. Rare words count more than words of many payers; a word
              that begins like another counts as a part of it. Nothing when no word is alike.
    """
    spoken = {key: [words_of(one) for one in names] for key, (_, names) in library.items()}
    weights = _weights(spoken)
    wanted = words_of(name)
    found = [
        Suggestion(key, library[key][0], max((_likeness(wanted, words, weights) for words in names), default=0.0))
        for key, names in spoken.items()
    ]
    best = sorted(found, key=lambda one: (-one.likeness, one.name.casefold()))
    return tuple(one for one in best[:MOST] if one.likeness >= LEAST)


def words_of(name: str) -> frozenset[str]:
    """Cut a name into words that tell payers apart; short words are written out."""
    words: set[str] = set()
    for word in re.findall(r"[a-z0-9]+", _BLUES.sub(r"bcbs \1", name.casefold())):
        words.update(_WHOLE.get(word, (word,)))
    return frozenset(words - _EMPTY) or frozenset(words)


def _weights(spoken: Mapping[str, Sequence[frozenset[str]]]) -> dict[str, float]:
    """Weigh each word of the library: the fewer payers have it, the more it tells."""
    counts: dict[str, int] = {}
    for names in spoken.values():
        for word in frozenset().union(*names):
            counts[word] = counts.get(word, 0) + 1
    return {word: 1 + math.log((1 + len(spoken)) / (1 + count)) for word, count in counts.items()}


def _likeness(wanted: frozenset[str], words: frozenset[str], weights: Mapping[str, float]) -> float:
    """The weight of what two names share, of the weight of all their words."""
    common = math.fsum(_weight(word, weights) * _met(word, words) for word in wanted)
    extra = math.fsum(_weight(word, weights) for word in words if not _met(word, wanted))
    total = math.fsum(_weight(word, weights) for word in wanted) + extra
    return round(common / total, 3) if total else 0.0


def _weight(word: str, weights: Mapping[str, float]) -> float:
    return weights.get(word, 1.0)


def _met(word: str, words: frozenset[str]) -> float:
    """1 for the same word, a part of it for one that begins alike over four letters or is a typing error away."""
    if word in words:
        return 1.0
    alike = any(_alike(word, other) for other in words if min(len(word), len(other)) >= _SHORTEST)
    return 0.6 if alike else 0.0


def _alike(one: str, other: str) -> bool:
    """Say whether one begins the other, or, from five letters on, whether they differ by one typing error."""
    if one.startswith(other) or other.startswith(one):
        return True
    return min(len(one), len(other)) > _SHORTEST and OSA.distance(one, other, score_cutoff=1) <= 1
