"""A document as a browser sent it -> its name and bytes, or what is wrong with it."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.imports.forms import Uploaded
from app.imports.intake.uploads import plain_name
from app.mailroom.intake.recognising import HEAD, is_document

SEEN = "The file's name holds characters that cannot be seen. Rename it with letters and digits."


@dataclass
class DocumentForm:
    """A document that was sent; `content` None: what was sent is no document of the trade, or nothing."""

    typed: Mapping[str, str]
    name: str = ""
    content: bytes | None = None
    errors: dict[str, str] = field(default_factory=dict)


def read_document(typed: Mapping[str, str], file: Uploaded | None, head: bytes) -> DocumentForm:
    """Read a document. Takes also how the file begins; what begins otherwise is left to whoever takes tables."""
    form = DocumentForm(typed)
    if file is None or not file.filename or not is_document(head[:HEAD]):
        return form
    form.name = plain_name(file.filename)
    if any(unicodedata.category(letter).startswith("C") for letter in form.name):
        form.errors["file"] = SEEN
    form.content = file.read()
    return form
