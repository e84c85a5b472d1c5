"""What rows of claims and lines hold, as facts."""

from datetime import datetime

from app.clearance.facts.reasons import Badge, Check
from app.remittances.facts import Said


def said_in(badge: Badge | None, check: Check | None, since: datetime | None) -> Said | None:
    """What Cleared had shown, as the three columns of a row hold it; None: nothing."""
    return None if badge is None or since is None else Said(badge, check, since)
