"""Read a document from outside through the confined child process (child.py): what it says, or why it is refused."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from app.platform.clock import SystemClock
from app.platform.confined import lines_from
from app.standards.errors import Fault

CHILD = Path(__file__).with_name("child.py")
MOST_HELD = 256 * 2**20
"""The most bytes of JSON text of one file that become objects of this process."""
MOST_WRITTEN = 2**40
HEAD, ITEM, WHOLE, END = b"H", b"I", b"W", b"E"
LIMITS = (
    "The document could not be read to its end within the limits of time and memory. Ask its sender for it in parts."
)
HELD = "The document says more than is taken at once. Ask its sender for it in parts."
NO_FILE = "There is no file of this name, or it may not be read. Check the name and the folder."

Document = dict[str, Any]


def documents_of(path: Path, today: date | None = None) -> Iterator[Document]:
    """Read a file: each of its documents in the shape of the reading contract, in order, without `file`.

    Takes     the path; the day in the practice's zone (for birth years of two digits in tables), else that of UTC.
    Returns   the documents. Where the file, or a part of it, is refused, the last object is
              `{"kind", "error": {"code", "message", and line, segment or pointer}}`. Nothing is raised.
    """
    refused = unreadable(path)
    yield from [refused] if refused else _documents(_lines_of(path, today, MOST_HELD))


def documents_in(content: bytes, today: date | None = None) -> Iterator[Document]:
    """Read a document that came over the network: it is handed to the child and never lies on a disk.

    Returns   as `documents_of`.
    """
    yield from _documents(_lines_in(content, today, MOST_HELD))


def written(path: Path, named: str, out: BinaryIO) -> bool:
    """Write the documents of a file as JSON lines, each with `file`, as they are read: memory does not grow with it.

    Takes     the path; what the file is called in the objects; where to write.
    Returns   whether something was refused.
    """
    refused = unreadable(path)
    if refused:
        out.write(_text({"file": named, **refused}))
        return True
    return _write(_lines_of(path, None, MOST_WRITTEN), named, out)


def written_in(content: bytes, named: str, out: BinaryIO) -> bool:
    """Write the documents in some bytes; see `written`."""
    return _write(_lines_in(content, None, MOST_WRITTEN), named, out)


def unreadable(path: Path) -> Document | None:
    """Give the refusal of a path that is no file, or that may not be read; None for one that is."""
    try:
        if path.is_file():
            path.open("rb").close()
            return None
    except OSError:
        pass
    return _refusal(Fault.UNKNOWN_KIND, NO_FILE)


def _documents(lines: Iterator[bytes]) -> Iterator[Document]:
    document: Document = {}
    items: list[Any] = []
    key: str | None = None
    held = 0
    for line in lines:
        sign, text = line[:1], line[1:]
        held += len(text)
        if held > MOST_HELD:
            yield _refusal(Fault.TOO_LARGE, HELD, document.get("kind", "unknown"))
            return
        if sign == ITEM:
            items.append(json.loads(text))
        elif sign == HEAD:
            begun = json.loads(text)
            document, key, items = begun["head"], begun["list"], []
        elif sign == WHOLE:
            yield document if key is None else {**document, key: items}
        elif sign == END:
            ended = json.loads(text)
            if ended is not None:
                yield ended
            return
    yield _refusal(Fault.TOO_LARGE, LIMITS, document.get("kind", "unknown"))


def _write(lines: Iterator[bytes], named: str, out: BinaryIO) -> bool:
    between, closing, open_line = b"", b"}\n", False
    for line in lines:
        sign, text = line[:1], line[1:]
        if sign == ITEM:
            out.write(between + text)
            between = b", "
        elif sign == HEAD:
            begun = json.loads(text)
            start = _text({"file": named, **begun["head"]})[:-2]
            listed = begun["list"]
            between, closing = b"", b"}\n" if listed is None else b"]}\n"
            out.write(start if listed is None else start + f", {json.dumps(listed)}: [".encode())
            open_line = True
        elif sign == WHOLE:
            out.write(closing)
            open_line = False
        elif sign == END:
            ended = json.loads(text)
            if ended is not None:
                out.write(b"\n" * open_line + _text({"file": named, **ended}))
            return ended is not None
    out.write(b"\n" * open_line + _text({"file": named, **_refusal(Fault.TOO_LARGE, LIMITS)}))
    return True


def _text(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document).encode() + b"\n"


def _refusal(fault: Fault, sentence: str, kind: str = "unknown") -> Document:
    return {"kind": kind, "error": {"code": fault.value, "message": sentence}}


def _lines_of(path: Path, today: date | None, most: int) -> Iterator[bytes]:
    resolved = path.resolve()
    return lines_from(CHILD, _asked(str(resolved), resolved.stat().st_size, today), None, most)


def _lines_in(content: bytes, today: date | None, most: int) -> Iterator[bytes]:
    return lines_from(CHILD, _asked(None, len(content), today), content, most)


def _asked(path: str | None, size: int, today: date | None) -> str:
    day = today or SystemClock().today(ZoneInfo("UTC"))
    return json.dumps({"path": path, "size": size, "today": day.isoformat()})
