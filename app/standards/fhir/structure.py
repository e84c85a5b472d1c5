"""The structure of FHIR R4 resources, checked by the library where we rely on it."""

from typing import Any

from fhir.resources.R4B.claim import Claim
from fhir.resources.R4B.claimresponse import ClaimResponse
from pydantic import ValidationError

from app.standards.errors import Fault, ReadingError
from app.standards.fhir.nodes import Node
from app.standards.fhir.strict_json import Figure, pointed, printable

_MODELS: dict[str, type[Claim] | type[ClaimResponse]] = {"Claim": Claim, "ClaimResponse": ClaimResponse}

_LEFT = frozenset(
    {
        "missing",
        "model_field_validation.missing",
        "extra_forbidden",
        "string_pattern_mismatch",
        "string_too_short",
        "value_error",
        "assertion_error",
    }
)
"""What real files do and what leaves the meaning certain: elements that are not there or not known, sloppy ids."""


def check_structure(resource: Node, kind: str) -> None:
    """Refuse a Claim or ClaimResponse in which a value has the wrong type. Raises ReadingError bad_value."""
    try:
        _MODELS[kind].model_validate(_plain(resource.value))
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_context=False, include_input=False):
            if fault["type"] not in _LEFT:
                raise _refused(resource, fault["loc"]) from None


def _refused(resource: Node, where: tuple[int | str, ...]) -> ReadingError:
    pointer = resource.pointer
    for step in where:
        pointer = pointed(pointer, step)
    sentence = "The value is not of the type that FHIR R4 gives it."
    return ReadingError(Fault.BAD_VALUE, sentence, "pointer", printable(pointer), resource.kind)


def _plain(value: Any) -> Any:
    """Give numbers as numbers: the library counts them, where we keep them as they were written."""
    if isinstance(value, dict):
        return {key: _plain(below) for key, below in value.items()}
    if isinstance(value, list):
        return [_plain(below) for below in value]
    return _number(value) if isinstance(value, Figure) else value


def _number(figure: Figure) -> int | float:
    return int(figure) if figure.lstrip("-").isdigit() else float(figure)
