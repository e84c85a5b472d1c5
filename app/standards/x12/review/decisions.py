"""What a services review decided, of its levels' actions (HCR01) and of what was not processed (AAA)."""

from collections.abc import Collection

from app.standards.decisions import ACTIONS, Decision, combined

REFUSED = (Decision.DENIED, Decision.CANCELED)


def decision(actions: Collection[str | None], failed: bool, stopped: bool, rejected: bool) -> Decision | None:
    """Say what the levels of one review say together.

    Takes     HCR01 of each level that has one; whether a service has an AAA and no HCR; whether an AAA stands on the
              event or on a level above it, so that the request was not processed; whether an AAA stands anywhere.
    Returns   the worst-informative decision of the levels. What was not processed is not approved: `error` where an AAA
              on or above the event has approval or nothing beside it, or where only AAA stand; partly approved where
              services failed beside approved ones. None where no level says anything, or one says what is not known.
    """
    levels = [ACTIONS.get(action or "") for action in actions]
    if Decision.PENDED in levels:
        return Decision.PENDED
    joined = combined(levels)
    if (stopped and joined not in REFUSED) or (rejected and not levels):
        return Decision.ERROR
    if failed and joined is not None and joined not in REFUSED:
        return Decision.PARTLY_APPROVED
    return joined
