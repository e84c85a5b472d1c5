"""From findings to a badge, and from lines to a visit. No other way leads to cleared."""

from collections.abc import Iterable, Sequence

from app.clearance.facts.reasons import FAILS, UNKNOWN, WAITS, WARNS, Badge, Reason

_ORDER = (Badge.BLOCKED, Badge.NOT_CHECKED, Badge.WAITING, Badge.AT_RISK, Badge.CLEARED)
WORST_FIRST = (*_ORDER[:4], Badge.ACCEPTED_RISK, Badge.CLEARED, Badge.SELF_PAY)
"""All badges that a visit may show, what needs work before what does not."""


def badge_of_line(reasons: Iterable[Reason]) -> Badge:
    """Combine the findings of a line.

    Returns   blocked for any fail; else not_checked for any unknown but that of `approval`; else waiting for that one;
              else at_risk for any warning; else cleared. Without any finding nothing was checked.
    """
    weight = 0
    for reason in reasons:
        weight |= reason.weight
    if weight >= FAILS:
        return Badge.BLOCKED
    if weight >= UNKNOWN or not weight:
        return Badge.NOT_CHECKED
    if weight >= WAITS:
        return Badge.WAITING
    return Badge.AT_RISK if weight >= WARNS else Badge.CLEARED


def badge_of_visit(badges: Sequence[Badge | None]) -> Badge:
    """Combine the badges of a visit's lines, None for a line billed outside.

    Returns   the worst; self_pay only when all lines are, or when all are billed outside.
    """
    present = set(badges)
    for badge in _ORDER:
        if badge in present:
            return badge
    return Badge.SELF_PAY if badges else Badge.NOT_CHECKED
