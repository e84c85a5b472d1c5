"""From a case to the request that a payer's system takes: what it says, and what it lacks."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from app.authorizations.facts import Counting, Item, Kind, RequestedLine
from app.casework.facts.pas import PasCase
from app.standards.fhir.pas_facts import (
    Certification,
    Member,
    Organization,
    PasRequest,
    Practitioner,
    RequestLine,
)

NEVER = {
    Kind.APPEAL: "An appeal does not go {way}. Send it in the way that the denial names.",
    Kind.NETWORK_EXCEPTION: "A network exception does not go {way}. Send it in the way that the payer names.",
    Kind.FORMULARY_EXCEPTION: "A formulary exception goes to the drug plan, not {way} to the health plan.",
    Kind.STEP_EXCEPTION: "A step therapy exception goes to the drug plan, not {way} to the health plan.",
}
MOST_DIAGNOSES = 12
"""Diagnoses that a 278 takes."""
CERTIFICATIONS = {Kind.RENEWAL: Certification.RENEWAL, Kind.EXTENSION: Certification.EXTENSION}
_UNITS = {Counting.UNITS: "UN", Counting.VISITS: "VS"}
_SURGERY, _PATHOLOGY, _OFFICE, _RADIATION, _CARE = "2", "5", "98", "6", "1"
_TITLES = frozenset({"md", "do", "pa", "pa-c", "np", "fnp", "fnp-c", "dnp", "rn", "phd", "faad", "crnp", "aprn"})


def lacks_for_pas(case: PasCase) -> tuple[str, ...]:
    """Say what keeps a case from going to its payer by FHIR, a sentence each; nothing where it may."""
    return tuple(_lacks(case, "by FHIR"))


def lacks_for_x12(case: PasCase) -> tuple[str, ...]:
    """The same for a request as X12 278, which also takes neither a drug without a code nor a line without a count."""
    return (*_lacks(case, "as X12 278"), *_lacks_x12(case))


def _lacks(case: PasCase, way: str) -> Iterator[str]:
    if case.record.kind in NEVER:
        yield NEVER[case.record.kind].format(way=way)
    if case.record.member_id is None:
        yield "The case has no member ID. Enter it on the request."
    if case.patient.birth_date is None:
        yield "The patient's date of birth is not on file. Enter it at the patient."
    if case.practice.group_npi is None:
        yield "The practice has no NPI. An administrator enters it under Admin, Practice."
    lines = asked_lines(case)
    if not lines:
        yield "The request names no service. Enter the codes that are asked for."
    if any(_code(one) is None for one in lines):
        yield "A drug has neither a code nor an NDC. Enter one on the request."
    if any(not one.diagnoses for one in lines):
        yield "A line has no diagnosis. Enter it on the request."


def _lacks_x12(case: PasCase) -> Iterator[str]:
    lines = asked_lines(case)
    if any(one.code is None and one.ndc is not None for one in lines):
        yield "A drug has an NDC and no code; X12 278 needs its HCPCS code. Enter it on the request."
    if any(one.count is None for one in lines):
        yield "A line says not how many are asked for. Enter it on the request."
    if len(diagnoses_of(lines)) > MOST_DIAGNOSES:
        yield f"The request has more than {MOST_DIAGNOSES} diagnoses. Leave some out."


def diagnoses_of(lines: Sequence[RequestedLine]) -> tuple[str, ...]:
    """Every diagnosis once, in the order of the lines."""
    return tuple(dict.fromkeys(code for line in lines for code in line.diagnoses))


def request_of(
    case: PasCase, exchange_id: UUID, trace: str, submitter: str, payer_id: str | None, now: datetime
) -> PasRequest:
    """Make the request of a case that lacks nothing.

    Takes     the case; the id of the message; the trace that the payer sends back; our id and the payer's.
    """
    record, patient, practice = case.record, case.patient, case.practice
    assert record.member_id is not None and patient.birth_date is not None
    return PasRequest(
        bundle_id=exchange_id,
        trace=trace,
        created=now.replace(microsecond=0),
        submitter=submitter,
        payer=Organization(record.payer_name, identifier=payer_id),
        practice=Organization(practice.name, npi=practice.group_npi),
        member=Member(
            record.member_id,
            patient.last_name,
            patient.first_name,
            patient.birth_date,
            is_subscriber=is_subscriber(case.relationship),
            group_number=record.group_number,
        ),
        lines=tuple(_line(case, one) for one in asked_lines(case)),
        practitioner=practitioner_of(case),
        urgent=record.urgent,
        number=case.parent_number,
    )


def asked_lines(case: PasCase) -> tuple[RequestedLine, ...]:
    """Give what is asked line by line; of a case that was written otherwise, its items."""
    record = case.record
    return record.requested or tuple(
        RequestedLine(
            code=item.codes[0],
            last=item.last,
            counting=item.counting,
            count=item.count,
            begins=record.begins,
            ends=record.ends,
            diagnoses=record.diagnoses,
            provider_npi=record.provider_npi,
            place=record.places[0] if len(record.places) == 1 else None,
        )
        for item in record.items
        if _is_plain(item)
    )


def _is_plain(item: Item) -> bool:
    return len(item.codes) == 1 and item.codes[0] != "*"


def _code(line: RequestedLine) -> str | None:
    return line.code or line.ndc


def _line(case: PasCase, line: RequestedLine) -> RequestLine:
    code = _code(line)
    assert code is not None
    counted = line.counting in _UNITS and line.count is not None
    return RequestLine(
        code=code,
        service_type=service_type(code),
        modifiers=line.modifiers,
        last=line.last,
        quantity=line.count if counted else None,
        unit=_UNITS[line.counting] if counted else None,
        begins=line.begins,
        ends=line.ends,
        diagnoses=line.diagnoses,
        place=line.place,
        certification=CERTIFICATIONS.get(case.record.kind, Certification.INITIAL),
    )


def service_type(code: str) -> str:
    """Give the kind of service (X12 1365) that a code belongs to, as a 278 has to name one; medical care where none."""
    if len(code) != 5 or not code[:4].isdigit():
        return _CARE
    number = int(code[:4]) * 10
    for first, last, kind in (
        (10_000, 69_999, _SURGERY),
        (77_260, 77_999, _RADIATION),
        (80_000, 89_999, _PATHOLOGY),
        (99_200, 99_499, _OFFICE),
    ):
        if first <= number <= last:
            return kind
    return _CARE


def is_subscriber(relationship: str | None) -> bool | None:
    """Say whether a coverage's word for patient and subscriber names the subscriber; None: it says nothing."""
    return None if relationship is None else relationship.strip().lower() in ("self", "18", "subscriber")


def practitioner_of(case: PasCase) -> Practitioner | None:
    """Give who is to perform the services, where a name is on file."""
    provider = case.provider
    if provider is None or not provider.name:
        return None
    last, first = _parted(provider.name)
    return Practitioner(provider.npi, last, first)


def _parted(name: str) -> tuple[str, str | None]:
    """Part a name into last and first: `Reyes, Ana`, `Ana Reyes, MD` and `Dr. Ana Reyes` are one person."""
    parts = [part.strip() for part in name.split(",") if part.strip()]
    plain = [part for part in parts if part.lower().replace(".", "") not in _TITLES] or parts
    if len(plain) > 1:
        return plain[0], plain[1]
    words = [word for word in plain[0].split() if word.lower().rstrip(".") not in ("dr", *_TITLES)] or [plain[0]]
    return words[-1], " ".join(words[:-1]) or None
