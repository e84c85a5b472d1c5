"""Read a payer's answer out of the object of a reader: one review of an X12 278 response, or one of PAS."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from app.authorizations.facts import Counting
from app.casework.facts.payer_answers import Answer, AnsweredLine, Named, PayerAnswer, WantedPaper
from app.values.codes import read_procedure

Object = Mapping[str, Any]
GRANTS, REFUSES = frozenset({"A1", "A2", "A6"}), frozenset({"A3", "C"})
CHANGED = frozenset({"A2", "A6"})
"""What grants something else than was asked: payers repeat what was asked beside it."""
CALL = "CT"
_ANSWERS: Mapping[str | None, Answer] = {
    "approved": Answer.GRANTED,
    "partly_approved": Answer.GRANTED,
    "modified": Answer.GRANTED,
    "denied": Answer.DENIED,
    "pended": Answer.PENDED,
    "not_required": Answer.NOT_REQUIRED,
    "canceled": Answer.CANCELED,
    "error": Answer.REJECTED,
}
_COUNTED: Mapping[str | None, Counting] = {"UN": Counting.UNITS, "FL": Counting.UNITS, "VS": Counting.VISITS}
"""What a unit counts; any other unit leaves open how much was granted."""


def read_review(review: Object) -> PayerAnswer:
    """Read one answer.

    Takes     a review of `x12.278` (direction response) or of `fhir.pas-response`, as reading.md describes them.
    Returns   what it says; what it does not say stays unknown.
    """
    lines = tuple(_line(one, review) for one in review.get("services", review.get("items")) or ())
    if not lines and review.get("action") in GRANTS:
        lines = _whole(review)
    begins, ends = _span(review)
    return PayerAnswer(
        answer=_answer(review, lines),
        traces=_texts(review.get("trace")),
        reference=_text(review.get("reference")),
        named=_named(review),
        number=_text(review.get("number")),
        reasons=_texts(review.get("reasons")),
        messages=(*_texts(review.get("messages")), *_texts(review.get("disposition"))),
        rejections=tuple(str(one.get("code")) for one in (*_list(review, "rejections"), *_list(review, "errors"))),
        begins=begins,
        ends=ends,
        issued=_day(review.get("issued")) or _issued(review),
        lines=lines,
        wanted=tuple(
            WantedPaper(_text(one.get("code")), _text(one.get("words")), _day(one.get("due")))
            for one in _list(review, "wanted")
        ),
    )


def _answer(review: Object, lines: tuple[AnsweredLine, ...]) -> Answer:
    actions = {review.get("action"), *(one.action for one in lines)}
    found = _ANSWERS.get(review.get("decision"), Answer.UNKNOWN)
    if CALL in actions and found in (Answer.UNKNOWN, Answer.PENDED):
        return Answer.CALL
    if found is Answer.UNKNOWN and _list(review, "rejections"):
        return Answer.REJECTED
    return Answer.PENDED if found is Answer.UNKNOWN and _list(review, "wanted") else found


def _whole(review: Object) -> tuple[AnsweredLine, ...]:
    """An answer that names no line grants the request as a whole: how much and until when is in the answer itself."""
    counting, count = _count(review)
    begins, ends = _span(review)
    number, reasons = _text(review.get("number")), _texts(review.get("reasons"))
    return (AnsweredLine(None, None, review.get("action"), True, number, reasons, counting, count, begins, ends),)


def _line(one: Object, review: Object) -> AnsweredLine:
    action = one.get("action") or review.get("action")
    begins, ends = _span(one)
    event_begins, event_ends = _span(review)
    counting, count = _count(one)
    if len(review.get("services", review.get("items")) or ()) == 1:
        of_all = _count(review)
        less = action in CHANGED and of_all[1] is not None and (count is None or of_all[1] < count)
        counting, count = of_all if one.get("quantity") is None or less else (counting, count)
    code = _text(one.get("code"))
    last = _text(one.get("code_to"))
    return AnsweredLine(
        code=None if code is None else read_procedure(code) or code,
        last=None if last is None else read_procedure(last) or last,
        action=action,
        granted=True if action in GRANTS else False if action in REFUSES else None,
        number=_text(one.get("number")) or _text(review.get("number")),
        reasons=_texts(one.get("reasons")),
        counting=counting,
        count=count,
        begins=begins or event_begins,
        ends=ends or event_ends,
    )


def _count(of: Object) -> tuple[Counting, int | None]:
    """Read how much was granted; a quantity by week or month, or in another unit, is not known as a count."""
    quantity, unit = _text(of.get("quantity")), _text(of.get("unit"))
    counting = _COUNTED.get(unit.upper() if unit else None)
    rated = any(one.get("period") or one.get("per") for one in _list(of, "delivery"))
    if quantity is None or counting is None or rated:
        return Counting.UNKNOWN, None
    whole = quantity.removesuffix(".0").removesuffix(".00")
    if not (whole.isascii() and whole.isdigit()) or len(whole) > 6:
        return Counting.UNKNOWN, None
    return counting, int(whole)


def _span(of: Object) -> tuple[date | None, date | None]:
    """Read the approved days. An end that is named apart goes before that of a single day, and before a later one."""
    effective = of.get("effective") or {}
    begins, ends = _day(effective.get("begins")), _day(effective.get("ends"))
    expires = _day(of.get("expires"))
    if expires is not None and (ends is None or ends == begins or expires < ends):
        ends = expires
    return begins, ends


def _issued(review: Object) -> date | None:
    days = {_day(one.get("issued")) for one in _list(review, "items")} - {None}
    return max((day for day in days if day is not None), default=None)


def _named(review: Object) -> Named:
    payer, patient = review.get("payer"), review.get("patient") or {}
    payer = payer if isinstance(payer, Mapping) else {"name": payer}
    return Named(
        payer_name=_text(payer.get("name")),
        payer_id=_text(payer.get("id")),
        member_id=_text(patient.get("member_id")),
        birth_date=_day(patient.get("birth_date")),
        last_name=_text(patient.get("last_name")),
        first_name=_text(patient.get("first_name")),
    )


def _list(of: Object, name: str) -> Iterable[Object]:
    return [one for one in of.get(name) or () if isinstance(one, Mapping)]


def _texts(value: Any) -> tuple[str, ...]:
    found = [value] if isinstance(value, str) else value or ()
    return tuple(text for one in found if (text := _text(one)))


def _text(value: Any) -> str | None:
    text = " ".join(str(value).split()) if value is not None else ""
    return text or None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None
