"""The form of an approval: the short form that logs one, and the one that changes one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from app.authorizations.facts import Counting, Item, Kind, Status
from app.authorizations.intake import UnreadError, read_codes, read_count, read_number, with_count
from app.casework.facts.approvals import OTHER_PAYER
from app.casework.forms.typed import Typed
from app.values.insurance import Channel
from app.values.spans import add_months
from app.values.wording import counted, short_day

LONGEST_MONTHS = 24
MOST_UNITS = 400
GIVEN = frozenset({Status.APPROVED, Status.PARTLY_APPROVED})


@dataclass
class ApprovalForm:
    """An approval as typed. `values` are those of an AuthorizationRecord, without payer and member.

    `coverage` is the one that it was given under; None with `payer` where the payer was typed, None in both where the
    payer stays as it is on file.
    """

    typed: Typed
    key: UUID | None = None
    version: int | None = None
    coverage: UUID | None = None
    payer: str | None = None
    member_id: str | None = None
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def errors(self) -> dict[str, str]:
        """A sentence for each field that has to be mended."""
        return self.typed.errors


def read_approval(
    typed: Mapping[str, str], today: date, sites: Iterable[UUID], coverages: Iterable[UUID], new: bool
) -> ApprovalForm:
    """Read the form of an approval.

    Takes     what was typed; the practice's day; the sites and the patient's coverages to choose from; whether a new
              one is logged (then the payer is needed).
    """
    fields = Typed(typed, today)
    form = ApprovalForm(fields, read_id(typed.get("key", "")), _version(typed))
    _payer(form, coverages, new)
    status = fields.choice("status", Status, "Status") or Status.APPROVED
    form.values = {"status": status, **_granted(fields, status), **_bound(fields, sites)}
    if not fields.errors:
        _ask(fields, form.values["begins"], form.values["ends"], form.values["items"])
    return form


def _granted(fields: Typed, status: Status) -> dict[str, Any]:
    """What was granted: number, codes or drug, and the days."""
    number, reference = _number(fields, "number", "Number"), _number(fields, "reference", "Payer's reference")
    if number is None and reference is None and status in GIVEN:
        fields.refuse("number", "Enter the number that the payer gave, or its reference under More")
    items, drug, ndc = _items(fields), fields.text("drug", "Drug"), fields.ndc("ndc")
    if not items and not drug and not ndc:
        fields.refuse("codes", "Enter the codes that the approval names, like 96910:36; 96912:10")
    no_end = fields.ticked("no_end")
    begins, ends = _span(fields, status, no_end)
    return {
        "kind": fields.choice("kind", Kind, "Kind") or Kind.INITIAL,
        "number": number,
        "reference": reference,
        "items": items,
        "drug": drug,
        "ndc": ndc,
        "begins": begins,
        "ends": ends,
        "no_end": no_end and ends is None,
        "decided_on": _decided(fields),
    }


def _bound(fields: Typed, sites: Iterable[UUID]) -> dict[str, Any]:
    """What the approval binds: place, provider, benefit and diagnoses."""
    return {
        "site_id": fields.one_of("site", sites, "Place"),
        "places": fields.places("places"),
        "provider_npi": fields.npi("provider", "Provider number"),
        "provider_binds": fields.ticked("provider_binds"),
        "channel": fields.choice("channel", Channel, "Benefit"),
        "diagnoses": fields.diagnoses("diagnoses"),
    }


def read_id(text: str) -> UUID | None:
    """Read an id that a form carries; None when it is cut off."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _version(typed: Mapping[str, str]) -> int | None:
    text = typed.get("version", "")
    return int(text) if text.isdigit() and len(text) < 10 else None


def _payer(form: ApprovalForm, coverages: Iterable[UUID], new: bool) -> None:
    fields = form.typed
    known = list(coverages)
    if (known or not new) and fields.values.get("coverage") != OTHER_PAYER:
        form.coverage = fields.one_of("coverage", known, "Coverage")
        if form.coverage is None and new:
            fields.refuse("coverage", "Choose the coverage under which the approval was given")
        return
    form.payer, form.member_id = fields.text("payer", "Payer"), fields.text("member", "Member ID")
    if form.payer is None:
        fields.refuse("payer", "Enter the payer that gave the approval")


def _number(fields: Typed, name: str, label: str) -> str | None:
    typed = fields.text(name, label)
    if typed is None:
        return None
    found = read_number(typed)
    if found is None:
        fields.refuse(name, f"{label} must be the one that the payer gave; you entered {typed[:20]}")
    return found


def _items(fields: Typed) -> tuple[Item, ...]:
    try:
        items = read_codes(fields.values.get("codes", ""))
    except UnreadError as fault:
        fields.refuse("codes", str(fault))
        return ()
    try:
        return with_count(items, *read_count(fields.values.get("units", "")))
    except UnreadError as fault:
        fields.refuse("units", str(fault))
        return items


def _span(fields: Typed, status: Status, no_end: bool) -> tuple[date | None, date | None]:
    begins, ends = fields.span("begins", "ends")
    if status in GIVEN:
        if not fields.values.get("begins", "").strip():
            fields.refuse("begins", "Enter the date the approval starts")
        if not fields.values.get("ends", "").strip() and not no_end:
            fields.refuse("ends", "Enter the date the approval ends")
    return begins, ends


def _decided(fields: Typed) -> date | None:
    decided = fields.day("decided_on", "Decided on")
    if decided is not None and decided > fields.today:
        fields.refuse("decided_on", f"Decided on must be today or before; you entered {short_day(decided)}")
    return decided


def _ask(fields: Typed, begins: date | None, ends: date | None, items: tuple[Item, ...]) -> None:
    """What is unlikely is asked once: a long span, an end that is past, very many units."""
    if begins and ends and ends >= add_months(begins, LONGEST_MONTHS):
        fields.ask("long_span", f"The approval lasts from {short_day(begins)} to {short_day(ends)}, over 24 months.")
    if ends and ends < fields.today:
        days = counted((fields.today - ends).days, "day")
        fields.ask("past_end", f"The approval ended on {short_day(ends)}, {days} ago.")
    most = max((item.count or 0 for item in items), default=0)
    if most > MOST_UNITS:
        word = "visit" if any(one.count == most and one.counting is Counting.VISITS for one in items) else "unit"
        fields.ask("many_units", f"The approval is for {counted(most, word)}.")
