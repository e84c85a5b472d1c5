"""The services of a review: procedures of SV1, SV2 and SV3, or of HI where old versions name them."""

from collections.abc import Iterator
from typing import Any

from app.standards.x12.amounts import whole
from app.standards.x12.facts import Segment, Transaction
from app.standards.x12.loops import Level, components, part, repeats, said
from app.standards.x12.periods import iso_span, no_date

DIAGNOSES = frozenset({"ABF", "ABJ", "ABK", "ABN", "APR", "BF", "BJ", "BK", "BN", "PR"})
PROCEDURES = frozenset({"ABR", "BBQ", "BBR", "BO", "BP", "BQ", "BR", "BS", "CAH", "NDC"})
CLINICAL = ("SV1", "SV2", "SV3")
CHANGED = frozenset({"A2", "A6"})
"""HCR01 of an answer that grants something else than was asked."""
KIND = "x12.278"


def services_of(transaction: Transaction, level: Level, always: bool) -> list[dict[str, Any]]:
    """Give the services of a service level; one without a code when `always` and no procedure stands there."""
    asked = [
        *(service for _, segment in level.of(*CLINICAL) for service in _clinical(transaction, segment)),
        *(service for _, segment in level.of("HI") for service in _listed(transaction, segment)),
    ]
    if not asked and always:
        asked = [_service(None, None, [], None, None, None)]
    action, number, reasons = review_of(transaction, level)
    dates, effective = period_of(level, "472"), effective_of(level)
    hsd = level.first("HSD") or []
    for service in asked:
        own = service.pop("own_dates")
        if service["quantity"] is None or (action in CHANGED and _is_less(hsd, service["quantity"])):
            service |= {"quantity": said(hsd, 2), "unit": said(hsd, 1)}
        service |= {"action": action, "number": number, "reasons": list(reasons)}
        service |= {"service_dates": dict(own or dates), "effective": dict(effective)}
    return asked


def _is_less(hsd: Segment, asked: str) -> bool:
    """Say whether an HSD names a plain count (not so many a week) below the quantity beside it, which payers repeat."""
    granted, before = whole(said(hsd, 2)), whole(asked.removesuffix(".0"))
    rated = any(said(hsd, place) for place in (3, 5))
    return not rated and granted is not None and before is not None and granted < before


def diagnoses_of(transaction: Transaction, level: Level) -> list[str]:
    """Give the diagnoses of a level (HI), as sent."""
    found = []
    for _, segment in level.of("HI"):
        for text in segment[1:]:
            pieces = components(transaction, text)
            if part(pieces, 1) in DIAGNOSES and (code := part(pieces, 2)):
                found.append(code)
    return found


def review_of(transaction: Transaction, level: Level) -> tuple[str | None, str | None, list[str]]:
    """Give action, number and reasons (HCR01 to HCR03) of a level: the first of each, all reasons."""
    given = [segment for _, segment in level.of("HCR")]
    action = next((said(segment, 1) for segment in given if said(segment, 1)), None)
    number = next((said(segment, 2) for segment in given if said(segment, 2)), None)
    return action, number, [reason for segment in given for reason in repeats(transaction, said(segment, 3))]


def period_of(level: Level, qualifier: str) -> dict[str, str | None]:
    """Give the period of a level's DTP with this qualifier; a single day begins and ends alike.

    Raises `ReadingError` (BAD_VALUE) where it is there and holds no day.
    """
    for place, segment in level.of("DTP"):
        if said(segment, 1) == qualifier and said(segment, 3):
            span = iso_span(said(segment, 3))
            if span is None:
                raise no_date("DTP", qualifier, place, KIND)
            return {"begins": span[0], "ends": span[1]}
    return {"begins": None, "ends": None}


def effective_of(level: Level) -> dict[str, str | None]:
    """Give the period for which a level is approved: DTP 007, or the end alone of DTP 036."""
    effective = period_of(level, "007")
    return effective if effective["ends"] else {"begins": None, "ends": period_of(level, "036")["ends"]}


def _clinical(transaction: Transaction, segment: Segment) -> Iterator[dict[str, Any]]:
    """Read SV1 (professional), SV2 (institutional; a revenue code where no procedure stands) or SV3 (dental)."""
    composite, quantity, unit = {"SV1": (1, 4, 3), "SV2": (2, 5, 4), "SV3": (1, 6, 0)}[segment[0]]
    pieces = components(transaction, said(segment, composite))
    code = part(pieces, 2) or (said(segment, 1) if segment[0] == "SV2" else None)
    modifiers = [modifier for place in range(3, 7) if (modifier := part(pieces, place))]
    units = said(segment, unit) if unit else None
    yield _service(code, part(pieces, 8), modifiers, said(segment, quantity), units, None)


def _listed(transaction: Transaction, segment: Segment) -> Iterator[dict[str, Any]]:
    """Read the procedures of an HI: qualifier, code, form of the date, date, amount, quantity."""
    for text in segment[1:]:
        pieces = components(transaction, text)
        if part(pieces, 1) in PROCEDURES and (code := part(pieces, 2)):
            span = iso_span(part(pieces, 4))
            dates = None if span is None else {"begins": span[0], "ends": span[1]}
            yield _service(code, None, [], part(pieces, 6), None, dates)


def _service(
    code: str | None,
    code_to: str | None,
    modifiers: list[str],
    quantity: str | None,
    unit: str | None,
    own_dates: dict[str, str] | None,
) -> dict[str, Any]:
    return {
        "code": code,
        "code_to": code_to,
        "modifiers": modifiers,
        "quantity": quantity,
        "unit": unit,
        "own_dates": own_dates,
    }
