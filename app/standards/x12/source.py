"""The bytes of an X12 file, given out as segments in batches: 1 MiB pieces, delimiters from each ISA, flat memory.

Tolerated: a byte order mark, blanks around a segment and behind an element, line breaks anywhere (they are no part of
X12's character sets; files from big machines are wrapped at 80 columns), empty segments, a last IEA without its
terminator, and a sign of end of file after it. Text is UTF-8; a segment that is none is read as ISO 8859-1. What a BIN
or BDS segment carries is passed over by its length: it may hold any sign.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from app.standards.errors import Fault, ReadingError
from app.standards.x12.facts import Delimiters

PIECE = 1024 * 1024
LONGEST_SEGMENT = 64 * 1024
HALF = LONGEST_SEGMENT // 2
LONGEST_BINARY = 64 * 1024 * 1024
ISA_LENGTH = 106
BLANK = b" \t\r\n\x0b\x0c\x1a\xef\xbb\xbf"
BREAKS = b"\r\n"
FIRST_PRINTED = "!"
"""Blanks and empty texts sort before it."""
CARRIER = re.compile(
    rb"(\A|[^A-Za-z0-9][\s]*)(?:BIN|BDS(?P<first>.)[A-Z0-9]{1,3})(?P<second>.)(?P<length>\d{1,9})(?P<third>.)",
    re.DOTALL,
)
"""A segment that names a length and carries as many bytes: BIN01, BIN02; BDS02, BDS03."""


def envelope_fault(sentence: str, number: int) -> ReadingError:
    """Give the error for an envelope that contradicts itself; `number` counts segments in the whole file."""
    return ReadingError(Fault.BAD_ENVELOPE, sentence, "segment", number)


def truncated(sentence: str, number: int) -> ReadingError:
    """Give the error for a file that stops before its end."""
    return ReadingError(Fault.TRUNCATED, sentence, "segment", number)


def too_long(number: int) -> ReadingError:
    """Give the error for a segment over 64 KiB."""
    return ReadingError(Fault.TOO_LARGE, "A segment is longer than 64 KiB.", "segment", number)


def not_text(number: int) -> ReadingError:
    """Give the error for a NUL sign."""
    return ReadingError(Fault.NOT_TEXT, "The file has NUL signs: it is no text.", "segment", number)


class Source:
    """A stream of bytes, read once. `number` is the place in the file (from 1) of the last segment given out.

    `whole` is False when the last segment of the file had no terminator.
    """

    def __init__(self, stream: BinaryIO, piece: int = PIECE) -> None:
        self.number = 0
        self.whole = True
        self._stream = stream
        self._piece = piece
        self._held = b""
        self._at = 0
        self._over = False
        self._wrapped = False
        self._element = b""
        self._terminator = b""

    def heading(self) -> str | None:
        """Give the 106 signs of the next ISA, or None where only blanks are left. The ISA counts as a segment.

        Raises `ReadingError`: BAD_ENVELOPE for other text, TRUNCATED for an ISA that is cut off, NOT_TEXT.
        """
        if not self._past_blanks():
            return None
        while len(self._held) - self._at < 2 * ISA_LENGTH and self._more():
            pass
        self.number += 1
        head = self._held[self._at : self._at + 2 * ISA_LENGTH]
        if not head.startswith(b"ISA"[: len(head)]):
            if b"\0" in head:
                raise not_text(self.number)
            raise envelope_fault("Here an interchange should begin, with an ISA segment.", self.number)
        isa = self._isa(head)
        if b"\0" in isa:
            raise not_text(self.number)
        self._element, self._terminator = isa[3:4], isa[-1:]
        return isa.decode("latin-1")

    def batches(self, delimiters: Delimiters) -> Iterator[list[str]]:
        """Give the segments after the ISA, up to the IEA or the end of the file, as text without terminators.

        Raises `ReadingError`: TOO_LARGE for a segment over 64 KiB, NOT_TEXT for a NUL sign.
        """
        encoding = "utf-8" if are_ascii(delimiters) else "latin-1"
        closing = 0
        while not closing:
            end = self._held.rfind(self._terminator, self._at) + 1
            closing = self._closing(end)
            carried = self._carried(closing or len(self._held))
            if carried is not None:
                closing = 0
                yield from self._given(self._past(carried), encoding)
            elif end:
                batch = self._held[self._at : closing or end]
                self._at = closing or end
                yield from self._given(batch, encoding)
            elif len(self._held) - self._at > LONGEST_SEGMENT:
                raise too_long(self.number + 1)
            elif not self._more():
                yield from self._remainder(encoding)
                return

    def _remainder(self, encoding: str) -> Iterator[list[str]]:
        """Give what stands after the last terminator of the file."""
        rest = self._held[self._at :].strip(BLANK)
        self._at = len(self._held)
        if rest:
            self.whole = False
            yield from self._given(rest + self._terminator, encoding)

    def _given(self, batch: bytes, encoding: str) -> Iterator[list[str]]:
        self._check_lengths(batch)
        texts = self._texts(batch.translate(None, BREAKS.replace(self._terminator, b"")), encoding)
        if b"\0" in batch:
            raise not_text(self.number + 1 + next(place for place, text in enumerate(texts) if "\0" in text))
        if texts:
            self.number += len(texts)
            yield texts

    def _texts(self, batch: bytes, encoding: str) -> list[str]:
        """Split a batch that ends with a terminator; leave out empty segments and blanks that fill up."""
        terminator = self._terminator
        try:
            texts = batch.decode(encoding).split(terminator.decode("latin-1"))
        except UnicodeDecodeError:
            texts = [decoded(raw) for raw in batch.split(terminator)]
        texts.pop()
        if b"\t" in batch or b" " + terminator in batch or (texts and min(texts) < FIRST_PRINTED):
            texts = [text for text in (text.strip(" \t") for text in texts) if text]
        if b" " + self._element in batch:
            texts = [unpadded(text, self._element.decode("latin-1")) for text in texts]
        return texts

    def _carried(self, end: int) -> re.Match[bytes] | None:
        """Find the first segment before `end` that carries bytes of a length it names."""
        if self._held.find(b"BIN", self._at, end) < 0 and self._held.find(b"BDS", self._at, end) < 0:
            return None
        for found in CARRIER.finditer(self._held, max(self._at - 1, 0), end):
            separated = {found["first"] or self._element, found["second"], found["third"]} == {self._element}
            if separated and (not found[1] or self._terminator in found[1]):
                return found
        return None

    def _past(self, carried: re.Match[bytes]) -> bytes:
        """Go past the bytes that a segment carries; give all up to them, or with them where the length is wrong."""
        begins = carried.end() - self._at
        length = int(carried["length"])
        while length <= LONGEST_BINARY and len(self._held) - self._at <= begins + length and self._more():
            pass
        ends = self._at + begins + length
        if length > LONGEST_BINARY or self._held[ends : ends + 1] != self._terminator:
            ends = self._held.find(self._terminator, self._at + begins)
            ends = len(self._held) if ends < 0 else ends
            batch = self._held[self._at : ends] + self._terminator
        else:
            batch = self._held[self._at : self._at + begins] + self._terminator
        self._at = ends + 1
        return batch

    def _closing(self, end: int) -> int:
        """Give where the IEA that stands before `end` ends, 0 where there is none."""
        sought = b"IEA" + self._element
        place = self._held.find(sought, self._at, end)
        while place >= 0:
            before = self._held[max(self._at, place - 80) : place].rstrip(b" \t\r\n".replace(self._terminator, b""))
            if not before or before.endswith(self._terminator):
                return self._held.index(self._terminator, place) + 1
            place = self._held.find(sought, place + 1, end)
        return 0

    def _check_lengths(self, batch: bytes) -> None:
        """Refuse a segment over 64 KiB: somewhere in it, 32 KiB from a multiple of 32 KiB have no terminator."""
        starts = range(0, len(batch) - HALF, HALF)
        if all(batch.find(self._terminator, start, start + HALF) >= 0 for start in starts):
            return
        for place, raw in enumerate(batch.split(self._terminator), self.number + 1):
            if len(raw) > LONGEST_SEGMENT:
                raise too_long(place)

    def _past_blanks(self) -> bool:
        """Go to the next sign that is no blank; False where there is none."""
        while True:
            piece = self._held[self._at : self._at + 4096]
            rest = piece.lstrip(BLANK)
            self._at += len(piece) - len(rest)
            if rest:
                return True
            if not piece and not self._more():
                return False

    def _more(self) -> bool:
        """Read the next piece; False at the end of the file."""
        piece = b"" if self._over else self._stream.read(self._piece)
        self._over = not piece
        self._held = self._held[self._at :] + (piece.translate(None, BREAKS) if self._wrapped else piece)
        self._at = 0
        return not self._over

    def _isa(self, head: bytes) -> bytes:
        """Take the ISA out of what is held. One with line breaks in it says that the whole file is wrapped."""
        plain = head.translate(None, BREAKS)
        if len(plain) < ISA_LENGTH - 1:
            raise truncated("The ISA segment is cut off.", self.number)
        if head[: ISA_LENGTH - 1] != plain[: ISA_LENGTH - 1]:
            self._wrapped = True
            self._held = self._held[self._at :].translate(None, BREAKS)
            self._at = 0
        self._at += ISA_LENGTH
        return self._held[self._at - ISA_LENGTH : self._at]


def unpadded(text: str, separator: str) -> str:
    """Take off the blanks with which programs of fixed widths fill up elements; they mean nothing in X12."""
    return separator.join(part.rstrip(" ") for part in text.split(separator)) if f" {separator}" in text else text


def are_ascii(delimiters: Delimiters) -> bool:
    """Tell whether all signs stand for themselves in UTF-8."""
    return (delimiters.element + (delimiters.repetition or "") + delimiters.component + delimiters.segment).isascii()


def decoded(raw: bytes) -> str:
    """Read a segment as UTF-8, else as ISO 8859-1."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
