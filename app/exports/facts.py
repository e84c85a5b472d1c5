"""What of the program's tables goes into one person's record, what does not and why, and the record itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a record: `column` names the person, or a row of the table `of`, which is a part itself.

    `title`, `about`: what it is called and one sentence on it. `also`: a condition on a column, as its value.
    """

    table: str
    title: str
    about: str
    column: str = "patient_id"
    of: str | None = None
    also: tuple[str, str] | None = None


PARTS: tuple[Part, ...] = (
    Part("patient", "Person", "Who the person is and how to reach them.", "id"),
    Part("patient_former_number", "Former record numbers", "Numbers from before records of one person were merged."),
    Part("feed_person", "What feeds told of the person", "Names, birth date and coverages as they were sent.", "id"),
    Part("patient_wish", "Contact wishes", "What was wished about texts and contact, and who wrote it down."),
    Part("coverage", "Coverages", "Insurance on file, and the last answer about it."),
    Part("coverage_event", "Changes of coverages", "What was changed or checked of a coverage, by whom and when."),
    Part("eligibility_check", "Eligibility checks", "Each time that a plan was asked, and what it answered."),
    Part("patient_answer", "Answers of payers", "What a payer said about the need for approval."),
    Part("authorization", "Requests and approvals", "What was asked of payers, and what they granted or denied."),
    Part(
        "authorization_event", "History of requests", "Every change of a request or approval.",
        "authorization_id", "authorization",
    ),
    Part("case_receipt", "Receipts", "When a payer received a request.", "id", "authorization"),
    Part("case_owner", "Owners of requests", "Who looks after a request.", "id", "authorization"),
    Part("case_snooze", "Requests put aside", "Until when a request is put aside, and by whom.", "id", "authorization"),
    Part(
        "information_request", "Information asked for", "What a payer asked for more of.",
        "authorization_id", "authorization",
    ),
    Part(
        "peer_to_peer", "Talks offered", "Talks between physicians that a payer offered.",
        "authorization_id", "authorization",
    ),
    Part("appeal_level", "Appeals", "Denials that were or can be appealed.", "authorization_id", "authorization"),
    Part("denial", "Denials", "Each no of a payer, in its words.", "authorization_id", "authorization"),
    Part("clinical_fact", "Clinical facts", "What the chart shows, with its day and source; also what was taken back."),
    Part("provider_ask", "Asked of providers", "What a provider was asked about the person, and answered."),
    Part("drug_supply", "Drugs from elsewhere", "Who brings the drug of a request."),
    Part("supply_mark", "Steps of drugs", "How far a drug has come, what was received.", "supply_id", "drug_supply"),
    Part("case_entry", "What happened on requests", "Calls, faxes, notes and decisions of each request."),
    Part("document", "Documents", "Notes, letters, photos and faxes on file; the documents themselves lie beside."),
    Part("letter_version", "Letters", "Letters to payers about the person, with every version."),
    Part("packet", "Packets", "What each packet to a payer was made of.", "case_id", "authorization"),
    Part("payer_request", "Requests sent", "Under which number a request went out.", "case_id", "authorization"),
    Part("pas_exchange", "Messages to payers", "What was sent to a payer by FHIR.", "case_id", "authorization"),
    Part("payer_answer", "Answers by document", "Which documents answered a request.", "case_id", "authorization"),
    Part("mail_record", "From documents", "What documents of payers and other systems say of the person."),
    Part("request_draft", "Requests being written", "What was typed of a request that is not sent yet, and by whom."),
    Part("visit", "Visits", "Booked, past and canceled visits."),
    Part("performed_visit", "What was performed", "Who recorded what was performed at a visit, and when."),
    Part("performed_line", "Services performed", "What was performed at each visit.", "visit_id", "performed_visit"),
    Part("plan_change", "Changes of plans", "When a coverage came to name another plan, and what it was."),
    Part(
        "plan_change_visit", "Visits touched by changes of plans", "How each visit stood before and after.",
        "change_id", "plan_change",
    ),
    Part(
        "plan_change_approval", "Approvals of an earlier plan", "Approvals that the new plan does not honor by itself.",
        "change_id", "plan_change",
    ),
    Part("eligibility_ask", "Requests to plans", "When a plan was asked about coverage, and whether it answered."),
    Part("service_line", "Planned services", "What was planned for each visit.", "visit_id", "visit"),
    Part(
        "feed_appointment", "What feeds told of visits", "Appointments as they were sent, field by field.",
        "visit_id", "visit",
    ),
    Part("visit_verdict", "Answers on visits", "Whether each visit may go ahead, as shown last."),
    Part(
        "visit_verdict_past", "Earlier answers on visits", "What was shown before, and what replaced it.",
        "visit_id", "visit",
    ),
    Part("remittance_claim", "Claims paid and denied", "What payers paid and denied, and what had been shown before."),
    Part(
        "remittance_line", "Services paid and denied", "What payers paid and denied of each service.",
        "claim_id", "remittance_claim",
    ),
    Part("accepted_risk", "Accepted risks", "Visits that were let through, by whom and why."),
    Part("visit_work", "Owners of visits", "Who looks after a visit.", "id", "visit"),
    Part("visit_ask", "Questions of colleagues", "What colleagues asked each other of a visit.", "visit_id", "visit"),
    Part("booking_paper", "Estimates and notices", "What the person was given to sign before a service, and whether."),
    Part(
        "booking_paper_line", "Services on estimates", "What each estimate or notice named, with its price.",
        "paper_id", "booking_paper",
    ),
    Part("patient_text", "Texts to the person", "Each text that was asked for, by whom and about which visit."),
    Part(
        "outbox_message", "Delivery of texts", "How the delivery of each text stands.",
        "recipient_id", also=("kind", "patient"),
    ),
    Part("text_reply_patient", "Replies by number", "Which texts from the person's number are taken as theirs."),
    Part("text_reply", "Texts from the person", "What was written to the practice.", "id", "text_reply_patient"),
    Part("alert", "Alerts", "What the program told staff about this person's approvals and visits."),
    Part("alert_event", "History of alerts", "What was done with an alert.", "alert_id", "alert"),
    Part("patient_opening", "Openings out of sight", "Who opened this record although it was out of their sight."),
)  # fmt: skip
"""In the order of the record. The lines of the audit log about the person are added by the room that reads them."""

