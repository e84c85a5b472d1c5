"""What a services review decided, of its levels' actions (HCR01)."""

from collections.abc import Collection

ERROR = "error"
DECISIONS = {
    "A1": "approved",
    "A2": "modified",
    "A3": "denied",
    "A4": "pended",
    "A6": "modified",
    "C": "canceled",
    "CT": "pended",
    "NA": "not_required",
}
"""CT asks to call the payer: nothing is decided yet."""
GRANTED = frozenset({"approved", "modified", "not_required"})


def decision(actions: Collection[str | None], failed: int = 0, stopped: bool = False) -> str | None:
    """Say what the levels of one review say together.

    Takes     HCR01 of each level that has one; how many services have an AAA and no HCR; whether an AAA stands on the
              event or on a level above it, so that the request was not processed.
    Returns   the worst-informative decision: any pended; else all denied; else mixed, partly_approved; else any
              modified; else approved. `error` where an AAA stands and nothing but approval beside it: what was not
              processed is not approved. None where no level says anything, or one says what we do not know.
    """
    kinds = {DECISIONS.get(action or "") for action in actions} | ({ERROR} if failed or stopped else set())
    if "pended" in kinds:
        return "pended"
    if stopped and kinds <= GRANTED | {ERROR, None}:
        return ERROR
    if not kinds or None in kinds:
        return None
    return _of_known({kind for kind in kinds if kind})


def _of_known(kinds: set[str]) -> str:
    """Join decisions of which none is pending."""
    if len(kinds) == 1:
        return kinds.pop()
    if kinds <= GRANTED:
        return "modified" if "modified" in kinds else "approved"
    if not kinds & GRANTED:
        return "denied" if "denied" in kinds else ERROR
    return "partly_approved"
