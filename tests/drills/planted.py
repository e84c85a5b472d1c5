"""Bad designs of delivery that the drills must catch. They share nothing with the program's own but the tables."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select, update

from app.alerts.facts.outbox import State, Way
from app.alerts.models.outbox import OutboxMessageRow
from app.alerts.store.people import people
from app.gateways.access import gateways_of
from app.gateways.facts import Answer, Outcome
from app.platform.caller import Caller
from app.platform.db import writing

BATCH = 20
RANKS = {State.PENDING: 1, State.SENT: 2, State.FAILED: 3}
AGAIN = timedelta(seconds=30)


def check_send_mark(caller: Caller) -> int:
    """Look what is not marked, send it, then mark it. Whoever dies between the two, or is not alone, sends twice."""
    done = 0
    for row_id, recipient, reference in _pending(caller):
        answer = _send(caller, recipient, reference)
        if answer.outcome is Outcome.ACCEPTED:
            done += _mark(caller, row_id, State.SENT)
        elif answer.outcome is Outcome.REFUSED:
            _mark(caller, row_id, State.FAILED)
    return done


def mark_then_send(caller: Caller) -> int:
    """Mark first, then send. Whoever dies between the two, or hears no answer, loses the message."""
    done = 0
    for row_id, recipient, reference in _pending(caller):
        if not _mark(caller, row_id, State.SENT):
            continue
        answers = (_send(caller, recipient, reference) for _try in range(3))
        done += any(answer.outcome is not Outcome.LATER for answer in answers)
    return done


def retry_everything(caller: Caller) -> int:
    """Send all that was not accepted again, whatever the answer was: also what will never be taken."""
    done = 0
    for row_id, recipient, reference in _pending(caller):
        if _send(caller, recipient, reference).outcome is Outcome.ACCEPTED:
            done += _mark(caller, row_id, State.SENT)
    return done


DESIGNS: dict[str, Callable[[Caller], int]] = {
    "check-send-mark": check_send_mark,
    "mark-then-send": mark_then_send,
    "retry-everything": retry_everything,
}


def _pending(caller: Caller) -> list[tuple[object, object, str]]:
    row = OutboxMessageRow
    which = select(row.id, row.recipient_id, row.reference).where(
        row.practice_id == caller.practice_id, row.state == State.PENDING, row.way == Way.SMS
    )
    found = [(one[0], one[1], one[2]) for one in caller.session.execute(which.order_by(row.id).limit(BATCH))]
    caller.session.rollback()
    return found


def _send(caller: Caller, recipient: object, reference: str) -> Answer:
    numbers = _numbers(caller)
    gateways = gateways_of(caller.session)
    number = numbers[recipient]
    assert gateways.sms is not None and number is not None
    return gateways.sms.send(number, f"Drill: {reference}", None)


def _numbers(caller: Caller) -> dict[object, str | None]:
    """Everyone's number, read once in a session: nobody's changes in a drill."""
    known: dict[object, str | None] | None = caller.session.info.get("drill_numbers")
    if known is None:
        known = {person.id: person.phone for person in people(caller.session, caller.practice_id)}
        caller.session.rollback()
        caller.session.info["drill_numbers"] = known
    return known


def _mark(caller: Caller, row_id: object, state: State) -> int:
    row = OutboxMessageRow
    with writing(caller.session) as session:
        changed = session.execute(
            update(row)
            .where(row.practice_id == caller.practice_id, row.id == row_id, row.state == State.PENDING)
            .values(state=state, rank=RANKS[state], ended_at=None)
        )
        return int(changed.rowcount)  # type: ignore[attr-defined]
