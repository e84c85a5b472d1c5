"""Payments and claims as the reader of documents gives them, with invented people and numbers."""

from copy import deepcopy
from typing import Any

from app.standards.x12.remittance.denials import categories_of

PAYMENT = {
    "amount": "100.00",
    "method": "ACH",
    "date": "2026-03-20",
    "trace": "CHK-778",
    "payer": "ACME HEALTH",
    "payee_npi": "1003000134",
}


def adjustment(group: str, reason: str, amount: str) -> dict[str, Any]:
    """Make one adjustment."""
    return {"group": group, "reason": reason, "amount": amount, "quantity": None}


def line(
    code: str = "99213", day: str | None = "2026-03-02", *adjustments: dict[str, Any], **more: Any
) -> dict[str, Any]:
    """Make a line of 100 dollars."""
    taken = sum(float(one["amount"]) for one in adjustments)
    return {
        "code": code,
        "modifiers": [],
        "charge": "100.00",
        "paid": f"{100 - taken:.2f}",
        "units": "1",
        "service_dates": {"begins": day, "ends": day},
        "adjustments": list(adjustments),
        "remarks": [],
        **more,
    }


def claim(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Make a claim of Lena Abbott (member W00000001, visit V20001) as paid; its denials are classed as in reading."""
    charge = sum(float(one["charge"]) for one in lines)
    paid = sum(float(one["paid"]) for one in lines)
    made = {
        "claim_id": "V20001",
        "status": "1",
        "charge": f"{charge:.2f}",
        "paid": f"{paid:.2f}",
        "patient_responsibility": None,
        "payer_control_number": "PCN-1",
        "patient": {"last_name": "ABBOTT", "first_name": "LENA", "member_id": "W00000001"},
        "corrected": None,
        "service_dates": {"begins": "2026-03-02", "ends": "2026-03-02"},
        "adjustments": [],
        "remarks": [],
        "lines": list(lines),
        **more,
    }
    return made | {"denial_categories": categories_of(made)}


def reversal(of: dict[str, Any]) -> dict[str, Any]:
    """Make the claim that takes another one back."""
    made = deepcopy(of)
    for part in (made, *made["lines"]):
        for name in ("charge", "paid"):
            part[name] = _opposite(part[name])
        for each in part["adjustments"]:
            each["amount"] = _opposite(each["amount"])
    made["status"] = "22"
    return made | {"denial_categories": categories_of(made)}


def _opposite(amount: str) -> str:
    return amount[1:] if amount.startswith("-") else amount if amount == "0.00" else f"-{amount}"
