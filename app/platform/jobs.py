"""What is kept of runs for a while only."""

from datetime import timedelta

from app.platform import store
from app.platform.caller import Caller
from app.platform.db import writing

RUNS_LAST = timedelta(days=30)


def forget_job_runs(caller: Caller) -> int:
    """Remove what is kept of runs that ended more than 30 days ago. Returns how many."""
    with writing(caller.session) as session:
        return store.forget_runs(session, caller.practice_id, caller.clock.now() - RUNS_LAST)
