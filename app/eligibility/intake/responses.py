"""One element of the `responses` of a 271, as the reader gives it -> what it says, typed."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from app.coverage.facts import NetworkAnswer, PlanBenefit, PlanFacts
from app.eligibility.facts.checks import NamedPerson, PlanAnswer
from app.eligibility.rules.answers import kind_of, network_of, referral_of, result_of
from app.eligibility.rules.other_plans import other_plan
from app.eligibility.rules.plans import as_day, plan_span
from app.values.insurance import Known, Line

ASKED = ("472", "291", "307")
_AUTHORIZATION = {"True": Known.YES, "False": Known.NO}
_NETWORK = {"True": NetworkAnswer.IN, "False": NetworkAnswer.OUT}


def read_response(
    response: Mapping[str, Any], line: Line | None = None, day: date | None = None, today: date | None = None
) -> PlanAnswer:
    """Read a response.

    Takes     the response; the line of business of the coverage that it is about, where known; the day asked about,
              where the request tells it (else the day that the response itself gives); the day of whose plans it
              speaks where nobody tells.
    """
    subscriber, dependent = response.get("subscriber") or {}, response.get("dependent")
    patient = dependent if dependent is not None else subscriber
    payer, provider = response.get("payer") or {}, response.get("provider") or {}
    asked = day or asked_day(response)
    return PlanAnswer(
        traces=tuple(str(one) for one in response.get("trace") or () if one),
        payer_name=text(payer.get("name")),
        payer_id=text(payer.get("id")),
        npi=text(provider.get("npi")),
        patient=NamedPerson(
            text(patient.get("last_name")), text(patient.get("first_name")), as_day(patient.get("birth_date"))
        ),
        dependent=dependent is not None,
        plan=_plan(response, line, asked or today),
        plan_kind=kind_of(response),
        network=network_of(response),
        referral=referral_of(response),
        service_day=asked,
        benefits=tuple(_benefit(one) for one in response.get("benefits") or ()),
        outcome=result_of(response, line, asked or today),
    )


def asked_day(response: Mapping[str, Any]) -> date | None:
    """Find the single day that a response speaks of; a span is none."""
    dates = response.get("dates") or {}
    return next((found for key in ASKED if (found := as_day(dates.get(key)))), None)


def canonical(response: Mapping[str, Any]) -> str:
    """Write a response as one text: equal answers are equal texts."""
    return json.dumps(response, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plan(response: Mapping[str, Any], line: Line | None, asked: date | None) -> PlanFacts:
    plan, subscriber = response.get("plan") or {}, response.get("subscriber") or {}
    begins, ends = plan_span(response)
    other = other_plan(response, line, asked)
    return PlanFacts(
        payer=text((response.get("payer") or {}).get("name")),
        plan=text(plan.get("name")),
        insurance_type=text(plan.get("insurance_type")),
        member_id=text(subscriber.get("member_id")),
        group_number=text(subscriber.get("group_number")),
        begins=begins,
        ends=ends,
        other_payer=other.name,
        other_primary=other.primary,
    )


def _benefit(row: Mapping[str, Any]) -> PlanBenefit:
    procedure = row.get("procedure") or {}
    return PlanBenefit(
        info=text(row.get("info")) or "",
        service_types=tuple(row.get("service_types") or ()),
        code=text(procedure.get("code")),
        code_qualifier=text(procedure.get("qualifier")),
        modifiers=tuple(procedure.get("modifiers") or ()),
        coverage_level=text(row.get("coverage_level")),
        insurance_type=text(row.get("insurance_type")),
        plan=text(row.get("plan")),
        period=text(row.get("period")),
        amount_cents=cents(row.get("amount")),
        percent=text(row.get("percent")),
        quantity_qualifier=text(row.get("quantity_qualifier")),
        quantity=text(row.get("quantity")),
        authorization=_AUTHORIZATION.get(str(row.get("authorization_required")), Known.UNKNOWN),
        network=_NETWORK.get(str(row.get("in_network"))),
        dates=tuple((str(key), str(day)) for key, day in (row.get("dates") or {}).items() if day),
        entities=tuple((str(one.get("role") or ""), _entity(one)) for one in row.get("entities") or () if _entity(one)),
        references=tuple((str(key), str(one)) for key, one in (row.get("references") or {}).items() if one),
        messages=tuple(str(one) for one in row.get("messages") or ()),
    )


def _entity(one: Mapping[str, Any]) -> str:
    person = " ".join(str(one[key]) for key in ("first_name", "last_name") if one.get(key))
    return str(one.get("name") or person)


def text(value: object) -> str | None:
    """Read a text, without the space around it; None for none."""
    return (value.strip() or None) if isinstance(value, str) else None


def cents(value: object) -> int | None:
    """Read an amount of dollars with two places as cents; None for none."""
    if not isinstance(value, str):
        return None
    try:
        return int((Decimal(value) * 100).to_integral_value())
    except InvalidOperation:
        return None
