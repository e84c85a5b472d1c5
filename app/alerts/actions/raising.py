"""Events that people must hear of: raised in the transaction of what happened, told by the next sweep."""

from app.alerts.facts.watching import Origin, Watch
from app.alerts.rules.packing import watch_id
from app.alerts.rules.reaching import next_at, still_told
from app.alerts.store import watch as store
from app.deadlines.facts import Deadline, Reason, Subject
from app.platform.caller import Caller


def raise_event(caller: Caller, deadline: Deadline) -> None:
    """Watch for something that happened, inside the transaction that is open: the next sweep tells it.

    Takes     a deadline with one step that is due at once and whose name stands for this happening alone (such as
              `2026-12-01T15:04:05`). The same subject and reason with another step raises the same alert again.
    """
    now = caller.clock.now()
    found = watch_id(deadline.subject, deadline.reason)
    old = store.by_ids(caller.session, caller.practice_id, [found]).get(found)
    told = None if old is None else still_told(deadline, old.told)
    watch = Watch(found, deadline, Origin.EVENT, told, next_at(deadline, told, now), now)
    store.put(caller.session, caller.practice_id, [watch])


def end_event(caller: Caller, subject: Subject, reason: Reason) -> None:
    """Watch no longer for something that happened, inside the transaction that is open: the next sweep closes it."""
    store.drop(caller.session, caller.practice_id, [watch_id(subject, reason)])
