"""What a person was told of a coverage, as typed -> a check and what it changes, or a sentence beside each fault."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.casework.forms.approval import read_id
from app.casework.forms.coverage import read_version
from app.casework.forms.typed import Typed
from app.coverage.facts import (
    Answered,
    CheckResult,
    CoverageRecord,
    EligibilityCheck,
    Method,
    NetworkAnswer,
    PlanBenefit,
    PlanFacts,
)
from app.values.codes import read_procedure
from app.values.insurance import Known
from app.values.wording import short_day

BY_HAND = (Method.PORTAL, Method.PHONE, Method.CARD)
CARD_ACTIVE = "card_active"
LONGEST_WORDS = 1000
MOST_CENTS = 100_000_00
OFFICE, PLAN = ("98",), ("30",)
_MONEY = re.compile(r"\$?\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?")
_SOURCES = {Method.PORTAL: "portal", Method.PHONE: "phone", Method.CARD: "card"}
_RESULTS = {
    Answered.ACTIVE: CheckResult.ACTIVE,
    Answered.INACTIVE: CheckResult.INACTIVE,
    Answered.UNKNOWN: CheckResult.UNKNOWN,
}


@dataclass
class CheckForm:
    """A check as typed. `check` None until nothing is left to mend; `changes`: what it changes on the coverage."""

    typed: Typed
    key: UUID | None
    version: int | None
    check: EligibilityCheck | None = None
    changes: dict[str, Any] = field(default_factory=dict)

    @property
    def errors(self) -> dict[str, str]:
        """A sentence for each field that has to be mended."""
        return self.typed.errors


def read_check_form(
    values: Mapping[str, str], today: date, now: datetime, user_id: UUID | None, coverage: CoverageRecord
) -> CheckForm:
    """Read the form of a check of a coverage."""
    typed = Typed(values, today)
    form = CheckForm(typed, read_id(values.get("key", "")), read_version(values))
    method, result = _method(typed), _result(typed)
    answered_on, service_day = _days(typed, today)
    who, reference = typed.text("who", "Who answered"), typed.text("reference", "Reference")
    _ask_for(typed, method, who, reference)
    benefits, ends = _benefits(typed), typed.day("ends", "Plan ends")
    if any(one.code for one in benefits) and reference is None:
        typed.refuse("reference", "Enter the reference: what the plan said of codes counts as its answer only with one")
    other = typed.text("other_payer", "Plan that pays first") or None
    first = typed.ticked("other_primary") or other is not None
    network = typed.choice("network", NetworkAnswer, "Network")
    referral = typed.choice("referral", Known, "Referral")
    said = typed.text("said", "What was said", LONGEST_WORDS)
    _weigh(typed, coverage, method, result, ends)
    if not typed.good or method is None or result is None or answered_on is None or form.key is None:
        return form
    form.check = EligibilityCheck(
        id=form.key,
        patient_id=coverage.patient_id,
        coverage_id=coverage.id,
        method=method,
        result=result,
        answered_on=answered_on,
        at=now,
        service_day=service_day,
        user_id=user_id,
        reference=reference,
        plan=PlanFacts(ends=ends, other_payer=other, other_primary=first),
        benefits=benefits,
        said=said,
        who=who,
    )
    form.changes = _changes(form.check, ends, network, referral)
    return form


def _weigh(
    typed: Typed, coverage: CoverageRecord, method: Method | None, result: Answered | None, ends: date | None
) -> None:
    """Refuse an end before the begin, and ask once about a card that is to show that a plan is active."""
    if ends is not None and coverage.begins is not None and ends < coverage.begins:
        typed.refuse("ends", f"The plan cannot end before it begins, {short_day(coverage.begins)}")
    if not typed.errors and method is Method.CARD and result is Answered.ACTIVE:
        typed.ask(CARD_ACTIVE, "A card does not show whether the plan is active today; a portal or a call does.")


def _changes(
    check: EligibilityCheck, ends: date | None, network: NetworkAnswer | None, referral: Known | None
) -> dict[str, Any]:
    """What a check changes on its coverage; nothing where the plan could not be asked."""
    if check.result is Answered.NOT_ASKED:
        return {}
    changes: dict[str, Any] = {
        "checked_on": check.answered_on,
        "result": _RESULTS[check.result],
        "source": _SOURCES[check.method],
        "reference": check.reference,
        "other_primary": check.plan.other_primary,
        "other_payer": check.plan.other_payer,
    }
    told = {"ends": ends, "network": network, "referral_required": referral}
    return changes | {name: value for name, value in told.items() if value is not None}


def _method(typed: Typed) -> Method | None:
    method = typed.choice("method", Method, "How the plan was asked")
    if method is None:
        typed.refuse("method", "Choose how the plan was asked")
    elif method not in BY_HAND:
        typed.refuse("method", "Choose portal, phone or card; electronic answers come in by themselves")
    return method


def _result(typed: Typed) -> Answered | None:
    result = typed.choice("result", Answered, "Answer")
    if result is None:
        typed.refuse("result", "Choose what the plan said, or that it could not be asked")
    return result


def _days(typed: Typed, today: date) -> tuple[date | None, date | None]:
    answered_on, service_day = typed.day("answered_on", "Checked on"), typed.day("service_day", "Date of service")
    if not typed.values.get("answered_on", "").strip():
        typed.refuse("answered_on", "Enter the date of the check")
    if answered_on is not None and answered_on > today:
        typed.refuse("answered_on", f"Checked on must be today or before; you entered {short_day(answered_on)}")
    return answered_on, service_day


def _ask_for(typed: Typed, method: Method | None, who: str | None, reference: str | None) -> None:
    if method is not Method.PHONE:
        return
    if who is None:
        typed.refuse("who", "Enter the name of the person who answered the call")
    if reference is None:
        typed.refuse("reference", "Enter the reference of the call, or the person's name and the time")


def _benefits(typed: Typed) -> tuple[PlanBenefit, ...]:
    """What was said of money and of the need for approval of codes."""
    found = []
    for name, label, info, types, period in (
        ("copay", "Copay", "B", OFFICE, None),
        ("deductible", "Deductible", "C", PLAN, "23"),
        ("deductible_left", "Deductible remaining", "C", PLAN, "29"),
    ):
        if (amount := _cents(typed, name, label)) is not None:
            found.append(PlanBenefit(info, types, period=period, amount_cents=amount))
    if (share := _percent(typed)) is not None:
        found.append(PlanBenefit("A", OFFICE, percent=share))
    needs, needs_none = _codes(typed, "needs"), _codes(typed, "needs_none")
    both = [code for code in needs if code in needs_none]
    if both:
        typed.refuse("needs_none", f"{both[0]} stands in both fields; keep it in one")
    found += [PlanBenefit("", code=code, code_qualifier="HC", authorization=Known.YES) for code in needs]
    found += [PlanBenefit("", code=code, code_qualifier="HC", authorization=Known.NO) for code in needs_none]
    return tuple(found)


def _codes(typed: Typed, name: str) -> tuple[str, ...]:
    found: list[str] = []
    for part in re.split(r"[;,\s]+", typed.values.get(name, "").strip()):
        code = read_procedure(part) if part else None
        if part and code is None:
            typed.refuse(name, f"A code has five signs, like 96910 or J0585; you entered {part[:20]}")
        if code and code not in found:
            found.append(code)
    return tuple(found)


def _cents(typed: Typed, name: str, label: str) -> int | None:
    text = typed.values.get(name, "").strip()
    if not text:
        return None
    match = _MONEY.fullmatch(text)
    if match is None:
        typed.refuse(name, f"{label} must be an amount, like 25 or 1,250.00; you entered {text[:20]}")
        return None
    cents = int(match[1].replace(",", "")) * 100 + int((match[2] or "").ljust(2, "0") or 0)
    if cents > MOST_CENTS:
        typed.refuse(name, f"{label} must be at most $100,000; you entered {text[:20]}")
        return None
    return cents


def _percent(typed: Typed) -> str | None:
    text = typed.values.get("coinsurance", "").strip().removesuffix("%").strip()
    if not text:
        return None
    if not text.isdigit() or int(text) > 100:
        typed.refuse("coinsurance", f"Coinsurance must be a percentage from 0 to 100; you entered {text[:20]}")
        return None
    return str(int(text))
