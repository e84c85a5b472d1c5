"""What people type at the gate -> checked values, or sentences beside the fields."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid5

from werkzeug.datastructures import MultiDict

from app.booking.actions.papers import Prepared, Signature
from app.booking.actions.recording import Said
from app.booking.facts.papers import MOST_CENTS, Language, PaperKind, PaperLine
from app.clinical.facts import Source, SourceKind
from app.documents.facts import Document
from app.values.codes import read_diagnosis
from app.values.days import read_typed_day

LONGEST_WORDS = 120
CHART, DOCUMENT, PATIENT = "chart", "document", "patient"
_AMOUNT = re.compile(r"\$?\s*([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,7})(?:\.([0-9]{2}))?")
_DAY = "must be a date, like 12/5, 12/05/2026 or t+30"


@dataclass
class FactForm:
    """The missing fact as typed for one code; `said` is there when it can be recorded."""

    code: str
    values: Mapping[str, str]
    triggers: tuple[str, ...] = ()
    said: Said | None = None
    errors: dict[str, str] = field(default_factory=dict)


def read_fact(
    typed: "MultiDict[str, str]", today: date, findings: Collection[str], documents: Sequence[Document]
) -> FactForm:
    """Read which fact is documented, and where.

    Takes     today at the site; the findings that may be ticked; the patient's documents to choose from.
    """
    ticked = tuple(one for one in typed.getlist("triggers") if one in findings)
    form = FactForm(typed.get("code", ""), typed.to_dict(), ticked)
    diagnosis = _diagnosis(form)
    if not ticked and diagnosis is None and not form.errors:
        form.errors["triggers"] = "Tick what is documented, or enter the diagnosis"
    source, dated = _source(form, today, documents) if ticked else (None, None)
    key = read_id(typed.get("key", ""))
    if not form.errors and key is not None:
        form.said = Said(form.code, diagnosis, {one: uuid5(key, one) for one in ticked}, source, dated)
    return form


def _diagnosis(form: FactForm) -> str | None:
    text = form.values.get("diagnosis", "").strip() or form.values.get("pick", "")
    if not text:
        return None
    found = read_diagnosis(text)
    if found is None:
        form.errors["diagnosis"] = f"Diagnosis must be an ICD-10-CM code, like L82.0; you entered {text[:20]}"
    return found


def _source(form: FactForm, today: date, documents: Sequence[Document]) -> tuple[Source | None, date | None]:
    """Where the ticked findings stand; None for the practice's own chart."""
    kind = form.values.get("source", "")
    if kind == CHART:
        return None, None
    if kind not in (DOCUMENT, PATIENT):
        form.errors["source"] = "Choose where it is documented"
        return None, None
    dated = _day(form, "dated", "Day", today)
    if dated is not None and dated > today:
        form.errors["dated"] = "Day must be today or earlier"
    if kind == PATIENT:
        return Source(SourceKind.PATIENT, words="Said at booking"), dated
    chosen = next((one for one in documents if str(one.id) == form.values.get("document", "")), None)
    if chosen is None:
        form.errors["document"] = "Choose the document in which it stands"
        return None, dated
    page = form.values.get("page", "").strip() or "1"
    if not (page.isascii() and page.isdigit()) or not 1 <= int(page[:6]) <= chosen.pages:
        form.errors["page"] = f"Page must be a number from 1 to {chosen.pages}"
        return None, dated
    return Source(SourceKind.DOCUMENT, chosen.id, int(page)), dated


@dataclass
class PaperForm:
    """A paper as typed; `prepared` is there when it can be kept. `words` and `amounts` by service."""

    values: Mapping[str, str]
    key: UUID | None
    version: int
    prepared: Prepared | None = None
    errors: dict[str, str] = field(default_factory=dict)


def read_paper(typed: Mapping[str, str], kind: PaperKind, services: Sequence[str], today: date) -> PaperForm:
    """Read the prices of services, in the order in which the page asks for them."""
    form = PaperForm(typed, read_id(typed.get("key", "")), read_version(typed.get("version", "")))
    language = typed.get("language", "")
    if language not in [one.value for one in Language]:
        form.errors["language"] = "Choose the patient's language"
    lines = [_line(form, place, service) for place, service in enumerate(services)]
    until = _day(form, "valid_until", "Prices hold until", today)
    if not form.errors and until is not None:
        found = tuple(one for one in lines if one is not None)
        form.prepared = Prepared(kind, Language(language), found, until)
    return form


def _line(form: PaperForm, place: int, service: str) -> PaperLine | None:
    words = " ".join(form.values.get(f"words-{place}", "").split())
    if not words:
        form.errors[f"words-{place}"] = f"Say in your own words what {service} is, as the patient will read it"
    elif len(words) > LONGEST_WORDS:
        form.errors[f"words-{place}"] = f"Use at most {LONGEST_WORDS} characters; there are {len(words)}"
    cents = read_amount(form.values.get(f"amount-{place}", ""))
    if cents is None:
        form.errors[f"amount-{place}"] = f"Price of {service} must be an amount in dollars, like 350 or 1,250.50"
    elif cents > MOST_CENTS:
        form.errors[f"amount-{place}"] = f"Price of {service} is above {MOST_CENTS // 100:,} dollars; look at it again"
    return None if cents is None or not words else PaperLine(service, words, cents)


def read_amount(text: str) -> int | None:
    """Read dollars as people type them, in cents: `350`, `$1,250.50`. None: it is no amount."""
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        return None
    return int(found[1].replace(",", "")) * 100 + int(found[2] or "0")


@dataclass
class MoveForm:
    """A step of a paper as typed; `signature` where it was signed."""

    do: str
    version: int
    values: Mapping[str, str]
    signature: Signature | None = None
    errors: dict[str, str] = field(default_factory=dict)


def read_move(typed: Mapping[str, str], today: date) -> MoveForm:
    """Read a step: what is done, and for a signature by whom, when, and the document."""
    form = MoveForm(typed.get("do", ""), read_version(typed.get("version", "")), typed)
    if form.do != "sign":
        return form
    by = " ".join(typed.get("signed_by", "").split())
    if not by:
        form.errors["signed_by"] = "Write who signed: the patient, or who signs for the patient"
    elif len(by) > LONGEST_WORDS:
        form.errors["signed_by"] = f"Use at most {LONGEST_WORDS} characters; there are {len(by)}"
    on = _day(form, "signed_on", "Signed on", today)
    if not form.errors and on is not None:
        form.signature = Signature(by, on, read_id(typed.get("document", "")))
    return form


def _day(form: "FactForm | PaperForm | MoveForm", name: str, label: str, today: date) -> date | None:
    text = form.values.get(name, "").strip()
    found = read_typed_day(text, today) if text else None
    if found is None:
        form.errors[name] = f"{label} {_DAY}" + (f"; you entered {text[:20]}" if text else "")
    return found


def read_version(text: str) -> int:
    """The version that a page showed; 0 where there is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def read_id(text: str) -> UUID | None:
    """An id that a form carries; None when it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def read_after(text: str) -> tuple[date, UUID] | None:
    """Where a page of the list begins, as its address writes it: the day and the id of the last one before."""
    day, _, paper = text.partition("~")
    found = read_id(paper)
    try:
        return (date.fromisoformat(day), found) if found is not None else None
    except ValueError:
        return None
