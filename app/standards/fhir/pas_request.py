"""Da Vinci PAS: requests, inquiries and notifications, as far as a person needs them to see what they are."""

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
from app.standards.fhir.pas_response import reviews_of
from app.standards.fhir.structure import check_structure

REQUEST, INQUIRY, NOTIFICATION = "fhir.pas-request", "fhir.pas-inquiry", "fhir.pas-notification"


def request_content(bundle: Node) -> dict[str, Any]:
    """Read a request or inquiry bundle: what is asked of whom, for whom. The first Claim is it; others are earlier."""
    known = entries(bundle)
    claims = [one.resource for one in known if kind_of(one.resource) == "Claim"]
    check_structure(claims[0], "Claim")
    return {"identifier": bundle.at("identifier").text("value"), **_claim(claims[0], known)}


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


def notification_content(bundle: Node) -> dict[str, Any]:
    """Read a subscription notification (R4 backport): what it tells, and the answers that it brings, as `reviews`."""
    known = entries(bundle)
    status = known[0].resource
    told = {one.text("name"): one for one in status.each("parameter")}
    event = told.get("notification-event")
    parts = {} if event is None else {one.text("name"): one for one in event.each("part")}
    reviews = [review for one in known[1:] if kind_of(one.resource) == "Bundle" for review in reviews_of(one.resource)]
    return {
        "type": _value(told.get("type")),
        "topic": _value(told.get("topic")),
        "event_number": _value(parts.get("event-number")),
        "reviews": [*reviews, *reviews_of(bundle)],
    }


def _value(part: Node | None) -> str | None:
    if part is None:
        return None
    for key in ("valueCode", "valueCanonical", "valueString", "valueUri"):
        found = part.text(key)
        if found is not None:
            return found
    return part.figure("valueInteger") or part.figure("valueUnsignedInt")


def told_status(bundle: Node) -> dict[str, Any] | None:
    """Give the Parameters of a notification where a bundle is one: its first entry names a subscription's topic."""
    first = next(iter(entries(bundle)), None)
    if first is None or kind_of(first.resource) != "Parameters":
        return None
    names = {one.text("name") for one in first.resource.each("parameter")}
    is_status = {"subscription", "topic"} <= names or {"subscription", "type"} <= names
    return first.resource.value if is_status else None
