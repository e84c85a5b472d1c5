"""Read a document from outside through the confined child process (child.py): what it says, or why it is refused."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from app.mailroom.files.lines import END, HEAD, ITEM, WHOLE, Named, lines_in, read_each, refusal
from app.standards.errors import Fault

MOST_HELD = 96 * 2**20
"""The most bytes of JSON text of one file that become objects of this process: they take about four times as much."""
MOST_WRITTEN = 2**40
BEYOND = {"fhir.pas-response": "wanted"}
"""By kind, what the reader tells this program of a document and the contract of `read` does not name."""
LIMITS = (
    "The document could not be read to its end within the limits of time and memory. Ask its sender for it in parts."
)
HELD = "The document says more than is taken at once. Ask its sender for it in parts."

Document = dict[str, Any]


def documents_in(content: bytes, today: date | None = None) -> Iterator[Document]:
    """Read a document that came over the network: it is handed to the child and never lies on a disk.

    Takes     the bytes; the day in the practice's zone (for birth years of two digits in tables), else that of UTC.
    Returns   each of its documents in the shape of the reading contract, in order, without `file`. Where the file, or
              a part of it, is refused, the last object is `{"kind", "error": {"code", "message", and line, segment or
              pointer}}`. Nothing is raised.
    """
    yield from documents_of_lines(lines_in(content, today, 2 * MOST_HELD))


def documents_of(path: Path, today: date | None = None) -> list[Document]:
    """Read a file; see `documents_in`."""
    found: list[Document] = []

    def take(_name: str, lines: Iterator[bytes]) -> bool:
        found.extend(documents_of_lines(lines))
        return False

    read_each([Named(path, "")], take, today, 2 * MOST_HELD)
    return found


def told(files: Sequence[Named], tell: Callable[[str, Document], object]) -> bool:
    """Hand over the documents of files, each with its file's name, as they are read.

    Returns   whether something was refused.
    """

    def take(name: str, lines: Iterator[bytes]) -> bool:
        document: Document = {}
        for document in documents_of_lines(lines):
            tell(name, document)
        return "error" in document

    return read_each(files, take, None, MOST_WRITTEN)


def written(files: Sequence[Named], out: BinaryIO) -> bool:
    """Write the documents of files as JSON lines, each with `file`, as they are read: memory does not grow with them.

    Returns   whether something was refused.
    """
    return read_each(files, lambda name, lines: write(lines, name, out), None, MOST_WRITTEN)


def written_in(content: bytes, named: str, out: BinaryIO) -> bool:
    """Write the documents in some bytes; see `written`."""
    return write(lines_in(content, None, MOST_WRITTEN), named, out)


def documents_of_lines(lines: Iterator[bytes]) -> Iterator[Document]:
    """Make objects of the lines that the child wrote of one file; the last says why it is refused, if it is."""
    document: Document = {}
    items: list[Any] = []
    key: str | None = None
    held = 0
    for line in lines:
        sign, text = line[:1], line[1:]
        held += len(text)
        if sign == END:
            yield from _ended(text, held, document)
            return
        if held > MOST_HELD:
            key, items = None, []
        elif sign == ITEM:
            items.append(json.loads(text))
        elif sign == HEAD:
            begun = json.loads(text)
            document, key, items = begun["head"], begun["list"], []
        elif sign == WHOLE:
            yield document if key is None else {**document, key: items}
    yield refusal(Fault.TOO_LARGE, LIMITS, document.get("kind", "unknown"))


def _ended(text: bytes, held: int, last: Document) -> Iterator[Document]:
    """Say what the end of a file says: a refusal, or nothing."""
    ended = json.loads(text)
    if held > MOST_HELD:
        yield refusal(Fault.TOO_LARGE, HELD, last.get("kind", "unknown"))
    elif ended is not None:
        yield ended


def write(lines: Iterator[bytes], named: str, out: BinaryIO) -> bool:
    """Write the documents of one file as JSON lines, with `file`. Returns whether it, or a part of it, was refused."""
    between, closing, begun, beyond = b"", b"}\n", False, None
    for line in lines:
        sign, text = line[:1], line[1:]
        if sign == END:
            ended = json.loads(text)
            if ended is not None:
                out.write(b"\n" * begun + _text({"file": named, **ended}))
            return ended is not None
        if sign == ITEM:
            out.write(between + (text if beyond is None else _without(beyond, text)))
            between = b", "
        elif sign == HEAD:
            head = json.loads(text)
            start, closing = _opening(named, head)
            beyond = BEYOND.get(head["head"]["kind"])
            out.write(start)
            between, begun = b"", True
        elif sign == WHOLE:
            out.write(closing)
            begun = False
    out.write(b"\n" * begun + _text({"file": named, **refusal(Fault.TOO_LARGE, LIMITS)}))
    return True


def _without(key: str, text: bytes) -> bytes:
    return json.dumps({name: value for name, value in json.loads(text).items() if name != key}).encode()


def _opening(named: str, begun: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """Write a document up to the first item of its longest list, and what closes it."""
    start = _text({"file": named, **begun["head"]})[:-2]
    if begun["list"] is None:
        return start, b"}\n"
    return start + f", {json.dumps(begun['list'])}: [".encode(), b"]}\n"


def _text(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document).encode() + b"\n"
