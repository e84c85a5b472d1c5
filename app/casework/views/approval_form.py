"""What the form of an approval shows first, and what may be chosen in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.authorizations.facts import AuthorizationRecord, Kind, Status
from app.authorizations.intake import write_codes
from app.casework.facts.approvals import OTHER_PAYER, ApprovalStart
from app.casework.views.words import CHANNELS, RANKS, options, status_words
from app.clearance.rules.candidates import KINDS
from app.clearance.views.context import drug_name
from app.coverage.facts import CoverageRecord
from app.values.wording import long_day, short_day

Choices = list[tuple[str, str]]
STATUSES = (
    Status.APPROVED, Status.PARTLY_APPROVED, Status.SUBMITTED, Status.MORE_INFO, Status.DENIED, Status.IN_APPEAL,
    Status.NOTIFIED, Status.WITHDRAWN, Status.DISMISSED,
)  # fmt: skip
WHYS = [
    ("payer_ended", "The payer ended it"),
    ("plan_changed", "The plan changed"),
    ("patient_left", "Care ended"),
    ("mistake", "Entered by mistake"),
    ("duplicate", "Logged twice"),
]
FIELDS = {
    "number": "Number",
    "begins": "Start date",
    "ends": "End date",
    "codes": "Codes",
    "units": "Units",
    "site": "Place",
    "status": "Status",
    "coverage": "Given under",
    "payer": "Payer",
    "member": "Member ID",
    "provider": "Provider number",
    "provider_binds": "Only this provider",
    "channel": "Benefit",
    "places": "Place of service",
    "diagnoses": "Diagnoses",
    "drug": "Drug",
    "ndc": "NDC",
    "decided_on": "Decided on",
    "reference": "Payer's reference",
    "kind": "Kind",
    "no_end": "No end date",
}
"""The fields in the order of the page."""

MORE = (
    "provider",
    "provider_binds",
    "places",
    "channel",
    "diagnoses",
    "decided_on",
    "reference",
    "drug",
    "ndc",
    "no_end",
    "kind",
)


@dataclass(frozen=True, slots=True)
class ApprovalPage:
    """The form: who it is for, what is typed in it, and what may be chosen."""

    patient_id: UUID
    name: str
    mrn: str
    visit: str | None
    visit_id: UUID | None
    approval_id: UUID | None
    approval: str | None
    values: Mapping[str, str]
    errors: Mapping[str, str | None]
    coverages: Choices
    sites: Choices
    providers: Choices
    payers: tuple[str, ...]
    statuses: Choices
    kinds: Choices
    channels: Choices
    more: bool
    asks_payer: bool


def approval_page(start: ApprovalStart, typed: Mapping[str, str] | None, faults: Mapping[str, str]) -> ApprovalPage:
    """Put the form into words; `typed` is what a person entered, where it came back, and `faults` what is wrong."""
    values = dict.fromkeys(FIELDS, "") | (dict(typed) if typed is not None else first_values(start))
    approval = start.approval
    return ApprovalPage(
        patient_id=start.patient.id,
        name=f"{start.patient.last_name}, {start.patient.first_name}",
        mrn=start.patient.mrn,
        visit=long_day(start.visit_day) if start.visit_day else None,
        visit_id=start.visit_id,
        approval_id=approval.id if approval else None,
        approval=called_record(approval) if approval else None,
        values=values,
        errors=dict.fromkeys(FIELDS) | dict(faults),
        coverages=_coverages(start),
        sites=[("", "Any place of the practice"), *((str(one.id), one.name) for one in start.sites)],
        providers=[(one.npi, one.name or "") for one in start.providers],
        payers=start.payers,
        statuses=[(one.value, status_words(one)) for one in _statuses(start)],
        kinds=[
            (one.value, one.value.replace("_", " ").capitalize()) for one in Kind if one in KINDS or _is(start, one)
        ],
        channels=options(CHANNELS, "Not stated"),
        more=any(values[name] and values[name] != "initial" for name in MORE) or any(name in MORE for name in faults),
        asks_payer=values["coverage"] == OTHER_PAYER or (approval is None and not start.coverages),
    )


def _is(start: ApprovalStart, kind: Kind) -> bool:
    return start.approval is not None and start.approval.kind is kind


def _statuses(start: ApprovalStart) -> list[Status]:
    if start.approval is None:
        return [Status.APPROVED, Status.PARTLY_APPROVED]
    return list(dict.fromkeys([*STATUSES, start.approval.status]))


def called_record(record: AuthorizationRecord) -> str:
    """What an approval is called: its number, else its reference, else its first day."""
    if record.number or record.reference:
        return record.number or record.reference or ""
    return f"of {short_day(record.begins)}" if record.begins else "without number"


def _coverages(start: ApprovalStart) -> Choices:
    kept = [("", _kept(start.approval))] if start.approval is not None else []
    mine = [(str(one.id), _coverage(one)) for one in start.coverages]
    return [*kept, *mine, (OTHER_PAYER, "Another payer")]


def _kept(approval: AuthorizationRecord) -> str:
    member = f", member {approval.member_id}" if approval.member_id else ""
    return f"As on file: {approval.payer_name}{member}"


def _coverage(one: CoverageRecord) -> str:
    plan = f" {one.plan}" if one.plan else ""
    ended = f", ended {short_day(one.ends)}" if one.ends else ""
    return f"{RANKS[one.rank]}: {one.payer_name}{plan}, member {one.member_id}{ended}"


def first_values(start: ApprovalStart) -> dict[str, str]:
    """What the form shows before anybody types: the coverage of the day and the visit's codes, or what is on file."""
    if start.approval is not None:
        return typed_of(start.approval)
    coverage = start.coverage or (start.coverages[0].id if start.coverages else None)
    return {
        "coverage": str(coverage) if coverage else "",
        "codes": "; ".join(start.codes),
        "status": Status.APPROVED.value,
        "kind": Kind.INITIAL.value,
    }


def typed_of(record: AuthorizationRecord) -> dict[str, str]:
    """Write an approval as a person would type it into the form."""
    days = {name: short_day(day) if (day := getattr(record, name)) else "" for name in ("begins", "ends", "decided_on")}
    return {
        **days,
        "number": record.number or "",
        "reference": record.reference or "",
        "codes": write_codes(record.items),
        "drug": drug_name(record.drug) or "",
        "ndc": record.ndc or "",
        "no_end": "yes" if record.no_end else "",
        "site": str(record.site_id) if record.site_id else "",
        "places": ", ".join(record.places),
        "provider": record.provider_npi or "",
        "provider_binds": "yes" if record.provider_binds else "",
        "channel": record.channel.value if record.channel else "",
        "diagnoses": ", ".join(record.diagnoses),
        "status": record.status.value,
        "kind": record.kind.value,
    }


def differences(page: ApprovalPage, now: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """List where an entry differs from what is on file now: field, on file, entered."""
    found = []
    for name, label in FIELDS.items():
        ours, theirs = page.values.get(name, ""), now.get(name, "")
        if ours != theirs and (name in now or ours):
            found.append((label, _shown(page, name, theirs), _shown(page, name, ours)))
    return found


def _shown(page: ApprovalPage, name: str, value: str) -> str:
    lists: dict[str, Any] = {
        "site": page.sites,
        "status": page.statuses,
        "kind": page.kinds,
        "channel": page.channels,
        "coverage": page.coverages,
    }
    if name in lists:
        return dict(lists[name]).get(value, value) or "None"
    return "Yes" if value == "yes" else value or "None"
