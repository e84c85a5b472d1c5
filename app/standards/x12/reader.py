"""Reads an X12 file, of any version: its transaction sets one after the other, with the envelope checked on the way."""

from collections.abc import Generator, Iterator
from typing import BinaryIO, NamedTuple

from app.standards.errors import Fault, ReadingError
from app.standards.x12.envelope import NO_GROUP, check_control, check_count, group_of, interchange_of, kind_of
from app.standards.x12.facts import Delimiters, Group, Interchange, Segment, Transaction, element
from app.standards.x12.source import PIECE, Source, envelope_fault, truncated

ENVELOPE = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA"})
BEGINNINGS = frozenset(name[:2] for name in ENVELOPE)
FIRST_SIGNS = "".join(sorted({name[:1] for name in ENVELOPE}))
UNKNOWN = "unknown"


def transactions(stream: BinaryIO, piece: int = PIECE) -> Iterator[Transaction]:
    """Give the transaction sets of a file, each once, in order; a TA1 is given as a set of that one segment.

    The segments of a set are read while they are asked for; those not asked for are passed over before the next set,
    and are not given any more then. `stream` is read `piece` bytes at a time. Memory does not grow with the file.

    Raises `ReadingError` where it stands, with the number of the segment (from 1, in the whole file): EMPTY, NOT_TEXT
    (NUL signs), TRUNCATED (the file or an interchange ends too soon), BAD_ENVELOPE (ISA of other width, segments
    outside their envelope, SE02, GE02 or IEA02 other than ST02, GS06 or ISA13), BAD_COUNT (SE01, GE01, IEA01),
    TOO_LARGE (a segment over 64 KiB). Not looked at: GS01 (real files have it wrong).
    """
    yield from _Reader(Source(stream, piece)).interchanges()


class Checked(NamedTuple):
    """How many sets stand in whole interchanges at the beginning of a file, and what is wrong behind them, if any.

    `broken` is the interchange in which the fault is; None for none, and for one whose ISA cannot be read.
    """

    sets: int
    fault: ReadingError | None
    broken: Interchange | None = None


def checked(stream: BinaryIO, piece: int = PIECE) -> Checked:
    """Go through the envelopes of a file without reading what they hold.

    An interchange is taken whole or not at all: nobody can tell what a broken one has lost.
    """
    reader = _Reader(Source(stream, piece))
    try:
        for _found in reader.interchanges():
            pass
    except ReadingError as fault:
        return Checked(reader.whole, fault, reader.interchange)
    return Checked(reader.whole, None)


