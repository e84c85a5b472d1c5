"""What changed between two checks of a coverage."""

from collections.abc import Sequence
from datetime import date

from app.coverage.facts import PlanFacts
from app.eligibility.facts.checks import Answered, Difference, DifferenceKind, EligibilityCheck
from app.values.members import same_member

ANSWERS = (Answered.ACTIVE, Answered.INACTIVE)


def differences(before: EligibilityCheck | None, after: EligibilityCheck) -> tuple[Difference, ...]:
    """List what a check says other than the one before it, or, where there is none, than what stood on file.

    Takes     the last check before it that got an answer (`before_each` finds it), and the check.
    Returns   one entry for each thing that is another, in the order of DifferenceKind; none where the plan could not
              be asked: nothing was told then. What an answer does not give is no difference.
    """
    if after.result is Answered.NOT_ASKED:
        return ()
    found = []
    result = before.result if before is not None else after.on_file.result
    if result is not None and result is not after.result:
        found.append(Difference(DifferenceKind.RESULT, result, after.result))
    return (*found, *plan_differences(before.plan if before is not None else after.on_file, after))


def plan_differences(old: PlanFacts, after: EligibilityCheck) -> tuple[Difference, ...]:
    """List in what a check says other than some facts of a plan; values are compared without case and punctuation."""
    new = after.plan
    found = []
    for kind, was, now in (
        (DifferenceKind.MEMBER, *_members(old.member_id, new.member_id)),
        (DifferenceKind.GROUP, _folded(old.group_number), _folded(new.group_number)),
        (DifferenceKind.PLAN, _folded(old.plan), _folded(new.plan)),
        (DifferenceKind.PAYER, _folded(old.payer), _folded(new.payer)),
        (DifferenceKind.BEGINS, old.begins, new.begins),
        (DifferenceKind.ENDS, old.ends, new.ends),
        (DifferenceKind.OTHER_PAYER, _folded(old.other_payer), _folded(new.other_payer)),
    ):
        told_anew = kind in (DifferenceKind.ENDS, DifferenceKind.OTHER_PAYER)
        if now and was != now and (was or told_anew):
            found.append(Difference(kind, _text(_value(old, kind)), _text(_value(new, kind))))
    return tuple(found)


def before_each(checks: Sequence[EligibilityCheck]) -> dict[EligibilityCheck, EligibilityCheck | None]:
    """Find for each check of a coverage, given oldest first, the last one before it that got an answer."""
    found: dict[EligibilityCheck, EligibilityCheck | None] = {}
    last: EligibilityCheck | None = None
    for check in checks:
        found[check] = last
        if check.result in ANSWERS and check.taken_back_at is None:
            last = check
    return found


_FIELDS = {
    DifferenceKind.MEMBER: "member_id",
    DifferenceKind.GROUP: "group_number",
    DifferenceKind.PLAN: "plan",
    DifferenceKind.PAYER: "payer",
    DifferenceKind.BEGINS: "begins",
    DifferenceKind.ENDS: "ends",
    DifferenceKind.OTHER_PAYER: "other_payer",
}


def _value(plan: PlanFacts, kind: DifferenceKind) -> str | date | None:
    value: str | date | None = getattr(plan, _FIELDS[kind])
    return value


def _text(value: str | date | None) -> str | None:
    return value.isoformat() if isinstance(value, date) else value


def _folded(text: str | None) -> str:
    return "".join(sign for sign in (text or "").casefold() if sign.isalnum())


def _members(old: str | None, new: str | None) -> tuple[str, str]:
    """The forms to compare; alike where they differ by a dependent's suffix only."""
    if not old or not new:
        return _folded(old), _folded(new)
    before = _folded(old)
    return before, before if same_member(old, new) else _folded(new)
