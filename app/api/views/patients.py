"""Patients and coverages as the API describes them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.api.rules.written import Day, Given, Id
from app.coverage.facts import CheckResult, CoverageRecord, NetworkAnswer
from app.patients.facts import PatientDetails
from app.values.insurance import Benefit, Known, Line, PlanKind, Rank


class Patient(Given):
    """One person. `no_coverage_on`: since when the practice says that there is no insurance."""

    id: Id
    mrn: str
    last_name: str
    first_name: str
    birth_date: Day | None
    phone: str | None
    email: str | None
    address: str | None
    language: str | None
    text_consent: bool
    no_coverage_on: Day | None


class PatientPage(Given):
    """One page of patients in the order of their ids."""

    items: list[Patient]
    next: str | None


class PatientsFound(Given):
    """What a search found. `more`: there are others; narrow the words."""

    items: list[Patient]
    more: bool


class Check(Given):
    """What the plan said of a coverage last."""

    checked_on: Day
    result: CheckResult | None
    network: NetworkAnswer | None
    other_primary: bool
    source: str | None
    reference: str | None


class Coverage(Given):
    """One coverage. `check` null: it was never checked. `verified` false: only a row of a schedule named it."""

    id: Id
    patient_id: Id
    rank: Rank
    payer: str
    payer_name: str
    member_id: str
    begins: Day | None
    ends: Day | None
    line: Line | None
    plan: str | None
    plan_id: str | None
    plan_kind: PlanKind | None
    state: str | None
    benefit: Benefit
    group_number: str | None
    referral_required: Known | None
    verified: bool
    check: Check | None
    etag: str


class Coverages(Given):
    """All coverages of a patient."""

    items: list[Coverage]


_PATIENT = tuple(Patient.model_fields)
_COVERAGE = tuple(name for name in Coverage.model_fields if name not in ("check", "etag"))
_CHECK = tuple(Check.model_fields)


def patient_body(one: PatientDetails) -> dict[str, Any]:
    """Write one patient."""
    return {name: getattr(one, name) for name in _PATIENT}


def coverage_body(one: CoverageRecord, tag: str) -> dict[str, Any]:
    """Write one coverage with its ETag."""
    checked: date | None = one.checked_on
    check: Mapping[str, Any] | None = None if checked is None else {name: getattr(one, name) for name in _CHECK}
    return {name: getattr(one, name) for name in _COVERAGE} | {"check": check, "etag": tag}
