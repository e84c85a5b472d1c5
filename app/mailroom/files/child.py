"""Reads documents from outside, alone in its own process (app/platform/confinement.py).

Its argument is JSON: `paths` (whether a JSON list of paths, or one document, comes on standard input), `files` (how
many), `size` of them all in bytes, `today`. Out come lines, told apart by their first sign: `H` and `{"head", "list"}`:
a document begins, without its longest list, whose key is `list` or null; `I` and an item of that list; `W`: the
document is whole; `E` and why the file is refused, or null: a file ends. A document comes only after it was read to
its end once, so that none is taken back.
"""

import io
import json
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from app.imports.facts import FileRefusedError, Table
from app.imports.files.child import CannotTakeError, read_csv, read_xlsx
from app.imports.intake.appointments import appointments_of, refusal
from app.standards.errors import Fault, ReadingError
from app.standards.reading import BINARY, BLANK, HL7, MARKS, opened, whole

MIB = 2**20
MEMORY = 512 * MIB
ASKED: dict[str, Any] = json.loads(sys.argv[1]) if sys.argv[1:2] and sys.argv[1].startswith("{") else {}
SECONDS = 9 + ASKED.get("files", 1) + 2 * (ASKED.get("size", 0) // MIB)
LARGEST_TABLE = 100 * MIB
MOST_ROWS = 500_000
HEAD = 4096
ARCHIVE = b"PK\x03\x04"
TOO_MUCH = "Reading the document takes more memory than such a document needs. Ask its sender for it in parts."
GONE = "The file cannot be opened any more. Check the name and the folder."
BROKEN = "The document cannot be read: it is built in a way that no such document is."

Make = Callable[[], dict[str, Any]]


def found_in(stream: BinaryIO, today: date) -> Iterator[Make]:
    """Give one function for each document, as `opened` does; tables, which the trade's standards do not know, too."""
    head = stream.read(HEAD)
    stream.seek(0)
    if head.startswith(ARCHIVE) or is_table(head):
        yield from (partial(dict, document) for document in appointments_of(table_of(stream, head), today))
    else:
        yield from opened(stream)


def is_table(head: bytes) -> bool:
    """Say whether text begins as a table: its first line has at least two cells, and is no JSON or markup."""
    kept = head.removeprefix(MARKS[0]).lstrip(BLANK)
    if kept.startswith((b"ISA", *HL7, b"[", b"{", b"<", *BINARY)) or b"\0" in head:
        return False
    first = kept.partition(b"\n")[0]
    return not kept.startswith((b"GS*", b"ST*")) and any(sign in first for sign in (b",", b";", b"\t"))


def table_of(stream: BinaryIO, head: bytes) -> Table:
    """Read a CSV or an XLSX. Raises ReadingError for what is none."""
    content = stream.read(LARGEST_TABLE + 1)
    if len(content) > LARGEST_TABLE:
        raise ReadingError(
            Fault.TOO_LARGE, "The table is larger than 100 MB. Export fewer days and bring them in parts."
        )
    try:
        rows = read_xlsx(content) if head.startswith(ARCHIVE) else read_csv(content)
        kept = [(row, tuple(cells)) for row, cells in rows if any(cell.strip() for cell in cells)]
    except CannotTakeError as error:
        raise refusal(FileRefusedError(error.code, error.sentence)) from None
    if len(kept) > MOST_ROWS:
        raise ReadingError(Fault.TOO_LARGE, f"The table has more than {MOST_ROWS:,} rows. Export fewer days, in parts.")
    if not kept:
        raise ReadingError(Fault.EMPTY, "The file is empty. Export the table again with its header row.")
    return Table(tuple(name.strip() for name in kept[0][1]), tuple(kept[1:]))


def put_out(stream: BinaryIO, today: date, say: Callable[[Iterable[str]], object]) -> None:
    """Read a file through, then again and write what can be given of it."""
    faulty, fault = read_through(stream, today)
    stream.seek(0)
    try:
        for place, make in enumerate(found_in(stream, today)):
            if place not in faulty:
                say(lines_of(make()))
    except ReadingError as error:
        fault = fault or error
    say([f"E{json.dumps(None if fault is None else as_json(fault))}\n"])


def read_through(stream: BinaryIO, today: date) -> tuple[set[int], ReadingError | None]:
    """Read a file and forget what it says. Returns which documents cannot be read, and the first fault of the file."""
    faulty: set[int] = set()
    first: ReadingError | None = None
    try:
        for place, make in enumerate(found_in(stream, today)):
            fault = fault_of(make)
            first = first or fault
            if fault is not None:
                faulty.add(place)
    except ReadingError as error:
        first = first or error
    return faulty, first


def fault_of(make: Make) -> ReadingError | None:
    """Read a document and its long list, and forget them. Returns why it cannot be read, None where it can."""
    try:
        for value in make().values():
            if isinstance(value, Iterator):
                deque(value, maxlen=0)
    except ReadingError as error:
        return error
    return None


def lines_of(document: dict[str, Any]) -> Iterator[str]:
    """Write one document."""
    lazy = [key for key, value in document.items() if isinstance(value, Iterator)]
    held = {key: len(value) for key, value in document.items() if isinstance(value, list)}
    chosen = lazy[0] if lazy else max(held, key=held.__getitem__, default=None)
    items: Iterable[Any] = () if chosen is None else document[chosen]
    head = whole({key: value for key, value in document.items() if key != chosen})
    yield f"H{json.dumps({'head': head, 'list': chosen})}\n"
    for item in items:
        yield f"I{json.dumps(item)}\n"
    yield "W\n"


def as_json(error: ReadingError) -> dict[str, Any]:
    """Write a fault as the reading contract has it, with the kind of the document."""
    place = {} if error.place is None else {error.place: error.where}
    return {"kind": error.kind, "error": {"code": error.fault.value, "message": error.sentence, **place}}


def read_one(opener: Callable[[], BinaryIO], today: date, say: Callable[[Iterable[str]], object]) -> None:
    """Read one file and write what it says; whatever goes wrong is its refusal."""
    try:
        with opener() as stream:
            put_out(stream, today, say)
    except MemoryError:
        say(refused(ReadingError(Fault.TOO_LARGE, TOO_MUCH)))
    except OSError:
        say(refused(ReadingError(Fault.UNKNOWN_KIND, GONE)))
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError):
        say(refused(ReadingError(Fault.BAD_VALUE, BROKEN)))


def file_at(path: str) -> BinaryIO:
    """Open a file."""
    return open(path, "rb")


def refused(error: ReadingError) -> list[str]:
    """Write the end of a file that broke off, wherever in a line that was."""
    return [f"\nE{json.dumps(as_json(error))}\n"]


def main() -> None:
    """Read what the argument asks for."""
    given, today, say = sys.stdin.buffer.read(), date.fromisoformat(ASKED["today"]), sys.stdout.writelines
    if not ASKED["paths"]:
        read_one(partial(io.BytesIO, given), today, say)
    for path in json.loads(given) if ASKED["paths"] else ():
        read_one(partial(file_at, path), today, say)
        sys.stdout.flush()
    sys.stdout.flush()
