"""Take in what the provider reports of a message: once each, in any order, and a rank only rises."""

from uuid import UUID

from app.alerts.actions.braking import count_results
from app.alerts.actions.outgoing import Hands
from app.alerts.actions.undelivered import raise_undelivered
from app.alerts.facts.delivery import Means, Tried
from app.alerts.facts.outbox import State, Way
from app.alerts.rules.delivery import STATUSES
from app.alerts.rules.provider_codes import means_of
from app.alerts.store import outbox, reports
from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.db import writing


def take_report(
    caller: Caller, hands: Hands, message_id: UUID, provider_id: str, status: str, code: str | None, number: str
) -> bool:
    """Raise a message to what the provider says of it. Returns whether anything changed.

    Takes     the message that our own reference names; the provider's id, word for the status and error code; the
              number it went to. A report also proves that the provider has a message of which nothing was known.
    """
    state = STATUSES.get(status)
    if state is None:
        return False
    with writing(caller.session) as session:
        now = caller.clock.now()
        if not reports.note_report(session, caller.practice_id, message_id, provider_id, status, code, now):
            return False
        why = f"provider_{means_of(code).value}" if state is State.UNDELIVERED else None
        raised = reports.raise_to(session, caller.practice_id, message_id, state, provider_id, now, code, why)
        if raised and state is State.UNDELIVERED:
            count_results(caller, Way.SMS, [(Tried.CALLED_BACK, code)], now)
            told = outbox.delivery(session, caller.practice_id, message_id)
            raise_undelivered(caller, [(told.message, code)] if told else [], now)
        if raised and means_of(code) is Means.OPTED_OUT:
            hands.opted_out(caller, number)
        # The audit line comes last: whoever writes one holds the chain, and must then wait for nobody.
        record(caller, "alerts.reported", (message_id,), state=state.value, raised=int(raised))
    return raised
