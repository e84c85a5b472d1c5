"""A file as a browser sent it, looked at before anything reads it: what it is by its first bytes, and its name."""

import hashlib
import unicodedata

from app.documents.facts import LARGEST, DocumentRefusedError, MediaType

MIB = 2**20
LONGEST_NAME = 120
_TAKEN = ((b"%PDF-", MediaType.PDF), (b"\x89PNG\r\n\x1a\n", MediaType.PNG), (b"\xff\xd8\xff", MediaType.JPEG))
_AS_PDF = "Save or print it as a PDF, and add that."
_AS_PICTURE = "Save it as JPEG or PNG, and add that."
_OTHERS = (
    (b"PK\x03\x04", "a Word document, a workbook or a packed file", _AS_PDF),
    (b"\xd0\xcf\x11\xe0", "an old Word document or workbook", _AS_PDF),
    (b"{\\rtf", "a text document (RTF)", _AS_PDF),
    (b"II*\x00", "a TIFF picture", "Save it as a PDF, JPEG or PNG, and add that."),
    (b"MM\x00*", "a TIFF picture", "Save it as a PDF, JPEG or PNG, and add that."),
    (b"GIF8", "a GIF picture", _AS_PICTURE),
    (b"BM", "a BMP picture", _AS_PICTURE),
    (b"RIFF", "a WebP picture or a sound", _AS_PICTURE),
    (b"MZ", "a program", "Programs are not taken."),
    (b"\x7fELF", "a program", "Programs are not taken."),
    (b"#!", "a program", "Programs are not taken."),
    (b"\x1f\x8b", "a packed file", "Unpack it, and add what is in it as PDF, JPEG or PNG."),
    (b"%!PS", "a PostScript file", _AS_PDF),
)
_HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc")
_PAGES = (b"<!doctype", b"<html", b"<?xml", b"<svg", b"<script")


def media_of(content: bytes) -> MediaType:
    """Tell what a file is by what it holds, whatever it is called.

    Raises    DocumentRefusedError for an empty file, one of more than 25 MB, and whatever is no PDF, PNG or JPEG.
    """
    if not content.strip():
        raise DocumentRefusedError("The file is empty. Scan or export it again.")
    if len(content) > LARGEST:
        said = f"The file has {-(-len(content) // MIB)} MB; up to {LARGEST // MIB} MB are taken."
        raise DocumentRefusedError(f"{said} Scan it with fewer dots per inch, or in parts.")
    for mark, media in _TAKEN:
        if content.startswith(mark):
            return media
    raise DocumentRefusedError(f"{_named(content)} A document is a PDF, or a picture as JPEG or PNG.")


def _named(content: bytes) -> str:
    if content[4:12] in _HEIC:
        return f"This is a HEIC photo of a telephone. {_AS_PICTURE}"
    if content[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_PAGES):
        return f"This is a web page. {_AS_PDF}"
    for mark, words, advice in _OTHERS:
        if content.startswith(mark):
            return f"This is {words}. {advice}"
    return "This file is of another kind."


def fingerprint(content: bytes) -> str:
    """Tell one content from another: SHA-256, in hex."""
    return hashlib.sha256(content).hexdigest()


def called(given: str) -> str:
    """Make the name under which people know a document: the last part of a file's name, without signs that hide.

    Returns   one line of at most 120 characters; empty where nothing is left.
    """
    return one_line(given.replace("\\", "/").rsplit("/", 1)[-1])


def one_line(text: str) -> str:
    """What a person typed as a name, as one line of at most 120 characters without signs that cannot be seen."""
    seen = "".join(letter if letter.isspace() or unicodedata.category(letter)[0] != "C" else "" for letter in text)
    return " ".join(seen.split()).strip(" .")[:LONGEST_NAME]
