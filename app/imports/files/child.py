"""Reads one file from outside, alone in its own process (app/platform/confinement.py): FILE, or `-` for standard input.

It knows nothing of the program. Out come JSON lines: `[row, [cells as text]]` for each row that is not blank, then
`{"end": true}`; or `{"code", "sentence"}` when the file cannot be taken.
"""

import csv
import io
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

MIB = 2**20
LARGEST_FILE = 100 * MIB
LARGEST_TABLE = 400 * MIB  # of an XLSX, unpacked
LARGEST_RATIO = 200  # of one part of an XLSX, unpacked to packed
MOST_PARTS = 2000
MOST_ROWS = 500_000
MOST_COLUMNS = 300
LONGEST_CELL = 32_767  # what a spreadsheet holds
FAR_CELL = re.compile(
    rb"""<(?:\w{1,20}:)?c\s(?:[^<>]{0,200}\s)?r\s*=\s*["'](?:(?:[A-Z]{3}|K[O-Z]|[L-Z][A-Z])\d"""
    rb"""|[A-Z]{1,2}(?:[1-9]\d{6}|[6-9]\d{5}|5(?:[1-9]\d{4}|0[1-9]\d{3}|00[1-9]\d\d|000[1-9]\d|0000[1-9]))["'])"""
    rb"""[^<>]{0,200}(?<!/)>"""
)
"""A cell that holds something in a column behind KN, the 300th, or in a row behind the 500,000th."""
LONGEST_CELL_TAG = 512
MEMORY = 900 * MIB
SECONDS = 120


class CannotTakeError(Exception):
    """The file cannot be taken: a code for programs and a sentence for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def read(path: str) -> Iterator[tuple[int, list[str]]]:
    """Read a file by what it holds, not by its name: an XLSX is a ZIP archive, anything else must be text."""
    if path == "-":
        content = sys.stdin.buffer.read(LARGEST_FILE + 1)
    else:
        with open(path, "rb") as file:
            content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise CannotTakeError("too_large", "The file is larger than 100 MB. Export fewer days and bring them in parts.")
    if not content.strip():
        raise CannotTakeError("empty", "The file is empty. Export the table again with its header row.")
    if content.startswith(b"PK\x03\x04"):
        return read_xlsx(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise CannotTakeError("not_a_table", "This is an old or locked workbook (XLS). Save it as XLSX or CSV UTF-8.")
    return read_csv(content)


def read_csv(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Read comma, semicolon or tab separated text in UTF-8."""
    text = decode(content)
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    row = 0
    try:
        for row, cells in enumerate(reader, start=1):
            yield row, cells
    except csv.Error as error:
        if "field larger" in str(error):
            raise CannotTakeError(
                "too_large", f"Row {row + 1} has a cell of more than {LONGEST_CELL} characters."
            ) from None
        raise CannotTakeError(
            "not_a_table",
            f"Row {row + 1} has a quotation mark that is never closed, or text behind a closed one. "
            "Export the table again as CSV UTF-8.",
        ) from None


def decode(content: bytes) -> str:
    """Read UTF-8, with or without a mark at its start."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise CannotTakeError("wrong_encoding", "The file is in UTF-16. Save it as CSV UTF-8.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CannotTakeError(
            "wrong_encoding", f"Line {line} has a character that is not UTF-8. Save the file as CSV UTF-8."
        ) from None
    if "\0" in text:
        raise CannotTakeError("not_a_table", "The file holds NUL bytes: it is not a text table. Save it as CSV UTF-8.")
    return text


def delimiter_of(text: str) -> str:
    """Tell the delimiter by the header row: the one that it has most often outside quotation marks."""
    header = re.sub(r'"[^"]*"', "", text.lstrip("\r\n").split("\n", 1)[0])
    return max(",;\t", key=header.count)


def read_xlsx(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Read the first sheet of a workbook."""
    check_archive(content)
    import python_calamine  # noqa: PLC0415  (loaded only for workbooks, after the limits stand)

    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = workbook.get_sheet_by_index(0)
        if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
            raise CannotTakeError("too_large", too_many())
        rows = sheet.to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, IndexError) as error:
        raise CannotTakeError(
            "not_a_table",
            f"The workbook cannot be read ({type(error).__name__}). Save it again as XLSX, or as CSV UTF-8.",
        ) from None
    for row, cells in enumerate(rows, start=1):
        yield row, [plain(cell) for cell in cells]


def check_archive(content: bytes) -> None:
    """Refuse an archive that unpacks to far more than it is, or reaches far beyond a table, before it is unpacked."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        parts = archive.infolist()
    except zipfile.BadZipFile:
        raise CannotTakeError(
            "not_a_table", "The workbook is damaged. Save it again as XLSX, or as CSV UTF-8."
        ) from None
    heavy = any(part.file_size > MIB and part.file_size > LARGEST_RATIO * max(part.compress_size, 1) for part in parts)
    if heavy or len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_TABLE:
        raise CannotTakeError("too_large", "The workbook unpacks to far more than a table. Save it as CSV UTF-8.")
    if any(reaches_far(archive, part) for part in parts if part.filename.startswith("xl/worksheets/")):
        raise CannotTakeError("too_large", too_many())


def reaches_far(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Say whether a sheet has a cell beyond what a table may hold: its reader would make room for all before it."""
    rest = b""
    try:
        for piece in pieces_of(archive, part):
            if FAR_CELL.search(rest + piece):
                return True
            rest = piece[-LONGEST_CELL_TAG:]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        return False  # damaged or locked: the reader of sheets says so
    return False


def pieces_of(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack a part of an archive piece by piece."""
    with archive.open(part) as stream:
        while piece := stream.read(MIB):
            yield piece


def plain(cell: Any) -> str:
    """Write a typed cell as the text that means the same."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        rounded = cell + timedelta(microseconds=500_000)
        return rounded.replace(microsecond=0).isoformat(sep=" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(timedelta(seconds=round(cell.total_seconds())))
    return str(cell)


def too_many() -> str:
    """Say what a table may hold."""
    return f"The table has more than {MOST_ROWS} rows or {MOST_COLUMNS} columns. Export fewer days, in parts."


def put_out(path: str) -> None:
    """Read a file and write its rows, each as soon as it is read."""
    out = sys.stdout
    for row, cells in read(path):
        if row > MOST_ROWS or len(cells) > MOST_COLUMNS:
            raise CannotTakeError("too_large", too_many())
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise CannotTakeError("too_large", f"Row {row} has a cell of more than {LONGEST_CELL} characters.")
        if any(cell and not cell.isspace() for cell in cells):
            out.write(json.dumps([row, cells], ensure_ascii=True) + "\n")
    out.write('{"end": true}\n')
    out.flush()


def main() -> None:
    """Read the file that the argument names."""
    try:
        put_out(sys.argv[1])
    except CannotTakeError as error:
        sys.stdout.write(json.dumps({"code": error.code, "sentence": error.sentence}) + "\n")
    except MemoryError:
        sentence = "Reading the file takes more memory than a table needs. Export fewer days, or save it as CSV UTF-8."
        sys.stdout.write(json.dumps({"code": "too_large", "sentence": sentence}) + "\n")
