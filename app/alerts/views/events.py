"""What each reason is called where a person chooses how to hear of it."""

from collections.abc import Mapping

from app.deadlines.facts import Reason

EVENTS: Mapping[Reason, tuple[str, str]] = {
    Reason.INFORMATION_OWED: ("Information asked for", "A payer waits for documents: half-way, and 24 hours before."),
    Reason.PEER_TO_PEER: ("Peer-to-peer window", "A call with the payer's physician: 24 hours before it closes."),
    Reason.RETRO_DUE: (
        "Request after a service",
        "Something was performed without approval, and can still be asked for.",
    ),
    Reason.APPEAL: ("Appeal window", "The last days on which a denial can be appealed."),
    Reason.ANSWER_OWED: ("Payer's answer late", "The time that the payer has for its decision is over."),
    Reason.DENIED: ("Denied", "A request was denied."),
    Reason.TOMORROW: ("Tomorrow's visits", "Visits of the next working day that are not cleared: 3:00 PM and 7:00 AM."),
    Reason.APPROVAL_ENDS: ("Approval ends", "Days ahead as you choose below, or the payer's lead time."),
    Reason.RENEWAL_DUE: ("Renewal to ask for", "Early enough for the payer to answer before the approval ends."),
    Reason.UNITS_LOW: ("Visits or units low", "Five left, or more booked than left."),
    Reason.COVERAGE_CHANGED: ("Coverage changed", "A check showed other coverage than is on file."),
    Reason.ELIGIBILITY_STALE: ("Coverage not checked", "A booked visit rests on an old check."),
    Reason.ELIGIBILITY_UNANSWERED: (
        "Plan has not answered",
        "A plan was asked about a visit: noon of the business day before, and 7:00 AM.",
    ),
    Reason.REPLY: ("Patient's reply", "A patient answered a text, and a person must read it."),
    Reason.APPROVED: ("Approved", "A request was approved."),
    Reason.IMPORT_STALE: ("Schedule is old", "No schedule has come in for a day."),
    Reason.RULES_UNVERIFIED: ("Rules to verify", "Visits or cases rest on rules that nobody verified for 180 days."),
    Reason.IMPORT_FAILED: ("Import failed", "A file could not be read, or stopped half-way."),
    Reason.JOB_LATE: ("Job late", "Something that runs by itself has stopped."),
    Reason.UNDELIVERED: ("Message not delivered", "A message cannot reach its person."),
}
"""The name of a reason and what it means, in the order of the page."""

GROUPS: tuple[tuple[str, tuple[Reason, ...]], ...] = (
    (
        "In hours or days",
        (
            Reason.INFORMATION_OWED,
            Reason.PEER_TO_PEER,
            Reason.RETRO_DUE,
            Reason.APPEAL,
            Reason.ANSWER_OWED,
            Reason.DENIED,
            Reason.TOMORROW,
        ),
    ),
    (
        "In weeks",
        (
            Reason.APPROVAL_ENDS,
            Reason.RENEWAL_DUE,
            Reason.UNITS_LOW,
            Reason.COVERAGE_CHANGED,
            Reason.ELIGIBILITY_STALE,
            Reason.ELIGIBILITY_UNANSWERED,
            Reason.REPLY,
            Reason.APPROVED,
        ),
    ),
    (
        "The program itself",
        (
            Reason.IMPORT_STALE,
            Reason.RULES_UNVERIFIED,
            Reason.IMPORT_FAILED,
            Reason.JOB_LATE,
            Reason.UNDELIVERED,
        ),
    ),
)
"""The reasons by how much time they leave; together they are all."""


def event_name(reason: Reason) -> str:
    """Name a reason."""
    return EVENTS[reason][0]
