"""Whom a change of plans touches, what it voids, and until when a new plan lets care go on: pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID, uuid5

from app.authorizations.facts import Authorization, AuthorizationRecord
from app.clearance.facts.reasons import Badge, Check, Result
from app.clearance.facts.verdicts import first_reason
from app.clearance.rules.approvals import plan_differs
from app.clearance.rules.candidates import GRANTED, KINDS
from app.clearance.rules.packing import StoredLine
from app.coverage.facts import Coverage, CoverageRecord, PlanTurn, Turned
from app.eligibility.facts.sentinel import DUTY_DAYS, PlanChange, PlanSeen, TouchedVisit
from app.values.insurance import Channel, Line
from app.values.members import MemberKey

_WHO_PAYS = frozenset({PlanTurn.PAYER, PlanTurn.MEMBER, PlanTurn.OTHER_PAYER, PlanTurn.INACTIVE})
_GIVES_WAY = frozenset({PlanTurn.ENDS, PlanTurn.INACTIVE})


def seen(record: CoverageRecord) -> PlanSeen:
    """Keep of a coverage what a change of plans is told by."""
    return PlanSeen(
        record.payer, record.payer_name, record.member_id, record.plan, record.plan_id, record.group_number,
        record.begins, record.ends, record.line,
    )  # fmt: skip


def merged(turned: Sequence[Turned]) -> tuple[Turned, ...]:
    """Make one change of what one transaction did: an old coverage that ends as a new one takes over is none itself."""
    taken_over = {one.before.id for one in turned if PlanTurn.ADDED in one.turns}
    return tuple(
        one
        for one in turned
        if PlanTurn.ADDED in one.turns or one.before.id not in taken_over or set(one.turns) - _GIVES_WAY
    )


def touched(
    change_id: UUID, visit: tuple[UUID, date], before: tuple[Badge, Sequence[StoredLine]],
    after: tuple[Badge, Sequence[StoredLine]],
) -> TouchedVisit | None:  # fmt: skip
    """Say whether a visit stands otherwise than before: another badge, or another result of the check of the plan.

    Takes     the change; the visit and its day; its badge and lines before and after.
    """
    was, now = before[0], after[0]
    if was is now and _plans(before[1]) == _plans(after[1]):
        return None
    speaking = next((line for line in after[1] if line.badge is now), None)
    reason = first_reason(speaking.reasons, speaking.badge) if speaking is not None else None
    return TouchedVisit(change_id, *visit, was, now, reason)


def _plans(lines: Sequence[StoredLine]) -> list[Result | None]:
    return [next((one.result for one in line.reasons if one.check is Check.PLAN), None) for line in lines]


def was_valid_under(row: Authorization, change: PlanChange, member: MemberKey, today: date) -> bool:
    """Say whether an approval was given under the plan that a change left behind, and has not ended.

    Takes     the approval; the change; the member id that stood before it, comparable; the practice's day.
    """
    granted = row.status in GRANTED and row.kind in KINDS and (row.ends is None or row.ends >= today)
    return granted and row.payer == change.before.payer and (row.member is None or row.member.same_as(member))


def is_void(row: Authorization, of_day: Coverage | None) -> bool:
    """Say whether an approval is of another plan than the coverage that now counts. None: there is none to ask."""
    return of_day is not None and plan_differs(row, of_day) is not None


def tells(change: PlanChange, visits: int, approvals: int) -> bool:
    """Say whether a change is worth a person's look: it touches a visit or an approval, or another plan pays."""
    return bool(visits or approvals or set(change.turns) & _WHO_PAYS)


def has_duty(line: Line | None, channel: Channel | None) -> bool:
    """Say whether the plan must let an active course go on: a Medicare Advantage plan, but not for pharmacy drugs."""
    return line is Line.MEDICARE_ADVANTAGE and channel is not Channel.PHARMACY


def duty_until(begins: date) -> date:
    """The last of the days for which a Medicare Advantage plan must let a course go on, the first of them `begins`."""
    return begins + timedelta(days=DUTY_DAYS - 1)


def continuity_id(change_id: UUID, approval_id: UUID) -> UUID:
    """The id of the continuity request for an approval and a change: always the same, so that it opens once."""
    return _derived(change_id, f"continuity {approval_id.hex}")


def continuity_note_id(request_id: UUID) -> UUID:
    """The id of the entry that says why a continuity request was opened."""
    return _derived(request_id, "why")


def _derived(one: UUID, name: str) -> UUID:
    """An id of version 7 that follows from another: a millisecond after it, so that it stands behind it in order."""
    rest = uuid5(one, name).int & ((1 << 62) - 1)
    return UUID(int=((one.int >> 80) + 1) << 80 | 7 << 76 | 2 << 62 | rest)


def why_words(change: PlanChange, approval: AuthorizationRecord, with_duty: bool) -> str:
    """Say in the history of a continuity request why it was opened, and what the new plan owes."""
    said = (
        f"Opened by itself: {change.before.payer_name} gave {approval.number or approval.reference or 'an approval'}, "
        f"and {change.after.payer_name} is the plan now. Ask it to let the approved course go on."
    )
    return f"{said} {DUTY}" if with_duty else said


DUTY = (
    f"A Medicare Advantage plan must let an active course of treatment go on for {DUTY_DAYS} days without new approval "
    "(42 CFR 422.112(b)(8); not Part D drugs)."
)
