"""Changes of plans in words: what turned, which visits stand otherwise, and what is asked of the new plan."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.authorizations.facts import AuthorizationRecord
from app.authorizations.rules.moves import GRANTED
from app.authorizations.views import STATUS_WORDS
from app.clearance.facts.reasons import Reason
from app.coverage.facts import PlanTurn
from app.eligibility.actions.plan_changes import ChangesSeen, ToConfirm, VoidNow
from app.eligibility.facts.sentinel import PlanChange, PlanSeen, TouchedVisit, VoidApproval
from app.eligibility.rules.sentinel import DUTY, duty_until, has_duty
from app.values.wording import clock_time, counted, listed, long_day, short_day

SHOWN_VISITS = 10
_OTHER = {PlanTurn.MEMBER: "another member id", PlanTurn.GROUP: "another group", PlanTurn.PLAN: "another plan"}
REASONS = {
    Reason.PLAN_PAYER_DIFFERS: "The approval is of another payer",
    Reason.PLAN_MEMBER_DIFFERS: "The approval names another member id",
    Reason.PLAN_ID_DIFFERS: "The approval is for another plan or group",
    Reason.PLAN_NAME_DIFFERS: "The approval names the plan otherwise",
    Reason.COVERAGE_ENDED: "Coverage ends before the visit",
    Reason.COVERAGE_NOT_BEGUN: "Coverage has not begun on the day",
    Reason.COVERAGE_INACTIVE: "The plan says inactive",
    Reason.COVERAGE_OTHER_PRIMARY: "Another plan pays first",
    Reason.COVERAGE_NEVER_CHECKED: "The new plan was not asked yet",
}
"""The findings that a change of plans makes; any other is told on the visit's own page."""


@dataclass(frozen=True, slots=True)
class VisitShown:
    """A visit that stands otherwise: its id, day, badges (as the page's macro names them) and why."""

    id: UUID
    when: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class ApprovalShown:
    """An approval of the old plan: its id, what it is called, and the request that was opened for it."""

    id: UUID
    called: str
    request_id: UUID | None
    stands: str
    open: bool


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """One change: whose, when it was seen, what turned, what it touches, and what the new plan owes."""

    id: UUID
    patient_id: UUID
    patient: str
    mrn: str
    seen: str
    title: str
    turns: tuple[str, ...]
    visits: tuple[VisitShown, ...]
    more_visits: str
    approvals: tuple[ApprovalShown, ...]
    duty: str


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """The page: its changes, and where the next one begins (None: this is the last)."""

    changes: tuple[ChangeShown, ...]
    next: str | None


def changes_page(found: ChangesSeen, approvals: bool = True) -> ChangesPage:
    """Put the page into words. `approvals` False: whoever asks may not read of them."""
    shown = tuple(_change(one, found, approvals) for one in found.page.changes)
    last = found.page.changes[-1] if found.page.more else None
    return ChangesPage(shown, write_place(last.at, last.id) if last is not None else None)


def write_place(at: datetime, change_id: UUID) -> str:
    """Where a page begins, for an address."""
    return f"{at:%Y%m%d%H%M%S%f}-{change_id.hex}"


def _change(one: PlanChange, found: ChangesSeen, approvals: bool) -> ChangeShown:
    visits = found.page.visits.get(one.id, ())
    patient, at = found.patients[one.patient_id], one.at.astimezone(found.zone)
    voids = found.page.approvals.get(one.id, ()) if approvals else ()
    rows = [(void, found.cases[void.approval_id]) for void in voids if void.approval_id in found.cases]
    of_duty = any(has_duty(one.after.line, row.channel) for _void, row in rows)
    return ChangeShown(
        one.id,
        one.patient_id,
        f"{patient.last_name}, {patient.first_name}",
        patient.mrn,
        f"{long_day(at.date())} {clock_time(at)}",
        title_of(one),
        turn_words(one),
        tuple(_visit(each, found) for each in visits[:SHOWN_VISITS]),
        f"and {counted(len(visits) - SHOWN_VISITS, 'more visit')}" if len(visits) > SHOWN_VISITS else "",
        tuple(_approval(void, row, found) for void, row in rows),
        DUTY if of_duty else "",
    )


def title_of(one: PlanChange) -> str:
    """Say in a few words what turned."""
    if one.before.payer != one.after.payer:
        return f"{one.before.payer_name} became {one.after.payer_name}"
    if PlanTurn.INACTIVE in one.turns:
        return f"{one.after.payer_name} says inactive"
    if PlanTurn.OTHER_PAYER in one.turns:
        return f"{one.after.payer_name} names another plan as primary"
    if PlanTurn.ENDS in one.turns and one.after.ends is not None:
        return f"{one.after.payer_name} ends {short_day(one.after.ends)}"
    other = next((words for turn, words in _OTHER.items() if turn in one.turns), "another plan")
    return f"{one.after.payer_name}: {other} than before"


