"""What a person types about a document, and the file itself -> checked values, or errors beside the field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol
from uuid import UUID

from app.documents.facts import LARGEST, DocumentKind, DocumentRefusedError
from app.documents.intake import LONGEST_NAME, called, media_of, one_line
from app.values.days import read_typed_day
from app.values.wording import short_day

NO_FILE = f"Choose the file: a PDF, or a picture as JPEG or PNG, of at most {LARGEST // 2**20} MB"
FIELDS = ("file", "kind", "dated", "name")
_FIRST = date(1900, 1, 1)


class Uploaded(Protocol):
    """A file as the browser sent it."""

    filename: str | None

    def read(self) -> bytes:
        """Its bytes."""


@dataclass
class DocumentForm:
    """A document as typed: `values` as they were entered, and what was read of them."""

    values: Mapping[str, str]
    key: UUID | None = None
    version: int | None = None
    name: str = ""
    kind: DocumentKind = DocumentKind.OTHER
    dated: date | None = None
    content: bytes = b""
    errors: dict[str, str] = field(default_factory=dict)


def read_upload(typed: Mapping[str, str], file: Uploaded | None, today: date) -> DocumentForm:
    """Read a new document. What the file holds is looked at by its first bytes; the rest the action does."""
    form = _read(typed, today)
    if file is None or not file.filename:
        form.errors["file"] = NO_FILE
    else:
        form.content = file.read()
        form.name = form.name or called(file.filename)
        try:
            media_of(form.content)
        except DocumentRefusedError as refused:
            form.errors["file"] = refused.sentence
    return in_order(form)


def read_correction(typed: Mapping[str, str], today: date) -> DocumentForm:
    """Read what is corrected of a document on file."""
    form = _read(typed, today)
    if not form.name:
        form.errors["name"] = "Enter what this document is called"
    return in_order(form)


def in_order(form: DocumentForm) -> DocumentForm:
    """Put the errors in the order of the fields."""
    form.errors = {name: form.errors[name] for name in FIELDS if name in form.errors}
    return form


def _read(typed: Mapping[str, str], today: date) -> DocumentForm:
    form = DocumentForm(typed, _id(typed.get("key", "")), _number(typed.get("version", "")))
    form.name = one_line(typed.get("name", ""))
    if len(typed.get("name", "").strip()) > LONGEST_NAME:
        form.errors["name"] = f"Name must have at most {LONGEST_NAME} characters"
    kind = typed.get("kind", "")
    if kind in tuple(DocumentKind):
        form.kind = DocumentKind(kind)
    else:
        form.errors["kind"] = "Choose what kind of document it is"
    _read_day(form, typed.get("dated", "").strip(), today)
    return form


def _read_day(form: DocumentForm, typed: str, today: date) -> None:
    if not typed:
        return
    form.dated = read_typed_day(typed, today)
    if form.dated is None or form.dated < _FIRST:
        form.errors["dated"] = f"Date on the document must be a date, like 12/5 or 12/05/2026; you entered {typed[:20]}"
    elif form.dated > today:
        form.errors["dated"] = f"Date on the document must not lie ahead; today is {short_day(today)}"


def _id(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _number(typed: str) -> int | None:
    return int(typed) if typed.isdigit() and len(typed) < 10 else None
