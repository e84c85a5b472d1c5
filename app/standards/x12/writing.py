"""Writes X12: an interchange of one functional group, of values that may not break it.

X12 has no escape sign: a delimiter inside a value would cut it. What identifies is refused with the name of the field;
free text gets a blank instead.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.standards.x12.facts import Segment

ELEMENT, REPETITION, COMPONENT, TERMINATOR = "*", "^", ":", "~"
DELIMITERS = frozenset((ELEMENT, REPETITION, COMPONENT, TERMINATOR))
INTERCHANGE_VERSION = "00501"
LONGEST_CONTROL = 9
PARTY_WIDTH = 15
PLAIN = {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-", "\u00a0": " "}


class WritingError(Exception):
    """A value cannot be written: `field` names it, the sentence says why; the value itself is in neither."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(f"{field}: {sentence}")
        self.field = field
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Party:
    """Who sends or receives: the qualifier and id of ISA05 to ISA08, and the code of GS02 and GS03."""

    qualifier: str
    id: str
    code: str


@dataclass(frozen=True, slots=True)
class Cover:
    """What an interchange says of itself. `control`: a whole number of at most nine digits, for ISA13 and GS06.

    `moment`: when it was written, in the sender's zone. `usage`: P (production) or T (test).
    """

    sender: Party
    receiver: Party
    control: int
    moment: datetime
    usage: str = "P"


def interchange(cover: Cover, functional: str, version: str, sets: Sequence[tuple[str, Sequence[Segment]]]) -> bytes:
    """Write an interchange with one functional group.

    Takes     its cover; GS01; GS08, which is ST03 too; each set's id and its segments between ST and SE, of values that
              went through `exact` or `free`.
    Returns   the bytes, one segment a line, in ASCII.
    Raises    WritingError for a party or control number that does not fit.
    """
    control = str(cover.control)
    if cover.control < 1 or len(control) > LONGEST_CONTROL:
        raise WritingError("control number", "a control number is a whole number of one to nine digits.")
    body = [segment for number, given in enumerate(sets, 1) for segment in _set(number, version, *given)]
    written = [
        isa_of(cover),
        _gs(cover, functional, version),
        *body,
        ["GE", str(len(sets)), control],
        ["IEA", "1", control.zfill(LONGEST_CONTROL)],
    ]
    return "".join(f"{ELEMENT.join(trimmed(segment))}{TERMINATOR}\n" for segment in written).encode("ascii")


def trimmed(segment: Iterable[str]) -> list[str]:
    """Leave out the empty elements at a segment's end."""
    elements = list(segment)
    while len(elements) > 1 and not elements[-1]:
        elements.pop()
    return elements


def composite(*components: str) -> str:
    """Join components, without the empty ones at the end."""
    return COMPONENT.join(trimmed(["", *components])[1:])


def exact(field: str, value: str | None, longest: int, shortest: int = 0) -> str:
    """Give a value that must arrive as it is; empty for None.

    Raises WritingError where it has a delimiter or a sign that is no printable ASCII, or is too long or too short.
    """
    text = value or ""
    if any(sign in DELIMITERS for sign in text):
        raise WritingError(
            field, f"it has one of the characters {' '.join(sorted(DELIMITERS))}, which X12 keeps for itself."
        )
    if not (text.isascii() and text.isprintable()):
        raise WritingError(field, "it has characters that X12 cannot carry; write it in plain letters and digits.")
    if text != text.strip():
        raise WritingError(field, "it begins or ends with a blank.")
    if not shortest <= len(text) <= longest:
        raise WritingError(field, f"it has {len(text)} characters; X12 takes {shortest} to {longest}.")
    return text


def plain(text: str) -> str:
    """Write letters with accents, curled quotes and long dashes as ASCII has them."""
    text = "".join(PLAIN.get(sign, sign) for sign in text)
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def name(field: str, value: str | None, longest: int, shortest: int = 0) -> str:
    """Give a person's or organization's name, in plain letters; raises as `exact`."""
    return exact(field, plain(value or "").strip(), longest, shortest)


def free(field: str, value: str | None, longest: int) -> str:
    """Give free text in plain letters: a blank stands for each delimiter, line break and sign that X12 cannot carry."""
    kept = (
        sign if sign.isascii() and sign.isprintable() and sign not in DELIMITERS else " " for sign in plain(value or "")
    )
    return exact(field, " ".join("".join(kept).split()), longest)


def isa_of(cover: Cover) -> Segment:
    """Write the ISA of a cover; raises WritingError for a party that does not fit."""
    parties = [*_party("sender", cover.sender), *_party("receiver", cover.receiver)]
    when = cover.moment
    usage = exact("usage", cover.usage, 1, 1)
    control = str(cover.control).zfill(LONGEST_CONTROL)
    security = ["00", " " * 10, "00", " " * 10]
    written = [f"{when:%y%m%d}", f"{when:%H%M}", REPETITION, INTERCHANGE_VERSION, control, "0", usage, COMPONENT]
    return ["ISA", *security, *parties, *written]


def _party(field: str, party: Party) -> tuple[str, str]:
    qualifier = exact(f"{field} qualifier", party.qualifier, 2, 2)
    return qualifier, exact(f"{field} id", party.id, PARTY_WIDTH, 1).ljust(PARTY_WIDTH)


def _gs(cover: Cover, functional: str, version: str) -> Segment:
    sender = exact("sender code", cover.sender.code, PARTY_WIDTH, 2)
    receiver = exact("receiver code", cover.receiver.code, PARTY_WIDTH, 2)
    when = cover.moment
    return ["GS", functional, sender, receiver, f"{when:%Y%m%d}", f"{when:%H%M}", str(cover.control), "X", version]


def _set(number: int, version: str, set_id: str, segments: Sequence[Segment]) -> list[Segment]:
    control = str(number).zfill(4)
    return [["ST", set_id, control, version], *segments, ["SE", str(len(segments) + 2), control]]
