"""Da Vinci CRD: what a payer says of coverage and authorization while something is ordered or booked."""

from collections.abc import Iterator
from typing import Any

from app.standards.fhir.nodes import Node, concept_codes, extension, extensions

KIND = "fhir.crd-response"
_URLS = ("ext-coverage-information", "extension-coverage-information")

_COVERED = ("covered", "not-covered", "conditional", "indeterminate")
_NEEDED = ("no-auth", "auth-needed", "satisfied", "performpa", "conditional", "indeterminate")
_DOCUMENTS = ("clinical", "admin", "patient", "conditional", "indeterminate", "no-doc", "both")
_INFORMATION = ("performer", "location", "timeframe", "contract-window", "detail-code", "OTH")


def carries(resource: Node) -> bool:
    """Say whether a resource carries coverage-information itself."""
    return any(True for _ in extensions(resource, *_URLS))


def coverages_in(resource: Node) -> list[dict[str, Any]]:
    """Read each coverage-information of a resource, in order."""
    return [_read(one) for one in extensions(resource, *_URLS)]


def answer(node: Node) -> dict[str, Any]:
    """Read a CDS Hooks answer: its cards counted, coverage-information of its system actions and suggestions."""
    resources = [*_actions(node, "systemActions")]
    for card in node.each("cards"):
        for suggestion in card.each("suggestions"):
            resources.extend(_actions(suggestion, "actions"))
    found = [one for resource in resources for one in coverages_in(resource)]
    return {"coverages": found, "cards": sum(1 for _ in node.each("cards"))}


def _actions(node: Node, key: str) -> Iterator[Node]:
    for action in node.each(key):
        resource = action.at("resource")
        if resource.value is not None:
            yield resource


def _read(info: Node) -> dict[str, Any]:
    return {
        "covered": _one(info, "covered", _COVERED),
        "pa_needed": _one(info, "pa-needed", _NEEDED),
        "satisfied_pa_id": extension(info, "satisfied-pa-id").text("valueString"),
        "doc_needed": _many(info, "doc-needed", _DOCUMENTS),
        "info_needed": _many(info, "info-needed", _INFORMATION),
        "billing_codes": [code for one in extensions(info, "billingCode") for code in _billing(one)],
        "date": extension(info, "date").day("valueDate"),
        "expiry_date": extension(info, "expiry-date").day("valueDate"),
        "assertion_id": extension(info, "coverage-assertion-id").text("valueString"),
        "questionnaires": [
            address for one in extensions(info, "questionnaire") if (address := one.text("valueCanonical")) is not None
        ],
    }


def _one(info: Node, name: str, known: tuple[str, ...]) -> str | None:
    return extension(info, name).code("valueCode", known, "coverage information")


def _many(info: Node, name: str, known: tuple[str, ...]) -> list[str]:
    codes = [one.code("valueCode", known, "coverage information") for one in extensions(info, name)]
    return [code for code in codes if code is not None]


def _billing(one: Node) -> list[str]:
    code = one.at("valueCoding").text("code")
    return [code] if code is not None else concept_codes(one.at("valueCodeableConcept"))
