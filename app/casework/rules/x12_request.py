"""From a case to the request that goes to its payer as X12 278 (005010X217)."""

from datetime import datetime
from uuid import UUID

from app.authorizations.facts import RequestedLine
from app.casework.facts.pas import PasCase, trace_of
from app.casework.rules.pas import (
    CERTIFICATIONS,
    asked_lines,
    diagnoses_of,
    is_subscriber,
    practitioner_of,
    service_type,
)
from app.casework.rules.pas_changes import span_after
from app.standards.fhir.pas_facts import Certification
from app.standards.x12.review.asking import AskedService, Member, Organization, Provider, ReviewRequest

_RELATIONSHIPS = {
    "spouse": "01", "wife": "01", "husband": "01", "01": "01", "child": "19", "son": "19", "daughter": "19", "19": "19",
}  # fmt: skip
"""Relationships that a 278 has words for (INS02); any other is another adult's: 34."""
_URGENCY = {True: "U", False: "E"}


def review_of(case: PasCase, message_id: UUID, payer_id: str, now: datetime) -> ReviewRequest:
    """Make the request of a case that lacks nothing.

    Takes     the case; the id of the message, whose trace the payer sends back; the payer's id; the practice's time.
    """
    record, practice, lines = case.record, case.practice, asked_lines(case)
    assert practice.group_npi is not None
    subscriber, dependent = _people(case)
    begins, ends = span_after(lines)
    places, types = {line.place for line in lines}, [service_type(line.code or "") for line in lines]
    who = practitioner_of(case)
    return ReviewRequest(
        reference=trace_of(message_id),
        moment=now,
        trace=trace_of(message_id),
        origin=f"9{practice.group_npi[:9]}",
        payer=Organization(record.payer_name, payer_id),
        requester=Provider(practice.name, practice.group_npi),
        subscriber=subscriber,
        services=tuple(_service(line) for line in lines),
        diagnoses=diagnoses_of(lines),
        dependent=dependent,
        performer=Provider(who.last_name, who.npi, who.first_name) if who is not None else None,
        certification=CERTIFICATIONS.get(record.kind, Certification.INITIAL).value,
        service_type=types[0],
        place=places.pop() if len(places) == 1 else None,
        urgency=_URGENCY[record.urgent],
        begins=begins,
        ends=ends,
        previous=case.parent_number,
    )


def _people(case: PasCase) -> tuple[Member, Member | None]:
    """The subscriber, and the dependent who is the patient. Of a dependent the subscriber's own name is not on file:
    the patient's last name stands for it, beside the member id."""
    patient, member_id = case.patient, case.record.member_id
    own = Member(patient.last_name, patient.first_name, member_id, patient.birth_date, "U")
    if is_subscriber(case.relationship) is not False:
        return own, None
    code = _RELATIONSHIPS.get((case.relationship or "").strip().casefold(), "34")
    dependent = Member(patient.last_name, patient.first_name, None, patient.birth_date, "U", code)
    return Member(patient.last_name, "", member_id), dependent


def _service(line: RequestedLine) -> AskedService:
    assert line.code is not None and line.count is not None
    return AskedService(line.code, line.count, line.last, line.modifiers, line.begins, line.ends)
