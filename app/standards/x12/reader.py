"""Reads an X12 file, of any version: its transaction sets one after the other, with the envelope checked on the way."""

from collections.abc import Iterator
from typing import BinaryIO

from app.standards.errors import Fault, ReadingError
from app.standards.x12.envelope import NO_GROUP, check_control, check_count, group_of, interchange_of
from app.standards.x12.facts import Delimiters, Group, Interchange, Segment, Transaction, element
from app.standards.x12.source import PIECE, Source, envelope_fault, truncated

ENVELOPE = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA"})


def transactions(stream: BinaryIO, piece: int = PIECE) -> Iterator[Transaction]:
    """Give the transaction sets of a file, each once, in order; a TA1 is given as a set of that one segment.

    The segments of a set are read while they are asked for; those not asked for are passed over before the next set.
    `stream` is read `piece` bytes at a time. Memory does not grow with the file.

    Raises `ReadingError` where it stands, with the number of the segment (from 1, in the whole file): EMPTY, NOT_TEXT
    (NUL signs), TRUNCATED (the file or an interchange ends too soon), BAD_ENVELOPE (ISA of other width, segments
    outside their envelope, SE02, GE02 or IEA02 other than ST02, GS06 or ISA13), BAD_COUNT (SE01, GE01, IEA01),
    TOO_LARGE (a segment over 64 KiB). Not looked at: GS01 (real files have it wrong).
    """
    reader = _Reader(Source(stream, piece))
    yield from reader.interchanges()
    if not reader.number:
        raise ReadingError(Fault.EMPTY, "The file is empty.")


class _Reader:
    """The place in a file: `number` is that of the segment taken last, from 1."""

    def __init__(self, source: Source) -> None:
        self.number = 0
        self._source = source
        self._batches: Iterator[list[str]] = iter(())
        self._texts: Iterator[str] = iter(())
        self._separator = ""

    def interchanges(self) -> Iterator[Transaction]:
        """Give the sets of all interchanges."""
        while (isa := self._source.heading()) is not None:
            self.number = self._source.number
            interchange, delimiters = interchange_of(isa, self.number)
            self._separator = delimiters.element
            self._batches = self._source.batches(delimiters)
            self._texts = iter(())
            yield from self._interchange(interchange, delimiters)

    def _interchange(self, interchange: Interchange, delimiters: Delimiters) -> Iterator[Transaction]:
        groups = 0
        while (segment := self._take())[0] != "IEA":
            if segment[0] == "GS":
                groups += 1
                yield from self._group(interchange, delimiters, group_of(segment))
            elif segment[0] == "TA1":
                control = element(segment, 1) or ""
                yield Transaction("TA1", control, "", delimiters, interchange, NO_GROUP, [segment], number=self.number)
            else:
                raise self._outside(segment, "an interchange")
        check_control(segment, interchange.control, "ISA13", self.number)
        check_count(segment, groups, "functional groups", self.number)

    def _group(self, interchange: Interchange, delimiters: Delimiters, group: Group) -> Iterator[Transaction]:
        sets = 0
        while (segment := self._take())[0] != "GE":
            if segment[0] != "ST":
                raise self._outside(segment, "a functional group")
            sets += 1
            found = Transaction(
                set_id=(element(segment, 1) or "").strip(),
                control=(element(segment, 2) or "").strip(),
                version=(element(segment, 3) or "").strip() or group.version,
                delimiters=delimiters,
                interchange=interchange,
                group=group,
                segments=(),
                number=self.number,
            )
            found.segments = self._body(found)
            yield found
            for _rest in found.segments:
                pass
        check_control(segment, group.control, "GS06", self.number)
        check_count(segment, sets, "transaction sets", self.number)

    def _body(self, found: Transaction) -> Iterator[Segment]:
        """Give the segments between ST and SE, and check the SE."""
        first = self.number
        separator = self._separator
        while True:
            for text in self._texts:
                segment = text.split(separator)
                self.number = found.number = self.number + 1
                if segment[0] in ENVELOPE:
                    self._end(segment, found, first)
                    return
                yield segment
            self._turn()

    def _end(self, segment: Segment, found: Transaction, first: int) -> None:
        kind = f"x12.{found.set_id.lower()}"
        if segment[0] != "SE":
            sentence = f"A {segment[0]} segment stands where the transaction set has not ended (SE)."
            raise ReadingError(Fault.BAD_ENVELOPE, sentence, "segment", self.number, kind)
        self._check_whole()
        check_control(segment, found.control, "ST02", self.number, kind)
        check_count(segment, self.number - first + 1, "segments", self.number, kind)

    def _take(self) -> Segment:
        """Take the next segment."""
        while True:
            for text in self._texts:
                self.number += 1
                return text.split(self._separator)
            self._turn()

    def _turn(self) -> None:
        """Go to the next batch; raises TRUNCATED where there is none."""
        batch = next(self._batches, None)
        if batch is None:
            raise truncated("The file ends before its interchange does (IEA).", self.number)
        self._texts = iter(batch)

    def _check_whole(self) -> None:
        if not self._source.whole and self.number == self._source.number:
            raise truncated("The file ends within this segment.", self.number)

    def _outside(self, segment: Segment, where: str) -> ReadingError:
        if segment[0] == "ISA":
            return truncated("Another interchange begins before this one has ended (IEA).", self.number)
        return envelope_fault(f"A segment stands in {where} that has no place there.", self.number)
