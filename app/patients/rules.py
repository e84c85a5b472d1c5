"""Under which texts a patient is found. They are stored as blind indexes only."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from app.patients.facts import PatientDetails
from app.values.members import member_forms

SHORTEST = 3
_LENGTHS = {"last": (3, 4, 6), "first": (3, 5)}
"""The lengths of a name's beginnings that are kept; a name in between is compared opened. A shorter one stays whole."""

_NOT_PLAIN = re.compile(r"[^0-9a-z]+")
_BETWEEN = re.compile(r"[\s\-]+")

Key = tuple[str, str]
"""What a patient is found under: a purpose and a text."""


def plain_name(text: str) -> str:
    """Fold a name for comparing: letters and digits in lower case, without accents: `O'Neil-Peña` is `oneilpena`."""
    folded = text.casefold()
    if folded.isascii():
        return _NOT_PLAIN.sub("", folded)
    return "".join(character for character in unicodedata.normalize("NFKD", folded) if character.isalnum())


def digits_of(text: str) -> str:
    """The digits of a phone number, without the country's 1."""
    digits = re.sub(r"\D", "", text)
    return digits[1:] if len(digits) == 11 and digits[0] == "1" else digits


def name_key(part: str, text: str) -> Key:
    """What a typed name (`part`: last or first) is looked up by: the longest kept beginning, or a short name whole.

    What is found by it still has to be compared: the key may be shorter than what was typed.
    """
    folded = plain_name(text)
    fitting = [length for length in _LENGTHS[part] if length <= len(folded)]
    return (part, folded[: fitting[-1]]) if fitting else (f"whole {part}", folded)


def name_fits(typed: str, name: str) -> bool:
    """Say whether a name, or a later part of it, begins as typed; fewer than three letters are a whole part (`Li`)."""
    wanted = plain_name(typed)
    if len(wanted) < SHORTEST:
        return wanted in _variants(name)
    return any(one.startswith(wanted) for one in _variants(name))


def _variants(name: str) -> frozenset[str]:
    """A name from its beginning, and from each later part on: `oneilpena` and `pena`."""
    parts = _BETWEEN.split(name)
    if len(parts) == 1:
        return frozenset(filter(None, (plain_name(name),)))
    folded = (plain_name("".join(parts[place:])) for place in range(len(parts)))
    return frozenset(one for one in folded if one)


def keys_of(details: PatientDetails) -> Iterator[Key]:
    """List what a patient is found under by name, phone and birth date."""
    for part, text in (("last", details.last_name), ("first", details.first_name)):
        for name in _variants(text):
            if len(name) < SHORTEST:
                yield f"whole {part}", name
            yield from ((part, name[:length]) for length in _LENGTHS[part] if length <= len(name))
    if phone := digits_of(details.phone or ""):
        yield "phone", phone
    if details.birth_date:
        yield birth_key(details.birth_date)


def birth_key(birth: date) -> Key:
    """What a birth date is found under."""
    return "birth", birth.isoformat()


def member_keys(member_id: str) -> frozenset[Key]:
    """What a member id is found under: whole, and without a dependent's suffix."""
    forms = member_forms(member_id)
    return frozenset(("member", text) for text in (forms.whole, forms.base, forms.cut) if text)


def number_key(number: str) -> Key:
    """What an authorization number or a payer's reference is found under; punctuation and case do not matter."""
    return "number", plain_name(number)
