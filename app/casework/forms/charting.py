"""What people type of clinical facts -> facts with their values, or sentences beside the fields."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from uuid import UUID

from app.casework.facts.charting import NAMES, PARTS, SAID_BY, How, Outcome, Part, Potency, YesNo
from app.casework.forms.typed import Typed
from app.clinical.facts import MEDICATION_LIST, FactKind, Source, SourceKind
from app.clinical.rules.wording import say_named
from app.documents.facts import Document
from app.policies.rules.leaves import documented_key
from app.policies.rules.values import length_in_days
from app.values.codes import read_diagnosis
from app.values.wording import short_day

Reader = Callable[[Typed, str, Part], str | None]
LONGEST_NAME, LONGEST_TEXT, LONGEST_LIST = 120, 200, 1000
FIELDS = ("name", *(part.name for parts in PARTS.values() for part in parts), "dated", "source", "document", "page",
          "words")  # fmt: skip


@dataclass
class FactForm:
    """A fact as typed, and what was read of it. `key` is the id that the form carries."""

    typed: Typed
    kind: FactKind
    key: UUID | None = None
    name: str = ""
    values: dict[str, str] = field(default_factory=dict)
    dated: date | None = None
    source: Source | None = None


def read_kind(text: str | None) -> FactKind | None:
    """A kind of fact by its word; None when it is none."""
    return FactKind(text) if text in [one.value for one in FactKind] else None


def read_key(text: str | None) -> UUID | None:
    """The id that a form carries; None when it is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def read_fact(
    typed: Mapping[str, str], kind: FactKind, today: date, documents: Iterable[Document], names: Iterable[str]
) -> FactForm:
    """Read one fact with its day and its source.

    Takes     the kind; the patient's documents to choose from; the names that rules and charts have for the kind, as
              which a name that differs only in case and spaces is taken.
    """
    fields = Typed(typed, today)
    name = _name(fields, kind, names)
    values = read_values(fields, kind, "")
    source, document = _source(fields, documents)
    dated = read_dated(fields, "dated")
    if dated is None and "dated" not in fields.errors and document is not None:
        dated = document.dated  # what a note says was so on the note's day
    if dated is None:
        fields.refuse("dated", "Enter the day on which it was so: the day of the note, the photo or the result")
    return FactForm(fields, kind, read_key(typed.get("key")), name, values, dated, source)


def read_dated(fields: Typed, name: str) -> date | None:
    """The day on which something was so: today at the latest."""
    found = fields.day(name, "Day")
    if found is not None and found > fields.today:
        fields.refuse(name, f"Day must be today or before, {short_day(fields.today)} at the latest")
        return None
    return found


def read_values(fields: Typed, kind: FactKind, before: str) -> dict[str, str]:
    """Read the values of one kind. `before` begins the names of its fields, where several facts share a form."""
    values: dict[str, str] = {}
    for part in PARTS[kind]:
        text = _READERS[part.how](fields, before + part.name, part)
        if text is not None:
            values[part.name] = text
        elif part.required and before + part.name not in fields.errors:
            fields.refuse(before + part.name, f"Enter this: {part.label.lower()}")
    _fit(fields, kind, values, before)
    return values


def _fit(fields: Typed, kind: FactKind, values: dict[str, str], before: str) -> None:
    """What must fit together, and what follows from it."""
    began, ended = (_iso(values.get(name)) for name in ("began", "ended"))
    if began is not None and ended is not None:
        if ended < began:
            fields.refuse(f"{before}ended", f"Ended must be the same as or after begun, {short_day(began)}")
        elif "duration" not in values and ended > began:
            values["duration"] = f"{(ended - began).days} days"
    if kind is FactKind.HISTORY:
        _fit_history(fields, values, before)
    if kind is FactKind.MEDICATIONS and not any(values.values()):
        fields.refuse(f"{before}list", "Enter what the patient takes, or below what is not among it")
    for name in ("onset", "began", "on"):
        day = _iso(values.get(name))
        if day is not None and day > fields.today:
            fields.refuse(before + name, f"This must be today or before, {short_day(fields.today)} at the latest")


def _fit_history(fields: Typed, values: dict[str, str], before: str) -> None:
    if values.get("none") != "yes":
        values.pop("none", None)
    if ("none" in values) == ("on" in values):
        fields.refuse(f"{before}on", "Say either that it never happened, or when it happened last")


