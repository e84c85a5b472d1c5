"""A file from outside, looked at before anything reads it: its name, and whether it is what its name says.

A table comes as CSV or text, or as XLSX. The name is one plain name with one such ending; the first bytes are those of
that kind. What is something else (a program, a page, a picture, a PDF) is named and refused, and nothing opens it.
"""

import unicodedata

LONGEST_NAME = 120
TEXT, WORKBOOK = frozenset({"csv", "tsv", "txt"}), frozenset({"xlsx"})
ENDINGS = "CSV, TSV, TXT or XLSX"
_PROGRAMS = (
    "app",
    "bat",
    "bin",
    "cmd",
    "com",
    "cpl",
    "dll",
    "dmg",
    "exe",
    "jar",
    "lnk",
    "msi",
    "ps1",
    "py",
    "scr",
    "sh",
)
_PAGES = (
    "docm",
    "hta",
    "htm",
    "html",
    "js",
    "jse",
    "mht",
    "php",
    "svg",
    "vbs",
    "wsf",
    "xht",
    "xhtml",
    "xlsm",
    "xml",
    "zip",
)
RUNS = frozenset((*_PROGRAMS, *_PAGES))
"""Endings of what runs or is opened as a page: not even in the middle of a name."""
KINDS = (
    (b"%PDF-", "a PDF"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"\xfe\xed\xfa", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"#!", "a program"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture or a sound"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"\x1f\x8b", "a packed file"),
    (b"BZh", "a packed file"),
    (b"\xfd7zXZ", "a packed file"),
    (b"7z\xbc\xaf", "a packed file"),
    (b"Rar!", "a packed file"),
    (b"{\\rtf", "a text document"),
    (b"SQLite format 3", "a database"),
)
PAGES = (b"<!doctype", b"<html", b"<?xml", b"<svg", b"<script", b"<?php", b"%!ps")
ZIP, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
LOOKED_AT = 4096


def plain_name(given: str) -> str:
    """The last part of a name as a browser or a program sent it, without its folders; `file` where nothing is left."""
    name = given.replace("\\", "/").rsplit("/", 1)[-1].strip(" .")
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) < LONGEST_NAME:
        return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
    return name[:LONGEST_NAME] or "file"


def fault_of_name(name: str) -> str | None:
    """Say what is wrong with the name of a file; None when nothing is. It holds no folder (`plain_name`)."""
    if any(unicodedata.category(letter).startswith("C") for letter in name):
        return "The file's name holds characters that cannot be seen. Rename it with letters and digits."
    _stem, *endings = name.lower().split(".")
    if not endings or endings[-1] not in TEXT | WORKBOOK:
        return f"The file's name must end with {ENDINGS}. Export the table again as one of these."
    if RUNS & set(endings[:-1]):
        return f"The file's name has two endings, .{endings[-2]}.{endings[-1]}. Rename it with one."
    return None


def fault_of_bytes(content: bytes) -> str | None:
    """Say what a file without a name is where it is no table; None when it may be read."""
    return fault_of_content("x.xlsx" if content.startswith(ZIP) else "x.csv", content)


def fault_of_content(name: str, content: bytes) -> str | None:
    """Say what a file is where it is not what its name says; None when it may be read.

    An empty file, and an old workbook (XLS), are told of by whoever reads it.
    """
    head = content[:LOOKED_AT].lstrip(b"\xef\xbb\xbf")
    found = next((words for mark, words in KINDS if head.startswith(mark)), None)
    if found is None and head.lstrip().lower().startswith(PAGES):
        found = "a web page or markup"
    if found is not None:
        return f"This is {found}, not a table. Export the table as CSV or XLSX."
    workbook = head.startswith(ZIP)
    named = name.lower().rpartition(".")[2] in WORKBOOK
    if workbook != named and head.strip() and not head.startswith(OLD_WORKBOOK):
        return (
            "The file is named as a workbook and holds none. Save it again as XLSX, or name it as CSV."
            if named
            else "The file is named as text and holds a workbook. Name it with .xlsx."
        )
    return None
