"""Reads the status of claims: asked for (276), answered (277), and acknowledged by a payer or clearinghouse (277CA)."""

from typing import Any

from app.standards.x12.amounts import amount, whole
from app.standards.x12.facts import Transaction
from app.standards.x12.loops import Level, heading, levels, said
from app.standards.x12.status.claims import acceptance, claims_of, organization_of, person_of, span_of, traces_of

ACKNOWLEDGEMENTS = ("X214", "X167", "X364")
ABOVE = frozenset({"source", "receiver", "provider"})
PATIENTS = frozenset({"subscriber", "dependent", "patient"})


def read_277(transaction: Transaction) -> dict[str, Any]:
    """Read a 277: as `x12.277ca` where its version, or its purpose, is the acknowledgement of claims.

    Takes     the transaction set; its segments are read through.
    Returns   `content` with `claims` (trace, payer_control_number, accepted, charge, statuses, and what else is said of
              them) and `levels`: what the levels above the claims say for all that stands below them.
    Raises    ReadingError: TOO_LARGE, and what the envelope raises. A day or amount that is none is None.
    """
    return _read(transaction, "277")


def read_276(transaction: Transaction) -> dict[str, Any]:
    """Read a 276, a request for the status of claims, into the same content; nothing in it is a status."""
    return _read(transaction, "276")


def _read(transaction: Transaction, number: str) -> dict[str, Any]:
    kind = f"x12.{number}"
    content: dict[str, Any] = {"version": transaction.version, "reference": None, "purpose": None, "received": None}
    above: dict[str, dict[str, Any]] = {}
    claims: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    subscriber: str | None = None
    for level in levels(transaction):
        if not level.name:
            bht = level.first("BHT") or []
            content |= {"reference": said(bht, 3), "purpose": said(bht, 6) or said(bht, 2)}
            kind += "ca" * (number == "277" and _acknowledges(transaction.version, said(bht, 1), said(bht, 6)))
        elif level.name in PATIENTS:
            patient = person_of(level)
            subscriber = patient["member_id"] if level.name == "subscriber" else subscriber
            patient["member_id"] = patient["member_id"] or (subscriber if level.name == "dependent" else None)
            claims += (claim | {"provider": above.get("provider")} for claim in claims_of(transaction, level, patient))
        elif level.name in ABOVE:
            above[level.name] = organization_of(level)
            notes += _notes(transaction, level)
            content["received"] = span_of(level.items, "050")["begins"] or content["received"]
    content |= {"payer": above.get("source"), "receiver": above.get("receiver"), "levels": notes, "claims": claims}
    return heading(transaction, kind) | {"content": content}


def _acknowledges(version: str, structure: str | None, purpose: str | None) -> bool:
    """Tell the acknowledgement of claims: by its version, where that says nothing by BHT01 and BHT06."""
    if "X" in version.upper():
        return any(name in version.upper() for name in ACKNOWLEDGEMENTS)
    return structure == "0085" or purpose == "TH"


def _notes(transaction: Transaction, level: Level) -> list[dict[str, Any]]:
    """Give what a level above the claims says, where it says something."""
    said_of_all = acceptance(transaction, level.items)
    if not said_of_all["statuses"]:
        return []
    quantities = {said(segment, 1): whole(said(segment, 2)) for _, segment in level.of("QTY")}
    amounts = {said(segment, 1): amount(said(segment, 2)) for _, segment in level.of("AMT")}
    return [
        {
            "level": level.name,
            **organization_of(level),
            "trace": traces_of(level.items),
            **said_of_all,
            "counts": {name: value for name, value in quantities.items() if name},
            "amounts": {name: value for name, value in amounts.items() if name},
        }
    ]
