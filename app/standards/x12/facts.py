"""What an X12 file is made of: delimiters, interchange, functional group, transaction set, segments."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Segment = list[str]
"""The elements of one segment; the first is its id. An element that is not there is out of range: see `element`."""


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The four signs of an interchange, from its ISA. `repetition` None: the version has none (004010 and older)."""

    element: str
    repetition: str | None
    component: str
    segment: str


@dataclass(frozen=True, slots=True)
class Interchange:
    """ISA, as sent but for blanks around it: who sends to whom, control number (ISA13), day and time (ISA09, ISA10).

    `acknowledge`: its sender asks for a TA1 (ISA14).
    """

    sender_qualifier: str
    sender: str
    receiver_qualifier: str
    receiver: str
    control: str
    version: str
    usage: str
    date: str = ""
    time: str = ""
    acknowledge: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """GS: the functional id (GS01, not to be trusted), the control number (GS06) and the version (GS08)."""

    functional: str
    sender: str
    receiver: str
    control: str
    version: str


@dataclass(slots=True)
class Transaction:
    """One transaction set: ST01, ST02, ST03 (else GS08), and its segments between ST and SE, given once, in order.

    `number` is the place in the file (from 1, the ISA counted) of the segment that was given last.
    """

    set_id: str
    control: str
    version: str
    delimiters: Delimiters
    interchange: Interchange
    group: Group
    segments: Iterable[Segment]
    number: int = 0

    def __iter__(self) -> Iterator[Segment]:
        """Give the segments."""
        return iter(self.segments)


def element(segment: Segment, position: int) -> str | None:
    """Give an element by its X12 number (HL01 is 1); None where it is not there or empty."""
    return (segment[position] or None) if position < len(segment) else None
