"""FHIR R4 Appointment, as the feed of appointments reads it."""

from typing import Any

from app.standards.fhir.nodes import Node, concept_codes

_STATUSES = (
    "proposed",
    "pending",
    "booked",
    "arrived",
    "fulfilled",
    "cancelled",
    "noshow",
    "entered-in-error",
    "checked-in",
    "waitlist",
)


def appointment_content(node: Node) -> dict[str, Any]:
    """Read an Appointment: status and times as sent, services by code, participants as references.

    `status` is of the closed list of FHIR R4; `minutes` is a whole number.
    """
    return {
        "id": node.text("id"),
        "identifiers": [value for one in node.each("identifier") if (value := one.text("value")) is not None],
        "status": node.code("status", _STATUSES, "the status of an appointment"),
        "starts_at": node.text("start"),
        "ends_at": node.text("end"),
        "minutes": node.sequence("minutesDuration"),
        "services": [code for one in node.each("serviceType") for code in concept_codes(one)],
        "reasons": [code for one in node.each("reasonCode") for code in concept_codes(one)],
        "participants": [
            {"reference": one.at("actor").text("reference"), "name": one.at("actor").text("display")}
            for one in node.each("participant")
        ],
    }
