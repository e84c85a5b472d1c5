"""The form of contact wishes. Consent to texts is never yes by default, and says how it was given."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.casework.forms.coverage import read_version
from app.casework.forms.typed import Typed
from app.patients.facts import ContactWay, WaySaid
from app.patients.rules import digits_of

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


@dataclass
class WishesForm:
    """Wishes as typed."""

    typed: Typed
    version: int | None
    reached: tuple[str | None, str | None, str | None]
    consent: bool
    said: WaySaid | None
    contact: ContactWay | None


def read_wishes(typed: Mapping[str, str], today: date) -> WishesForm:
    """Read contact wishes."""
    fields = Typed(typed, today)
    consent = typed.get("consent", "")
    said = fields.choice("said", WaySaid, "How it was said")
    phone = _phone(fields)
    email = fields.text("email", "E-mail")
    if email is not None and not _EMAIL.fullmatch(email):
        fields.refuse("email", "E-mail must be an address, like lee@example.com")
    if consent not in ("yes", "no"):
        fields.refuse("consent", "Choose whether texts may be sent")
    if consent == "yes" and said is None:
        fields.refuse("said", "Choose how the patient said yes")
    if consent == "yes" and phone is None:
        fields.refuse("phone", "Enter the phone number for texts")
    return WishesForm(
        fields,
        read_version(typed),
        (phone, email, fields.text("language", "Language", 40)),
        consent == "yes",
        said,
        fields.choice("contact", ContactWay, "Reach by"),
    )


def _phone(fields: Typed) -> str | None:
    typed = fields.text("phone", "Phone")
    if typed is None:
        return None
    digits = digits_of(typed)
    if len(digits) != 10:
        fields.refuse("phone", f"Phone must have 10 digits; you entered {len(digits)}")
    return digits
