"""One call about several cases, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.casework.facts.casebook import CaseLine, case_code
from app.casework.views.case_words import service_words
from app.values.wording import counted


@dataclass(frozen=True, slots=True)
class CalledCase:
    """One case that the call was about."""

    id: UUID
    code: str
    patient: str
    mrn: str
    service: str
    payer: str


@dataclass(frozen=True, slots=True)
class CallPage:
    """All that the template shows. `payers`: said where the cases are of several payers."""

    title: str
    cases: tuple[CalledCase, ...]
    payers: str | None
    key: UUID
    values: Mapping[str, str]
    errors: Mapping[str, str | None]
    faults: Mapping[str, str]


def call_page(lines: Sequence[CaseLine], key: UUID, values: Mapping[str, str], faults: Mapping[str, str]) -> CallPage:
    """Put the form into words.

    Takes     the cases; the id under which the call is saved once; what every field holds; a sentence by field.
    """
    payers = {one.record.payer for one in lines}
    return CallPage(
        title=f"One call about {counted(len(lines), 'case')}",
        cases=tuple(_called(one) for one in lines),
        payers=f"These cases are of {len(payers)} payers. Was it one call?" if len(payers) > 1 else None,
        key=key,
        values=values,
        errors={**dict.fromkeys(values), **faults},
        faults=faults,
    )


def _called(line: CaseLine) -> CalledCase:
    record, patient = line.record, line.patient
    return CalledCase(
        record.id,
        case_code(record.id),
        f"{patient.last_name}, {patient.first_name}" if patient else "Not on file",
        patient.mrn if patient else "",
        service_words(record),
        record.payer_name,
    )