READ_BY_OTHERS: Mapping[str, str] = {
    "audit_entry": "The access report: every line of the audit log about the person.",
    "audit_subject": "The access report.",
    "audit_reason": "The access report.",
    "document_piece": "The bytes of each document: files of their own beside the record.",
    "text_stop": "Whether texts to the person's number have ended: a number's, looked up by it.",
}
"""Tables whose rows come into a record through the rooms that keep them."""

LEFT_OUT: Mapping[str, str] = {
    "alert_person": "To whose bell an alert belongs: staff, not the person.",
    "answered_visit": "Which visits an answer settled; the answers on visits show it.",
    "api_answer": "Answers to other programs, kept for a day so that a repeated request does nothing twice.",
    "case_dirty": "That cases are to be listed anew.",
    "case_listing": "In which lists a request stands, worked out of what is in the record.",
    "case_step": "What can be taken back of work on the requests of many people.",
    "eligibility_batch": "Files of requests to plans about many people; what was asked of the person is in the record.",
    "import_draft": "Files of the practice about many people, kept for a day at most.",
    "import_piece": "What an import replaced, about many people, kept for a day at most.",
    "import_undo": "Which rows an import may still take back, kept for a day at most.",
    "kept_form": "A form of a member of staff that waits to be saved or discarded.",
    "mail_answer": "What was answered to a clearinghouse about a file of many people, which it brought.",
    "mail_document": "Documents about many people; what each says of the person is in the record.",
    "mail_piece": "The bytes of documents about many people.",
    "mail_set": "How documents about many people are made up.",
    "mail_source": "Which clearinghouse brought a document about many people.",
    "notice": "Which members of staff are told of an alert.",
    "outbox_alert": "Which alerts a message to staff tells of.",
    "outbox_attempt": "Attempts at the delivery of messages; the state of each text is in the record.",
    "patient_search_key": "An index for finding the person: made of names and numbers that are in the record.",
    "printed_list": "Printed lists of a day's visits, about many people; the visits are in the record.",
    "provider_event": "Reports of the provider of texts; the state of each text is in the record.",
    "patient_answer_origin": "Which answer of a payer goes on from which; the answers are in the record.",
    "question": "What is not known about payers' rules, asked once for the visits of many people.",
    "question_answer": "Answers to these questions: rules of the practice.",
    "remittance": "Payments for claims of many people; what was paid for the person is in the record.",
    "remittance_denial": "For finding denied claims by their reasons, which are in the record.",
    "remittance_outcome": "What denied and paid claims say of payers' rules; the claims are in the record.",
    "unusual_reading": "A review of how staff used the program; who read the record is in the access report.",
    "visit_question": "Which visits wait for a question about payers' rules.",
    "visit_step": "What can be taken back of work on the visits of many people.",
    "watch": "Deadlines that the program works out of what is in the record.",
    "watch_dirty": "That deadlines are to be worked out anew.",
}
"""Tables that may tell of a person and are not in the record, with the reason."""

NOT_ABOUT_PATIENTS = frozenset(
    {
        "absence", "alert_preference", "alert_setting", "alert_sweep", "api_token", "api_token_sight",
        "audit_head", "backup", "corrected_rule", "exemption_notice", "header_match", "import_run", "job_run",
        "key_check", "known_browser", "on_call", "one_time_code", "one_time_code_digest", "outbox_brake",
        "oversight_mark", "participation", "passkey_challenge", "password_check", "payer", "payer_choice",
        "payer_match", "payer_route", "practice", "practice_rule", "practice_rule_end",
        "practice_rule_end_origin", "practice_rule_origin", "practice_texts", "provider", "recovery_code",
        "reset_asked", "rule_action", "rule_in_use", "rule_proposal", "rule_proposal_act", "rule_set",
        "rule_set_in_force", "rule_tally", "rule_verification", "schedule_import", "sign_in_count",
        "sign_in_step", "site", "skipped_step", "staff", "staff_contact", "staff_factor", "staff_look",
        "staff_session", "staff_sight", "staff_site", "visit_type_mapping", "watchdog_alarm",
    }
)  # fmt: skip
"""Tables of the practice, its people, payers and the program itself."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AnswerTold:
    """What was shown of a visit for a while, in words."""

    visit: str
    when: str
    badge: str
    reason: str
    basis: str
    ended: str


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One line of the audit log about the person, in words."""

    when: str
    who: str
    what: str
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """All that is on file about one person.

    `tables`: the rows of each part, opened, as numbers, texts and dates. `names`: of sites and members of staff by id,
    of providers by NPI. `texts_ended`: since when texts to the person's number have ended, in words. `documents`: the
    bytes of each document by its id with the ending of its kind, as the record names it.
    """

    patient_id: UUID
    made_at: datetime
    made_by: str
    practice: str
    zone: ZoneInfo
    tables: Mapping[str, Sequence[Row]]
    answers: Sequence[AnswerTold]
    access: Sequence[AccessLine]
    texts_ended: str | None
    names: Mapping[str, str]
    documents: Mapping[str, bytes] = field(default_factory=dict)
