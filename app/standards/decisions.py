"""What a payer decided, of one level of an answer and of all of them together (X12 element 306 in 278 and in PAS)."""

from collections.abc import Iterable
from enum import StrEnum


class Decision(StrEnum):
    """A decision in words; programs read these values."""

    APPROVED = "approved"
    PARTLY_APPROVED = "partly_approved"
    MODIFIED = "modified"
    DENIED = "denied"
    PENDED = "pended"
    NOT_REQUIRED = "not_required"
    CANCELED = "canceled"
    ERROR = "error"


ACTIONS: dict[str, Decision] = {
    "A1": Decision.APPROVED,
    "A2": Decision.MODIFIED,
    "A3": Decision.DENIED,
    "A4": Decision.PENDED,
    "A6": Decision.MODIFIED,
    "C": Decision.CANCELED,
    "NA": Decision.NOT_REQUIRED,
    "CT": Decision.PENDED,
}
"""What an action code stands for. CT asks to call the payer: nothing is decided yet. A2 and A6 change the request."""

_GRANTING = frozenset({Decision.APPROVED, Decision.PARTLY_APPROVED, Decision.MODIFIED, Decision.NOT_REQUIRED})
_REFUSING = frozenset({Decision.DENIED, Decision.CANCELED})


def combined(levels: Iterable[Decision | None]) -> Decision | None:
    """Give the worst-informative of several levels: what may be said of all of them.

    Takes     a decision for each level; None where a level does not say.
    Returns   error, pended or None where any level is so, in this order; the common decision where all agree; partly
              approved where some grant and some refuse; else denied, modified or approved. None for no level at all.
    """
    found = list(levels)
    kinds = set(found)
    for stop in (Decision.ERROR, Decision.PENDED, None):
        if stop in kinds:
            return stop
    if len(kinds) <= 1:
        return found[0] if found else None
    if kinds & _GRANTING:
        return _mixed(kinds)
    return Decision.DENIED


def _mixed(kinds: set[Decision | None]) -> Decision:
    if kinds & _REFUSING or Decision.PARTLY_APPROVED in kinds:
        return Decision.PARTLY_APPROVED
    return Decision.MODIFIED if Decision.MODIFIED in kinds else Decision.APPROVED
