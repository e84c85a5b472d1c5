"""What kinds of documents and records are called."""

from collections.abc import Mapping

from app.mailroom.facts import Sort

_KINDS: Mapping[str, str] = {
    "x12.270": "Eligibility request (X12 270)",
    "x12.271": "Eligibility response (X12 271)",
    "x12.275": "Attachment (X12 275)",
    "x12.276": "Claim status request (X12 276)",
    "x12.277": "Claim status or request for documents (X12 277)",
    "x12.277ca": "Acknowledgement of claims (X12 277CA)",
    "x12.278": "Services review (X12 278)",
    "x12.835": "Remittance (X12 835)",
    "x12.837": "Claim (X12 837)",
    "x12.999": "Acknowledgement of a file (X12 999)",
    "x12.ta1": "Acknowledgement of an envelope (X12 TA1)",
    "fhir.pas-request": "Prior authorization request (FHIR PAS)",
    "fhir.pas-response": "Prior authorization response (FHIR PAS)",
    "fhir.pas-inquiry": "Prior authorization inquiry (FHIR PAS)",
    "fhir.pas-notification": "Prior authorization notice (FHIR PAS)",
    "fhir.crd-response": "Coverage information (FHIR CRD)",
    "fhir.Appointment": "Appointment (FHIR)",
    "hl7.siu": "Appointments (HL7 SIU)",
    "hl7.adt": "Patient messages (HL7 ADT)",
    "csv.schedule": "Schedule (table)",
    "json": "JSON that is no document of the trade",
}
SORTS: Mapping[Sort, str] = {
    Sort.ANSWER: "Eligibility answer",
    Sort.REVIEW: "Decision on a request",
    Sort.CLAIM: "Paid or denied claim",
    Sort.APPOINTMENT: "Appointment",
    Sort.PERSON: "Patient",
    Sort.COVERAGE_INFORMATION: "Coverage information",
    Sort.RECEIPT: "Acknowledgement",
    Sort.MESSAGE: "For reading",
}
"""What one record of each sort is called."""


def kind_words(kind: str | None) -> str:
    """Name a kind of document."""
    if kind is None or kind == "unknown":
        return "Not recognised"
    return _KINDS.get(kind, f"{kind.removeprefix('fhir.')} (FHIR)" if kind.startswith("fhir.") else kind)
