"""FHIR R4 Appointments, with the patients, people and places that come with them, in the shape of appointment feeds."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from app.standards.fhir.bundles import Entry, entries, kind_of, npi_of, resolved
from app.standards.fhir.nodes import Node, concept_codes
from app.values.codes import read_npi

ACTIONS = {"cancelled": "cancel", "noshow": "no_show", "entered-in-error": "delete"}
"""What a status says of the appointment; the resource does not say what is new and what moved."""


def told_appointments(node: Node) -> dict[str, Any]:
    """Read the Appointments of a resource or bundle.

    Returns   `appointments`, each as `hl7.siu` has them, and `sent_at`: when this was so (Bundle.timestamp, else
              meta.lastUpdated; None where neither is there). An actor that the document does not hold is known by its
              display only; no record number is made of a reference.
    Raises    ReadingError for a value that is not what its element must be.
    """
    known = entries(node) if kind_of(node) == "Bundle" else [Entry(None, node)]
    found = [one.resource for one in known if kind_of(one.resource) == "Appointment"]
    stamps = [node.text("timestamp")] if kind_of(node) == "Bundle" else []
    stamps += [one.at("meta").text("lastUpdated") for one in found[:1]]
    return {
        "sent_at": next(filter(None, stamps), None),
        "appointments": [_appointment(one, known) for one in found],
    }


def _appointment(node: Node, known: list[Entry]) -> dict[str, Any]:
    numbers = [value for one in node.each("identifier") if (value := one.text("value")) is not None]
    status, identity = node.text("status"), node.text("id")
    diagnoses = [code for one in node.each("reasonCode") if (code := _diagnosis(one)) is not None]
    actors = [one.at("actor") for one in node.each("participant")]
    places = [place for one in actors if (place := _place(node, one, known)) is not None]
    kinds = [code for one in node.each("serviceType") for code in concept_codes(one)]
    return {
        "event": None,
        "action": ACTIONS.get(status or ""),
        "appointment_id": numbers[0] if numbers else identity,
        "filler_id": identity if numbers else None,
        "starts_at": node.text("start"),
        "minutes": _minutes(node),
        "status": status,
        "locations": places,
        "patient": next(_patients(node, actors, known), dict.fromkeys(_PATIENT)),
        "provider": next(_providers(node, actors, known), {"npi": None, "name": None}),
        "location": places[0] if places else None,
        "services": [{"code": code, "diagnoses": diagnoses} for code in kinds],
        "reason": next((code for one in _reasons(node) for code in concept_codes(one)), None),
    }


_PATIENT = ("mrn", "last_name", "first_name", "birth_date")


def _minutes(node: Node) -> int | float | None:
    given = node.sequence("minutesDuration")
    start, end = node.text("start"), node.text("end")
    if given is not None or start is None or end is None:
        return given
    try:
        minutes = (datetime.fromisoformat(end) - datetime.fromisoformat(start)) / timedelta(minutes=1)
    except (ValueError, TypeError):
        return None
    return None if minutes <= 0 else int(minutes) if minutes == int(minutes) else minutes


def _reasons(node: Node) -> Iterator[Node]:
    yield from node.each("reasonCode")
    if node.at("appointmentType").value is not None:
        yield node.at("appointmentType")


def _diagnosis(concept: Node) -> str | None:
    """The ICD-10-CM code of a reason, where it has one."""
    for coding in concept.each("coding"):
        if "icd-10" in (coding.text("system") or "").lower():
            return coding.text("code")
    return None


def _names(actor: Node, kind: str) -> bool:
    """Say whether an actor is of a kind, by its type or its reference."""
    named = actor.text("reference") or ""
    return actor.text("type") == kind or f"/{named}".split("/_history")[0].rsplit("/", 1)[0].endswith(f"/{kind}")


def _actor(holder: Node, actor: Node, known: list[Entry], kind: str) -> Node | None:
    return resolved(holder, actor, known, kind)


def _patients(holder: Node, actors: list[Node], known: list[Entry]) -> Iterator[dict[str, str | None]]:
    for actor in actors:
        found = _actor(holder, actor, known, "Patient")
        if found is not None:
            last, first = _name(found)
            yield dict(zip(_PATIENT, (_record_number(found), last, first, _birth(found)), strict=True))
        elif _names(actor, "Patient"):
            yield {**dict.fromkeys(_PATIENT), "mrn": actor.at("identifier").text("value")}


def _record_number(patient: Node) -> str | None:
    """The medical record number: the identifier of its type, else the only one."""
    found = [(one, one.text("value")) for one in patient.each("identifier")]
    typed = [value for one, value in found if value and _typed(one, "MR")]
    plain = [value for _, value in found if value]
    return typed[0] if typed else plain[0] if len(plain) == 1 else None


def _typed(identifier: Node, code: str) -> bool:
    return any(coding.text("code") == code for coding in identifier.at("type").each("coding"))


def _birth(patient: Node) -> str | None:
    text = patient.text("birthDate") or ""
    return patient.day("birthDate") if len(text) >= len("2000-01-01") else None


def _name(person: Node) -> tuple[str | None, str | None]:
    names = [one for one in person.each("name") if one.text("use") not in ("old", "maiden", "nickname")]
    usual = next(iter([one for one in names if one.text("use") == "official"] or names), None)
    if usual is None:
        return None, None
    given = usual.at("given").value
    first = next((one for one in given if isinstance(one, str) and one), None) if isinstance(given, list) else None
    return usual.text("family"), first


def _providers(holder: Node, actors: list[Node], known: list[Entry]) -> Iterator[dict[str, str | None]]:
    for actor in actors:
        found = _actor(holder, actor, known, "Practitioner")
        if found is not None:
            last, first = _name(found)
            named = " ".join(filter(None, (first, last))) or actor.text("display")
            yield {"npi": read_npi(npi_of(found) or ""), "name": named}
        elif _names(actor, "Practitioner") or _names(actor, "PractitionerRole"):
            npi = read_npi(actor.at("identifier").text("value") or "")
            yield {"npi": npi, "name": actor.text("display")}


def _place(holder: Node, actor: Node, known: list[Entry]) -> str | None:
    found = _actor(holder, actor, known, "Location")
    if found is not None:
        return found.text("name") or actor.text("display")
    return actor.text("display") if _names(actor, "Location") else None
