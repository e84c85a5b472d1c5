"""What the forms of a coverage show first, and what may be chosen in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from app.casework.facts.coverages import CoverageStart
from app.casework.views.words import BENEFITS, KNOWN, LINES, PLAN_KINDS, RANKS, options
from app.coverage.facts import CoverageRecord
from app.values.insurance import Benefit, Rank
from app.values.wording import short_day

Choices = list[tuple[str, str]]
FIELDS = {
    "payer": "Payer",
    "member": "Member ID",
    "rank": "Order",
    "begins": "Start date",
    "ends": "End date",
    "line": "Line of business",
    "plan_kind": "Kind of plan",
    "plan": "Plan",
    "plan_id": "Plan ID",
    "group_number": "Group number",
    "state": "State",
    "benefit": "Benefit",
    "referral_required": "Referral required",
}


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """A form of a coverage: whose it is, what is typed in it, and what may be chosen."""

    patient_id: UUID
    name: str
    mrn: str
    coverage_id: UUID | None
    values: Mapping[str, str]
    errors: Mapping[str, str | None]
    lists: Mapping[str, Choices]
    payers: tuple[str, ...]


def coverage_page(start: CoverageStart, typed: Mapping[str, str] | None, faults: Mapping[str, str]) -> CoveragePage:
    """Put a form into words; `typed` is what a person entered, where it came back, and `faults` what is wrong."""
    coverage = start.coverage
    return CoveragePage(
        patient_id=start.patient.id,
        name=f"{start.patient.last_name}, {start.patient.first_name}",
        mrn=start.patient.mrn,
        coverage_id=coverage.id if coverage else None,
        values=dict.fromkeys(FIELDS, "") | (dict(typed) if typed is not None else first_values(start)),
        errors=dict.fromkeys(FIELDS) | dict(faults),
        lists=_lists(),
        payers=start.payers,
    )


def _lists() -> Mapping[str, Choices]:
    return {
        "rank": options(RANKS),
        "line": options(LINES, "Not known"),
        "plan_kind": options(PLAN_KINDS, "Not known"),
        "benefit": options(BENEFITS),
        "referral_required": options(KNOWN, "Not asked"),
    }


def first_values(start: CoverageStart) -> dict[str, str]:
    """What the form of a coverage shows before anybody types."""
    if start.coverage is not None:
        return typed_of(start.coverage)
    taken = {one.rank for one in start.others}
    free = next((rank for rank in Rank if rank not in taken), Rank.PRIMARY)
    return {"rank": free.value, "benefit": Benefit.BOTH.value}


def typed_of(record: CoverageRecord) -> dict[str, str]:
    """Write a coverage as a person would type it into the form."""
    lists = ("rank", "line", "plan_kind", "benefit", "referral_required")
    texts = ("plan", "plan_id", "group_number", "state")
    return {
        **{name: value.value if (value := getattr(record, name)) else "" for name in lists},
        **{name: getattr(record, name) or "" for name in texts},
        **{name: short_day(day) if (day := getattr(record, name)) else "" for name in ("begins", "ends")},
        "payer": record.payer_name,
        "member": record.member_id,
    }


def differences(page: CoveragePage, now: Mapping[str, str], labels: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """List where an entry differs from what is on file now: field, on file, entered."""
    return [
        (label, _shown(page, name, now.get(name, "")), _shown(page, name, page.values.get(name, "")))
        for name, label in labels.items()
        if page.values.get(name, "") != now.get(name, "")
    ]


def _shown(page: CoveragePage, name: str, value: str) -> str:
    if name in page.lists:
        return dict(page.lists[name]).get(value, value) or "None"
    return "Yes" if value == "yes" else value or "None"
