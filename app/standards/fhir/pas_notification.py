"""Da Vinci PAS: notifications of a subscription (R4 backport), and the answers that they bring."""

from typing import Any

from app.standards.fhir.bundles import entries, kind_of
from app.standards.fhir.nodes import Node
from app.standards.fhir.pas_response import reviews_of

KIND = "fhir.pas-notification"


def notification_content(bundle: Node) -> dict[str, Any]:
    """Read a subscription notification (R4 backport): what it tells, and the answers that it brings, as `reviews`."""
    known = entries(bundle)
    status = known[0].resource
    told = _of_status(status) if kind_of(status) == "SubscriptionStatus" else _of_parameters(status)
    reviews = [review for one in known[1:] if kind_of(one.resource) == "Bundle" for review in reviews_of(one.resource)]
    return {**told, "reviews": [*reviews, *reviews_of(bundle)]}


def _of_status(status: Node) -> dict[str, str | None]:
    """Read a SubscriptionStatus (R4B)."""
    event = next(iter(status.each("notificationEvent")), Node(None, status.pointer, status.kind))
    number = event.at("eventNumber").value
    return {
        "type": status.text("type"),
        "topic": status.text("topic"),
        "event_number": str(number) if isinstance(number, str) else None,
    }


def _of_parameters(status: Node) -> dict[str, str | None]:
    """Read the Parameters that stand for a SubscriptionStatus in R4."""
    told = {one.text("name"): one for one in status.each("parameter")}
    event = told.get("notification-event")
    parts = {} if event is None else {one.text("name"): one for one in event.each("part")}
    return {
        "type": _value(told.get("type")),
        "topic": _value(told.get("topic")),
        "event_number": _value(parts.get("event-number")),
    }


def _value(part: Node | None) -> str | None:
    if part is None:
        return None
    for key in ("valueCode", "valueCanonical", "valueString", "valueUri"):
        found = part.text(key)
        if found is not None:
            return found
    return part.figure("valueInteger") or part.figure("valueUnsignedInt")


def is_notification(bundle: Node) -> bool:
    """Say whether a bundle is a notification: its first entry tells of a subscription."""
    first = next(iter(entries(bundle)), None)
    if first is None:
        return False
    if kind_of(first.resource) == "SubscriptionStatus":
        return True
    if kind_of(first.resource) != "Parameters":
        return False
    names = {one.text("name") for one in first.resource.each("parameter")}
    return {"subscription", "topic"} <= names or {"subscription", "type"} <= names
