"""What records say, where they stand and why they wait, in words."""

from collections.abc import Iterator, Mapping
from datetime import date

from app.mailroom.facts import RecordState, Via
from app.mailroom.rules.sides import Told
from app.values.wording import short_day

STATES: Mapping[RecordState, str] = {
    RecordState.TO_FILE: "Being filed",
    RecordState.MATCHED: "Filed",
    RecordState.ALREADY: "On file already",
    RecordState.UNMATCHED: "To be matched",
    RecordState.CONTRADICTING: "Contradicts what is on file",
    RecordState.NOTED: "Kept for reading",
    RecordState.SET_ASIDE: "Set aside",
}
VIAS: Mapping[Via, str] = {
    Via.UPLOAD: "Uploaded",
    Via.COMMAND: "Command line",
    Via.FOLDER: "Clearinghouse folder",
    Via.GATEWAY: "Answer to what we sent",
    Via.NOTIFICATION: "Sent by the payer",
}
_WHY: Mapping[str, str] = {
    "failed": "It could not be filed. Try it again; if that fails too, tell whoever looks after the program.",
    "same_control_numbers": "Another set came before under the same control numbers and says something else. Ask the "
    "sender which one is right.",
    "no_request": "No request of ours has this trace, or this member, payer and reference.",
    "no_decision": "The document does not say what the payer decided.",
    "not_open": "The request is not waiting for an answer: it was decided, withdrawn or closed. Nothing was changed.",
    "other_member": "It names another member id than the request. Nothing was changed.",
    "other_patient": "It names another patient than the request. Nothing was changed.",
    "other_payer": "It comes from another payer than the request went to. Nothing was changed.",
    "no_patient": "The patient is not known here.",
    "several_patients": "More than one patient may be meant.",
    "unknown_member": "No coverage on file has this member id.",
    "names_differ": "The member id is on file, but name or birth date differ.",
    "another_payer": "The patient's coverage on file is with another payer.",
    "another_provider": "It was asked for another provider.",
    "another_coverage": "It would make two coverages of the patient the same.",
    "coverage_gone": "The coverage that was asked about is not on file any more.",
    "no_single_coverage": "It is not known which of the patient's coverages is meant.",
    "no_visit": "No visit on file fits it.",
    "several_visits": "More than one visit on file fits it.",
    "no_file_of_ours": "No file of ours has this control number.",
    "answers_on_file": "It refuses a file of which answers are on file.",
    "no_number": "It names no number of an appointment.",
    "no_record_number": "It names no medical record number.",
    "unknown_patient": "No patient has this record number, and it does not say name and birth date of a new one.",
    "no_start": "It does not say date and time of the appointment.",
    "no_such_time": "Clocks skip this time at the site.",
    "no_place": "It names no place, and the practice has more than one site. Name the site in the practice system.",
    "two_places": "It names two sites of the practice. Correct the appointment in the practice system.",
    "two_appointments": "Its two numbers stand for two appointments on file. Nothing was changed.",
    "visit_of_another": "The appointment is on file for another patient. Nothing was changed.",
    "other_person": "The record number is on file with another last name and birth date. Nothing was changed.",
    "no_merged_number": "It does not say which record number is no more.",
    "not_alike": "The two records differ in name or birth date. If they are one person, match it with the one that "
    "stays. Nothing was changed.",
    "same_approval": "Both records hold the same approval. Void one of them, then try again. Nothing was changed.",
    "not_the_one_that_stays": "Match it with the record of the two that stays. Nothing was changed.",
    "superseded": "A later message told otherwise.",
    "not_booked": "The appointment is not booked.",
}
_LABELS: Mapping[str, str] = {
    "payer": "Payer",
    "status": "Coverage",
    "plan": "Plan",
    "group": "Group",
    "plan_days": "Plan days",
    "refusals": "Refusal codes",
    "trace": "Trace",
    "decision": "Decision",
    "action": "Action code",
    "number": "Number",
    "approved_days": "Approved days",
    "reasons": "Reason codes",
    "line": "Line",
    "message": "Payer's words",
    "reference": "Reference",
    "claim": "Claim",
    "claim_status": "Claim status code",
    "service_days": "Service days",
    "charge": "Charged",
    "paid": "Paid",
    "denied_for": "Denied for",
    "appointment": "Appointment",
    "what": "What happened",
    "starts": "Starts",
    "place": "Place",
    "provider": "Provider",
    "services": "Services",
    "event": "Event",
    "merged": "Merged record number",
    "coverage": "Coverage",
    "covered": "Covered",
    "approval_needed": "Approval",
    "codes": "Codes",
    "said_on": "Said on",
    "until": "Until",
}
_DAYS = frozenset({"plan_days", "approved_days", "service_days", "said_on", "until"})
_OWN_WORDS = frozenset({"status", "decision", "denied_for", "what", "covered", "approval_needed"})


def why_words(why: str | None) -> str | None:
    """Say why a record waits."""
    return None if why is None else _WHY.get(why, f"{why.replace('_', ' ').capitalize()}.")


def fact_words(told: Told) -> Iterator[tuple[str, str]]:
    """What a record says, label by label: whom first."""
    name = ", ".join(part for part in (told.last_name, told.first_name) if part)
    for label, text in (
        ("Patient", name),
        ("Born", short_day(told.birth_date) if told.birth_date else ""),
        ("MRN", told.mrn or ""),
        ("Member ID", ", ".join(told.member_ids)),
    ):
        if text:
            yield label, text
    for key, text in told.facts:
        yield _LABELS.get(key, key), _said(key, text)


def _said(key: str, text: str) -> str:
    if key in _DAYS:
        return " to ".join(_day(one) if one else "not said" for one in text.split("/"))
    return text.replace("_", " ").replace("-", " ").capitalize() if key in _OWN_WORDS else text


def _day(text: str) -> str:
    try:
        return short_day(date.fromisoformat(text[:10]))
    except ValueError:
        return text
