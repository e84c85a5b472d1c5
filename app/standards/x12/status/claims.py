"""What 276, 277 and 277CA say of one claim: its trace, its numbers and its statuses (STC)."""

from collections.abc import Iterator
from typing import Any

from app.standards.x12.amounts import amount
from app.standards.x12.facts import Segment, Transaction
from app.standards.x12.loops import Level, components, named, part, said
from app.standards.x12.periods import iso_moment, iso_span

ACCEPTED = frozenset({"A1", "A2"})
REJECTED = frozenset({"A3", "A6", "A7", "A8"})
COMPOSITES = (1, 10, 11)
Items = list[tuple[int, Segment]]


def claims_of(transaction: Transaction, level: Level, patient: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give the claims of a patient's level: each begins with a trace (TRN)."""
    for items in _cut(level.items, "TRN", ("TRN", "STC")):
        head, *lines = list(_cut(items, "SVC", ("TRN", "STC", "SVC")))
        if head[0][1][0] == "SVC":
            head, lines = [], [head, *lines]
        yield _claim(transaction, head, lines, patient)


def statuses_of(transaction: Transaction, items: Items) -> list[dict[str, str | None]]:
    """Give category, code and entity of STC01, STC10 and STC11 of every STC."""
    found = []
    for segment in _all(items, "STC"):
        for place in COMPOSITES:
            pieces = components(transaction, said(segment, place))
            if pieces:
                found.append({"category": part(pieces, 1), "code": part(pieces, 2), "entity": part(pieces, 3)})
    return found


def accepted(statuses: list[dict[str, str | None]], actions: set[str | None]) -> bool | None:
    """Say whether a claim, or all that stands below a level, was taken in.

    Takes     the statuses; the action of each STC (STC03: WQ taken, U refused).
    Returns   False where anything refuses, True where something accepts, None where neither is said.
    """
    categories = {status["category"] for status in statuses}
    if categories & REJECTED or "U" in actions:
        return False
    if categories & ACCEPTED or "WQ" in actions:
        return True
    return None


def acceptance(transaction: Transaction, items: Items) -> dict[str, Any]:
    """Give what the STC of a level or a claim say together."""
    statuses = statuses_of(transaction, items)
    actions = {said(segment, 3) for segment in _all(items, "STC")}
    return {"accepted": accepted(statuses, actions), "statuses": statuses}


def person_of(level: Level) -> dict[str, Any]:
    """Give who a level is about."""
    names = named(level, "QC", "IL", "03")
    name = names[0] if names else []
    return {"last_name": said(name, 3), "first_name": said(name, 4), "member_id": said(name, 9)}


def organization_of(level: Level) -> dict[str, Any]:
    """Give which payer, receiver or provider a level is about."""
    names = named(level)
    name = names[0] if names else []
    return {"name": said(name, 3), "id": said(name, 9)}


def traces_of(items: Items) -> list[str]:
    """Give TRN02 of every TRN."""
    return [trace for segment in _all(items, "TRN") if (trace := said(segment, 2))]


def span_of(items: Items, qualifier: str) -> dict[str, str | None]:
    """Give the period of a DTP; a single day begins and ends alike, what is no day is None."""
    for segment in _all(items, "DTP"):
        if said(segment, 1) == qualifier and (span := iso_span(said(segment, 3))):
            return {"begins": span[0], "ends": span[1]}
    return {"begins": None, "ends": None}


def _claim(transaction: Transaction, head: Items, lines: list[Items], patient: dict[str, Any]) -> dict[str, Any]:
    references = {said(segment, 1): said(segment, 2) for segment in reversed(_all(head, "REF"))}
    total = next((said(segment, 2) for segment in _all(head, "AMT") if said(segment, 1) == "T3"), None)
    return {
        "trace": traces_of(head),
        "payer_control_number": references.get("1K"),
        **acceptance(transaction, head),
        "charge": amount(_first(head, "STC", 4) or total),
        "paid": amount(_first(head, "STC", 5)),
        "check_number": _first(head, "STC", 9),
        "messages": [text for segment in _all(head, "STC") if (text := said(segment, 12))],
        "patient": patient,
        "references": {name: value for name, value in references.items() if name and value},
        "service_dates": span_of(head, "472"),
        "dates": _dates(head),
        "services": [_line(transaction, items) for items in lines],
    }


def _line(transaction: Transaction, items: Items) -> dict[str, Any]:
    svc = items[0][1]
    pieces = components(transaction, said(svc, 1))
    return {
        "code": part(pieces, 2),
        "modifiers": [modifier for place in range(3, 7) if (modifier := part(pieces, place))],
        "charge": amount(said(svc, 2)),
        "paid": amount(said(svc, 3)),
        "units": said(svc, 7),
        **acceptance(transaction, items),
        "service_dates": span_of(items, "472"),
    }


def _dates(items: Items) -> dict[str, str]:
    dates: dict[str, str] = {}
    for segment in _all(items, "DTP"):
        qualifier, moment = said(segment, 1), iso_moment(said(segment, 3))
        if qualifier and moment and qualifier != "472":
            dates.setdefault(qualifier, moment)
    return dates


def _all(items: Items, segment_id: str) -> list[Segment]:
    return [segment for _, segment in items if segment[0] == segment_id]


def _first(items: Items, segment_id: str, place: int) -> str | None:
    return next((text for segment in _all(items, segment_id) if (text := said(segment, place))), None)


def _cut(items: Items, start: str, openers: tuple[str, ...]) -> Iterator[Items]:
    """Cut segments into runs that begin at each `start`; what stands before the first counts from an opener on."""
    run: Items = []
    for item in items:
        name = item[1][0]
        if name == start and run:
            yield run
            run = []
        if run or name in openers:
            run.append(item)
    if run:
        yield run
