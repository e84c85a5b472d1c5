"""A visit whose badge would turn if something were saved."""

from dataclasses import dataclass

from app.clearance.facts.reasons import Badge
from app.clearance.facts.verdicts import LineVerdict
from app.schedule.facts import Visit

_ORDER = (
    Badge.BLOCKED,
    Badge.NOT_CHECKED,
    Badge.WAITING,
    Badge.AT_RISK,
    Badge.ACCEPTED_RISK,
    Badge.CLEARED,
    Badge.SELF_PAY,
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One booked visit whose badge would be another: the visit, both badges, and its lines as they would be judged.

    `before` or `after` None: the visit was not booked before, or would not be any more; then `lines` are of the other.
    """

    visit: Visit
    before: Badge | None
    after: Badge | None
    lines: tuple[LineVerdict, ...]

    @property
    def breaks(self) -> bool:
        """Say whether the visit would stand worse than it does."""
        if self.before is None or self.after is None:
            return False
        return _ORDER.index(self.after) < _ORDER.index(self.before)
