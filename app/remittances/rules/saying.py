"""What Cleared showed of a visit when it began, called back from what is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.clearance.facts.reasons import Badge, Check
from app.clearance.rules.badges import badge_of_line
from app.clearance.rules.packing import StoredLine, unpack
from app.remittances.facts.claims import Said
from app.schedule.facts import Visit


@dataclass(frozen=True, slots=True)
class Shown:
    """A verdict that was shown from an instant on."""

    since: datetime
    badge: Badge
    content: bytes


def shown_at(shown: Sequence[Shown], at: datetime) -> Shown | None:
    """Find the verdict that was shown at an instant, or last before it; None: none had been shown by then."""
    before = [one for one in shown if one.since <= at]
    return max(before, key=lambda one: one.since, default=None)


def said_of_visit(shown: Shown) -> Said:
    """What was shown of the visit as a whole."""
    lines = unpack(shown.content)
    worst = next((one for one in lines if one.badge is shown.badge), lines[0] if lines else None)
    return Said(shown.badge, None if worst is None else _check(worst), shown.since)


def said_of_code(shown: Shown, visit: Visit, code: str | None) -> Said | None:
    """What was shown of the visit's line of a code; None: no such line was planned."""
    lines = unpack(shown.content)
    if len(lines) != len(visit.lines):
        return None  # the visit's lines were changed since
    for kept, line in zip(lines, visit.lines, strict=True):
        if line.code is not None and line.code == code and kept.badge is not None:
            return Said(kept.badge, _check(kept), shown.since, kept.chosen, kept.rule, kept.need)
    return None


def _check(line: StoredLine) -> Check | None:
    """The first check whose result alone makes the line's badge; None where nothing speaks against it."""
    if line.badge is None or line.badge in (Badge.CLEARED, Badge.SELF_PAY):
        return None
    return next((one.check for one in line.reasons if badge_of_line((one,)) is line.badge), None)