class _Reader:
    """The place in a file: `number` is that of the segment taken last, from 1.

    `whole` counts the sets given of interchanges that have ended; `kind` is that of the set given last; `interchange`
    the one whose ISA was read last.
    """

    def __init__(self, source: Source) -> None:
        self.number = 0
        self.whole = 0
        self.kind = UNKNOWN
        self.interchange: Interchange | None = None
        self._given = 0
        self._source = source
        self._batches: Iterator[list[str]] = iter(())
        self._texts: Iterator[str] = iter(())
        self._separator = ""
        self._open: Transaction | None = None

    def interchanges(self) -> Iterator[Transaction]:
        """Give the sets of all interchanges."""
        try:
            while (isa := self._source.heading()) is not None:
                self.number = self._source.number
                self.interchange = None
                interchange, delimiters = interchange_of(isa, self.number)
                self.interchange = interchange
                self._separator = delimiters.element
                self._batches = self._source.batches(delimiters)
                self._texts = iter(())
                yield from self._interchange(interchange, delimiters)
                self.whole = self._given
        except ReadingError as fault:
            raise self._named(fault) from None
        if not self.number:
            raise ReadingError(Fault.EMPTY, "The file is empty.")

    def _interchange(self, interchange: Interchange, delimiters: Delimiters) -> Iterator[Transaction]:
        groups = 0
        while (segment := self._take())[0] != "IEA":
            if segment[0] == "GS":
                groups += 1
                yield from self._group(interchange, delimiters, group_of(segment))
            elif segment[0] == "TA1":
                self._given += 1
                self.kind = "x12.ta1"
                yield Transaction("TA1", "", "", delimiters, interchange, NO_GROUP, [segment], self.number)
            else:
                raise self._outside(segment, "an interchange")
        check_count(segment, groups, "functional groups", self.number)
        check_control(segment, interchange.control, "ISA13", self.number)

    def _group(self, interchange: Interchange, delimiters: Delimiters, group: Group) -> Iterator[Transaction]:
        sets = 0
        while (segment := self._take())[0] != "GE":
            if segment[0] != "ST":
                raise self._outside(segment, "a functional group")
            sets += 1
            first = self.number
            found = Transaction(
                set_id=(element(segment, 1) or "").strip(),
                control=(element(segment, 2) or "").strip(),
                version=(element(segment, 3) or "").strip() or group.version,
                delimiters=delimiters,
                interchange=interchange,
                group=group,
                segments=(),
                number=first,
            )
            found.segments = body = self._body(found, first)
            self._open = found
            self._given += 1
            self.kind = kind_of(found)
            yield found
            body.close()
            if self._open is not None:
                self._pass_over(found, first)
        check_count(segment, sets, "transaction sets", self.number)
        check_control(segment, group.control, "GS06", self.number)

    def _body(self, found: Transaction, first: int) -> Generator[Segment]:
        """Give the segments between ST and SE, and check the SE."""
        separator, number = self._separator, first
        while True:
            for text in self._texts:
                segment = text.split(separator)
                number += 1
                found.number = number
                if segment[0] in ENVELOPE:
                    self._end(segment, found, first)
                    return
                yield segment
            self.number = number
            self._turn()

    def _pass_over(self, found: Transaction, first: int) -> None:
        """Go to the end of a set, without taking its segments apart."""
        number, separator = found.number, self._separator
        while True:
            for text in self._texts:
                number += 1
                if text[0] in FIRST_SIGNS and text[:2] in BEGINNINGS and text.split(separator, 1)[0] in ENVELOPE:
                    found.number = number
                    self._end(text.split(separator), found, first)
                    return
            self.number = number
            self._turn()

    def _end(self, segment: Segment, found: Transaction, first: int) -> None:
        """Check the segment that ends a set."""
        self.number = found.number
        try:
            if segment[0] != "SE":
                raise envelope_fault(f"A {segment[0]} stands where the set has not ended (SE).", self.number)
            check_count(segment, self.number - first + 1, "segments", self.number)
            check_control(segment, found.control, "ST02", self.number)
        except ReadingError as fault:
            raise self._named(fault) from None
        self._open = None

    def _take(self) -> Segment:
        """Take the next segment."""
        while True:
            for text in self._texts:
                self.number += 1
                return text.split(self._separator)
            self._turn()

    def _turn(self) -> None:
        """Go to the next batch; raises TRUNCATED where there is none."""
        try:
            batch = next(self._batches, None)
        except ReadingError as fault:
            raise self._named(fault) from None
        if batch is None:
            raise self._named(truncated("The file ends before its interchange does (IEA).", self.number))
        self._texts = iter(batch)

    def _named(self, fault: ReadingError) -> ReadingError:
        """Say in which kind of set a fault stands. One in a last segment without its end is that it was cut off."""
        cut = not self._source.whole and fault.where == self._source.number
        if cut and fault.fault in (Fault.BAD_ENVELOPE, Fault.BAD_COUNT):
            fault = truncated("The file ends within this segment.", self.number)
        fault.kind = self.kind if fault.kind == UNKNOWN else fault.kind
        return fault

    def _outside(self, segment: Segment, where: str) -> ReadingError:
        if segment[0] == "ISA":
            return truncated("Another interchange begins before this one has ended (IEA).", self.number)
        return envelope_fault(f"A segment stands in {where} that has no place there.", self.number)
