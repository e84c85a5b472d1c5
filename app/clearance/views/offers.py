"""What a panel offers to do about a visit: data for its buttons and links."""

from dataclasses import dataclass
from uuid import UUID

from app.clearance.facts.opened import OpenedVisit
from app.clearance.facts.reasons import Badge, Reason
from app.clearance.rules.accepting import digest_of, may_accept
from app.clearance.rules.badges import badge_of_visit
from app.clearance.views.latest import latest_words_of_visit
from app.schedule.facts import VisitStatus
from app.values.wording import long_day

_WANTS_APPROVAL = frozenset(
    {
        Reason.APPROVAL_NONE,
        Reason.APPROVAL_NOT_SENT,
        Reason.APPROVAL_DENIED,
        Reason.APPROVAL_IN_APPEAL,
        Reason.APPROVAL_DISMISSED,
        Reason.APPROVAL_UNDECIDED,
        Reason.APPROVAL_MORE_INFO,
        Reason.APPROVAL_OPTIONAL,
        Reason.PLAN_PAYER_DIFFERS,
        Reason.PLAN_MEMBER_DIFFERS,
        Reason.PLAN_ID_DIFFERS,
        Reason.CODE_DIFFERS,
        Reason.DATES_BEFORE,
        Reason.DATES_AFTER,
        Reason.UNITS_TOO_FEW,
        Reason.DIAGNOSIS_DIFFERS,
        Reason.PROVIDER_OTHER_GROUP,
        Reason.PROVIDER_OTHER_PERSON,
        Reason.PLACE_SITE_DIFFERS,
        Reason.PLACE_DIFFERS,
        Reason.CHANNEL_DIFFERS,
        Reason.DRUG_DIFFERS,
        Reason.DRUG_NDC_DIFFERS,
        Reason.RULE_UNKNOWN,
        Reason.RULE_UNMET,
        Reason.RENEWAL_DUE,
    }
)
"""Findings that another approval, once it is on file, may settle."""
_CALM = frozenset({Badge.CLEARED, Badge.SELF_PAY})


@dataclass(frozen=True, slots=True)
class AcceptedWords:
    """Who let the visit through, when and why, and what its lines come to without that."""

    name: str
    when: str
    reason: str
    without: str


@dataclass(frozen=True, slots=True)
class Offers:
    """What can be done: `move` a sentence, `seen` the digest of the checks as hexadecimal digits, the rest flags."""

    patient_id: UUID
    log_approval: bool
    ask: bool
    move: str | None
    accept: bool
    seen: str
    accepted: AcceptedWords | None
    questions: tuple[UUID, ...]
    booked: bool = True
    over: bool = False


def offers_of(opened: OpenedVisit) -> Offers:
    """Say what can be done about an opened visit; a visit that is not booked needs nothing done."""
    answer = opened.answer
    visit = answer.lines[0].visit
    booked = visit.status is VisitStatus.BOOKED
    badge = badge_of_visit([one.badge for one in answer.lines])
    found = {reason for one in answer.lines for reason in one.reasons}
    return Offers(
        patient_id=visit.patient_id,
        log_approval=booked and bool(found & _WANTS_APPROVAL),
        ask=booked and badge not in _CALM,
        move=_move(opened) if booked else None,
        accept=may_accept(answer.lines) and answer.accepted is None,
        seen=digest_of(answer.lines).hex(),
        accepted=_accepted(opened, badge),
        questions=opened.beside.questions if opened.beside is not None and booked else (),
        booked=booked,
        over=visit.day <= answer.basis.as_of and visit.status in (VisitStatus.BOOKED, VisitStatus.DONE),
    )


def _move(opened: OpenedVisit) -> str | None:
    """Offer to move a visit that lies past its latest day to that day, unless the day has gone by."""
    answer = opened.answer
    latest = latest_words_of_visit(answer.lines, answer.basis.as_of)
    if latest is None or latest.past or answer.lines[0].visit.day <= latest.day:
        return None
    return f"Move the visit: the latest day is {latest.day_words}."


def _accepted(opened: OpenedVisit, badge: Badge) -> AcceptedWords | None:
    risk, zone = opened.answer.accepted, opened.answer.zone
    if risk is None:
        return None
    when = long_day(risk.accepted_at.astimezone(zone).date())
    return AcceptedWords(risk.name, when, risk.reason, badge.value)
