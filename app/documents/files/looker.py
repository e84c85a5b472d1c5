"""Looks a document through, alone in a confined process (app/platform/confinement.py). ARGUMENT: `pdf`, `png`, `jpeg`.

It knows nothing of the program. Out comes one line of JSON: `{"pages"}`, or `{"sentence"}` when it cannot be taken.
"""

import io
import json
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import PIL.Image
import PIL.JpegImagePlugin
import PIL.PngImagePlugin
import pypdf
import pypdf.generic

MIB = 2**20
MEMORY = 1200 * MIB
SECONDS = 40
MOST_PAGES = 500
MOST_OBJECTS = 300_000
MOST_DOTS = 60_000_000  # of a picture: a page at 600 dots an inch has 34 million
RUNS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/Movie", "/Sound", "/GoToE"})
HIDES = {
    "/JS": "scripts",
    "/XFA": "a form that only one program can show",
    "/EmbeddedFiles": "other files inside",
    "/RichMedia": "films or sounds",
}
AS_PRINTED = "Print it to a new PDF, and add that."


class CannotTakeError(Exception):
    """The document cannot be taken: a sentence for people."""


def look_at_pdf(content: bytes) -> int:
    """Read a PDF whole. Returns its pages."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise CannotTakeError(f"This PDF is locked with a password. {AS_PRINTED}")
        for one in objects_of(reader):
            refuse_what_runs(one)
        return pages_of(reader)
    except (CannotTakeError, MemoryError):
        raise
    except RecursionError:
        raise CannotTakeError(f"This PDF is nested too deep to be read. {AS_PRINTED}") from None
    except Exception:  # whatever a reader of PDF raises on broken bytes, the file is broken
        raise CannotTakeError("This PDF is damaged and cannot be read. Scan or export it again.") from None


def objects_of(reader: pypdf.PdfReader) -> Iterator[Any]:
    """Every object of a PDF, also those that nothing points to."""
    numbers = {number for table in reader.xref.values() for number in table} | set(reader.xref_objStm)
    if len(numbers) > MOST_OBJECTS:
        raise CannotTakeError(f"This PDF has more parts than a document needs. {AS_PRINTED}")
    yield reader.trailer
    for number in sorted(numbers):
        yield reader.get_object(number)


def refuse_what_runs(one: Any, depth: int = 0) -> None:
    """Refuse scripts, actions that leave the document, and files inside it."""
    if depth > 60:
        raise CannotTakeError(f"This PDF is nested too deep to be read. {AS_PRINTED}")
    if isinstance(one, pypdf.generic.DictionaryObject):
        for name, what in HIDES.items():
            if name in one:
                raise CannotTakeError(f"This PDF holds {what}. {AS_PRINTED}")
        if one.get("/S") in RUNS or one.get("/Subtype") in ("/FileAttachment", "/RichMedia", "/Movie", "/3D"):
            raise CannotTakeError(f"This PDF does more than show pages: it runs or sends something. {AS_PRINTED}")
        values: Any = one.values()
    else:
        values = one if isinstance(one, pypdf.generic.ArrayObject) else ()
    for value in values:
        if isinstance(value, pypdf.generic.DictionaryObject | pypdf.generic.ArrayObject):
            refuse_what_runs(value, depth + 1)


def pages_of(reader: pypdf.PdfReader) -> int:
    """Count the pages, and read what each of them draws."""
    count = len(reader.pages)
    if not count:
        raise CannotTakeError("This PDF has no page. Scan or export it again.")
    if count > MOST_PAGES:
        raise CannotTakeError(f"This PDF has {count} pages; up to {MOST_PAGES} are taken. Add only those that matter.")
    for page in reader.pages:
        if page.mediabox.width <= 0 or page.mediabox.height <= 0:
            raise CannotTakeError("This PDF has a page without a size. Scan or export it again.")
        contents = page.get_contents()
        if contents is not None:
            contents.get_data()
    return count


def look_at_picture(content: bytes, kind: str) -> int:
    """Read a picture whole."""
    PIL.Image.MAX_IMAGE_PIXELS = MOST_DOTS
    warnings.simplefilter("error")
    try:
        with PIL.Image.open(io.BytesIO(content), formats=[kind.upper()]) as picture:
            picture.load()
    except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning):
        dots = MOST_DOTS // 1_000_000
        raise CannotTakeError(f"This picture has more than {dots} million dots. Save it smaller.") from None
    except MemoryError:
        raise
    except Exception:  # whatever a reader of pictures raises on broken bytes, the file is broken
        raise CannotTakeError("This picture is damaged and cannot be read. Take or scan it again.") from None
    return 1


def main() -> None:
    """Look through what comes in, as what the argument says that it is."""
    kind, content = sys.argv[1], sys.stdin.buffer.read()
    try:
        pages = look_at_pdf(content) if kind == "pdf" else look_at_picture(content, kind)
        said: dict[str, Any] = {"pages": pages}
    except CannotTakeError as refused:
        said = {"sentence": str(refused)}
    except MemoryError:
        said = {"sentence": f"Reading this file takes more memory than a document needs. {AS_PRINTED}"}
    sys.stdout.write(json.dumps(said) + "\n")
