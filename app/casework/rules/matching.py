"""Whether an answer of a payer names the member, patient and payer of the request that it claims to answer."""

import re

from app.casework.facts.payer_answers import Named
from app.casework.facts.sides import OnFile
from app.policies.facts.book import Book
from app.policies.rules.payers import resolve_payer
from app.values.members import member_forms

OTHER_MEMBER, OTHER_PATIENT, OTHER_PAYER = "other_member", "other_patient", "other_payer"


def differs_in(named: Named, on_file: OnFile, book: Book) -> str | None:
    """Say in what an answer contradicts the request: member, patient or payer; None: in nothing that both tell.

    A member id is the same but for a dependent's suffix. The birth date settles who the patient is; without one the
    last name does.
    """
    if _other_payer(named, on_file, book):
        return OTHER_PAYER
    if named.member_id and on_file.members and not any(same_member(named.member_id, one) for one in on_file.members):
        return OTHER_MEMBER
    if named.birth_date is not None and on_file.birth_date is not None:
        return OTHER_PATIENT if named.birth_date != on_file.birth_date else None
    return OTHER_PATIENT if named.last_name and not same_name(named.last_name, on_file.last_name) else None


def same_name(one: str, other: str) -> bool:
    """Say whether two last names agree: alike, or one the beginning of the other (Smith, Smith Jr)."""
    first, second = sorted((plain(one), plain(other)), key=len)
    return bool(first) and second.startswith(first)


def same_member(one: str, other: str) -> bool:
    """Say whether two member ids name one member: equal, or equal but for a dependent's suffix."""
    first, second = member_forms(one), member_forms(other)
    return (
        first.base == second.base or first.whole in (second.base, second.cut) or second.whole in (first.base, first.cut)
    )


def plain(name: str) -> str:
    """Reduce a name to its letters, so that marks, blanks and case do not matter."""
    return re.sub(r"[^a-z]", "", name.casefold())


def _other_payer(named: Named, on_file: OnFile, book: Book) -> bool:
    if named.payer_id and on_file.payer_id and plain_id(named.payer_id) != plain_id(on_file.payer_id):
        return True
    known = [resolve_payer(book, text) for text in (named.payer_id, named.payer_name) if text]
    return any(one.in_library and one.key != on_file.payer for one in known)


def plain_id(text: str) -> str:
    """Reduce an id to letters and digits in upper case."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())
