"""Read a claim and its payment out of what the reader of documents gave (`x12.835` of the reading contract)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.remittances.facts.claims import Adjustment, Category, Named, Payment, ReadClaim, ReadLine
from app.standards.x12.remittance.balance import line_off_by, off_by
from app.standards.x12.remittance.denials import line_categories
from app.standards.x12.remittance.values import cents_of

Part = Mapping[str, Any]


def read_payment(payment: Part) -> Payment:
    """Take a payment's values; money in cents."""
    return Payment(
        cents_of(payment.get("amount")),
        payment.get("method"),
        _day(payment.get("date")),
        payment.get("trace"),
        payment.get("payer"),
        payment.get("payee_npi"),
    )


def read_claim(claim: Part) -> ReadClaim:
    """Take a claim's values; money in cents, each line with what was denied of it."""
    patient, corrected, dates = claim["patient"], claim["corrected"], claim["service_dates"]
    reverses = not claim["denial_categories"]
    return ReadClaim(
        control=claim["claim_id"],
        status=claim["status"],
        charge=cents_of(claim["charge"]),
        paid=cents_of(claim["paid"]),
        share=cents_of(claim["patient_responsibility"]),
        payer_control=claim["payer_control_number"],
        patient=_named(patient),
        corrected=None if corrected is None else _named(corrected),
        begins=_day(dates["begins"]),
        ends=_day(dates["ends"]),
        adjustments=_adjustments(claim),
        remarks=tuple(claim["remarks"]),
        lines=tuple(
            _line(one, claim, () if reverses else claim["remarks"], denied=not reverses) for one in claim["lines"]
        ),
        categories=_categories(claim["denial_categories"]),
        off_by=off_by(claim),
    )


def _line(line: Part, claim: Part, remarks: list[str] | tuple[()], *, denied: bool) -> ReadLine:
    dates = line["service_dates"]
    return ReadLine(
        code=line["code"],
        modifiers=tuple(line["modifiers"]),
        charge=cents_of(line["charge"]),
        paid=cents_of(line["paid"]),
        units=line["units"],
        begins=_day(dates["begins"]) or _day(claim["service_dates"]["begins"]),
        ends=_day(dates["ends"]) or _day(claim["service_dates"]["ends"]),
        adjustments=_adjustments(line),
        remarks=tuple(line["remarks"]),
        categories=_categories(line_categories(line, remarks)) if denied else (),
        off_by=line_off_by(line),
    )


def _named(person: Part) -> Named:
    return Named(person["last_name"], person["first_name"], person["member_id"])


def _adjustments(part: Part) -> tuple[Adjustment, ...]:
    return tuple(
        Adjustment(one["group"], one["reason"], cents_of(one["amount"]), one["quantity"]) for one in part["adjustments"]
    )


def _categories(names: list[str]) -> tuple[Category, ...]:
    return tuple(Category(name) for name in names)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
