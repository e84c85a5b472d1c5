"""On what a practice rule rests and until when it holds, as typed: checked values, or sentences beside the fields."""

import re
from collections.abc import Mapping
from datetime import date

from app.policies.facts.answers import BasisKind
from app.policies.facts.desk import Basis
from app.policies.rules.routine import last_day_of_rule
from app.values.days import read_typed_day
from app.values.wording import long_day, short_day

LONGEST_TEXT = 200
KINDS = (
    (BasisKind.TOOL.value, "Payer's look-up tool"),
    (BasisKind.LIST.value, "Payer's list of codes"),
    (BasisKind.CALL.value, "Call, with its reference"),
    (BasisKind.LETTER.value, "Payer's letter"),
    (BasisKind.CLAIMS.value, "Paid claims, with counts"),
)
"""What a rule may rest on, in the order in which the pages offer it."""
_SOURCES = {
    BasisKind.TOOL: "on which the look-up tool was asked",
    BasisKind.LIST: "of the payer's list",
    BasisKind.CALL: "of the call",
    BasisKind.LETTER: "of the payer's letter",
    BasisKind.CLAIMS: "on which the claims were counted",
}
_COUNTS = re.compile(r"\b([1-9]\d*)\s*(?:of|/)\s*([1-9]\d*)\b", re.IGNORECASE)


def read_basis(typed: Mapping[str, str], today: date, errors: dict[str, str]) -> Basis | None:
    """Read `basis_kind`, `basis` and `source_day`. None when one of them cannot be stored: then `errors` says why."""
    text = " ".join(typed.get("basis", "").split())
    if len(text) > LONGEST_TEXT:
        errors["basis"] = f"The text must have at most {LONGEST_TEXT} characters; you entered {len(text)}."
    kind_text = typed.get("basis_kind", "")
    kind = BasisKind(kind_text) if kind_text in tuple(BasisKind) else None
    if kind is None:
        errors["basis_kind"] = "Choose on what it rests, like the payer's look-up tool."
    day = _source_day(typed.get("source_day", ""), kind, today, errors)
    if kind is BasisKind.CALL and not text:
        errors["basis"] = "Enter the reference of the call, like 7781-A."
    if kind is BasisKind.CLAIMS and not _plausible_counts(text):
        errors["basis"] = "Enter how many claims of how many were paid, like 41 of 41."
    return None if {"basis_kind", "basis", "source_day"} & set(errors) else Basis(kind, text, day)


def read_end(text: str, begins: date, today: date, errors: dict[str, str], name: str = "until") -> date | None:
    """Read the last day of a rule that begins on a day: at most twelve months on."""
    if not text.strip():
        errors[name] = f"Enter the date until which it holds, like 12/31/{begins.year}."
        return None
    day = read_typed_day(text, today)
    latest = last_day_of_rule(begins)
    if day is None:
        errors[name] = f"End date must be a date, like 12/31/{begins.year}; found {text.strip()[:40]}."
    elif day < begins:
        errors[name] = (
            f"End date must be the same as or after {short_day(begins)}, the day on which it begins; "
            f"found {long_day(day)}."
        )
    elif day > latest:
        errors[name] = f"End date must be on or before {short_day(latest)}, 12 months on; found {long_day(day)}."
    return day if name not in errors else None


def _source_day(text: str, kind: BasisKind | None, today: date, errors: dict[str, str]) -> date | None:
    day = read_typed_day(text, today) if text.strip() else None
    if not text.strip():
        errors["source_day"] = (
            f"Enter the day {_SOURCES[kind] if kind is not None else 'of the source'}, like {short_day(today)}."
        )
    elif day is None:
        errors["source_day"] = f"The day must be a date, like {short_day(today)}; found {text.strip()[:40]}."
    elif day > today:
        errors["source_day"] = f"The day must be today, {short_day(today)}, or earlier; found {long_day(day)}."
    return day


def _plausible_counts(text: str) -> bool:
    found = _COUNTS.search(text)
    return found is not None and int(found[1]) <= int(found[2])
