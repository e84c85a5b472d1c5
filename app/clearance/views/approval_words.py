"""Words for the checks from approval to drug."""

from collections.abc import Callable

from app.authorizations.facts import ANY_CODE, Authorization, Counting, Item
from app.clearance.facts.reasons import Reason
from app.clearance.views.context import Told, Words, approval_source, called, drug_name
from app.values.insurance import Channel, Line
from app.values.wording import counted, listed, long_day, short_day

DUTY = (
    "This is a Medicare Advantage plan: it must let an active course of treatment go on for 90 days without new "
    "approval (42 CFR 422.112(b)(8); not Part D drugs). Record its confirmation."
)
Teller = Callable[[Told], Words]
Part = Callable[[Told], str] | str | None


def _say(part: Part, told: Told) -> str | None:
    return part(told) if callable(part) else part


def tell_approval(needs: Part, has: Part, fix: Part, short: Part) -> Teller:
    """Make the teller of a reason that speaks of the chosen approval; each part is a text or made from the line."""

    def tell(told: Told) -> Words:
        source = approval_source(told.approval) if told.verdict.chosen is not None else None
        return Words(_say(needs, told), _say(has, told), source, _say(fix, told), _say(short, told) or "")

    return tell


def _span(row: Authorization) -> str:
    begins = short_day(row.begins) if row.begins else "a day not known"
    ends = "no end" if row.no_end and row.ends is None else short_day(row.ends) if row.ends else "a day not known"
    return f"{begins} to {ends}"


def _item(item: Item) -> str:
    if item.last is not None:
        return f"{item.codes[0]} to {item.last}"
    return "any code" if ANY_CODE in item.codes else "/".join(item.codes)


def named(told: Told) -> str:
    """What the chosen approval names: codes, ranges and its drug."""
    row = told.approval
    parts = [_item(item) for item in row.items]
    drug = drug_name(row.drug)
    if drug:
        parts.append(drug)
    return listed(parts) or "no code"


def _with_duty(fix: str) -> Part:
    """Name beside a fix what a Medicare Advantage plan owes who switched into it; not for drugs of the pharmacy."""

    def say(told: Told) -> str:
        of_duty = told.coverage.line is Line.MEDICARE_ADVANTAGE and told.verdict.line.channel is not Channel.PHARMACY
        return f"{fix} {DUTY}" if of_duty else fix

    return say


def _needed(told: Told) -> str:
    row = told.approval
    visits = any(item.counting is Counting.VISITS for item in row.items if item.names(told.verdict.line.code or ""))
    return counted(1, "visit") if visits else counted(told.verdict.line.units, "unit")


def _left(told: Told) -> str:
    left = told.verdict.units_left_after
    return f"{counted(left or 0, 'unit')} left on {called(told.approval)}."


def _held_by(told: Told) -> str:
    row = told.approval
    return f"{called(row)} names {row.payer_name}; the coverage of the day is {told.payer}."


def _after_short(told: Told) -> str:
    ends = told.approval.ends
    return f"Approval ends {counted((told.day - ends).days, 'day')} before visit" if ends else "Approval has ended"


def _after(told: Told) -> str:
    row = told.approval
    open_day = row.ends is not None and row.ends >= told.as_of
    latest = f", or move the visit: the latest day is {long_day(row.ends)}" if row.ends and open_day else ""
    return f"Ask {row.payer_name} to extend it{latest}."


_ASK = "Ask the payer to correct the approval, or request a new one."