def _iso(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _name(fields: Typed, kind: FactKind, names: Iterable[str]) -> str:
    if kind is FactKind.MEDICATIONS:
        return MEDICATION_LIST
    label = NAMES[kind]
    text = fields.text("name", label, LONGEST_NAME)
    if text is None:
        fields.refuse("name", f"Enter the {label.lower()}")
        return ""
    if kind is FactKind.DIAGNOSIS:
        code = read_diagnosis(text)
        if code is None:
            fields.refuse("name", f"Diagnosis must be an ICD-10-CM code, like L40.0; you entered {text[:20]}")
        return code or ""
    key = documented_key(text)
    known = {documented_key(say_named(kind, one)): one for one in names} | {documented_key(one): one for one in names}
    if re.search(r"[:;|=]", key):
        fields.refuse("name", f"{label} must be without the signs : ; | and =")
    return known.get(key, key)


def _source(fields: Typed, documents: Iterable[Document]) -> tuple[Source | None, Document | None]:
    """Who or what says it. A document names its page where it has several; a claim names itself."""
    kind = fields.choice("source", SourceKind, "Source")
    if kind is None or kind not in SAID_BY:
        fields.refuse("source", "Choose who or what says it")
        return None, None
    words = fields.text("words", "In words", LONGEST_TEXT) or ""
    by_id = {one.id: one for one in documents}
    chosen = fields.one_of("document", by_id, "Document") if kind in (SourceKind.DOCUMENT, SourceKind.CLAIM) else None
    document = by_id.get(chosen) if chosen is not None else None
    if kind is SourceKind.DOCUMENT and document is None:
        fields.refuse("document", "Choose the document that says it; add it to the patient's documents first")
    if kind is SourceKind.CLAIM and document is None and not words:
        fields.refuse("words", "Enter the number of the paid claim, or choose the document that shows it")
    return Source(kind, chosen, _page(fields, document), None, words), document


def _page(fields: Typed, document: Document | None) -> int | None:
    if document is None:
        return None
    typed = fields.values.get("page", "").strip()
    if not typed and document.pages == 1:
        return 1
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed) <= document.pages):
        fields.refuse("page", f"Page must be a number from 1 to {document.pages}")
        return None
    return int(typed)


def _text(fields: Typed, name: str, part: Part) -> str | None:
    return fields.text(name, part.label, LONGEST_TEXT)


def _number(fields: Typed, name: str, part: Part) -> str | None:
    text = fields.text(name, part.label)
    if text is None:
        return None
    try:
        value = Decimal(text.rstrip("%").strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0:
        fields.refuse(name, f"{part.label} must be a number, like 12 or 12.5; you entered {text[:20]}")
        return None
    return f"{value:f}"


def _day(fields: Typed, name: str, part: Part) -> str | None:
    found = fields.day(name, part.label)
    return found.isoformat() if found is not None else None


def _length(fields: Typed, name: str, part: Part) -> str | None:
    text = fields.text(name, part.label)
    if text is not None and length_in_days(text) is None:
        fields.refuse(name, f"{part.label} must be a length, like 8 weeks or 6 months; you entered {text[:20]}")
        return None
    return text


def _list(fields: Typed, name: str, part: Part) -> str | None:
    """Lines as one text, parted as rules part them. Empty is an answer: nothing."""
    lines = [" ".join(line.split()) for line in re.split(r"[\n;]", fields.values.get(name, ""))]
    text = "; ".join(line for line in lines if line)
    if len(text) > LONGEST_LIST:
        fields.refuse(name, f"{part.label}: at most {LONGEST_LIST} characters; you entered {len(text)}")
    return text


def _chosen(kind: type[StrEnum]) -> Reader:
    def read(fields: Typed, name: str, part: Part) -> str | None:
        found = fields.choice(name, kind, part.label)
        return found.value if found is not None else None

    return read


_READERS: Mapping[How, Reader] = {
    How.TEXT: _text,
    How.NUMBER: _number,
    How.DAY: _day,
    How.LENGTH: _length,
    How.LIST: _list,
    How.YES_NO: _chosen(YesNo),
    How.OUTCOME: _chosen(Outcome),
    How.POTENCY: _chosen(Potency),
}
