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
