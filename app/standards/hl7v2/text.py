"""Bytes of HL7 v2 -> the segments of each message as text, with where each stands in the file.

Segments end with CR, LF or both. Frames of a transport (0x0B before a message, 0x1C behind it), a byte order mark, what
fills up the end of a file (0x00, 0x1A) and the segments of a batch (FHS, BHS, BTS, FTS) around messages are taken off;
what a batch counts is checked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.standards.errors import Fault, ReadingError

KIND = "hl7"
_START, _END = b"\x0b", b"\x1c"
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_HEADER, _AROUND = b"MSH", (b"FHS", b"BHS", b"BTS", b"FTS")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_SEGMENT = re.compile(rb"[A-Za-z][A-Za-z0-9]{2}(?:[^A-Za-z0-9\s]|$)")
_CHARSETS = {
    "UNICODE": "utf-8",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "UTF8": "utf-8",
    **{f"8859/{number}": f"iso8859-{number}" for number in range(1, 10)},
    "8859/15": "iso8859-15",
    "GB 18030-2000": "gb18030",
    "BIG-5": "big5",
    "KS X 1001": "euc-kr",
}
"""MSH-18 of HL7 table 0211, as far as its bytes hold ASCII. ASCII itself says nothing of bytes that are none."""
_UNSAID = ("utf-8", "cp1252", "latin-1")
"""What bytes are read as where a message does not say: Windows' own sign set before the one that it extends."""


@dataclass
class Raw:
    """The segments of one message as text, the number of its MSH in the file (from 1), and whether its end is there."""

    number: int
    segments: list[str]
    charset: str
    numbers: list[int]
    whole: bool = True


@dataclass
class _Pile:
    """What has been read of a message so far, in bytes."""

    lines: list[bytes] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    ended: bool = False

    def take(self, number: int, line: bytes, ended: bool) -> None:
        """Take a segment; `ended`: the frame of the message ends with it."""
        self.ended = self.ended or ended
        if line:
            self.lines.append(line)
            self.numbers.append(number)


def split(content: bytes) -> Iterator[Raw | ReadingError]:
    """Give the messages of a file in order, and the faults of its batches between them.

    Raises    ReadingError for a file that is empty, no text, or has no message.
    """
    if not content.strip(b"\x00\r\n\t \x0b\x1c"):
        raise ReadingError(Fault.EMPTY, "The file is empty.")
    plain, charset = _plain(content.rstrip(b"\x00\x1a") if not content.startswith(_WIDE) else content)
    segments = list(_segments(plain))
    if not segments or segments[0][1].lstrip(_START)[:3].upper() not in (_HEADER, b"FHS", b"BHS"):
        raise ReadingError(Fault.UNKNOWN_KIND, "The file does not begin with an MSH segment.", "segment", 1)
    yield from _messages(segments, charset, framed=segments[0][1].startswith(_START))


def _plain(content: bytes) -> tuple[bytes, str | None]:
    """Take off byte order marks; give UTF-16 as UTF-8. The charset, where the mark says it."""
    if content.startswith(b"\xef\xbb\xbf"):
        return content[3:], "utf-8"
    if content.startswith(_WIDE):
        try:
            return content.decode("utf-16").encode(), "utf-8"
        except UnicodeError:
            raise _not_text(1) from None
    if b"\x00" in content:
        raise _not_text(1)
    return content, None


def _not_text(number: int) -> ReadingError:
    return ReadingError(
        Fault.NOT_TEXT, "The message is not text in the character set that it names.", "segment", number, KIND
    )


def _segments(plain: bytes) -> Iterator[tuple[int, bytes]]:
    """Give each segment with its number; a line that begins no segment goes on with the one before."""
    number = 0
    held: list[bytes] = []
    for line in _LINE_END.split(plain):
        bare = line.lstrip(b" \t")
        if not bare:
            continue
        if held and (_SEGMENT.match(bare.lstrip(_START)) or bare.startswith(_END)):
            number += _counts(held)
            yield number, b"\n".join(held)
            held = []
        held.append(bare)
    if held:
        yield number + _counts(held), b"\n".join(held)