TELLERS: dict[Reason, Teller] = {
    Reason.APPROVAL_APPROVED: tell_approval(
        "An approval.", lambda told: f"{called(told.approval)} is approved.", None, "Approved"
    ),
    Reason.APPROVAL_NOTIFIED: tell_approval(
        "Notice to the payer.", lambda told: f"{called(told.approval)} was sent as notice.", None, "Payer was notified"
    ),
    Reason.APPROVAL_NONE: tell_approval(
        lambda told: f"An approval of {told.payer} for {told.what}.",
        "No authorization on file names it.",
        "Request the authorization, or log the approval if the payer has given one.",
        lambda told: f"Approval needed for {told.what}, none on file",
    ),
    Reason.APPROVAL_NOT_SENT: tell_approval(
        lambda told: f"An approval of {told.payer} for {told.what}.",
        "A request is drafted and was not sent.",
        "Send the drafted request.",
        "Request is drafted and not sent",
    ),
    Reason.APPROVAL_DENIED: tell_approval(
        "An approval.",
        lambda told: f"{told.approval.payer_name} denied {called(told.approval)}.",
        "Appeal or ask for a peer-to-peer; move the visit until it is decided.",
        "The payer denied the request",
    ),
    Reason.APPROVAL_IN_APPEAL: tell_approval(
        "An approval.",
        lambda told: f"{called(told.approval)} was denied and is in appeal.",
        "Wait for the appeal's answer; move the visit until it is decided.",
        "Request was denied, appeal is open",
    ),
    Reason.APPROVAL_DISMISSED: tell_approval(
        "An approval.",
        lambda told: f"{told.approval.payer_name} dismissed {called(told.approval)} without deciding it.",
        "Send a new request with what was missing.",
        "The payer dismissed the request",
    ),
    Reason.APPROVAL_UNDECIDED: tell_approval(
        "A decision.",
        lambda told: f"{called(told.approval)} was asked for; {told.approval.payer_name} has not decided.",
        "Ask the payer for the decision, or record it.",
        "Asked for; payer has not decided",
    ),
    Reason.APPROVAL_MORE_INFO: tell_approval(
        "A decision.",
        lambda told: f"{told.approval.payer_name} asked for more information on {called(told.approval)}.",
        "Send what the payer asked for.",
        "Payer asked for more information",
    ),
    Reason.APPROVAL_NO_NUMBER: tell_approval(
        "An approval with the payer's number or reference.",
        "It is logged as approved without a real number or reference.",
        "Get the number from the payer and add it.",
        "Approved, but without a payer's number",
    ),
    Reason.APPROVAL_OPTIONAL: tell_approval(
        lambda told: f"Approval is not required; {told.payer} reviews the claim or wants notice.",
        "Nothing is on file.",
        "Send a request or the notice, so that the claim is not held up.",
        "Voluntary approval or notice not on file",
    ),
    Reason.PLAN_SAME: tell_approval(
        "An approval of the coverage of the day.",
        lambda told: f"{called(told.approval)} is of {told.payer}.",
        None,
        "Approval fits the plan",
    ),
    Reason.PLAN_CONTINUITY: tell_approval(
        "An approval of the coverage of the day.",
        lambda told: f"{told.payer} confirmed that care under {called(told.approval)} goes on.",
        None,
        "New payer confirmed continuity",
    ),
    Reason.PLAN_PAYER_DIFFERS: tell_approval(
        lambda told: f"An approval of {told.payer}.",
        _held_by,
        _with_duty("Request a new authorization from the payer of the day, or confirm continuity of care."),
        "Approval is from another payer",
    ),
    Reason.PLAN_MEMBER_DIFFERS: tell_approval(
        "An approval for this member id.",
        lambda told: f"{called(told.approval)} names another member id than the coverage.",
        "Compare the card with the approval letter and correct the one that is wrong.",
        "Approval names another member",
    ),
    Reason.PLAN_ID_DIFFERS: tell_approval(
        "An approval of the same plan or group.",
        lambda told: f"{called(told.approval)} names another plan or group than the coverage.",
        _with_duty("Ask the payer whether the approval moved with the plan, or request a new one."),
        "Approval is for another plan",
    ),
    Reason.PLAN_BEFORE_COVERAGE: tell_approval(
        "An approval given under this coverage.",
        lambda told: f"{called(told.approval)} names no member, and may date from before this coverage began.",
        "Add the member id from the approval letter.",
        "Approval may predate this coverage",
    ),
    Reason.PLAN_NO_COVERAGE: tell_approval(
        "A coverage to compare the approval with.",
        "No coverage is on file.",
        "Add the patient's coverage.",
        "No coverage to compare approval with",
    ),
    Reason.PLAN_NAME_DIFFERS: tell_approval(
        "The plan's name on the approval and the coverage alike.",
        lambda told: f"{called(told.approval)} says {told.approval.plan}, the coverage says {told.coverage.plan}.",
        "Ask the payer whether both are the same plan.",
        "Plan's name differs on the approval",
    ),
    Reason.CODE_NAMED: tell_approval(
        lambda told: f"An approval for {told.what}.",
        lambda told: f"{called(told.approval)} names it.",
        None,
        "Code is approved",
    ),
    Reason.CODE_BY_FAMILY: tell_approval(
        lambda told: f"An approval for {told.what}.",
        lambda told: f"{called(told.approval)} names {named(told)}, of the same family.",
        None,
        "Code's family is approved",
    ),
    Reason.CODE_DIFFERS: tell_approval(
        lambda told: f"An approval for {told.what}.",
        lambda told: f"{called(told.approval)} names {named(told)}.",
        _ASK,
        "Approval names another code",
    ),
    Reason.CODE_FAMILY_OPEN: tell_approval(
        "An approval for each code that the day may end with.",
        lambda told: f"{called(told.approval)} names {named(told)}; other codes of this service need approval too.",
        "Ask the payer to add the other codes, or make sure that only the approved one is done.",
        "Related codes need approval too",
    ),
    Reason.DATES_INSIDE: tell_approval(
        lambda told: f"An approval that holds {told.visit_day}.",
        lambda told: f"{called(told.approval)}: {_span(told.approval)}.",
        None,
        "Dates fit",
    ),
    Reason.DATES_BEFORE: tell_approval(
        lambda told: f"An approval that holds {told.visit_day}.",
        lambda told: f"{called(told.approval)}: {_span(told.approval)}.",
        "Move the visit into the approved days, or ask the payer for an earlier begin.",
        "Visit is before the approval begins",
    ),
    Reason.DATES_AFTER: tell_approval(
        lambda told: f"An approval that holds {told.visit_day}.",
        lambda told: f"{called(told.approval)}: {_span(told.approval)}.",
        _after,
        _after_short,
    ),
    Reason.DATES_MISSING: tell_approval(
        lambda told: f"An approval that holds {told.visit_day}.",
        lambda told: f"{called(told.approval)}: {_span(told.approval)}.",
        "Add the begin and end from the approval letter.",
        "Approval's dates are not on file",
    ),
    Reason.UNITS_ENOUGH: tell_approval(_needed, _left, None, "Units are enough"),
    Reason.UNITS_NOT_COUNTED: tell_approval(
        _needed, "The payer does not count this code.", None, "Units are not counted"
    ),
    Reason.UNITS_SINGLE: tell_approval(
        _needed, "The approval has no count, and this is the only line on it.", None, "Only line on the approval"
    ),
    Reason.UNITS_TOO_FEW: tell_approval(
        _needed, _left, "Ask the payer for more units, or cancel a booked visit that takes them.", "Too few units left"
    ),
    Reason.UNITS_NO_COUNT: tell_approval(
        _needed,
        "The approval has no count, and more than one line is booked on it.",
        "Add the approved count from the letter.",
        "Approved count is not on file",
    ),
}
