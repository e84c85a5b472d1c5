"""Recognises a document of the trade by what it holds, never by its name, and reads it: X12, FHIR and CDS, HL7 v2."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, BinaryIO

from app.standards.errors import Fault, ReadingError
from app.standards.fhir.reading import read_json
from app.standards.hl7v2.reading import read_messages
from app.standards.x12.acknowledgements.reading import read_999, read_ta1
from app.standards.x12.eligibility.answers import read_271
from app.standards.x12.eligibility.questions import read_270
from app.standards.x12.envelopes import read_275, read_envelope
from app.standards.x12.facts import Transaction
from app.standards.x12.reader import checked, transactions
from app.standards.x12.remittance.reading import read_835
from app.standards.x12.review.reading import read_278
from app.standards.x12.status.reading import read_276, read_277

SetReader = Callable[[Transaction], dict[str, Any]]
"""Reads the segments of a set into the object of the reading contract, with its kind, without its file."""

SETS: dict[str, SetReader] = {
    "270": read_270,
    "271": read_271,
    "275": read_275,
    "276": read_276,
    "277": read_277,
    "278": read_278,
    "835": read_835,
    "997": read_999,
    "999": read_999,
    "TA1": read_ta1,
}
"""Who reads which transaction set; every other is read as far as its envelope."""

HEAD = 4096
LARGEST = 64 * 2**20
"""The most bytes of a JSON document or an HL7 file; X12 is read in pieces and has no such end."""

BLANK = b" \t\r\n\x0b\x0c\x1c"
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
BINARY = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"II*\x00",
    b"MM\x00*",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\x1f\x8b",
)
HL7 = (b"MSH", b"FHS", b"BHS")
LOOSE_SET = re.compile(rb"(?:GS|ST)([^A-Za-z0-9\s])(\w{2,6})?")
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x19\x1b\x7f]")
WORDS = "a document of the trade: X12, FHIR or other JSON, HL7 v2"


def documents(stream: BinaryIO) -> Iterator[dict[str, Any]]:
    """Give the documents of a file in order, as the reading contract has them, without `file`.

    `stream` stands at its beginning and can go back there. Raises `ReadingError` after the last document that can be
    given: for an X12 interchange that is broken (nothing of it is given, nor of what stands behind it), or for the
    first set or message that cannot be read (those behind it are given).
    """
    first: ReadingError | None = None
    for make in opened(stream):
        try:
            yield whole(make())
        except ReadingError as fault:
            first = first or fault
    if first is not None:
        raise first


def whole(document: dict[str, Any]) -> dict[str, Any]:
    """Read the lists of a document that are still to be read."""
    return {key: list(value) if isinstance(value, Iterator) else value for key, value in document.items()}


def opened(stream: BinaryIO) -> Iterator[Callable[[], dict[str, Any]]]:
    """Give one function for each document; to be called once, before the next is taken.

    It reads the document. Long lists of it (at most one each) are iterators, to be read before the next document is
    taken. Both raise `ReadingError` where this document cannot be read; the iterator itself does where the file cannot.
    """
    head = stream.read(HEAD)
    stream.seek(0)
    kept = head.removeprefix(MARKS[0]).lstrip(BLANK)
    if not kept:
        rest = stream.read(LARGEST).strip(BLANK)
        raise ReadingError(Fault.EMPTY, "The file is empty.") if rest in (b"", MARKS[0]) else unknown()
    if kept.startswith(b"ISA"):
        yield from _sets(stream)
    elif kept.startswith(HL7):
        yield from (partial(dict, found) for found in read_messages(_content(stream)))
    elif is_json(kept):
        yield from (partial(dict, found) for found in read_json(_content(stream)))
    else:
        raise refusal(kept)


def _sets(stream: BinaryIO) -> Iterator[Callable[[], dict[str, Any]]]:
    sets, fault, _broken = checked(stream)
    stream.seek(0)
    for _place, transaction in zip(range(sets), transactions(stream), strict=False):
        yield partial(read_set, transaction)
    if fault is not None:
        raise fault


def read_set(transaction: Transaction) -> dict[str, Any]:
    """Read one transaction set into the object of the contract; see `opened` for its lists and errors."""
    found = SETS.get(transaction.set_id, read_envelope)(transaction)
    control = {"transaction": transaction.control or None, "interchange": transaction.interchange.control or None}
    return {"kind": found["kind"], **control, **found}


def _content(stream: BinaryIO) -> bytes:
    content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ReadingError(Fault.TOO_LARGE, f"The document is larger than {LARGEST // 2**20} MB.")
    return content


def is_json(head: bytes) -> bool:
    """Say whether text begins as a JSON object or list, also in UTF-16 with its mark."""
    if head.startswith(MARKS[1:]):
        head = head[2:].replace(b"\0", b"").lstrip()
    return head.startswith((b"{", b"[")) and not head.startswith(b"{\\rtf")


def refusal(head: bytes) -> ReadingError:
    """Give the error for what is none of our forms, from its beginning."""
    loose = LOOSE_SET.match(head)
    if loose is not None:
        named = (loose[2] or b"").decode("latin-1").lower() if head.startswith(b"ST") else ""
        sentence = "The file begins without an ISA segment, which would name its delimiters and its sender."
        return ReadingError(Fault.BAD_ENVELOPE, sentence, "segment", 1, f"x12.{named}" if named else "unknown")
    if head.startswith(BINARY):
        return unknown()
    if CONTROL.search(head) or not _is_text(head):
        return ReadingError(Fault.NOT_TEXT, f"The file is no text. What can be read is {WORDS}.")
    return unknown()


def unknown() -> ReadingError:
    """Give the error for a document of a kind that is not known."""
    return ReadingError(Fault.UNKNOWN_KIND, f"This is not {WORDS}.")


def _is_text(head: bytes) -> bool:
    """Say whether the beginning of a file is UTF-8; it may be cut within its last sign."""
    try:
        head[: -4 or None].decode("utf-8") if len(head) > HEAD - 4 else head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 8 and len(head) > HEAD - 8
    return True
