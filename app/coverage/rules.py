"""What an edit of a coverage changed, and the check that an edit is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.coverage.facts import (
    Answered,
    CheckResult,
    CoverageRecord,
    EligibilityCheck,
    Method,
    NetworkAnswer,
    PlanFacts,
    PlanTurn,
)
from app.values.insurance import Benefit, Known, Line, PlanKind, Rank
from app.values.members import member_forms

_NEVER_TOLD = ("id", "patient_id", "verified")
_OF_THE_ANSWER: dict[str, Any] = {
    "checked_on": None, "result": None, "network": None, "other_primary": False, "other_payer": None, "source": None,
    "reference": None,
}  # fmt: skip


def changes_of(old: CoverageRecord | None, record: CoverageRecord) -> dict[str, list[str | None]]:
    """List what an event changes: the old and new value by column; of the sealed member id nothing but its name."""
    changes: dict[str, list[str | None]] = {}
    for field in fields(record):
        before = None if old is None else getattr(old, field.name)
        after = getattr(record, field.name)
        if field.name in _NEVER_TOLD or before == after or (old is None and not after):
            continue
        sealed = field.name == "member_id"
        changes[field.name] = [None, None] if sealed else [_text(before), _text(after)]
    return changes


_READERS: Mapping[str, Callable[[str], Any]] = {
    **dict.fromkeys(("begins", "ends", "checked_on"), date.fromisoformat),
    "other_primary": lambda text: text == "True",
    "rank": Rank,
    "line": Line,
    "plan_kind": PlanKind,
    "benefit": Benefit,
    "result": CheckResult,
    "network": NetworkAnswer,
    "referral_required": Known,
}


def values_before(changes: Mapping[str, list[str | None]]) -> dict[str, Any] | None:
    """Read from an event what its columns held before it, for `replace`.

    Returns   None where that cannot be put back: the sealed member id changed, the coverage was added by it, or it
              took another change back.
    """
    if not changes or "member_id" in changes or "why" in changes or is_first(changes):
        return None
    return {
        name: None if (before := pair[0]) is None else _READERS.get(name, str)(before) for name, pair in changes.items()
    }


def is_first(changes: Mapping[str, list[str | None]]) -> bool:
    """Say whether an event tells how the coverage came on file."""
    return changes.get("payer", ["", ""])[0] is None


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def without_answer_of_another(old: CoverageRecord, new: CoverageRecord) -> CoverageRecord:
    """Forget the last eligibility answer where payer or member became another: it was given for another plan."""
    same_member = member_forms(old.member_id).whole == member_forms(new.member_id).whole
    return new if old.payer == new.payer and same_member else replace(new, **_OF_THE_ANSWER)


def is_newest(record: CoverageRecord, answered_on: date) -> bool:
    """Say whether an answer of a day goes before the one on file: an older one never takes its place."""
    return record.result is None or record.checked_on is None or answered_on >= record.checked_on


def without_older_answer(old: CoverageRecord, changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """Leave out of new values of a coverage an answer that is older than the one on file, all that it says."""
    answered_on = changes.get("checked_on")
    if answered_on is None or is_newest(old, answered_on):
        return changes
    return {name: value for name, value in changes.items() if name not in _OF_THE_ANSWER}


METHODS = {
    "271": Method.X12_271, "portal": Method.PORTAL, "phone": Method.PHONE, "card": Method.CARD, "fhir": Method.FHIR,
}  # fmt: skip
"""How a plan was asked, by the word that a coverage holds for it. Any other word came with a file."""


def check_of_edit(
    old: CoverageRecord, changes: Mapping[str, Any], check_id: UUID, at: datetime, user_id: UUID | None
) -> EligibilityCheck | None:
    """Make the check that an edit of a coverage is; None where the edit records no answer of the plan.

    Takes     the coverage before it, the new values by the field names of CoverageRecord, the id that the check gets,
              the instant, and who edits.
    """
    checked_on, result = changes.get("checked_on"), changes.get("result")
    if checked_on is None or result is None:
        return None
    other = bool(changes.get("other_primary"))
    return EligibilityCheck(
        id=check_id,
        patient_id=old.patient_id,
        coverage_id=old.id,
        method=METHODS.get(changes.get("source") or "", Method.FILE),
        result=Answered(result),
        answered_on=checked_on,
        at=at,
        user_id=user_id,
        reference=changes.get("reference"),
        plan=PlanFacts(ends=changes.get("ends"), other_primary=other, other_payer=changes.get("other_payer")),
        on_file=plan_on_file(old),
    )


def plan_on_file(record: CoverageRecord) -> PlanFacts:
    """What of a coverage on file the first answer is compared with. Names and begins are written in too many ways."""
    return PlanFacts(
        member_id=record.member_id,
        group_number=record.group_number,
        ends=record.ends,
        other_payer=record.other_payer,
        other_primary=record.other_primary,
        result=Answered(record.result) if record.result is not None else None,
    )


def order_of(check: EligibilityCheck) -> tuple[date, datetime, str]:
    """The order of a coverage's checks, in whatever order they came in."""
    return check.answered_on, check.at, check.id.hex


def turns_of(old: CoverageRecord, new: CoverageRecord) -> tuple[PlanTurn, ...]:
    """Say in what a coverage is another plan's than it was. What is not told any more, or said otherwise, is no turn.

    A member id that differs by a dependent's suffix is the same; an end that comes later is none.
    """
    was, now = member_forms(old.member_id), member_forms(new.member_id)
    same_member = was.base == now.base or was.whole in (now.base, now.cut) or now.whole == was.cut
    ends_sooner = new.ends is not None and (old.ends is None or new.ends < old.ends)
    inactive = new.result is CheckResult.INACTIVE and old.result is not CheckResult.INACTIVE
    turned = {
        PlanTurn.PAYER: old.payer != new.payer,
        PlanTurn.MEMBER: not same_member,
        PlanTurn.GROUP: _other(old.group_number, new.group_number),
        PlanTurn.PLAN: _other(old.plan_id, new.plan_id) or _other(old.plan, new.plan),
        PlanTurn.ENDS: ends_sooner,
        PlanTurn.INACTIVE: inactive,
        PlanTurn.OTHER_PAYER: new.other_primary and not old.other_primary,
    }
    return tuple(turn for turn, holds in turned.items() if holds)


def _other(old: str | None, new: str | None) -> bool:
    """Both told, and not the same without case, blanks and signs."""
    if not old or not new:
        return False
    was, now = ("".join(sign for sign in text.casefold() if sign.isalnum()) for text in (old, new))
    return was != now


def taken_over(before: Sequence[CoverageRecord], new: CoverageRecord) -> CoverageRecord | None:
    """Find which coverage on file a new one takes over from: of its rank, for its benefit, the latest begun.

    None where there is none, or where it is of the same payer and member: then it goes on.
    """
    rivals = [one for one in before if one.id != new.id and one.rank is new.rank and _meet(one, new)]
    last = max(rivals, key=lambda one: (one.begins or date.min, one.id.hex), default=None)
    gone_on = last is not None and not set(turns_of(last, new)) & _ANOTHER
    return None if gone_on else last


def _meet(one: CoverageRecord, other: CoverageRecord) -> bool:
    """Both are checked or typed, and serve one benefit."""
    return (
        one.verified
        and other.verified
        and (one.benefit is other.benefit or Benefit.BOTH in (one.benefit, other.benefit))
    )


_ANOTHER = frozenset({PlanTurn.PAYER, PlanTurn.MEMBER, PlanTurn.GROUP, PlanTurn.PLAN})
