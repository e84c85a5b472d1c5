"""What people choose and type while a file is brought in -> checked values, or errors beside the field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.imports.facts import Kind
from app.imports.intake.guessing import faults_of
from app.imports.intake.labels import KIND_WORDS, label
from app.imports.intake.names import COLUMNS
from app.imports.intake.uploads import fault_of_content, fault_of_name, plain_name
from app.values.wording import listed

LARGEST_MIB = 64
LONGEST_CELL = 2000
NO_FILE = "Choose the file to bring in: CSV or XLSX, with its column names in the first row."


class Uploaded(Protocol):
    """A file as the browser sent it."""

    filename: str | None

    def read(self) -> bytes:
        """Its bytes."""


@dataclass
class UploadForm:
    """A file and what it is said to be (None: its headers say)."""

    typed_kind: str
    kind: Kind | None
    name: str = ""
    content: bytes = b""
    errors: dict[str, str] = field(default_factory=dict)


def read_upload(typed: Mapping[str, str], file: Uploaded | None) -> UploadForm:
    """Read the file and its kind."""
    kind = typed.get("kind", "")
    form = UploadForm(kind, Kind(kind) if kind in tuple(Kind) else None)
    if kind and form.kind is None:
        form.errors["kind"] = "Kind of file must be one of the list."
    if file is None or not file.filename:
        form.errors["file"] = NO_FILE
        return form
    form.name = plain_name(file.filename)
    form.content = file.read()
    fault = fault_of_name(form.name) or fault_of_content(form.name, form.content)
    if fault is not None:
        form.errors["file"] = fault
    return form


@dataclass
class ColumnsForm:
    """A column for each header as chosen; `errors` by field (`column-3`, `kind`)."""

    kind: Kind | None
    columns: tuple[str, ...]
    errors: dict[str, str] = field(default_factory=dict)


def read_columns(typed: Mapping[str, str], header: Sequence[str]) -> ColumnsForm:
    """Read which column each header is. Two of one column, and a needed column that none is, are errors."""
    kind = typed.get("kind", "")
    if kind not in tuple(Kind):
        return ColumnsForm(None, ("",) * len(header), {"kind": "Choose what the file is."})
    known = COLUMNS[Kind(kind)]
    chosen = tuple(typed.get(f"column-{place}", "") for place in range(len(header)))
    columns = tuple(column if column in known else "" for column in chosen)
    form = ColumnsForm(Kind(kind), columns)
    faults = faults_of(Kind(kind), columns)
    for column, places in faults.doubled.items():
        for place in places:
            others = listed([_called(header, other) for other in places if other != place])
            form.errors[f"column-{place}"] = (
                f"{_called(header, place)} is matched with {label(column)}, and so is {others}. "
                "Keep one of them, and leave the rest out."
            )
    for names_of_group in faults.missing:
        wanted = " or ".join(map(label, names_of_group))
        form.errors[f"needs-{names_of_group[0]}"] = (
            f"No column is matched with {wanted}. {KIND_WORDS[Kind(kind)]} files need it: "
            "choose the column that holds it, or export the file again with it."
        )
    return form


def _called(header: Sequence[str], place: int) -> str:
    return f"“{header[place]}”" if header[place] else f"Column {place + 1}"


def read_cells(typed: Mapping[str, str], summary: Mapping[str, Any]) -> dict[tuple[int, int], str]:
    """Read the cells that were written anew: only those that the page offers, and only where they differ."""
    cells = {}
    for one in summary.get("to_correct", ()):
        name = f"cell-{one['row']}-{one['place']}"
        if one["place"] is None or name not in typed:
            continue
        text = typed[name].strip()[:LONGEST_CELL]
        if text != one["value"].strip():
            cells[one["row"], one["place"]] = text
    return cells


def read_cancel(choice: str, ticked: Sequence[str], summary: Mapping[str, Any]) -> frozenset[str] | None:
    """Read which visits that are gone from the file are canceled: the ticked ones of the page; None means all."""
    if choice == "all":
        return None
    return frozenset(ticked) & frozenset(summary.get("vanished", ())) if choice == "ticked" else frozenset()
