"""The Claim of a PAS request, update, cancellation or inquiry."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.standards.fhir.pas_facts import Certification, PasRequest, RequestLine
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


def claim(request: PasRequest, ids: Mapping[str, str], papers: Sequence[str], inquiry: bool) -> dict[str, Any]:
    """Write the Claim. `ids` are the resources of the bundle by their role, `papers` the documents in it."""
    diagnoses = _diagnoses(request)
    return {
        "resourceType": "Claim",
        "id": ids["claim"],
        "meta": {"profile": [f"{PAS}{_profile(request, inquiry)}"]},
        "extension": [_coded("levelOfServiceCode", "1338", _LEVELS[request.urgent])],
        "identifier": [_trace(request.submitter, request.trace)],
        "status": "active",
        "type": coded(f"{TERMS}claim-type", "professional"),
        "use": "preauthorization",
        "patient": _to(ids["patient"]),
        "created": request.created.isoformat(timespec="seconds"),
        "insurer": _to(ids["insurer"]),
        "provider": _to(ids["practice"]),
        "priority": coded(f"{TERMS}processpriority", _PRIORITIES[request.urgent]),
        "related": [] if inquiry else _related(request),
        "careTeam": _team(request, ids),
        "supportingInfo": [] if inquiry else _supporting(request, papers),
        "diagnosis": [
            {"sequence": at, "diagnosisCodeableConcept": coded(ICD_10_CM, code)}
            for at, code in enumerate(diagnoses, start=1)
        ],
        "insurance": [{"sequence": 1, "focal": True, "coverage": _to(ids["coverage"])}],
        "item": [_item(request, at, one, diagnoses, inquiry) for at, one in enumerate(request.lines, start=1)],
    }


def _profile(request: PasRequest, inquiry: bool) -> str:
    if inquiry:
        return "profile-claim-inquiry"
    return "profile-claim-update" if request.earlier is not None else "profile-claim"


def _to(identity: str) -> dict[str, str]:
    return {"reference": f"urn:uuid:{identity}"}


def _coded(name: str, element: str, code: str) -> dict[str, Any]:
    """An extension with a code of an X12 element."""
    return named(name, valueCodeableConcept=coded(f"{X12}{element}", code))


def _trace(submitter: str, trace: str) -> dict[str, Any]:
    assigner = {"identifier": {"system": f"{TRACES}{submitter}", "value": submitter}}
    return {"system": f"{TRACES}{submitter}", "value": trace, "assigner": assigner}


def _diagnoses(request: PasRequest) -> list[str]:
    """Every diagnosis once, in the order of the lines."""
    return list(dict.fromkeys(code for line in request.lines for code in line.diagnoses))


def _related(request: PasRequest) -> list[dict[str, Any]]:
    if request.earlier is None:
        return []
    earlier = {"type": "Claim", "identifier": _trace(request.submitter, request.earlier)}
    return [{"claim": earlier, "relationship": coded(f"{TERMS}ex-relatedclaimrelationship", "prior")}]


def _team(request: PasRequest, ids: Mapping[str, str]) -> list[dict[str, Any]]:
    if request.practitioner is None:
        return []
    scope = named("careTeamClaimScope", valueBoolean=True)
    return [{"extension": [scope], "sequence": 1, "provider": _to(ids["role"])}]


def _supporting(request: PasRequest, papers: Sequence[str]) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = [
        {"category": coded(PAS_TERMS, "additionalInformation"), "valueReference": _to(one)} for one in papers
    ]
    if request.note:
        told.append({"category": coded(PAS_TERMS, "freeFormMessage"), "valueString": request.note})
    return [{"sequence": at, **one} for at, one in enumerate(told, start=1)]


def _item(request: PasRequest, at: int, line: RequestLine, diagnoses: list[str], inquiry: bool) -> dict[str, Any]:
    canceled = line.certification is Certification.CANCEL and not inquiry
    flag = {"url": f"{PAS}modifierextension-infoCancelled", "valueBoolean": True}
    return {
        "extension": _item_extensions(request, at, line, inquiry),
        "modifierExtension": [flag] if canceled else [],
        "sequence": at,
        "careTeamSequence": [1] if request.practitioner is not None else [],
        "diagnosisSequence": [diagnoses.index(code) + 1 for code in line.diagnoses],
        "category": coded(f"{X12}1365", line.service_type),
        "productOrService": coded(product_system(line.code), line.code),
        "modifier": [coded(product_system(line.code), one) for one in line.modifiers],
        **_serviced(line),
        "locationCodeableConcept": coded(PLACES, line.place) if line.place else None,
        "quantity": _quantity(line),
    }


def _item_extensions(request: PasRequest, at: int, line: RequestLine, inquiry: bool) -> list[dict[str, Any]]:
    made = [
        _coded("serviceItemRequestType", "1525", "HS"),
        _coded("certificationType", "1322", line.certification.value),
        named("itemTraceNumber", valueIdentifier=_trace(request.submitter, f"{request.trace}-{at}")),
    ]
    if request.number is not None:
        made.append(named("authorizationNumber", valueString=request.number))
    if line.last is not None:
        made.append(named("productOrServiceCodeEnd", valueCodeableConcept=coded(product_system(line.last), line.last)))
    if line.change is not None and not inquiry:
        made.append(named("infoChanged", valueCode=line.change.value))
    return made


def _serviced(line: RequestLine) -> dict[str, Any]:
    if line.begins is not None and line.begins == line.ends:
        return {"servicedDate": line.begins.isoformat()}
    begins = line.begins.isoformat() if line.begins is not None else None
    ends = line.ends.isoformat() if line.ends is not None else None
    return {"servicedPeriod": {"start": begins, "end": ends}}


def _quantity(line: RequestLine) -> dict[str, Any] | None:
    if line.quantity is None:
        return None
    return {"value": line.quantity, "system": f"{X12}673" if line.unit else None, "code": line.unit}
