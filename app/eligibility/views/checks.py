"""One check in words, what changed since the last one, and what the plan said of benefits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from app.coverage.facts import EligibilityCheck, PlanBenefit
from app.eligibility.facts.checks import Because, Difference, DifferenceKind
from app.eligibility.rules.differences import ANSWERS, differences
from app.eligibility.views.words import (
    BECAUSE,
    INFOS,
    KINDS,
    LEVELS,
    METHODS,
    NETWORKS,
    PERIODS,
    QUANTITIES,
    RESULTS,
    money,
    rejection_words,
    types_words,
)
from app.values.insurance import Known
from app.values.wording import clock_time, short_day

_DATES = {
    "292": "Benefit", "348": "Benefit begins", "349": "Benefit ends", "291": "Plan", "346": "Plan begins",
    "347": "Plan ends", "307": "Eligibility", "356": "Eligible from", "357": "Eligible to", "193": "From", "194": "To",
    "472": "Service", "290": "Coordination of benefits",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CheckWords:
    """One check: what came of it, why, when, how, by whom, and what changed since the one before it.

    `document`: the one that it came with; `place`: how many records stand before it there.
    """

    id: UUID
    result: str
    good: bool
    why: tuple[str, ...]
    day: str
    recorded: str
    how: str
    who: str
    reference: str
    changes: tuple[str, ...]
    taken_back: bool
    document: UUID | None
    place: int


@dataclass(frozen=True, slots=True)
class BenefitWords:
    """One thing that a plan said: what, of which services, how much, and the rest."""

    what: str
    service: str
    amount: str
    network: str
    authorization: str
    notes: tuple[str, ...]


def check_words(
    check: EligibilityCheck, before: EligibilityCheck | None, names: Mapping[UUID, str], zone: ZoneInfo
) -> CheckWords:
    """Put a check into words."""
    at = check.at.astimezone(zone)
    asked = f", asked about {short_day(check.service_day)}" if check.service_day is not None else ""
    by = names.get(check.user_id, "A person no longer on file") if check.user_id is not None else ""
    who = f"{by}, answered by {check.who}" if by and check.who else by or check.who or ""
    return CheckWords(
        id=check.id,
        result=result_words(check),
        good=check.result == "active" and not check.plan.other_primary,
        why=why_words(check),
        day=short_day(check.answered_on),
        recorded=f"{short_day(at.date())} {clock_time(at)}",
        how=METHODS[check.method] + asked,
        who=who or "The program",
        reference=check.reference or "",
        changes=() if check.taken_back_at is not None else change_words(differences(before, check)),
        taken_back=check.taken_back_at is not None,
        document=check.record.document_id if check.record is not None else None,
        place=check.record.number - 1 if check.record is not None else 0,
    )


def result_words(check: EligibilityCheck) -> str:
    """What came of a check, another plan that pays first included."""
    words = RESULTS[check.result]
    if check.plan.other_primary and check.result in ANSWERS:
        return f"{words}, and names {check.plan.other_payer or 'another plan'} as primary"
    return words


def why_words(check: EligibilityCheck) -> tuple[str, ...]:
    """Why a check is no plain answer."""
    because = BECAUSE.get(Because(check.because)) if check.because in tuple(Because) else None
    reasons = tuple(rejection_words(one) for one in check.why)
    return reasons if reasons else (because,) if because else ()


def change_words(found: Sequence[Difference]) -> tuple[str, ...]:
    """What changed, a sentence each: `The plan ends 12/31/2026 now.`"""
    return tuple(_change(one) for one in found)


def _change(one: Difference) -> str:
    before, after = _shown(one.before), _shown(one.after)
    if one.kind is DifferenceKind.RESULT:
        return f"{_RESULT[str(one.after)]}; before: {_RESULT[str(one.before)].lower()}."
    if one.kind is DifferenceKind.MEMBER:
        return "The member number is another."
    if one.kind is DifferenceKind.ENDS:
        return f"The plan ends {after} now{f'; before: {before}' if before else ''}."
    if one.kind is DifferenceKind.OTHER_PAYER:
        return f"The plan names another payer: {after}{f'; before: {before}' if before else ''}."
    return f"{_NAMED[one.kind]} is {after} now; before: {before}."


_RESULT = {"active": "Active", "inactive": "Inactive", "unknown": "No clear answer", "not_asked": "Could not be asked"}
_NAMED = {
    DifferenceKind.GROUP: "The group number",
    DifferenceKind.PLAN: "The plan",
    DifferenceKind.PAYER: "The payer",
    DifferenceKind.BEGINS: "The plan's first day",
}


def _shown(value: str | None) -> str:
    try:
        return short_day(date.fromisoformat(value)) if value else ""
    except ValueError:
        return value or ""


def plan_pairs(check: EligibilityCheck, member: bool) -> list[tuple[str, str]]:
    """The plan as it was answered. `member`: the reader may see member ids."""
    plan = check.plan
    kind = KINDS.get(plan.insurance_type, plan.insurance_type) if plan.insurance_type else None
    pairs = [
        ("Payer", plan.payer),
        ("Plan", plan.plan),
        ("Kind", kind),
        ("Member ID", plan.member_id if member else ("Not shown to your role" if plan.member_id else None)),
        ("Group", plan.group_number),
        ("Begins", short_day(plan.begins) if plan.begins else None),
        ("Ends", short_day(plan.ends) if plan.ends else None),
        ("Pays first", plan.other_payer or ("Another plan, not named" if plan.other_primary else None)),
    ]
    return [(name, text) for name, text in pairs if text]


def benefit_words(one: PlanBenefit) -> BenefitWords:
    """One benefit in words, its amounts as sent: what remains is never worked out from what was paid."""
    service = (
        f"{one.code}{''.join(f' {sign}' for sign in one.modifiers)}" if one.code else types_words(one.service_types)
    )
    notes = [*_limits(one), *_days(one), *(f"{name}" for _role, name in one.entities), *one.messages]
    kind = KINDS.get(one.insurance_type, one.insurance_type) if one.insurance_type else ""
    level = f" for the {LEVELS[one.coverage_level]}" if one.coverage_level and one.coverage_level in LEVELS else ""
    plan = " ".join(part for part in (kind, one.plan or "") if part)
    return BenefitWords(
        what=(INFOS.get(one.info, one.info) or "Approval") + (f": {plan}" if plan else ""),
        service=service or "Not told",
        amount=(_amount(one) + level) if _amount(one) else "",
        network=NETWORKS[one.network] if one.network is not None else "",
        authorization=_AUTHORIZATION[one.authorization],
        notes=tuple(notes),
    )


_AUTHORIZATION = {Known.YES: "Needed", Known.NO: "Not needed", Known.UNKNOWN: ""}


def _amount(one: PlanBenefit) -> str:
    period = f" {PERIODS.get(one.period, f'(period {one.period})')}" if one.period else ""
    parts = [money(one.amount_cents)] if one.amount_cents is not None else []
    parts += [f"{one.percent} %"] if one.percent is not None else []
    return f"{' or '.join(parts)}{period}" if parts else ""


def _limits(one: PlanBenefit) -> list[str]:
    if one.quantity is None:
        return []
    unit = QUANTITIES.get(one.quantity_qualifier or "", one.quantity_qualifier or "units")
    period = f" {PERIODS.get(one.period, '')}" if one.period else ""
    return [f"{one.quantity} {unit}{period}"]


def _days(one: PlanBenefit) -> list[str]:
    return [f"{_DATES.get(key, f'Date {key}')} {_span(day)}" for key, day in one.dates]


def _span(day: str) -> str:
    return " to ".join(_shown(part) for part in day.split("/"))
