"""One HL7 v2 message, taken apart by its own delimiters: segments, and in them values by the numbers of HL7."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import hl7

from app.standards.errors import Fault, ReadingError
from app.standards.hl7v2.text import KIND, Raw
from app.standards.hl7v2.values import unescaped

DELETED = '""'
"""What a sender writes to say that a value is no more; it is read like a value that is not there."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its name, its number in the file, and its fields, each a list of repeats of components of parts."""

    name: str
    number: int
    fields: Sequence[Sequence[Sequence[Sequence[str]]]]
    signs: str
    charset: str

    def value(self, field: int, component: int = 1, repeat: int = 1, part: int = 1) -> str | None:
        """Give a value by its HL7 numbers, blanks around it taken off; None where there is none, or it is deleted."""
        try:
            text = self.fields[field][repeat - 1][component - 1][part - 1]
        except IndexError:
            return None
        text = text.strip()
        if not text or text == DELETED:
            return None
        return unescaped(text, self.signs, self.charset)

    def repeats(self, field: int) -> range:
        """Give the numbers of a field's repeats."""
        return range(1, len(self.fields[field]) + 1 if field < len(self.fields) else 1)

    def coded(self, field: int) -> str | None:
        """Give a coded value: its code, else the code of its second system, else its text."""
        return next(filter(None, (self.value(field, component) for component in (1, 4, 2, 5, 9))), None)


@dataclass(frozen=True, slots=True)
class Message:
    """A message: its type (`SIU`), event (`S12`, None where it says none), control id and segments."""

    type: str
    event: str | None
    control: str | None
    sent_at: str | None
    segments: tuple[Segment, ...]

    @property
    def number(self) -> int:
        """The number of its MSH in the file."""
        return self.segments[0].number

    def all(self, name: str) -> Iterator[Segment]:
        """Give the segments of a name."""
        return (segment for segment in self.segments if segment.name == name)

    def first(self, name: str) -> Segment | None:
        """Give the first segment of a name."""
        return next(self.all(name), None)


def parse(raw: Raw) -> Message:
    """Take a message apart.

    Raises    ReadingError for one that is no text, was cut off, or has a header that cannot be read.
    """
    if not raw.segments:
        raise ReadingError(
            Fault.NOT_TEXT, "The message is not text in the character set that it names.", "segment", raw.number, KIND
        )
    if not raw.whole:
        last = raw.numbers[-1]
        raise ReadingError(Fault.TRUNCATED, "The frame of the message has no end.", "segment", last, KIND)
    signs = _signs(raw)
    field, component, repetition, escape, part = tuple(signs)
    header = f"MSH{field}{component}{repetition}{escape}{part}{field}"
    rest = raw.segments[0][raw.segments[0].index(field, 4) + 1 :]
    text = "\r".join([header + rest, *raw.segments[1:]])
    parsed = hl7.parse(text)
    segments = tuple(
        Segment(str(one[0]).upper(), number, [_field(each) for each in one], signs, raw.charset)
        for number, one in zip(raw.numbers, parsed, strict=True)
    )
    return _typed(segments)


def _signs(raw: Raw) -> str:
    """Field, component, repetition, escape and subcomponent sign: MSH-1, MSH-2, the usual ones where that is short."""
    header = raw.segments[0]
    field = header[3:4]
    given = header[4:].split(field, 1)[0] if field else ""
    signs = (field + given[:4] + "^~\\&"[len(given[:4]) :]) if field else ""
    plain = len(signs) == len(set(signs)) == 5 and not re.search(r"[\w\s]", signs, re.ASCII)
    if not plain or len(given) > 5 or header[4:].count(field) < 1:
        raise ReadingError(
            Fault.BAD_ENVELOPE, "MSH does not name five different delimiters.", "segment", raw.number, KIND
        )
    return signs


def _typed(segments: tuple[Segment, ...]) -> Message:
    header = segments[0]
    name = header.value(9)
    if name is None or not re.fullmatch(r"[A-Za-z][A-Za-z0-9]{2}", name):
        raise ReadingError(
            Fault.BAD_ENVELOPE, "MSH-9 does not say what the message is.", "segment", header.number, KIND
        )
    told = next((segment for segment in segments if segment.name == "EVN"), None)
    event = header.value(9, 2) or (told.value(1) if told else None)
    return Message(name.upper(), event.upper() if event else None, header.value(10), header.value(7), segments)


def _field(field: Any) -> list[list[list[str]]]:
    """The repeats of a field, whatever the parser left out because there was one part only."""
    return [[_parts(component) for component in _listed(repeat)] for repeat in _listed(field)]


def _parts(component: Any) -> list[str]:
    return [str(part) for part in _listed(component)]


def _listed(value: Any) -> Iterable[Any]:
    return [value] if isinstance(value, str) else value
