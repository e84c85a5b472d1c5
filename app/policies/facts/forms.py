"""A payer's own PDF form: which file it is, for what it is used, and what stands in which of its fields."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.policies.facts.strict import Key, Strict, Text

FormValue = Literal[
    "patient_name", "patient_first_name", "patient_last_name", "patient_birth_date", "patient_phone", "patient_address",
    "member_id", "group_number", "plan", "payer_name", "provider_name", "provider_npi", "group_npi", "practice_name",
    "practice_phone", "practice_fax", "site_name", "place", "service", "codes", "code_1", "code_2", "code_3", "code_4",
    "units_1", "units_2", "units_3", "units_4", "drug", "ndc", "diagnoses", "diagnosis_1", "diagnosis_2", "diagnosis_3",
    "begins", "ends", "today", "case", "reference", "approval_number", "letter",
    "is_urgent", "is_standard", "is_initial", "is_renewal", "is_appeal",
]  # fmt: skip
"""What may stand in a field of a form; the names that begin with `is_` tick a box."""
FormField = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class PayerForm(Strict):
    """One form. The practice adds the blank file itself; it is known by its SHA-256, so that no other is ever filled.

    `services` are keys of services, `kinds` of requests, for which it is used; empty: all.
    """

    id: Key
    title: Text
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    pages: Annotated[int, Field(ge=1, le=100)]
    services: tuple[Key | Annotated[str, StringConstraints(pattern=r"^(drug|drug_class):[a-z0-9_]+$")], ...] = ()
    kinds: tuple[Literal["initial", "renewal", "extension", "retro", "appeal"], ...] = ()
    fields: dict[FormField, FormValue] = Field(min_length=1)
    where: Text | None = None
    source: Key | None = None
