"""The patients and cases that a search found, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.casework.facts.casebook import CaseLine, case_code
from app.casework.facts.finding import MOST_SHOWN, Found
from app.casework.views.case_words import service_words
from app.casework.views.words import person_name, phone_words, status_words
from app.values.wording import counted, short_day


@dataclass(frozen=True, slots=True)
class Hit:
    """One patient found."""

    id: UUID
    name: str
    mrn: str
    born: str
    phone: str
    payer: str


@dataclass(frozen=True, slots=True)
class CaseHit:
    """One case found."""

    id: UUID
    code: str
    number: str
    patient: str
    service: str
    payer: str
    status: str


@dataclass(frozen=True, slots=True)
class FoundPage:
    """All that the template shows."""

    said: str
    hits: tuple[Hit, ...]
    cases: tuple[CaseHit, ...] = ()


@dataclass(frozen=True, slots=True)
class OnlyHit:
    """The one thing that a search found: a case, or a patient."""

    case: UUID | None = None
    patient: UUID | None = None


def only_hit(cases: Sequence[CaseLine], found: Found) -> OnlyHit | None:
    """Name the one thing that was found: one case, with no patient but its own; or one patient, with no case."""
    people = {one.id for one in found.patients}
    if len(cases) == 1 and people <= {cases[0].record.patient_id}:
        return OnlyHit(case=cases[0].record.id)
    if len(people) == 1 and not cases and not found.more:
        return OnlyHit(patient=next(iter(people)))
    return None


def _case_hit(line: CaseLine) -> CaseHit:
    record, patient = line.record, line.patient
    return CaseHit(
        record.id,
        case_code(record.id),
        record.number or record.reference or "",
        f"{patient.last_name}, {patient.first_name}" if patient else "Not on file",
        service_words(record),
        record.payer_name,
        status_words(record.status),
    )


def found_page(found: Found, contact: bool = True, cases: Sequence[CaseLine] = ()) -> FoundPage:
    """Put what was found into words. `contact`: the reader reads phone numbers."""
    hits = tuple(
        Hit(
            one.id,
            person_name(one),
            one.mrn,
            short_day(one.birth_date) if one.birth_date else "No data",
            phone_words(one.phone) if contact else "Not shown to your role",
            payer or "No coverage",
        )
        for one, payer in zip(found.patients, found.payers, strict=True)
    )
    return FoundPage(_said(len(hits), found.more, len(cases)), hits, tuple(map(_case_hit, cases)))


def _said(hits: int, more: bool, cases: int) -> str:
    if cases:
        return f"{counted(cases, 'case')} and {counted(hits, 'patient')} found."
    if more:
        return f"More than {MOST_SHOWN} patients may fit. Narrow it: add the first name or the birth date."
    if not hits:
        return "No patient fits. Check the spelling, or search for the record number."
    return f"{counted(hits, 'patient')} found."
