"""Whether a claim adds up: what was charged less what was paid is what was adjusted."""

from collections.abc import Mapping
from typing import Any

from app.standards.x12.remittance.values import cents_of


def off_by(claim: Mapping[str, Any]) -> int | None:
    """Say by how many cents a claim does not add up.

    Takes     a claim as reading gives it.
    Returns   charge less paid less all adjustments of the claim and its lines; 0: it adds up. None: the document gives
              too little to say.
    """
    charge, paid = cents_of(claim["charge"]), cents_of(claim["paid"])
    amounts = [cents_of(each["amount"]) for part in (claim, *claim["lines"]) for each in part["adjustments"]]
    known = [each for each in amounts if each is not None]
    if charge is None or paid is None or len(known) < len(amounts):
        return None
    return charge - paid - sum(known)


def line_off_by(line: Mapping[str, Any]) -> int | None:
    """Say by how many cents one line does not add up; as `off_by`."""
    return off_by({**line, "lines": ()})
