"""Invented PAS documents: answers, bundles and notifications, with what a test changes."""

import json
from typing import Any

PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/"
TRACE_SYSTEM = "http://payer.example/PATIENT_EVENT_TRACE_NUMBER"


def action(code: str | None = "A1", number: str | None = None, *reasons: str) -> dict[str, Any]:
    """A review action as PAS 2.2.1 writes it."""
    parts: list[dict[str, Any]] = []
    if number is not None:
        parts.append({"url": "number", "valueString": number})
    if code is not None:
        coding = {"system": "https://codesystem.x12.org/005010/306", "code": code}
        parts.append(
            {"url": f"{PAS}extension-reviewActionCode", "valueCodeableConcept": {"coding": [coding]}},
        )
    parts += [{"url": "reasonCode", "valueCodeableConcept": {"coding": [{"code": one}]}} for one in reasons]
    return {"url": f"{PAS}extension-reviewAction", "extension": parts}


def adjudication(*actions: dict[str, Any]) -> list[dict[str, Any]]:
    """Adjudications, one for each action."""
    category = {"coding": [{"code": "submitted"}]}
    return [{"category": category, "extension": [one]} for one in actions]


def item(sequence: int, *actions: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A line of an answer with its actions."""
    return {"itemSequence": sequence, "adjudication": adjudication(*actions), **more}


def period(name: str, begins: str | None, ends: str | None) -> dict[str, Any]:
    """An extension that holds a period."""
    return {"url": f"{PAS}extension-{name}", "valuePeriod": {"start": begins, "end": ends}}


def response(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A ClaimResponse about the patient P1, complete and active."""
    usual = {
        "resourceType": "ClaimResponse",
        "id": "R1",
        "identifier": [{"system": TRACE_SYSTEM, "value": "TRACE-7"}],
        "status": "active",
        "type": {"coding": [{"code": "professional"}]},
        "use": "preauthorization",
        "patient": {"reference": "Patient/P1"},
        "created": "2026-12-01",
        "insurer": {"reference": "Organization/O1"},
        "outcome": "complete",
        "item": list(items),
    }
    return {key: value for key, value in {**usual, **more}.items() if value not in (None, [])}


PATIENT = {
    "resourceType": "Patient",
    "id": "P1",
    "identifier": [
        {"system": "http://clinic.example/records", "type": {"coding": [{"code": "MR"}]}, "value": "000417"},
        {"system": "http://payer.example/MIN", "value": "XMB4410092"},
    ],
    "name": [{"family": "Okafor", "given": ["Dana", "Lee"]}],
}


def bundle(*resources: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A collection of resources, each at the address of its type and id."""
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"fullUrl": f"http://payer.example/fhir/{one['resourceType']}/{one['id']}", "resource": one}
            for one in resources
        ],
        **more,
    }


def notification(*bundles: dict[str, Any]) -> dict[str, Any]:
    """A subscription notification (R4 backport) that brings bundles with it."""
    status = {
        "resourceType": "Parameters",
        "id": "S1",
        "parameter": [
            {"name": "subscription", "valueReference": {"reference": "Subscription/S"}},
            {
                "name": "topic",
                "valueCanonical": "http://hl7.org/fhir/us/davinci-pas/SubscriptionTopic/PASSubscriptionTopic",
            },
            {"name": "type", "valueCode": "event-notification"},
            {"name": "notification-event", "part": [{"name": "event-number", "valueString": "2"}]},
        ],
    }
    entries = [{"fullUrl": "http://payer.example/fhir/Parameters/S1", "resource": status}]
    return {"resourceType": "Bundle", "type": "history", "entry": [*entries, *({"resource": one} for one in bundles)]}


def written(document: Any) -> bytes:
    """The bytes of a document."""
    return json.dumps(document).encode()
