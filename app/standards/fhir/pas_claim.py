"""The Claim of a PAS request or inquiry."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.standards.fhir.pas_facts import Paper, PasRequest, RequestLine
from app.standards.fhir.pas_papers import paper_line
from app.standards.fhir.pas_terms import (
    ICD_10_CM,
    PAS,
    PAS_TERMS,
    PLACES,
    TERMS,
    TRACES,
    X12,
    coded,
    named,
    product_system,
)

_PRIORITIES = {True: "stat", False: "normal"}
_LEVELS = {True: "U", False: "E"}


def claim(request: PasRequest, ids: Mapping[str, str], papers: Mapping[str, Paper], inquiry: bool) -> dict[str, Any]:
    """Write the Claim. `ids` are the resources of the bundle by their role, `papers` the documents in it by id."""
    diagnoses = _diagnoses(request)
    return {
        "resourceType": "Claim",
        "id": ids["claim"],
        "meta": {"profile": [f"{PAS}{'profile-claim-inquiry' if inquiry else 'profile-claim'}"]},
        "extension": [level(request.urgent)],
        "identifier": [trace_number(request.submitter, request.trace)],
        "status": "active",
        "type": coded(f"{TERMS}claim-type", "professional"),
        "use": "preauthorization",
        "patient": _to(ids["patient"]),
        "created": request.created.isoformat(timespec="seconds"),
        "insurer": _to(ids["insurer"]),
        "provider": _to(ids["practice"]),
        "priority": priority(request.urgent),
        "careTeam": _team(request, ids),
        "supportingInfo": [] if inquiry else _supporting(request, papers),
        "diagnosis": [
            {"sequence": at, "diagnosisCodeableConcept": coded(ICD_10_CM, code)}
            for at, code in enumerate(diagnoses, start=1)
        ],
        "insurance": [{"sequence": 1, "focal": True, "coverage": _to(ids["coverage"])}],
        "item": [_item(request, at, one, diagnoses) for at, one in enumerate(request.lines, start=1)],
    }


def level(urgent: bool) -> dict[str, Any]:
    """How urgent a request is, as an extension (X12 1338)."""
    return element("levelOfServiceCode", "1338", _LEVELS[urgent])


def priority(urgent: bool) -> dict[str, Any]:
    """How urgent a request is, as FHIR itself says it."""
    return coded(f"{TERMS}processpriority", _PRIORITIES[urgent])


def _to(identity: str) -> dict[str, str]:
    return {"reference": f"urn:uuid:{identity}"}


def element(name: str, element: str, code: str) -> dict[str, Any]:
    """An extension with a code of an X12 element."""
    return named(name, valueCodeableConcept=coded(f"{X12}{element}", code))


def trace_number(submitter: str, trace: str) -> dict[str, Any]:
    """The number of a request as an Identifier, with whoever gave it."""
    assigner = {"identifier": {"system": f"{TRACES}{submitter}", "value": submitter}}
    return {"system": f"{TRACES}{submitter}", "value": trace, "assigner": assigner}


def _diagnoses(request: PasRequest) -> list[str]:
    """Every diagnosis once, in the order of the lines."""
    return list(dict.fromkeys(code for line in request.lines for code in line.diagnoses))


def _team(request: PasRequest, ids: Mapping[str, str]) -> list[dict[str, Any]]:
    if request.practitioner is None:
        return []
    scope = named("careTeamClaimScope", valueBoolean=True)
    return [{"extension": [scope], "sequence": 1, "provider": _to(ids["role"])}]


def message_line(words: str) -> dict[str, Any]:
    """Words for the payer; the sequence is the caller's."""
    return {"category": coded(PAS_TERMS, "freeFormMessage"), "valueString": words}


def _supporting(request: PasRequest, papers: Mapping[str, Paper]) -> list[dict[str, Any]]:
    told = [paper_line(identity, one) for identity, one in papers.items()]
    if request.note:
        told.append(message_line(request.note))
    return [{"sequence": at, **one} for at, one in enumerate(told, start=1)]


def _item(request: PasRequest, at: int, line: RequestLine, diagnoses: list[str]) -> dict[str, Any]:
    return {
        "extension": _item_extensions(request, at, line),
        "sequence": at,
        "careTeamSequence": [1] if request.practitioner is not None else [],
        "diagnosisSequence": [diagnoses.index(code) + 1 for code in line.diagnoses],
        "category": coded(f"{X12}1365", line.service_type),
        "productOrService": coded(product_system(line.code), line.code),
        "modifier": [coded(product_system(line.code), one) for one in line.modifiers],
        **serviced(line.begins, line.ends),
        "locationCodeableConcept": coded(PLACES, line.place) if line.place else None,
        "quantity": _quantity(line),
    }


def _item_extensions(request: PasRequest, at: int, line: RequestLine) -> list[dict[str, Any]]:
    made = [
        element("serviceItemRequestType", "1525", "HS"),
        element("certificationType", "1322", line.certification.value),
        named("itemTraceNumber", valueIdentifier=trace_number(request.submitter, f"{request.trace}-{at}")),
    ]
    if request.number is not None:
        made.append(named("authorizationNumber", valueString=request.number))
    if line.last is not None:
        made.append(named("productOrServiceCodeEnd", valueCodeableConcept=coded(product_system(line.last), line.last)))
    return made


def serviced(begins: date | None, ends: date | None) -> dict[str, Any]:
    """When a line is to be done: one day, or a period whose ends may be open."""
    if begins is not None and begins == ends:
        return {"servicedDate": begins.isoformat()}
    first = begins.isoformat() if begins is not None else None
    return {"servicedPeriod": {"start": first, "end": ends.isoformat() if ends is not None else None}}


def _quantity(line: RequestLine) -> dict[str, Any] | None:
    if line.quantity is None:
        return None
    return {"value": line.quantity, "system": f"{X12}673" if line.unit else None, "code": line.unit}
