"""Which booked visits would a change of the practice itself break? Asked on the pages of sites and providers.

Those pages stand below the room that judges visits; so the roof hands the answer in. It names days and counts, never a
patient: whoever keeps the settings need not see any.
"""

import hashlib
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import Flask

from app.clearance.actions.judging import PIECE
from app.clearance.actions.preview import preview
from app.platform.caller import Caller
from app.practice.access import FORESIGHT
from app.practice.store import practice as practice_store
from app.schedule import store as schedule_store
from app.schedule.facts import VisitStatus
from app.values.wording import counted, long_day

AHEAD = timedelta(days=60)
NAMED = 5


def add_foresight(app: Flask) -> None:
    """Let pages below ask before they save."""
    app.extensions[FORESIGHT] = foresee


def foresee(caller: Caller, change: Callable[[], object]) -> tuple[str, str] | None:
    """Try a change of the practice out, tell which visits it would break, and take it back.

    Takes     the change, which saves as it will.
    Returns   a key that is another one for other visits, and the sentence; None: no visit would stand worse. Looked at
              are booked visits of the next 60 days, of the 400 patients who come first.
    Raises    what the change raises.
    """
    session, practice_id = caller.session, caller.practice_id
    today = caller.clock.today(ZoneInfo(practice_store.practice_of(session, practice_id).zone))
    booked = schedule_store.visits_between(session, practice_id, today, today + AHEAD, status=VisitStatus.BOOKED)
    coming = list(dict.fromkeys(visit.patient_id for visit in booked))

    def apply(_session: object) -> None:
        change()

    broken = [turn.visit for turn in preview(caller, coming[:PIECE], apply) if turn.breaks]
    if not broken:
        return None
    digest = hashlib.sha256(" ".join(sorted(one.id.hex for one in broken)).encode()).hexdigest()[:12]
    days = sorted(Counter(one.day for one in broken).items())
    named = [f"{long_day(day)}: {number}" for day, number in days[:NAMED]]
    if len(days) > NAMED:
        named.append(f"{counted(len(days) - NAMED, 'more day')}")
    beyond = f" Looked at {PIECE} patients of {len(coming):,}." if len(coming) > PIECE else ""
    return f"breaks_{digest}", f"This change breaks {counted(len(broken), 'booked visit')}. {', '.join(named)}.{beyond}"
