"""What a record says of whom, in the few facts by which a person recognises it. What it does not say is left out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.mailroom.facts import Part, Sort

Object = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """Whom a record names, and the rest of what it says as pairs of a key and a text, in the order of reading."""

    last_name: str | None
    first_name: str | None
    birth_date: date | None
    member_ids: tuple[str, ...]
    mrn: str | None
    facts: tuple[tuple[str, str], ...]


def told_of(sort: Sort, part: Part) -> Told:
    """Read a record's part."""
    content = part.content
    person = _person(sort, content)
    subscriber = content.get("subscriber") or {}
    members = dict.fromkeys(str(one["member_id"]) for one in (person, subscriber) if one.get("member_id"))
    return Told(
        last_name=_text(person.get("last_name")),
        first_name=_text(person.get("first_name")),
        birth_date=_day(person.get("birth_date")),
        member_ids=tuple(members),
        mrn=_text(person.get("mrn")),
        facts=tuple((key, text) for key, value in _FACTS[sort](content, part.about or {}) if (text := _text(value))),
    )


def _person(sort: Sort, content: Object) -> Object:
    if sort is Sort.ANSWER:
        return content.get("dependent") or content.get("subscriber") or {}
    patient = content.get("patient")
    return patient if isinstance(patient, Mapping) else {}


def _answer(content: Object, _about: Object) -> Iterator[tuple[str, Any]]:
    payer, plan = content.get("payer") or {}, content.get("plan") or {}
    yield "payer", payer.get("name") or payer.get("id")
    yield "status", content.get("status")
    yield "plan", plan.get("name")
    yield "group", (content.get("subscriber") or {}).get("group_number")
    yield "plan_days", _span(plan.get("begins"), plan.get("ends"))
    yield "refusals", ", ".join(str(one.get("code")) for one in content.get("rejections") or ())
    yield "trace", _joined(content.get("trace"))


def _review(content: Object, _about: Object) -> Iterator[tuple[str, Any]]:
    payer, effective = content.get("payer"), content.get("effective") or {}
    yield "payer", payer.get("name") if isinstance(payer, Mapping) else payer
    yield "decision", content.get("decision")
    yield "action", content.get("action")
    yield "number", content.get("number")
    yield "approved_days", _span(effective.get("begins"), content.get("expires") or effective.get("ends"))
    yield "reasons", _joined(content.get("reasons"))
    for line in content.get("services", content.get("items")) or ():
        counted = " ".join(str(one) for one in (line.get("quantity"), line.get("unit")) if one)
        told = (line.get("code"), line.get("action"), counted, line.get("number"), _joined(line.get("reasons")))
        yield "line", "; ".join(str(one) for one in told if one)
    for message in content.get("messages") or ():
        yield "message", message
    yield "trace", _joined(content.get("trace"))
    yield "reference", content.get("reference")


def _claim(content: Object, about: Object) -> Iterator[tuple[str, Any]]:
    days = content.get("service_dates") or {}
    yield "payer", about.get("payer")
    yield "claim", content.get("claim_id")
    yield "claim_status", content.get("status")
    yield "service_days", _span(days.get("begins"), days.get("ends"))
    yield "charge", content.get("charge")
    yield "paid", content.get("paid")
    yield "denied_for", _joined(content.get("denial_categories"))
    for line in content.get("lines") or ():
        yield "line", "; ".join(str(one) for one in (line.get("code"), line.get("charge"), line.get("paid")) if one)


def _appointment(content: Object, _about: Object) -> Iterator[tuple[str, Any]]:
    provider = content.get("provider") or {}
    yield "appointment", content.get("appointment_id") or content.get("filler_id")
    yield "what", content.get("action")
    yield "starts", content.get("starts_at")
    yield "place", content.get("location")
    yield "provider", provider.get("name") or provider.get("npi")
    yield "services", _joined(one.get("code") for one in content.get("services") or ())


def _personal(content: Object, _about: Object) -> Iterator[tuple[str, Any]]:
    yield "event", content.get("event")
    yield "merged", content.get("merged_mrn")
    for one in content.get("coverages") or ():
        yield "coverage", "; ".join(str(text) for text in (one.get("payer"), one.get("member_id")) if text)


def _information(content: Object, _about: Object) -> Iterator[tuple[str, Any]]:
    yield "covered", content.get("covered")
    yield "approval_needed", content.get("pa_needed")
    yield "codes", _joined(content.get("billing_codes"))
    yield "said_on", content.get("date")
    yield "until", content.get("expiry_date")
    yield "reference", content.get("assertion_id")


def _nothing(_content: Object, _about: Object) -> Iterator[tuple[str, Any]]:
    yield from ()


_FACTS: Mapping[Sort, Any] = {
    Sort.ANSWER: _answer,
    Sort.REVIEW: _review,
    Sort.CLAIM: _claim,
    Sort.APPOINTMENT: _appointment,
    Sort.PERSON: _personal,
    Sort.COVERAGE_INFORMATION: _information,
    Sort.RECEIPT: _nothing,
    Sort.MESSAGE: _nothing,
}


def _joined(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return ", ".join(str(one) for one in value if one)


def _span(begins: Any, ends: Any) -> str | None:
    return None if begins is None and ends is None else f"{begins or ''}/{ends or ''}"


def _text(value: Any) -> str | None:
    text = " ".join(str(value).split()) if value is not None else ""
    return text or None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None
