"""What people typed about participation -> checked values, or errors beside the field."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.practice.facts.practice import Network
from app.values.days import read_typed_day
from app.values.spans import DateSpan
from app.values.wording import short_day

LONGEST = 80
DAY = "must be a date, like 12/05/2026"


@dataclass
class ParticipationForm:
    """A word on some providers in one payer's network, as typed; `span` and `network` are None until it is right."""

    typed: Mapping[str, str]
    payer: str = ""
    plan: str | None = None
    npis: tuple[str, ...] = ()
    network: Network | None = None
    span: DateSpan | None = None
    errors: dict[str, str] = field(default_factory=dict)


def read_participation(typed: Any, today: date, known: Collection[str]) -> ParticipationForm:
    """Read the form of participation.

    Takes     what was posted (a MultiDict); today; the NPIs of the practice's providers.
    """
    form = ParticipationForm(typed, typed.get("payer", "").strip(), typed.get("plan", "").strip() or None)
    form.npis = tuple(npi for npi in typed.getlist("providers") if npi in known)
    if not form.payer or len(form.payer) > LONGEST:
        form.errors["payer"] = f"Enter the payer, like Aetna, at most {LONGEST} characters."
    if form.plan and len(form.plan) > LONGEST:
        form.errors["plan"] = f"Plan must have at most {LONGEST} characters."
    if not form.npis:
        form.errors["providers"] = "Choose at least one provider."
    if typed.get("network") not in tuple(Network):
        form.errors["network"] = "Choose in or out of the network."
    begins = _day(form, "begins", "First day", today, "Enter the first day of participation.")
    ends = _day(form, "ends", "Last day", today, None)
    if begins and ends and ends < begins:
        form.errors["ends"] = f"Last day must be the same as or after the first day, {short_day(begins)}."
    if not form.errors:
        form.network, form.span = Network(typed["network"]), DateSpan(begins, ends)
    return form


def _day(form: ParticipationForm, name: str, label: str, today: date, missing: str | None) -> date | None:
    text = form.typed.get(name, "").strip()
    if not text:
        if missing is not None:
            form.errors[name] = missing
        return None
    found = read_typed_day(text, today)
    if found is None:
        form.errors[name] = f"{label} {DAY}; found {text[:40]}."
    return found
