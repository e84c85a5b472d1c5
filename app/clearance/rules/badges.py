"""From findings to a badge, and from lines to a visit. No other way leads to cleared."""

from collections.abc import Iterable, Sequence

from app.clearance.facts.reasons import Badge, Check, Reason, Result

_ORDER = (Badge.BLOCKED, Badge.NOT_CHECKED, Badge.WAITING, Badge.AT_RISK, Badge.CLEARED)


def badge_of_line(reasons: Iterable[Reason]) -> Badge:
    """Combine the findings of a line.

    Returns   blocked for any fail; else not_checked for any unknown but that of `approval`; else waiting for that one;
              else at_risk for any warning; else cleared. Without any finding nothing was checked.
    """
    results = set()
    waiting = seen = False
    for reason in reasons:
        seen = True
        if reason.check is Check.APPROVAL and reason.result is Result.UNKNOWN:
            waiting = True
        else:
            results.add(reason.result)
    if Result.FAIL in results:
        return Badge.BLOCKED
    if Result.UNKNOWN in results or not seen:
        return Badge.NOT_CHECKED
    if waiting:
        return Badge.WAITING
    return Badge.AT_RISK if Result.WARN in results else Badge.CLEARED


def badge_of_visit(badges: Sequence[Badge | None]) -> Badge:
    """Combine the badges of a visit's lines, None for a line billed outside.

    Returns   the worst; self_pay only when all lines are, or when all are billed outside.
    """
    present = set(badges)
    for badge in _ORDER:
        if badge in present:
            return badge
    return Badge.SELF_PAY if badges else Badge.NOT_CHECKED