def turn_words(one: PlanChange) -> tuple[str, ...]:
    """Say each thing that is another; member ids are not shown, only that they differ."""
    before, after = one.before, one.after
    words = {
        **({PlanTurn.MEMBER: "Another member id"} if before.payer != after.payer else {}),
        PlanTurn.GROUP: f"Group {_was(before.group_number, after.group_number)}",
        PlanTurn.PLAN: f"Plan {_was(*_plans(before, after))}",
        PlanTurn.ENDS: f"Last day {_was(_day(before.ends), _day(after.ends))}",
        PlanTurn.INACTIVE: "The plan says inactive",
        PlanTurn.OTHER_PAYER: "Another plan pays first",
        PlanTurn.ADDED: "A new coverage took over" + (f" {short_day(after.begins)}" if after.begins else ""),
    }
    return tuple(words[turn] for turn in one.turns if turn in words)


def _plans(before: PlanSeen, after: PlanSeen) -> tuple[str | None, str | None]:
    same = before.plan == after.plan
    return (before.plan_id, after.plan_id) if same else (before.plan, after.plan)


def _was(before: str | None, after: str | None) -> str:
    return f"{after or 'not known'}, before {before or 'not known'}"


def _day(day: date | None) -> str | None:
    return None if day is None else short_day(day)


def _visit(one: TouchedVisit, found: ChangesSeen) -> VisitShown:
    why = REASONS.get(one.reason, "See the visit") if one.reason is not None else "Nothing stops it"
    return VisitShown(one.visit_id, long_day(one.day), one.before.value, one.after.value, why)


def _approval(void: VoidApproval, row: AuthorizationRecord, found: ChangesSeen) -> ApprovalShown:
    request = found.cases.get(void.request_id) if void.request_id is not None else None
    if request is None:
        stands = "Served no booked visit: nothing was asked" if void.first_day is None else "No request could follow it"
        return ApprovalShown(row.id, _called(row), None, stands, False)
    if request.status in GRANTED:
        until = f" to {short_day(request.ends)}" if request.ends else ""
        return ApprovalShown(row.id, _called(row), request.id, f"The new plan lets it go on{until}", False)
    by = f", by {short_day(request.next_action_on)}" if request.next_action_on else ""
    stands = f"{STATUS_WORDS[request.status]}: {request.next_action}{by}" if request.next_action else ""
    return ApprovalShown(row.id, _called(row), request.id, stands or STATUS_WORDS[request.status], True)


def _called(row: AuthorizationRecord) -> str:
    codes = listed([code for item in row.items for code in item.codes][:4])
    return " ".join(filter(None, (f"Approval {row.number}" if row.number else "Approval without number", codes)))


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    """The form of a new plan's word: whose, of which approval, what the plan owes, and what the fields begin with."""

    patient_id: UUID
    patient: str
    title: str
    approval: str
    duty: str
    begins: str
    until: str


def confirm_page(found: ToConfirm) -> ConfirmPage:
    """Put the form into words; the 90 days count from the new coverage's first day, else from today."""
    begins = found.change.after.begins if PlanTurn.ADDED in found.change.turns else None
    first = begins or found.change.at.date()
    row = found.approval or found.request
    of_duty = has_duty(found.change.after.line, row.channel)
    return ConfirmPage(
        found.patient.id,
        f"{found.patient.last_name}, {found.patient.first_name}",
        title_of(found.change),
        _called(row),
        DUTY if of_duty else "",
        short_day(first),
        short_day(duty_until(first)) if of_duty else "",
    )


@dataclass(frozen=True, slots=True)
class VoidShown:
    """Why an approval is not usable now, and the request to the new plan (its id and how it stands)."""

    words: str
    request_id: UUID | None
    stands: str
    confirmed: bool


def void_shown(one: VoidNow) -> VoidShown:
    """Put into words that an approval is of a plan before."""
    change, request = one.change, one.request
    since = short_day(change.after.begins or change.at.date()) if PlanTurn.ADDED in change.turns else ""
    words = f"{title_of(change)}{' on ' + since if since else ''}: this approval is not usable by itself."
    if request is None:
        return VoidShown(words, None, "No continuity request is open.", False)
    if request.status in GRANTED:
        until = f" to {short_day(request.ends)}" if request.ends else ""
        return VoidShown(f"{title_of(change)}.", request.id, f"The new plan lets it go on{until}.", True)
    return VoidShown(words, request.id, f"Continuity request: {STATUS_WORDS[request.status]}.", False)
