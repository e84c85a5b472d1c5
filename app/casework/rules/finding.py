"""How the words of a search may be meant."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.patients.facts import PatientDetails
from app.patients.rules import (
    Key,
    birth_key,
    digits_of,
    member_keys,
    name_fits,
    name_key,
    number_key,
    plain_name,
)
from app.values.days import read_day

SHORTEST_NUMBER = 4
_CODE = re.compile(r"(?:A[\s-]*)?([0-9A-F]{6})")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the words: the keys that must all find a patient, and the name or birth date to compare with."""

    keys: tuple[Key, ...]
    last: str | None = None
    first: str | None = None
    birth: date | None = None
    phone: str | None = None

    def fits(self, person: PatientDetails) -> bool:
        """Say whether a patient is as read: a key may be shorter than the word, or older than what is on file."""
        if self.last is not None and not name_fits(self.last, person.last_name):
            return False
        if self.first is not None and not name_fits(self.first, person.first_name):
            return False
        if self.phone is not None and digits_of(person.phone or "") != self.phone:
            return False
        return self.birth is None or person.birth_date == self.birth


def readings_of(words: str) -> tuple[Reading, ...]:
    """List the ways in which the words of a search may be meant.

    Takes     a last name, a first name (whole, or three letters and more), both in either order, `last, first`, a birth
              date, a phone number, a member id, an authorization number or a payer's reference; a birth date may stand
              beside a name.
    Returns   at most a dozen ways; none for fewer than two letters or digits. The record number is looked up apart.
    """
    text = " ".join(words.split())
    if len(plain_name(text)) < 2:
        return ()
    return tuple(dict.fromkeys(_readings(text)))[:12]


def code_of(words: str) -> str | None:
    """Read the code of a case, `A-0F3B21` or `0f3b21`: its six digits in capitals; None when the words are none."""
    match = _CODE.fullmatch(words.strip().upper())
    return match.group(1) if match else None


def is_number(words: str) -> bool:
    """Say whether words may be a payer's number or a reference: four letters or digits and more, a digit among them."""
    return len(plain_name(words)) >= SHORTEST_NUMBER and re.search(r"\d", words) is not None


def _readings(text: str) -> Iterator[Reading]:
    birth = read_day(text)
    if birth is not None:
        yield Reading((birth_key(birth),), birth=birth)
        return
    phone = digits_of(text)
    if len(phone) == 10 and not re.search(r"[a-z]", text.lower()):
        yield Reading((("phone", phone),), phone=phone)
    if len(plain_name(text)) >= SHORTEST_NUMBER and re.search(r"\d", text):
        yield Reading((number_key(text),))
        yield from (Reading((key,)) for key in sorted(member_keys(text)))
    yield from _names(text)


def _names(text: str) -> Iterator[Reading]:
    """A name, with a birth date beside it where one stands last."""
    rest, _, last_word = text.rpartition(" ")
    birth = read_day(last_word) if rest else None
    name = rest.strip(" ,") if birth is not None else text
    for last, first in _parts(name):
        keys = [name_key("last", last)] if last else []
        keys += [name_key("first", first)] if first else []
        keys += [birth_key(birth)] if birth else []
        yield Reading(tuple(keys), last, first, birth)


def _parts(name: str) -> Iterator[tuple[str | None, str | None]]:
    if re.search(r"\d", name):
        return
    last, comma, first = (part.strip() for part in name.partition(","))
    if comma and plain_name(last) and plain_name(first):
        yield last, first
        return
    words = [word for word in re.split(r"[\s,]+", name) if plain_name(word)]
    yield " ".join(words), None
    yield None, " ".join(words)
    for place in range(1, len(words)):
        yield " ".join(words[place:]), " ".join(words[:place])
        yield " ".join(words[:place]), " ".join(words[place:])
