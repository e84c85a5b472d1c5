"""A person's record as one ZIP: two files and the documents, made in memory: nothing of it lies on a disk of ours."""

import zipfile
from functools import lru_cache
from io import BytesIO

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.exports.facts import PatientRecord
from app.exports.views.record import record_json, record_words
from config import ROOT

NAME = "patient-record.zip"
PAGE, DATA, DOCUMENTS = "record.html", "record.json", "documents"
"""Names that tell of nobody: they stand in lists of downloads."""


def packed(record: PatientRecord) -> bytes:
    """Pack the record: `record.html` to read and print, `record.json` for programs, and each document as it came."""
    packing, at = BytesIO(), record.made_at.astimezone(record.zone)
    with zipfile.ZipFile(packing, "w", zipfile.ZIP_DEFLATED) as archive:
        beside = [(f"{DOCUMENTS}/{name}", content) for name, content in sorted(record.documents.items())]
        for name, content in ((PAGE, page(record).encode()), (DATA, record_json(record)), *beside):
            entry = zipfile.ZipInfo(name, at.timetuple()[:6])
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            archive.writestr(entry, content)
    return packing.getvalue()


def page(record: PatientRecord) -> str:
    """Write the page: one file that asks for no other, readable without the program and without a network."""
    return _environment().get_template("record.html").render(record=record_words(record), style=_style())


@lru_cache(maxsize=1)
def _environment() -> Environment:
    loader = FileSystemLoader(ROOT / "templates/exports")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _style() -> Markup:
    """Our own style sheet, put into the page itself."""
    rules = (ROOT / "app/static/css/record.css").read_text(encoding="utf-8")
    return Markup("<style>{}</style>").format(Markup(rules))  # noqa: S704
