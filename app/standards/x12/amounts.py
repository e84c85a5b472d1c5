"""Amounts and whole numbers of X12, as they stand in a document that a person may only read about."""

import re
from decimal import Decimal

AMOUNT = re.compile(r"(?a:[+-]?(?:\d{1,15}(?:\.\d{0,6})?|\.\d{1,6}))")
CENT = Decimal("0.01")
LONGEST_NUMBER = 15


def amount(text: str | None) -> str | None:
    """Write an amount with two places (`125.0` gives `125.00`); None where it is none."""
    text = (text or "").strip()
    return str(Decimal(text).quantize(CENT)) if AMOUNT.fullmatch(text) else None


def whole(text: str | None) -> int | None:
    """Read a whole number without sign; None where it is none, or longer than 15 digits."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None
