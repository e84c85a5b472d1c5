"""The levels of a hierarchical transaction set, one after the other, in the order in which they stand.

HL02, the parent, is not believed: senders number it wrongly, while the order of levels is what their programs print.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.standards.errors import Fault, ReadingError
from app.standards.x12.facts import Segment, Transaction, element

LEVELS = {
    "20": "source",
    "21": "receiver",
    "19": "provider",
    "22": "subscriber",
    "23": "dependent",
    "PT": "patient",
    "EV": "event",
    "SS": "service",
}
MOST_SEGMENTS = 50_000
USUAL_REPETITION = "^"
OTHER_SIGN = re.compile(r"[A-Z0-9]{1,3}([:><^|\\])[A-Za-z0-9]")


@dataclass(slots=True)
class Level:
    """One HL and the segments behind it, each with its place in the file.

    `name` is empty for what stands before the first; `parent` is HL02 as sent.
    """

    name: str
    code: str | None = None
    number: str | None = None
    parent: str | None = None
    items: list[tuple[int, Segment]] = field(default_factory=list)

    def of(self, *ids: str) -> Iterator[tuple[int, Segment]]:
        """Give the segments with one of these ids, in order."""
        return ((place, segment) for place, segment in self.items if segment[0] in ids)

    def first(self, segment_id: str) -> Segment | None:
        """Give the first segment with this id."""
        return next((segment for _, segment in self.of(segment_id)), None)


def levels(transaction: Transaction) -> Iterator[Level]:
    """Give the levels of a transaction set, one at a time, the header first.

    Raises `ReadingError` TOO_LARGE when one level has more than 50,000 segments.
    """
    level = Level("")
    for segment in transaction:
        if segment[0] == "HL":
            yield level
            code = said(segment, 3)
            level = Level(LEVELS.get(code or "", "other"), code, said(segment, 1), said(segment, 2))
            continue
        if len(level.items) == MOST_SEGMENTS:
            raise too_much(transaction, f"One level of the set has more than {MOST_SEGMENTS:,} segments.")
        level.items.append((transaction.number, segment))
    yield level


def too_much(transaction: Transaction, what: str) -> ReadingError:
    """Give the error for a set that says more than any such set: what, and where it was read last."""
    sentence = f"{what} Ask its sender for it in parts."
    return ReadingError(Fault.TOO_LARGE, sentence, "segment", transaction.number, f"x12.{transaction.set_id}")


def heading(transaction: Transaction, kind: str) -> dict[str, str | None]:
    """Give how the object of every set begins: its kind and control numbers (ISA13, ST02)."""
    control = transaction.control or None
    interchange = transaction.interchange.control or None
    return {"kind": kind, "transaction": control, "interchange": interchange, "control_number": control}


def named(level: Level, *roles: str) -> list[Segment]:
    """Give the names (NM1) of a level: those in one of these roles, else all of them."""
    names = [segment for _, segment in level.of("NM1")]
    return [name for name in names if said(name, 1) in roles] or names


def said(segment: Segment, position: int) -> str | None:
    """Give an element by its X12 number without blanks around it; None where it is not there or blank."""
    return (element(segment, position) or "").strip() or None


def split(text: str | None, sign: str) -> list[str]:
    """Split a composite or a repeated element; an empty list where there is nothing."""
    return text.split(sign) if text else []


def part(pieces: list[str], position: int) -> str | None:
    """Give a component by its X12 number; None where it is not there or empty."""
    return (pieces[position - 1].strip() or None) if position <= len(pieces) else None


def repeats(transaction: Transaction, text: str | None) -> list[str]:
    """Give what an element says several times, without empty ones.

    Some envelopes name no sign for that (ISA11 U, of 004010) around sets that repeat: there it is the usual one.
    """
    return [
        piece.strip() for piece in split(text, transaction.delimiters.repetition or USUAL_REPETITION) if piece.strip()
    ]


def components(transaction: Transaction, text: str | None) -> list[str]:
    """Give the components of a composite.

    Some senders write another sign than their envelope names (`HC>96910` under `:`): where the right one is not there
    and a short code is followed by a sign that no code has, that sign divides.
    """
    sign = transaction.delimiters.component
    if text and sign not in text and (other := OTHER_SIGN.match(text)):
        sign = other[1]
    return split(text, sign)
