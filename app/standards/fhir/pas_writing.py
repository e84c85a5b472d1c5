"""Da Vinci PAS 2.2.1 written: the bundles for Claim/$submit and Claim/$inquire. What is written is read back."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID, uuid5

from app.standards.fhir.nodes import Node
from app.standards.fhir.pas_claim import claim
from app.standards.fhir.pas_facts import Member, Organization, PasRequest, Practitioner, RequestLine
from app.standards.fhir.pas_papers import contents_of, paper_resource
from app.standards.fhir.pas_request import INQUIRY, REQUEST, asked_claim, request_content
from app.standards.fhir.pas_terms import ENTITY, IDENTIFIER_TYPES, NPI, PAS, TERMS, coded, without_empty
from app.standards.fhir.strict_json import documents

_ROLES = ("claim", "insurer", "practice", "coverage", "patient", "role", "practitioner")
_NPI = re.compile(r"\d{10}")
_UNSAID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


class UnwritableError(ValueError):
    """A request holds what a bundle cannot say. The text names what, never the value."""


def write_request(request: PasRequest) -> bytes:
    """Write the bundle that Claim/$submit takes: Claim first, then all that it names.

    Raises    UnwritableError where a value is missing or would be read back as another.
    """
    return _written(request, "profile-pas-request-bundle", REQUEST)


def write_inquiry(request: PasRequest) -> bytes:
    """Write the bundle that Claim/$inquire takes, about the request with this trace. Raises UnwritableError."""
    return _written(request, "profile-pas-inquiry-request-bundle", INQUIRY)


def _written(request: PasRequest, profile: str, kind: str) -> bytes:
    _refuse_unwritable(request)
    content = bundled(request.bundle_id, request.created, profile, [entry(one) for one in _resources(request, kind)])
    _refuse_otherwise_read(request, content, kind)
    return content


def entry(resource: dict[str, Any]) -> dict[str, Any]:
    """An entry of a bundle, at the address of its id."""
    return {"fullUrl": f"urn:uuid:{resource['id']}", "resource": without_empty(resource)}


def bundled(bundle_id: UUID, created: datetime, profile: str, entries: Sequence[dict[str, Any]]) -> bytes:
    """Write a bundle of entries."""
    bundle = {
        "resourceType": "Bundle",
        "id": str(bundle_id),
        "meta": {"profile": [f"{PAS}{profile}"]},
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{bundle_id}"},
        "type": "collection",
        "timestamp": created.isoformat(timespec="seconds"),
        "entry": list(entries),
    }
    return json.dumps(bundle, ensure_ascii=False, separators=(",", ":")).encode()


def _resources(request: PasRequest, kind: str) -> Iterator[dict[str, Any]]:
    ids = {role: str(uuid5(request.bundle_id, role)) for role in _ROLES}
    inquiry = kind == INQUIRY
    papers = (
        {} if inquiry else {str(uuid5(request.bundle_id, f"paper {at}")): one for at, one in enumerate(request.papers)}
    )
    yield claim(request, ids, papers, inquiry)
    yield _organization(ids["insurer"], request.payer, "PR", "profile-insurer")
    yield _organization(ids["practice"], request.practice, "X3", "profile-requestor")
    yield _coverage(ids, request.member)
    yield _patient(ids["patient"], request.member)
    if request.practitioner is not None:
        yield _role(ids)
        yield _practitioner(ids["practitioner"], request.practitioner)
    for identity, paper in papers.items():
        yield paper_resource(identity, ids["patient"], paper)


def _organization(identity: str, one: Organization, entity: str, profile: str) -> dict[str, Any]:
    npi = {"system": NPI, "value": one.npi} if one.npi else None
    own = {"type": coded(IDENTIFIER_TYPES, "U"), "value": one.identifier} if one.identifier else None
    return {
        "resourceType": "Organization",
        "id": identity,
        "meta": {"profile": [f"{PAS}{profile}"]},
        "identifier": [npi, own],
        "active": True,
        "type": [coded(ENTITY, entity)],
        "name": one.name,
    }


def _coverage(ids: dict[str, str], member: Member) -> dict[str, Any]:
    relationship = {True: "self", False: "other", None: "other"}[member.is_subscriber]
    return {
        "resourceType": "Coverage",
        "id": ids["coverage"],
        "meta": {"profile": [f"{PAS}profile-coverage"]},
        "identifier": [{"type": coded(IDENTIFIER_TYPES, "MB"), "value": member.member_id}],
        "status": "active",
        "subscriberId": member.member_id,
        "beneficiary": {"reference": f"urn:uuid:{ids['patient']}"},
        "relationship": coded(f"{TERMS}subscriber-relationship", relationship),
        "payor": [{"reference": f"urn:uuid:{ids['insurer']}"}],
        "class": [{"type": coded(f"{TERMS}coverage-class", "group"), "value": member.group_number}]
        if member.group_number
        else None,
    }


def _patient(identity: str, member: Member) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "id": identity,
        "meta": {"profile": [f"{PAS}profile-beneficiary"]},
        "identifier": [{"type": coded(IDENTIFIER_TYPES, "MB"), "value": member.member_id}],
        "name": [{"family": member.last_name, "given": [member.first_name]}],
        "gender": member.gender,
        "birthDate": member.birth_date.isoformat(),
    }


def _role(ids: dict[str, str]) -> dict[str, Any]:
    return {
        "resourceType": "PractitionerRole",
        "id": ids["role"],
        "meta": {"profile": [f"{PAS}profile-practitionerrole"]},
        "practitioner": {"reference": f"urn:uuid:{ids['practitioner']}"},
        "organization": {"reference": f"urn:uuid:{ids['practice']}"},
    }


def _practitioner(identity: str, one: Practitioner) -> dict[str, Any]:
    return {
        "resourceType": "Practitioner",
        "id": identity,
        "meta": {"profile": [f"{PAS}profile-practitioner"]},
        "identifier": [{"system": NPI, "value": one.npi}],
        "name": [{"family": one.last_name, "given": [one.first_name] if one.first_name else None}],
    }


def _refuse_unwritable(request: PasRequest) -> None:
    if not request.lines:
        raise UnwritableError("a request has a line at least")
    if not all(one.content for one in request.papers):
        raise UnwritableError("a document is empty")
    refuse_unsaid(request)
    npis = [request.practice.npi, request.practitioner.npi if request.practitioner is not None else None]
    if not all(one is None or _NPI.fullmatch(one) for one in npis):
        raise UnwritableError("an NPI has ten digits")


def refuse_unsaid(value: Any) -> None:
    """Raise UnwritableError with the name of the field where a text of a fact cannot be said in a bundle."""
    for name, text in _texts(value):
        if not text.strip() or _UNSAID.search(text):
            raise UnwritableError(f"{name} is blank or holds signs that no bundle can say")


def _texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a request with the name of its field."""
    if isinstance(value, str) and not isinstance(value, Enum):
        yield name, value
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one, name)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name), field.name)


def _refuse_otherwise_read(request: PasRequest, content: bytes, kind: str) -> None:
    """Read what was written and compare it with what was to be said."""
    (bundle,) = documents(content)
    node = Node(bundle, "", kind)
    read = request_content(node)
    lines = [(one["code"], tuple(one["modifiers"]), one["service_dates"], one["quantity"]) for one in read["items"]]
    member = request.member
    papers = contents_of(node, asked_claim(node))
    said = (read["trace"], read["patient"], read["payer"], lines, papers)
    meant = (
        request.trace,
        {"last_name": member.last_name, "first_name": member.first_name, "member_id": member.member_id},
        request.payer.name,
        [(one.code, one.modifiers, _days(one), _figure(one.quantity)) for one in request.lines],
        [] if kind == INQUIRY else [one.content for one in request.papers],
    )
    if said != meant:
        raise UnwritableError("what was written is not read back as what was meant")


def _days(line: RequestLine) -> dict[str, str | None]:
    begins, ends = line.begins, line.ends
    return {"begins": begins.isoformat() if begins else None, "ends": ends.isoformat() if ends else None}


def _figure(number: int | None) -> str | None:
    return None if number is None else str(number)
