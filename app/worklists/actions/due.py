"""What is due over the whole practice, made of the facts as they are now."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from app.alerts.actions.gathering import deadlines_of_patients, deadlines_of_practice
from app.audit.actions import record
from app.deadlines.facts import Deadline
from app.deadlines.rules.steps import due_instant, now_step
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.platform.db import writing

PIECE = 4000  # patients whose deadlines are made at a time
NEVER = datetime.max.replace(tzinfo=UTC)


def read_due(caller: Caller, within: timedelta | None) -> tuple[Deadline, ...]:
    """Read what is due in the order of time, what has no day last, and note the reading.

    Takes     how far ahead; None: everything. What was reached already, by any step, is always among it.
    """
    now = caller.clock.now()
    found = [one for one in _every(caller) if within is None or _near(one, now, now + within)]
    with writing(caller.session):
        record(caller, "worklists.due_listed", deadlines=len(found))
    return tuple(sorted(found, key=lambda one: due_instant(one) or NEVER))


def _near(one: Deadline, now: datetime, until: datetime) -> bool:
    due = due_instant(one)
    return now_step(one, now) is not None or (due is not None and due <= until)


def _every(caller: Caller) -> Iterator[Deadline]:
    yield from deadlines_of_practice(caller)
    ids = iter([one.id for one in patient_store.in_patient_order(caller.session, caller.practice_id)])
    while piece := list(islice(ids, PIECE)):
        for made in deadlines_of_patients(caller, piece).values():
            yield from made
