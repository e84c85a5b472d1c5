"""The closed lists that cells choose from: our words and those read alike. Keys are folded (letters and digits)."""

from enum import StrEnum
from functools import cache
from typing import TypeVar

from app.authorizations.facts import Kind, Status
from app.coverage.facts import CheckResult, NetworkAnswer
from app.imports.intake.cells import fold_word
from app.schedule.facts import BillTo, Supply, VisitStatus
from app.values.insurance import Benefit, Channel, Known, PlanKind, Rank

E = TypeVar("E", bound=StrEnum)


def _words(kind: type[E], alike: dict[E, str], never: frozenset[E] = frozenset()) -> dict[str, E]:
    """Take every member but some by its value, and the other words (`, ` between) that mean it."""
    words = {fold_word(member.value): member for member in kind if member not in never}
    return words | {fold_word(word): member for member, others in alike.items() for word in others.split(", ")}


@cache
def shown(kind: type[StrEnum]) -> str:
    """List the words of a choice as a person writes them."""
    return ", ".join(map(shown_one, kind))


def shown_one(member: StrEnum) -> str:
    """Write one word of a choice as a person writes it."""
    return member.value.replace("_", " ")


VISIT_STATUS = _words(
    VisitStatus,
    {
        VisitStatus.BOOKED: "scheduled, confirmed, unconfirmed, not confirmed, reminded, arrived, checked in, roomed, "
        "left message, active, new",
        VisitStatus.CANCELED: "cancelled, cancel, canceled by patient, cancelled by patient, canceled by office, "
        "cancelled by office, deleted",
        VisitStatus.NO_SHOW: "no show, noshow, missed, did not keep",
        VisitStatus.DONE: "completed, complete, checked out, seen, fulfilled, closed",
    },
)
BILL_TO = _words(
    BillTo,
    {
        BillTo.INSURANCE: "ins, payer",
        BillTo.SELF_PAY: "self, patient, cash, private pay",
        BillTo.OUTSIDE: "lab, hospital, pharmacy",
    },
)
SUPPLY = _words(
    Supply,
    {
        Supply.BUY_AND_BILL: "buy bill, buy & bill, office, practice, in stock, stock",
        Supply.SPECIALTY_PHARMACY: "sp, specialty, pharmacy, white bag, white bagging",
        Supply.PATIENT: "patient supplied, brown bag",
        Supply.SAMPLE: "samples",
    },
)
CHANNEL = _words(Channel, {Channel.PHARMACY: "rx, drug, pharmacy benefit", Channel.MEDICAL: "med, medical benefit"})
RANK = _words(
    Rank, {Rank.PRIMARY: "1, 1st, p, first", Rank.SECONDARY: "2, 2nd, s, second", Rank.TERTIARY: "3, 3rd, t, third"}
)
PLAN_KIND = _words(
    PlanKind, {PlanKind.POS: "point of service", PlanKind.PRIME: "tricare prime", PlanKind.SELECT: "tricare select"}
)
BENEFIT = _words(Benefit, {Benefit.PHARMACY: "rx, drug", Benefit.BOTH: "medical and pharmacy, medical/pharmacy, all"})
RESULT = _words(
    CheckResult,
    {
        CheckResult.ACTIVE: "eligible, active coverage",
        CheckResult.INACTIVE: "not active, terminated, termed, not eligible",
    },
)
NETWORK = _words(
    NetworkAnswer,
    {
        NetworkAnswer.IN: "in network, inn, yes, par, participating",
        NetworkAnswer.OUT: "out of network, oon, no, non par, non participating",
    },
)
KNOWN = _words(Known, {Known.YES: "y, true, required", Known.NO: "n, false, not required"})
SOURCE = {
    "271": "271", "270271": "271", "edi": "271", "portal": "portal", "website": "portal", "phone": "phone",
    "call": "phone", "card": "card", "insurancecard": "card", "fhir": "fhir",
}  # fmt: skip
KIND = _words(
    Kind,
    {
        Kind.INITIAL: "new, initial request, first",
        Kind.RENEWAL: "reauth, reauthorization, re-auth, renew, continuation",
        Kind.RETRO: "retroactive, retro auth, retrospective",
        Kind.EXTENSION: "extend, date extension",
        Kind.CONTINUITY: "continuity of care, transition of care",
        Kind.NETWORK_EXCEPTION: "gap exception, network gap exception",
        Kind.STEP_EXCEPTION: "step therapy exception",
    },
)
URGENT = {
    "yes": True, "y": True, "true": True, "1": True, "x": True, "urgent": True, "expedited": True, "stat": True,
    "rush": True, "no": False, "n": False, "false": False, "0": False, "standard": False, "routine": False,
    "normal": False,
}  # fmt: skip
OWN_STATES = frozenset({Status.NEEDS_DOCUMENTS, Status.READY, Status.CLOSED})
"""States of the program's own work: no file says them, and no such word is read as the payer's answer."""

STATUS = _words(
    Status,
    {
        Status.DRAFT: "not sent, not submitted, to do, started",
        Status.APPROVED: "certified, affirmed, active, expired, authorized, provisionally affirmed, approved in full, "
        "appr, appvd, apprvd, apprd, authd, authorised, certified in total, pa approved, auth approved, fully approved",
        Status.PARTLY_APPROVED: "partially approved, partial approval, partial, approved in part, modified, "
        "partially affirmed, certified in part, approved with modifications, approved with modification, "
        "approved w/ modification, approved w/ modifications, approved as modified, approved modified, "
        "partly certified, approved partially",
        Status.SUBMITTED: "pending, in review, pended, sent, in process, under review, in progress, awaiting decision, "
        "received, pend, pnd, faxed, waiting, awaiting, awaiting response, awaiting determination, waiting on payer, "
        "waiting for payer, pending payer, pending review, pending response, pending decision, pending determination, "
        "sent to payer, submitted to payer, faxed to payer, under consideration",
        Status.MORE_INFO: "more info asked, more information asked, more info needed, additional info requested, "
        "additional information requested, more information requested, info requested, records requested, "
        "more info requested, additional info needed, additional information needed, addl info needed, "
        "addl info requested, additional info required, more info required, more information needed, need more info, "
        "needs more info, records needed, need records, notes requested, need notes, clinicals requested, rfi",
        Status.DENIED: "non-affirmed, not certified, adverse, not affirmed, non affirmed, denial, not approved, "
        "rejected, adverse determination, non certified, deny, denied in full, adverse decision, not authorized",
        Status.IN_APPEAL: "appeal, appealed, appeal submitted, appeal pending, under appeal",
        Status.NOT_REQUIRED: "no auth required, nar, auth not required, no auth needed, no pa required, "
        "no prior auth required, authorization not required, pa not required, no authorization required, "
        "not needed, npr, no auth req, no auth reqd, not reqd, auth not reqd, pa not reqd, no pa needed, no pa req, "
        "no pa reqd, no authorization needed, auth not needed, pa not needed, authorization not needed, "
        "precert not required, no precert required, no prior authorization required, prior auth not required",
        Status.NOTIFIED: "notification, notification sent",
        Status.WITHDRAWN: "canceled, cancelled, withdrew, withdrawn by office, withdrawn by provider, "
        "request withdrawn, request canceled, request cancelled",
        Status.VOIDED: "void",
    },
    OWN_STATES,
)
EXPIRED = "expired"
STATES = frozenset(
    {
        "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY",
        "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH",
        "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "PR", "VI", "GU",
        "AS", "MP",
    }
)  # fmt: skip
