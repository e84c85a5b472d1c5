"""Writes a request for a services review (278, 005010X217) and reads it back before it is given out."""

from datetime import date
from io import BytesIO
from typing import Any

from app.standards.errors import ReadingError
from app.standards.x12.reader import transactions
from app.standards.x12.review.asking import AskedService, ReviewRequest
from app.standards.x12.review.reading import read_278
from app.standards.x12.review.segments import segments_of
from app.standards.x12.writing import Cover, WritingError, free, interchange, plain

VERSION = "005010X217"


def write_278(request: ReviewRequest, cover: Cover) -> bytes:
    """Write one request as an interchange of its own.

    Takes     the request; who sends it to whom, under which control number.
    Returns   the bytes: what `read_278` reads out of them is what was asked.
    Raises    WritingError with the name of the field: a value has a delimiter or a sign that X12 cannot carry, or is
              too long; more than 12 diagnoses; a period that ends before it begins.
    """
    content = interchange(cover, "HI", VERSION, [("278", segments_of(request))])
    if _read_back(content) != [expected_of(request)]:
        raise WritingError("request", "what was written does not read back as what was asked; it was not sent.")
    return content


def _read_back(content: bytes) -> list[dict[str, Any]]:
    try:
        documents = [read_278(transaction) for transaction in transactions(BytesIO(content))]
    except ReadingError:
        return []
    return [review for document in documents for review in document["reviews"]]


def expected_of(request: ReviewRequest) -> dict[str, Any]:
    """Give the review that reading a written request must give."""
    patient = request.dependent or request.subscriber
    spread = request.spread
    period = None if request.begins is None else (request.begins, request.ends or request.begins)
    return {
        "trace": [request.trace],
        "reference": request.reference,
        "payer": plain(request.payer.name).strip(),
        "request_category": request.category,
        "certification_type": request.certification,
        "service_type": request.service_type or None,
        "place": request.place or None,
        "quantity": str(spread.quantity) if spread else None,
        "unit": spread.unit if spread else None,
        "delivery": _delivery(request),
        "event_dates": {} if period is None else {"AAH": _moment(*period)},
        "decision": None,
        "patient": {
            "member_id": request.subscriber.member_id,
            "last_name": plain(patient.last_name).strip(),
            "first_name": plain(patient.first_name).strip() or None,
            "birth_date": patient.birth_date.isoformat() if patient.birth_date else None,
        },
        "action": None,
        "number": None,
        "reasons": [],
        "effective": {"begins": None, "ends": None},
        "issued": None,
        "expires": None,
        "diagnoses": [code.replace(".", "") for code in request.diagnoses],
        "rejections": [],
        "messages": [text] if (text := free("message", request.message, 264)) else [],
        "services": [_service(service) for service in request.services],
    }


def _delivery(request: ReviewRequest) -> list[dict[str, str | None]]:
    spread = request.spread
    if spread is None:
        return []
    count = None if spread.period_count is None else str(spread.period_count)
    given = {"qualifier": spread.unit, "quantity": str(spread.quantity), "per": spread.per or None}
    return [given | {"period": spread.period or None, "period_count": count}]


def _service(service: AskedService) -> dict[str, Any]:
    ends = service.ends or service.begins
    return {
        "code": service.code,
        "code_to": service.code_to or None,
        "modifiers": list(service.modifiers),
        "quantity": str(service.quantity),
        "unit": service.unit,
        "action": None,
        "number": None,
        "reasons": [],
        "service_dates": {"begins": _day(service.begins), "ends": _day(ends) if service.begins else None},
        "effective": {"begins": None, "ends": None},
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _moment(begins: date, ends: date) -> str:
    return begins.isoformat() if begins == ends else f"{begins.isoformat()}/{ends.isoformat()}"
