"""Da Vinci PAS: requests and inquiries, as far as a person needs them to see what they are."""

from typing import Any

from app.standards.fhir.bundles import (
    Entry,
    entries,
    first_code,
    kind_of,
    named_organization,
    npi_of,
    patient_of,
    resolved,
    trace_of,
)
from app.standards.fhir.nodes import Node, extension
from app.standards.fhir.pas_papers import documents_of

REQUEST, INQUIRY = "fhir.pas-request", "fhir.pas-inquiry"


def request_content(bundle: Node) -> dict[str, Any]:
    """Read a request or inquiry bundle: what is asked of whom, for whom. The first Claim is it; others are earlier."""
    return {"identifier": bundle.at("identifier").text("value"), **_claim(asked_claim(bundle), entries(bundle))}


def asked_claim(bundle: Node) -> Node:
    """Give the Claim that a request or inquiry bundle is about: the first; others are earlier ones."""
    return next(one.resource for one in entries(bundle) if kind_of(one.resource) == "Claim")


def _claim(claim: Node, known: list[Entry]) -> dict[str, Any]:
    provider = claim.at("provider")
    return {
        "trace": trace_of(claim),
        "created": claim.text("created"),
        "patient": patient_of(claim, known),
        "payer": named_organization(claim, claim.at("insurer"), known),
        "provider": {
            "name": named_organization(claim, provider, known),
            "npi": npi_of(resolved(claim, provider, known, "Organization")),
        },
        "level_of_service": first_code(extension(claim, "extension-levelOfServiceCode").at("valueCodeableConcept")),
        "related": [code for one in claim.each("related") if (code := first_code(one.at("relationship"))) is not None],
        "diagnoses": [
            code
            for one in claim.each("diagnosis")
            if (code := first_code(one.at("diagnosisCodeableConcept"))) is not None
        ],
        "items": [_item(item) for item in claim.each("item")],
        "documents": documents_of(claim, known),
    }


def _item(item: Node) -> dict[str, Any]:
    quantity = item.at("quantity")
    canceled = next(
        (one for one in item.each("modifierExtension") if one.flag("valueBoolean") is not None),
        Node(None, item.pointer, item.kind),
    )
    return {
        "sequence": item.sequence("sequence"),
        "code": first_code(item.at("productOrService")),
        "modifiers": [code for one in item.each("modifier") if (code := first_code(one)) is not None],
        "quantity": quantity.figure("value"),
        "unit": quantity.text("code") or quantity.text("unit"),
        "service_dates": _dates(item),
        "certification_type": first_code(extension(item, "extension-certificationType").at("valueCodeableConcept")),
        "changed": extension(item, "extension-infoChanged").text("valueCode"),
        "canceled": canceled.flag("valueBoolean") or False,
    }


def _dates(item: Node) -> dict[str, str | None]:
    day = item.day("servicedDate")
    return {"begins": day, "ends": day} if day is not None else item.at("servicedPeriod").span()
