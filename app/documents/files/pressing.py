"""Make one PDF of our own pages and documents by the confined worker (presser.py)."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.documents.facts import MediaType
from app.platform.confined import answer_from

PRESSER = Path(__file__).with_name("presser.py")
MOST_BYTES = 400 * 2**20
PARTS_HERE = "<!--parts-->"
"""Where the pages of the documents follow in our own pages."""
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
_KINDS = {MediaType.PDF: "pdf", MediaType.PNG: "png", MediaType.JPEG: "jpeg"}


class LibraryMissingError(Exception):
    """A library of the system is not there. The sentence says which, and how to install it."""


class PartUnreadableError(Exception):
    """A document cannot be put in: `place` among the parts."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place


class PressFailedError(Exception):
    """The PDF could not be made within the limits of time and memory."""


@dataclass(frozen=True, slots=True)
class Part:
    """A document to be appended. `fields`: it is a form, to be filled with these values by the names of its fields."""

    title: str
    media: MediaType
    content: bytes
    fields: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Pressed:
    """A PDF with its pages. `whole`: every font in it is embedded, so that it says of itself that it is PDF/UA."""

    content: bytes
    pages: int
    whole: bool


def press(html: str, parts: Sequence[Part], style: str = "") -> Pressed:
    """Make a PDF that programs can read out: our pages, and every page of the parts as a figure with its words.

    Takes     our pages as HTML that needs no other file, with `PARTS_HERE` where the parts follow; the parts in
              order; the style sheet of our pages.
    Raises    LibraryMissingError, PartUnreadableError, PressFailedError.
    """
    order = {
        "html": html,
        "style": style,
        "parts": [
            {
                "kind": _KINDS[part.media] if part.fields is None else "form",
                "size": len(part.content),
                "title": part.title,
                "fields": dict(part.fields or {}),
            }
            for part in parts
        ],
    }
    given = json.dumps(order).encode() + b"\n" + b"".join(part.content for part in parts)
    head, _line, content = answer_from(PRESSER, "-", given, MOST_BYTES).partition(b"\n")
    if not head.endswith(b"}"):
        raise PressFailedError
    said = json.loads(head)
    if "missing" in said:
        raise LibraryMissingError(missing_words(said["missing"]))
    if "part" in said:
        raise PartUnreadableError(said["part"])
    if len(content) != said["size"]:
        raise PressFailedError
    return Pressed(content, said["pages"], said["whole"])


def missing_words(said: str) -> str:
    """Say which library of the system is missing, by what its loader said."""
    found = re.search(r"lib[a-z][-.\w]*\d", said)
    name = found.group() if found else "WeasyPrint, or a library that it needs,"
    return (
        f"PDFs cannot be made on this machine: {name} is missing. Whoever looks after it installs the system's library "
        f"(Debian, Ubuntu: apt-get install {PACKAGES} fonts-dejavu-core; macOS: brew install pango)."
    )
