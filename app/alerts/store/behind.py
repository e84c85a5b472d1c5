"""What ought to have been told and was not: whether expected and queued messages differ."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.alerts.models.alerts import NoticeRow, WatchRow

LONGEST_WAIT = timedelta(days=4)
"""No notice waits longer for quiet hours, a weekend and a daily digest together."""


def behind(session: Session, practice_id: UUID, since: datetime) -> tuple[int, datetime | None]:
    """Count deadlines whose step was due before an instant and was not told, and notices that became no message.

    Takes     the instant before which a sweep has had time enough.
    Returns   how many, and since when the first of them; 0 and None where expected and told agree.
    """
    steps = select(func.count(), func.min(WatchRow.next_at)).where(
        WatchRow.practice_id == practice_id, WatchRow.next_at < since
    )
    notices = select(func.count(), func.min(NoticeRow.made_at)).where(
        NoticeRow.practice_id == practice_id,
        NoticeRow.message_id.is_(None),
        NoticeRow.cancelled_at.is_(None),
        NoticeRow.made_at < since - LONGEST_WAIT,
    )
    counted = [session.execute(one).one() for one in (steps, notices)]
    firsts = [first for _count, first in counted if first is not None]
    return sum(count for count, _first in counted), min(firsts, default=None)
