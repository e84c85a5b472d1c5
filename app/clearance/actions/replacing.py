"""What goes with a stored verdict that is replaced: history is kept, and a risk that covers it no longer is void."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.clearance.facts.history import By, Cause, PastVerdict
from app.clearance.facts.reasons import Badge
from app.clearance.facts.stored import Stored
from app.clearance.store import history, risks

Replaced = tuple[UUID, Stored, Badge | None]
"""A visit, what was stored of it, and the badge that it shows now (None: none, it is no longer booked)."""


def keep_replaced(session: Session, practice_id: UUID, replaced: Sequence[Replaced], now: datetime, by: By) -> None:
    """Keep what some visits showed until now, and end the risks of those that are no longer let through."""
    history.keep(session, practice_id, [_past(one, now, by) for one in replaced])
    void = [visit_id for visit_id, before, badge in replaced if _ends(before.badge, badge)]
    risks.end(session, practice_id, void, now, by.user_id if by.cause is Cause.RISK else None)


def _ends(before: Badge, badge: Badge | None) -> bool:
    return before is Badge.ACCEPTED_RISK and badge is not Badge.ACCEPTED_RISK


def _past(one: Replaced, now: datetime, by: By) -> PastVerdict:
    visit_id, before, badge = one
    by = by if badge is not None else replace(by, cause=Cause.GONE)
    since = min(before.shown_since, now)  # a clock may be set back
    return PastVerdict(visit_id, since, now, before.as_of, before.badge, before.rules_version, before.content, by)
