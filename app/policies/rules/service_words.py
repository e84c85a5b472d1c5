"""Which services a person's words mean when a request is made: suggestions to choose from, never an answer."""

from dataclasses import dataclass

from app.policies.facts.book import Book
from app.policies.facts.searching import Kind
from app.policies.rules.lexicon import lexicon_of
from app.policies.rules.scope import plain_name
from app.policies.rules.word_index import words_in

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
    Returns   at most twelve, the best first, also where a word has a letter too many, too few or wrong. One that has
              neither code nor drug is left out.
    """
    wanted = words_in(words)
    if not wanted or any(len(word) < _SHORTEST for word in wanted):
        return ()
    found = []
    for hit in lexicon_of(book).search(words):
        if hit.kind is Kind.DRUG and hit.key.startswith("drug:"):
            found.append(ServiceHit(hit.label, (), hit.key))
        elif hit.kind is Kind.SERVICE and hit.codes:
            found.append(ServiceHit(hit.label, hit.codes))
    return tuple(found[:MOST])


def drug_named(book: Book, name: str) -> str | None:
    """The service key of the drug that a name means exactly; None when no list of ours has it."""
    key = book.drug_names.get(plain_name(name))
    return key if key is not None and key.startswith("drug:") else None
