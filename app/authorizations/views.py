"""How the states, kinds and tags of a case are called."""

from collections.abc import Mapping

from app.authorizations.facts import Kind, Status, Tag

STATUS_WORDS: Mapping[Status, str] = {
    Status.DRAFT: "Draft",
    Status.NEEDS_DOCUMENTS: "Needs documents",
    Status.READY: "Ready to send",
    Status.SUBMITTED: "Submitted",
    Status.MORE_INFO: "More info asked",
    Status.APPROVED: "Approved",
    Status.PARTLY_APPROVED: "Partly approved",
    Status.DENIED: "Denied",
    Status.IN_APPEAL: "In appeal",
    Status.NOT_REQUIRED: "Not required",
    Status.NOTIFIED: "Notified",
    Status.WITHDRAWN: "Withdrawn",
    Status.DISMISSED: "Dismissed",
    Status.VOIDED: "Voided",
    Status.CLOSED: "Closed",
}
"""In the order in which a case usually passes through them."""

STATUS_SENTENCES: Mapping[Status, str] = {
    Status.DRAFT: "Begun, not yet complete.",
    Status.NEEDS_DOCUMENTS: "Something that the payer asks for is missing.",
    Status.READY: "Complete; send it to the payer.",
    Status.SUBMITTED: "Asked for. The payer has not decided.",
    Status.MORE_INFO: "The payer asks for more before it decides.",
    Status.APPROVED: "The payer granted what was asked.",
    Status.PARTLY_APPROVED: "The payer granted less than was asked.",
    Status.DENIED: "The payer said no.",
    Status.IN_APPEAL: "The denial is under appeal.",
    Status.NOT_REQUIRED: "The payer says that none is needed.",
    Status.NOTIFIED: "The payer was told; it decides nothing.",
    Status.WITHDRAWN: "The practice took the request back.",
    Status.DISMISSED: "The payer did not take it up: a duplicate, the wrong payer, or outside its window.",
    Status.VOIDED: "Logged by mistake, or no longer in force.",
    Status.CLOSED: "Finished.",
}

KIND_WORDS: Mapping[Kind, str] = {
    Kind.INITIAL: "Initial",
    Kind.RENEWAL: "Renewal",
    Kind.EXTENSION: "Extension",
    Kind.RETRO: "Retro",
    Kind.APPEAL: "Appeal",
    Kind.REFERRAL: "Referral",
    Kind.CONTINUITY: "Continuity of care",
    Kind.NETWORK_EXCEPTION: "Network exception",
    Kind.FORMULARY_EXCEPTION: "Formulary exception",
    Kind.STEP_EXCEPTION: "Step exception",
}

TAG_WORDS: Mapping[Tag, str] = {
    Tag.OVERDUE: "Overdue",
    Tag.URGENT: "Urgent",
    Tag.VERBAL: "Verbal",
    Tag.TOO_EARLY: "Too early",
    Tag.ENDED: "Ended",
    Tag.EXPIRING: "Expiring",
    Tag.USED_UP: "Used up",
    Tag.UNITS_LOW: "Units low",
    Tag.RETRO: "Retro",
    Tag.RENEWAL: "Renewal",
}

RED_STATUSES = frozenset({Status.DENIED})
RED_TAGS = frozenset({Tag.OVERDUE})
"""Red is for what is blocked, denied or overdue, and for nothing else."""


def status_words(status: Status) -> str:
    """A status as people call it: Ready to send."""
    return STATUS_WORDS[status]


def kind_words(kind: Kind) -> str:
    """A kind of request as people call it: Continuity of care."""
    return KIND_WORDS[kind]


def tag_words(tag: Tag) -> str:
    """A tag as people call it: Units low."""
    return TAG_WORDS[tag]
