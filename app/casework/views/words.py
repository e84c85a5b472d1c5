"""How the facts of coverages and approvals are called on the desk's pages."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.authorizations.facts import Counting, Item, Status
from app.authorizations.views import STATUS_WORDS
from app.clearance.views.context import drug_name
from app.coverage.facts import CheckResult, CoverageRecord, NetworkAnswer
from app.patients.facts import ContactWay, PatientDetails, WaySaid
from app.values.insurance import Benefit, Channel, Known, Line, PlanKind, Rank
from app.values.wording import counted, short_day

RANKS = {Rank.PRIMARY: "Primary", Rank.SECONDARY: "Secondary", Rank.TERTIARY: "Tertiary"}
LINES = {
    Line.COMMERCIAL: "Commercial",
    Line.SELF_FUNDED: "Self-funded employer",
    Line.FEDERAL_EMPLOYEES: "Federal employees",
    Line.MEDICARE: "Medicare",
    Line.MEDICARE_ADVANTAGE: "Medicare Advantage",
    Line.MEDIGAP: "Medigap",
    Line.PART_D: "Part D",
    Line.MEDICAID: "Medicaid",
    Line.MEDICAID_MANAGED: "Medicaid managed care",
    Line.CHIP: "CHIP",
    Line.MARKETPLACE: "Marketplace",
    Line.TRICARE: "TRICARE",
    Line.TRICARE_FOR_LIFE: "TRICARE for Life",
    Line.VA: "VA",
    Line.WORKERS_COMP: "Workers' compensation",
    Line.OTHER: "Other",
}
PLAN_KINDS = {
    PlanKind.HMO: "HMO",
    PlanKind.EPO: "EPO",
    PlanKind.POS: "POS",
    PlanKind.PPO: "PPO",
    PlanKind.PRIME: "Prime",
    PlanKind.SELECT: "Select",
    PlanKind.OTHER: "Other",
}
BENEFITS = {Benefit.BOTH: "Medical and pharmacy", Benefit.MEDICAL: "Medical", Benefit.PHARMACY: "Pharmacy"}
CHANNELS = {Channel.MEDICAL: "Medical", Channel.PHARMACY: "Pharmacy"}
KNOWN = {Known.YES: "Yes", Known.NO: "No", Known.UNKNOWN: "Asked, not known"}
RESULTS = {
    CheckResult.ACTIVE: "The plan says active",
    CheckResult.INACTIVE: "The plan says inactive",
    CheckResult.UNKNOWN: "The plan gave no clear answer",
}
NETWORKS = {
    NetworkAnswer.IN: "In network",
    NetworkAnswer.OUT: "Out of network",
    NetworkAnswer.UNKNOWN: "Asked, not known",
}
SOURCES = {
    "portal": "payer's portal",
    "phone": "phone call",
    "card": "card",
    "271": "electronic answer (271)",
    "fhir": "electronic answer (FHIR)",
}
WAYS_SAID = {
    WaySaid.IN_PERSON: "In person",
    WaySaid.ON_PAPER: "On a signed form",
    WaySaid.BY_PHONE: "By phone",
    WaySaid.BY_PORTAL: "In the patient portal",
}
CONTACTS = {
    ContactWay.CALL: "Phone call",
    ContactWay.TEXT: "Text message",
    ContactWay.MAIL: "Mail",
    ContactWay.PORTAL: "Patient portal",
}


def options(words: Mapping[Any, str], none: str | None = None) -> list[tuple[str, str]]:
    """Make the choices of a field from a list's words; `none` is the word of the empty choice."""
    first = [("", none)] if none is not None else []
    return [*first, *((str(key.value), said) for key, said in words.items())]


def status_words(status: Status) -> str:
    """A status in words: Ready to send."""
    return STATUS_WORDS[status]


def item_words(item: Item) -> str:
    """What one item names: `96910 or 96912`, `96920 to 96922`, any code."""
    if item.last:
        return f"{item.codes[0]} to {item.last}"
    return "any code" if item.codes == ("*",) else " or ".join(item.codes)


def count_words(item: Item) -> str:
    """How much of an item is approved: `36 units`, `12 visits`, not counted, not known."""
    if item.count is not None:
        return counted(item.count, "visit" if item.counting is Counting.VISITS else "unit")
    return "Not counted" if item.counting is Counting.NOT_COUNTED else "Count not known"


def items_words(items: tuple[Item, ...], drug: str | None) -> str:
    """All that an authorization names: `96910 or 96912: 36 units; Dupixent`."""
    parts = [f"{item_words(item)}: {count_words(item).lower()}" for item in items]
    name = drug_name(drug)
    return "; ".join([*parts, name] if name else parts) or "No code on file"


def span_words(begins: date | None, ends: date | None, no_end: bool = False) -> str:
    """A span of days: `12/01/2026 to 05/31/2027`, `from 12/01/2026, no end`."""
    if begins and ends is None and no_end:
        return f"from {short_day(begins)}, no end"
    first = short_day(begins) if begins else "begin not known"
    last = short_day(ends) if ends else "no end" if no_end else "end not known"
    return f"{first} to {last}"


def age_words(day: date, today: date) -> str:
    """How old a check is: today, 1 day ago, 12 days ago."""
    days = (today - day).days
    return "today" if days == 0 else f"{counted(days, 'day')} ago" if days > 0 else f"in {counted(-days, 'day')}"


def answer_words(row: CoverageRecord, today: date) -> str:
    """The last eligibility answer with its day, age, source and reference."""
    if row.checked_on is None or row.result is None:
        return "Never checked" if row.verified else "Never checked; only a schedule row names this coverage"
    source = f", {SOURCES.get(row.source, row.source)}" if row.source else ""
    reference = f", reference {row.reference}" if row.reference else ""
    when = f"{short_day(row.checked_on)} ({age_words(row.checked_on, today)})"
    return f"{RESULTS[row.result]}, {when}{source}{reference}"


def person_name(details: PatientDetails) -> str:
    """A person's name as lists write it: last, first."""
    return ", ".join(part for part in (details.last_name, details.first_name) if part) or "Name not on file"


def phone_words(phone: str | None) -> str:
    """A phone number as written here: (555) 010-0123."""
    digits = "".join(one for one in phone or "" if one.isdigit())
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}" if len(digits) == 10 else phone or "No data"
