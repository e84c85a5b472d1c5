"""The columns of a file in words."""

from app.imports.facts import Kind
from app.imports.intake.names import COLUMNS, REQUIRED

KIND_WORDS = {
    Kind.SCHEDULE: "Schedule",
    Kind.COVERAGE: "Patients and coverage",
    Kind.AUTHORIZATIONS: "Authorization log",
}
KIND_PLURALS = {
    Kind.SCHEDULE: "schedules",
    Kind.COVERAGE: "patients and coverage",
    Kind.AUTHORIZATIONS: "authorization logs",
}
KIND_SENTENCES = {
    Kind.SCHEDULE: "Booked visits: one row for each service of a visit, or one row with the visit type.",
    Kind.COVERAGE: "Insurance of patients: one row for each coverage, with the day and result of the last check.",
    Kind.AUTHORIZATIONS: "Your log of prior authorizations: one row for each request, with the payer's answer.",
}
_LABELS = {
    "visit_id": "Appointment ID",
    "starts_at": "Start date and time",
    "start_date": "Start date",
    "site": "Site",
    "provider_npi": "Provider NPI",
    "patient_mrn": "MRN",
    "patient_last": "Last name",
    "patient_first": "First name",
    "birth_date": "Date of birth",
    "code": "CPT or HCPCS code",
    "codes": "Codes",
    "visit_type": "Visit type",
    "units": "Units",
    "modifiers": "Modifiers",
    "diagnoses": "Diagnoses",
    "place_of_service": "Place of service",
    "ndc": "NDC",
    "documented": "Documented findings",
    "referral": "Referral number",
    "channel": "Benefit (medical or pharmacy)",
    "provider_group_npi": "Billing group NPI",
    "provider_group": "Billing group NPI",
    "bill_to": "Billed to",
    "supply": "Drug supply",
    "billing_provider_npi": "Billing provider NPI",
    "billing_npi": "Billing provider NPI",
    "place": "Place of service",
    "places": "Place of service",
    "member_id": "Member ID",
    "plan_id": "Plan ID",
    "plan_kind": "Kind of plan",
    "line": "Line of business",
    "begins": "Start date",
    "ends": "End date",
    "rx_bin": "Rx BIN",
    "rx_pcn": "Rx PCN",
    "rx_group": "Rx group",
    "email": "E-mail",
    "text_consent": "Consent to texts",
    "number": "Authorization number",
    "reference": "Reference",
    "provider_binds": "This provider only",
    "kind": "Kind of request",
    "no_end": "Has no end",
    "used": "Units used",
    "used_on": "Units used as of",
    "submitted_by_channel": "Sent by",
    "checked_on": "Checked on",
    "referral_required": "Referral needed",
}


def label(column: str) -> str:
    """Name a canonical column as a person calls it."""
    return _LABELS.get(column, column.replace("_", " ").capitalize())


def needed(kind: Kind) -> list[str]:
    """Name the columns that a kind of file must have."""
    return [" or ".join(label(name) for name in names) for names in REQUIRED[kind]]


def choices(kind: Kind) -> list[tuple[str, str]]:
    """List the columns of a kind to choose from, those first that must be there."""
    must = [name for names in REQUIRED[kind] for name in names]
    others = sorted((name for name in COLUMNS[kind] if name not in must), key=label)
    starred = [(name, f"{label(name)} (needed)") for name in must]
    return [("", "Leave out"), *starred, *((name, label(name)) for name in others)]
