"""Find what the program itself fails in: imports that stopped, and jobs whose last runs broke."""

from app.alerts.rules.troubles import import_failed, job_late
from app.deadlines.facts import Deadline
from app.imports.facts import DraftState
from app.imports.store.drafts import drafts
from app.platform import store as runs
from app.platform.caller import Caller
from app.practice.store import practice as practice_store

LOOKED_AT = 20  # of the last runs that broke


def troubles(caller: Caller) -> tuple[Deadline, ...]:
    """Make a deadline of each import that failed, and of each job that breaks still: told by its last run."""
    session, practice_id = caller.session, caller.practice_id
    zone = practice_store.practice_of(session, practice_id).zone
    stopped = [one for one in drafts(session, practice_id) if one.state is DraftState.FAILED]
    names = sorted({run.name for run in runs.failed_runs(session, practice_id, LOOKED_AT)})
    breaking = [run for run in runs.latest_runs(session, practice_id, names).values() if run.incident is not None]
    return (
        *(import_failed(one.id, one.changed_at, zone) for one in stopped),
        *(job_late(run.name, run.began_at, zone) for run in breaking),
    )
