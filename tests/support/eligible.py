"""Eligibility answers of invented content, in the shape that the reader gives: one element of `responses` of a 271."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.coverage.facts import Answered, EligibilityCheck, Method
from app.values.records import RecordRef
from tests.support import make

NPI = "1003000126"


def row(info: str = "1", types: tuple[str, ...] = ("30",), **other: Any) -> dict[str, Any]:
    """One benefit (EB)."""
    base: dict[str, Any] = {
        "info": info,
        "coverage_level": "IND",
        "service_types": list(types),
        "insurance_type": None,
        "plan": None,
        "period": None,
        "amount": None,
        "percent": None,
        "quantity_qualifier": None,
        "quantity": None,
        "authorization_required": None,
        "in_network": None,
        "procedure": None,
        "dates": {},
        "entities": [],
        "references": {},
        "delivery": [],
        "messages": [],
    }
    return base | other


def procedure(code: str, need: bool | None, *modifiers: str, **other: Any) -> dict[str, Any]:
    """A benefit of one procedure with EB11."""
    named = {"qualifier": "HC", "code": code, "modifiers": list(modifiers)}
    return row(other.pop("info", "1"), (), authorization_required=need, procedure=named, **other)


def rejection(code: str, level: str = "subscriber", follow_up: str | None = "C") -> dict[str, Any]:
    """One AAA."""
    return {"code": code, "follow_up": follow_up, "valid": False, "level": level}


def response(*rows: dict[str, Any], status: str = "active", **other: Any) -> dict[str, Any]:
    """One response: Otto Bauer's, first at the desk, unless told otherwise."""
    base: dict[str, Any] = {
        "trace": [],
        "payer": {"name": "ACME HEALTH", "id": "ACME1"},
        "provider": {"name": "EXAMPLE DERMATOLOGY", "npi": NPI},
        "subscriber": {
            "member_id": "W00000001",
            "last_name": "BAUER",
            "first_name": "OTTO",
            "birth_date": "1980-05-17",
            "sex": "M",
            "group_number": None,
        },
        "dependent": None,
        "status": status,
        "rejections": [],
        "dates": {},
        "plan": {"name": None, "insurance_type": None, "begins": None, "ends": None},
        "benefits": list(rows) if rows else [row("1" if status == "active" else "6")],
    }
    subscriber = base["subscriber"] | other.pop("subscriber", {})
    plan = base["plan"] | other.pop("plan", {})
    return base | {"subscriber": subscriber, "plan": plan} | other


def rejected(*rejections: dict[str, Any], **other: Any) -> dict[str, Any]:
    """A response that was rejected."""
    return response(status="rejected", rejections=list(rejections)) | {"benefits": []} | other


def ref(document: int = 1, number: int = 1) -> RecordRef:
    """A record of an invented document."""
    return RecordRef(make.an_id(900_000 + document), number)


def check_of(coverage_id: UUID, number: int, day: date, **values: Any) -> EligibilityCheck:
    """A check of the past, to be put on file."""
    base = {"method": Method.PORTAL, "result": Answered.ACTIVE, "at": make.NOW - timedelta(days=30 - number)}
    return EligibilityCheck(
        id=make.an_id(910_000 + number), coverage_id=coverage_id, answered_on=day, **(base | values)
    )
