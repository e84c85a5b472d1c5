"""Which payer does a file mean? Exact after folding; never by likeness."""

import re
from collections.abc import Mapping
from dataclasses import replace

from app.policies.facts.answers import PayerMatch
from app.policies.facts.book import Book
from app.policies.rules.scope import plain_name

SELF_PAY = frozenset(plain_name(word) for word in ("self pay", "cash", "private pay", "none", "uninsured"))


def resolve_payer(book: Book, text: str) -> PayerMatch:
    """Find a payer by id, name, alias or electronic id.

    Takes     what a file says; case, spaces and punctuation do not matter.
    Returns   the library's payer; or self-pay; or a payer without rules under the key `local:<slug>`.
    """
    folded = plain_name(text)
    key = book.names.get(folded)
    if key is not None:
        return PayerMatch(key, book.payers[key].name, in_library=True)
    if folded in SELF_PAY:
        return PayerMatch("", text.strip(), self_pay=True)
    slug = re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")
    return PayerMatch(f"local:{slug}", " ".join(text.split()))


def with_aliases(book: Book, aliases: Mapping[str, str]) -> Book:
    """Let a book know more names of its payers.

    Takes     the practice's own names, folded, each with a payer's key. Names of the book go first; one whose payer is
              no longer in the book means nothing.
    """
    more = {name: key for name, key in aliases.items() if key in book.payers and name not in book.names}
    return replace(book, names={**book.names, **more}) if more else book


def payers_on(library: Mapping[str, str], brought: Mapping[str, str], choices: Mapping[str, bool]) -> dict[str, str]:
    """The payers that the practice works with, name by key, in the order of their names.

    Takes     the library's payers and those that files brought, name by key; what a person said of some.
    Returns   those turned on; a payer that a file brought counts as on until a person says no.
    """
    known = {
        **{key: (name, False) for key, name in library.items()},
        **{k: (name, True) for k, name in brought.items()},
    }
    on = {key: name for key, (name, by_itself) in known.items() if choices.get(key, by_itself)}
    return dict(sorted(on.items(), key=lambda one: one[1].casefold()))
