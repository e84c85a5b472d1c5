"""What an edit of a coverage changed."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from app.coverage.facts import CheckResult, CoverageRecord, NetworkAnswer
from app.values.insurance import Benefit, Known, Line, PlanKind, Rank
from app.values.members import member_forms

_NEVER_TOLD = ("id", "patient_id", "verified")
_OF_THE_ANSWER: dict[str, Any] = {
    "checked_on": None, "result": None, "network": None, "other_primary": False, "source": None, "reference": None,
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