def _counts(lines: list[bytes]) -> bool:
    """Say whether lines are a segment, and not only the frame around a message."""
    return any(line.strip(_START + _END) for line in lines)


def _messages(segments: list[tuple[int, bytes]], charset: str | None, framed: bool) -> Iterator[Raw | ReadingError]:
    batches = _Batches()
    pile: _Pile | None = None
    for number, line in segments:
        bare = line.strip(_START + _END)
        name = bare[:3].upper()
        if pile is not None and name in (_HEADER, *_AROUND):
            yield _raw(pile, charset, framed)
            pile = None
        if name == _HEADER:
            batches.messages += 1
            pile = _Pile()
        if pile is not None:
            pile.take(number, bare, ended=_END in line)
        elif name in _AROUND:
            yield from batches.take(name, bare, number)
        elif bare:
            yield ReadingError(Fault.BAD_ENVELOPE, "A segment stands outside a message.", "segment", number, KIND)
    if pile is not None:
        yield _raw(pile, charset, framed)
    yield from batches.close(segments[-1][0])


@dataclass
class _Batches:
    """How many messages and batches there were, to be held against what BTS-1 and FTS-1 say."""

    messages: int = 0
    batches: int = 0
    in_file: bool = False
    in_batch: bool = False

    def take(self, name: bytes, line: bytes, number: int) -> Iterator[ReadingError]:
        """Take a segment of a batch; give the fault that it shows."""
        if name == b"FHS":
            self.in_file, self.batches = True, 0
        elif name == b"BHS":
            self.in_batch, self.messages = True, 0
            self.batches += 1
        else:
            yield from self._end(name, line, number)

    def _end(self, name: bytes, line: bytes, number: int) -> Iterator[ReadingError]:
        counted = self.messages if name == b"BTS" else self.batches
        if name == b"BTS":
            self.in_batch = False
        else:
            self.in_file = False
        said = _count(line)
        if said is None or said == counted or (name == b"FTS" and not self.batches):
            return
        what = "messages in the batch" if name == b"BTS" else "batches in the file"
        sentence = f"{name.decode()} counts {said} {what}; there are {counted}."
        yield ReadingError(Fault.BAD_COUNT, sentence, "segment", number, KIND)

    def close(self, number: int) -> Iterator[ReadingError]:
        """Give the fault of a file that ends inside a batch."""
        if not (self.in_batch or self.in_file):
            return
        missing = "BTS" if self.in_batch else "FTS"
        sentence = f"The file ends before its {missing} segment; messages may be missing."
        yield ReadingError(Fault.TRUNCATED, sentence, "segment", number, KIND)


def _count(line: bytes) -> int | None:
    parts = line[3:].split(line[3:4]) if len(line) > 3 else []
    said = parts[1].strip() if len(parts) > 1 else b""
    return int(said) if said.isdigit() and len(said) < 10 else None


def _raw(pile: _Pile, forced: str | None, framed: bool) -> Raw:
    """Decode a message: as it says, else as UTF-8, else as Windows' Latin. One that does not decode has no segments.

    In a file that begins with a frame, a message without the end of its frame is not whole.
    """
    said = forced or _charset(pile.lines[0])
    whole = pile.ended or not framed
    for charset in (said,) if said else _UNSAID:
        try:
            return Raw(pile.numbers[0], [line.decode(charset) for line in pile.lines], charset, pile.numbers, whole)
        except UnicodeError:
            continue
    return Raw(pile.numbers[0], [], "utf-8", pile.numbers, whole)


def _charset(header: bytes) -> str | None:
    """The character set that MSH-18 names first; None where it names none that we know."""
    fields = header.split(header[3:4]) if len(header) > 3 else []
    named = fields[17] if len(fields) > 17 else b""
    first = re.split(rb"[~^]", named)[0].decode("latin-1").strip().upper()
    return _CHARSETS.get(first)
