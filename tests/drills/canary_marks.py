"""Marks of the canary drill: random words and numbers that occur nowhere else, and the search for them in any form."""

import base64
import gzip
import io
import random
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

LETTERS = "bcdfghjklmnpqrstvwxz"  # no vowels: no word of any language
FIRST_DAY, DAYS = date(1910, 1, 1), 700
DIGITS = re.compile(rb"(?<!\d)(?:1[-. ]?)?\(?(\d{3})\)?[-. ]?(\d{3})[-. ]?(\d{4})(?!\d)")
ISO_DAY = re.compile(rb"(191[01])-(\d\d)-(\d\d)")
US_DAY = re.compile(rb"(?<!\d)(\d\d?)/(\d\d?)/(191[01])")
CONTEXT = 30


@dataclass(frozen=True)
class Marks:
    """The marks of one run. Every word begins with the same eight random letters, so that one search finds all."""

    seed: int
    people: int

    @cached_property
    def root(self) -> str:
        """The letters with which every marked word begins."""
        return "".join(random.Random(self.seed * 7919 + 17).choices(LETTERS, k=8))

    def word(self, kind: str, number: int = 0) -> str:
        """A marked word: the field's name and the patient's number are in it, in letters."""
        return f"{self.root}{kind}{_in_letters(number)}".capitalize()

    def code(self, kind: str, number: int = 0) -> str:
        """A marked number of letters and digits, as records and approvals have."""
        return f"{self.root.upper()}{kind.upper()}{number:05}"

    def phone(self, number: int) -> str:
        """A number of ten digits that nobody has."""
        return f"{self._exchange}{number:04}"

    @cached_property
    def _exchange(self) -> str:
        dice = random.Random(self.seed * 104_729 + 5)
        return f"917{dice.randint(200, 899)}"

    def birth(self, number: int) -> date:
        """A day of birth in years of which the drill has no other date."""
        return FIRST_DAY + timedelta(days=number % DAYS)

    @cached_property
    def _phones(self) -> frozenset[bytes]:
        return frozenset(self.phone(number).encode() for number in range(self.people))

    @cached_property
    def _forms(self) -> tuple[tuple[str, bytes], ...]:
        """How the root may be written, for a search that ignores the case of letters."""
        root = self.root.encode()
        return (
            ("plain", root),
            ("reversed", root[::-1]),
            ("hex", root.hex().encode()),
            ("HEX of capitals", root.upper().hex().encode()),
            ("hex of a name", root.capitalize().hex().encode()),
            ("UTF-16", self.root.encode("utf-16-le")),
            ("escaped", "".join(f"\\u{ord(one):04x}" for one in self.root).encode()),
            ("escaped capitals", "".join(f"\\u{ord(one):04x}" for one in self.root.upper()).encode()),
            ("percent", "".join(f"%{ord(one):02x}" for one in self.root).encode()),
        )

    @cached_property
    def _base64(self) -> tuple[bytes, ...]:
        """The root in base64 at each of three places, without what its neighbours decide."""
        found = []
        for text in (self.root, self.root.upper(), self.root.capitalize()):
            for before in range(3):
                written = base64.b64encode(b"\0" * before + text.encode()).rstrip(b"=")
                found.append(written[(0, 2, 3)[before] : -1 if (before + len(text)) % 3 else None])
        return tuple(found)

    def hits_in(self, content: bytes) -> Iterator[str]:
        """Find marks in bytes, and in what is packed in them. Gives the form and what stands around the mark."""
        for part in _unpacked(content):
            small = part.lower()
            for name, wanted in self._forms:
                yield from (f"{name}: {_around(part, at)}" for at in _places(small, wanted))
            for wanted in self._base64:
                yield from (f"base64: {_around(part, at)}" for at in _places(part, wanted))
            yield from self._numbers_in(part)

    def _numbers_in(self, part: bytes) -> Iterator[str]:
        for found in DIGITS.finditer(part):
            if b"".join(found.groups()) in self._phones:
                yield f"phone: {_around(part, found.start())}"
        for pattern in (ISO_DAY, US_DAY):
            for found in pattern.finditer(part):
                yield f"day of birth: {_around(part, found.start())}"


def _in_letters(number: int) -> str:
    text = ""
    for _ in range(4):
        number, rest = divmod(number, len(LETTERS))
        text = LETTERS[rest] + text
    return text


def _places(content: bytes, wanted: bytes) -> Iterator[int]:
    at = content.find(wanted)
    while at >= 0:
        yield at
        at = content.find(wanted, at + 1)


def _around(content: bytes, at: int) -> str:
    return repr(content[max(0, at - CONTEXT) : at + CONTEXT])


def _unpacked(content: bytes) -> Iterator[bytes]:
    """The bytes themselves, and what a gzip, zlib or zip file in them holds."""
    yield content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    elif content[:2] == b"\x1f\x8b":
        yield gzip.decompress(content)
    elif content[:1] == b"\x78":
        try:
            yield zlib.decompress(content)
        except zlib.error:
            return
