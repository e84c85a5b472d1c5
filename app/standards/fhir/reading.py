"""JSON documents of the trade recognised by what they are, and read: FHIR, CDS Hooks, and any other JSON."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from app.standards.fhir import coverage_information as crd
from app.standards.fhir import pas_notification, pas_request, pas_response
from app.standards.fhir.appointment import told_appointments
from app.standards.fhir.appointments import appointment_content
from app.standards.fhir.bundles import entries, kind_of
from app.standards.fhir.coverages import coverage_content
from app.standards.fhir.nodes import Node
from app.standards.fhir.strict_json import documents
from app.standards.fhir.structure import check_structure

_TYPE_NAME = re.compile(r"[A-Z][A-Za-z]{1,63}")
_REQUEST_ACTIONS = ("create", "update", "delete")

_CONTENTS: dict[str, Callable[[Node], dict[str, Any]]] = {
    "Appointment": lambda node: appointment_content(node) | told_appointments(node),
    "Coverage": coverage_content,
}
"""How a resource of a type of its own is read; others are read as far as their type and id."""


def read_json(content: bytes) -> Iterator[dict[str, Any]]:
    """Read a JSON document (or one a line) into the shapes of the reading contract.

    Raises    ReadingError: empty, not_text, bad_json, bad_value; nothing is given of a document that is refused.
    """
    return iter([{**_read(value), "transaction": None, "interchange": None} for value in documents(content)])


def _read(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        return _other("json", {"type": "list" if isinstance(value, list) else "value", "members": _count(value)})
    if "resourceType" in value:
        return _resource(value)
    if "hook" in value and "context" in value:
        return _other("cds-hooks.request", _hook(Node(value, "", "cds-hooks.request")))
    if _is_answer(value):
        return {"kind": crd.KIND, **crd.answer(_answer(value))}
    return _other("json", {"type": "object", "members": _count(value)})


def _count(value: Any) -> int:
    return len(value) if isinstance(value, list | dict) else 1


def _other(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"kind": kind, "control_number": None, "content": content}


def _hook(node: Node) -> dict[str, Any]:
    prefetch = node.at("prefetch").value
    context = node.at("context").value
    return {
        "hook": node.text("hook"),
        "context": sorted(context) if isinstance(context, dict) else [],
        "prefetch": sorted(prefetch) if isinstance(prefetch, dict) else [],
    }


def _is_answer(value: dict[str, Any]) -> bool:
    """Say whether this is a CDS Hooks answer, or one action of its system actions by itself."""
    if isinstance(value.get("cards"), list) or isinstance(value.get("systemActions"), list):
        return True
    return value.get("type") in _REQUEST_ACTIONS and isinstance(value.get("resource"), dict)


def _answer(value: dict[str, Any]) -> Node:
    """Give an answer; an action that came by itself as an answer of one action."""
    if "cards" in value or "systemActions" in value:
        return Node(value, "", crd.KIND)
    return Node({"systemActions": [value]}, "", crd.KIND)


def _resource(value: dict[str, Any]) -> dict[str, Any]:
    named = value["resourceType"]
    if not isinstance(named, str) or not _TYPE_NAME.fullmatch(named):
        raise Node(named, "/resourceType", "unknown").refused("This names no type of resource.")
    special = {"Bundle": _bundle, "Parameters": _parameters, "ClaimResponse": _claim_response}.get(named)
    found = special(value) if special is not None else None
    if found is not None:
        return found
    carrier = Node(value, "", crd.KIND)
    if isinstance(value.get("extension"), list) and crd.carries(carrier):
        return {"kind": crd.KIND, "coverages": crd.coverages_in(carrier), "cards": 0}
    return _plain(value, named)


def _plain(value: dict[str, Any], named: str) -> dict[str, Any]:
    kind = f"fhir.{named}"
    node = Node(value, "", kind)
    content = _CONTENTS.get(named, _identity)(node)
    return _other(kind, content)


def _identity(node: Node) -> dict[str, Any]:
    identity = node.value.get("id")
    return {"id": identity if isinstance(identity, str) else None}


def _claim_response(value: dict[str, Any]) -> dict[str, Any] | None:
    if value.get("use") in ("claim", "predetermination"):
        return None
    return {"kind": pas_response.KIND, "reviews": [pas_response.review(Node(value, "", pas_response.KIND), [])]}


def _bundle(value: dict[str, Any]) -> dict[str, Any]:
    kind = _kind_of_bundle(value)
    node = Node(value, "", kind)
    if kind == pas_response.KIND:
        return {"kind": kind, "reviews": pas_response.reviews_of(node)}
    if kind == pas_notification.KIND:
        return _other(kind, pas_notification.notification_content(node))
    if kind in (pas_request.REQUEST, pas_request.INQUIRY):
        check_structure(pas_request.asked_claim(node), "Claim")
        return _other(kind, pas_request.request_content(node))
    told = told_appointments(node) if "Appointment" in _kinds(node) else {}
    return _other(kind, {"type": _text(value.get("type")), "resources": _kinds(node)} | told)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _kinds(bundle: Node) -> list[str]:
    return [kind for one in entries(bundle) if (kind := kind_of(one.resource)) is not None]


def _kind_of_bundle(value: dict[str, Any]) -> str:
    """Tell a PAS bundle by its first Claim or ClaimResponse: the profiles want it to stand first."""
    node = Node(value, "", "fhir.Bundle")
    if pas_notification.is_notification(node):
        return pas_notification.KIND
    for one in entries(node):
        kind, use = kind_of(one.resource), one.resource.value.get("use", "preauthorization")
        if kind in ("Claim", "ClaimResponse") and use not in ("claim", "predetermination"):
            return pas_response.KIND if kind == "ClaimResponse" else _asked(value, one.resource.value)
    return "fhir.Bundle"


def _asked(bundle: dict[str, Any], claim: dict[str, Any]) -> str:
    profiles = [*_profiles(bundle), *_profiles(claim)]
    is_inquiry = any("inquiry" in one.lower() for one in profiles)
    return pas_request.INQUIRY if is_inquiry else pas_request.REQUEST


def _profiles(resource: dict[str, Any]) -> list[str]:
    meta = resource.get("meta")
    named = meta.get("profile") if isinstance(meta, dict) else None
    return [one for one in named if isinstance(one, str)] if isinstance(named, list) else []


def _parameters(value: dict[str, Any]) -> dict[str, Any] | None:
    """Read what an inquiry gives back (Parameters with no, one or many bundles) as one answer."""
    node = Node(value, "", pas_response.KIND)
    if not isinstance(value.get("parameter"), list):
        return None
    held = [one.at("resource") for one in node.each("parameter") if isinstance(one.value, dict)]
    bundles = [one for one in held if kind_of(one) == "Bundle"]
    answers = [one for one in bundles if _kind_of_bundle(one.value) == pas_response.KIND]
    if not answers:
        return None
    return {"kind": pas_response.KIND, "reviews": [found for one in answers for found in pas_response.reviews_of(one)]}
