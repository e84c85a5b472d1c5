"""What the payer rules know of the names and codes that a file uses."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from sqlalchemy.orm import Session

from app.policies.actions.library import current_book
from app.policies.facts.answers import PayerMatch
from app.policies.facts.book import Book
from app.policies.files.diagnoses import diagnosis_exists
from app.policies.rules.library import drug_key
from app.policies.rules.payers import resolve_payer
from app.policies.rules.routine import offered_codes


@dataclass(frozen=True)
class Library:
    """Finds payers and drugs by their names, and says which codes are on our lists."""

    payer: Callable[[str], PayerMatch]
    drug_key: Callable[[str], str | None]
    knows_code: Callable[[str], bool]
    knows_diagnosis: Callable[[str], bool]


def library_of(session: Session, practice_id: UUID) -> Library:
    """Open the rules in force at a practice."""
    book = current_book(session, practice_id)
    codes = _codes(book)

    def key(name: str) -> str | None:
        found = drug_key(book, name)
        return found if found.startswith(("drug:", "drug_class:")) else None

    return Library(
        cache(lambda text: resolve_payer(book, text)), cache(key), codes.__contains__, cache(diagnosis_exists)
    )


def _codes(book: Book) -> frozenset[str]:
    services = book.services.services.values() if book.services else ()
    named = (code for service in services for code in service.codes)
    listed = (code for codes in (book.codes.cpt_hcpcs.values() if book.codes else ()) for code in codes)
    ruled = (code for _payer, code in book.by_code)
    return frozenset().union(ruled, book.grid.by_code, named, listed, offered_codes(book))
