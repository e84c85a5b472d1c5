"""Messages that a sweep held back: a person looks, and lets them through or discards them."""

from app.alerts.actions.raising import end_event
from app.alerts.facts.notices import SweepState
from app.alerts.rules.breaking import HELD
from app.alerts.store import notices, sweeps
from app.audit.actions import record
from app.deadlines.facts import Reason
from app.platform.caller import Caller
from app.platform.db import writing


def held_state(caller: Caller) -> SweepState:
    """Read since when messages are held back, and how many deadlines or notices that was about."""
    return sweeps.state_of(caller.session, caller.practice_id)


def let_through(caller: Caller) -> int:
    """Let through what was held back: for an hour sweeps believe any number. Returns how many notices wait.

    When nothing is held back, nothing is done.
    """
    with writing(caller.session) as session:
        if sweeps.hold_state(session, caller.practice_id).held_at is None:
            return 0
        waiting = notices.count_waiting(session, caller.practice_id)
        sweeps.release(session, caller.practice_id, caller.clock.now())
        end_event(caller, HELD, Reason.UNDELIVERED)
        record(caller, "alerts.let_through", waiting=waiting)
    return waiting


def discard_held(caller: Caller) -> int:
    """Cancel what was held back; the alerts stay in the program. Returns how many notices.

    A sweep that was stopped because far too much is due stays stopped as long as it is: set the clock right first.
    """
    with writing(caller.session) as session:
        if sweeps.hold_state(session, caller.practice_id).held_at is None:
            return 0
        cancelled = notices.cancel_waiting(session, caller.practice_id, caller.clock.now())
        sweeps.release(session, caller.practice_id, None)
        end_event(caller, HELD, Reason.UNDELIVERED)
        record(caller, "alerts.discarded", cancelled=cancelled)
    return cancelled
