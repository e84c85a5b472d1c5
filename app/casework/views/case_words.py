"""How cases, entries and their outcomes are called."""

from app.authorizations.facts import AuthorizationRecord
from app.casework.facts.entries import EntryKind, Outcome
from app.casework.views.words import items_words
from app.clearance.views.context import drug_name
from app.values.wording import counted

ENTRY_WORDS = {
    EntryKind.CALL: "Call",
    EntryKind.PORTAL: "Portal",
    EntryKind.FAX: "Fax",
    EntryKind.NOTE: "Note",
    EntryKind.DECISION: "Decision",
    EntryKind.DOCUMENT: "Document",
    EntryKind.REQUEST_SENT: "Request sent",
    EntryKind.PROVIDER_ASKED: "Provider asked",
    EntryKind.PROVIDER_ANSWERED: "Provider answered",
    EntryKind.PEER_TO_PEER: "Peer-to-peer",
    EntryKind.APPEAL: "Appeal",
    EntryKind.DELIVERY: "Delivery",
}
OUTCOME_WORDS = {
    Outcome.INFORMATION: "Information given",
    Outcome.SUBMITTED: "Submitted",
    Outcome.STILL_PENDING: "Still pending",
    Outcome.MORE_INFO_ASKED: "More information asked",
    Outcome.APPROVED: "Approved",
    Outcome.VERBALLY_APPROVED: "Approved by word of mouth, no number yet",
    Outcome.PARTLY_APPROVED: "Partly approved",
    Outcome.DENIED: "Denied",
    Outcome.NOT_REQUIRED: "Not required",
    Outcome.TOO_EARLY: "Too early to submit",
    Outcome.NOT_FOUND: "The payer has no such request",
    Outcome.NO_ANSWER: "No answer",
    Outcome.CALL_BACK: "Call back",
}


def service_words(record: AuthorizationRecord) -> str:
    """What a case is for: its codes and drug; while nothing is granted yet, what was asked."""
    if record.items or record.drug or not record.requested:
        return items_words(record.items, record.drug)
    names = [line.code or drug_name(line.drug) or "" for line in record.requested]
    return ", ".join(dict.fromkeys(filter(None, names))) or "No code on file"


def hold_words(minutes: int) -> str:
    """How long somebody was on hold: on hold 12 minutes."""
    return f"on hold {counted(minutes, 'minute')}"
