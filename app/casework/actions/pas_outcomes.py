"""What came of messages to payers: written down once, and followed by the case."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.actions import record as audit
from app.authorizations.actions import move
from app.authorizations.facts import AuthorizationRecord, Status
from app.casework.actions.entries import add_entry
from app.casework.actions.pas_changes import applied
from app.casework.actions.pas_grounds import CHANNEL, LEFT_FOR, held
from app.casework.actions.sending import today_of
from app.casework.actions.steering import set_next
from app.casework.facts.entries import Contact, Entry, EntryKind, Outcome
from app.casework.facts.pas import CHANGES, IN_DOUBT, PasAct, PasExchange, PasState
from app.casework.facts.payer_answers import Answer as Answered
from app.casework.rules.pas_thread import thread_of
from app.casework.store import pas as store
from app.casework.store import payer_answers as traces
from app.gateways.facts import Answer
from app.gateways.facts import Outcome as Sent
from app.platform.caller import Caller
from app.platform.changes import announced
from app.platform.ids import new_id

STATES = {
    Sent.ACCEPTED: PasState.ANSWERED,
    Sent.REFUSED: PasState.REFUSED,
    Sent.LATER: PasState.NOT_SENT,
    Sent.UNCLEAR: PasState.UNCLEAR,
}
ASK_WHETHER = "Ask the payer by FHIR whether the request arrived"
ASK_WHETHER_CHANGED = "Ask the payer by FHIR whether the change arrived"
CALL_WHETHER = "Ask the payer by telephone or portal whether the request arrived"
SEND_ANEW = "Send the request: the payer's system has not got it"
CHANGE_ANEW = "Send the change again: the payer's system has not got it"
MEND = "Mend the request: the payer's system refused it"
MEND_CHANGE = "Mend the change: the payer's system refused it"
X12_CHANNEL = "X12 278"


def write_down(caller: Caller, exchange_id: UUID, answer: Answer) -> PasExchange:
    """Write down what came of a call. A request that clearly was not taken is ready to be sent again.

    Returns   the message as it stands then. What was written down before stays.
    """
    with announced(caller) as session:
        exchange = store.exchange(session, caller.practice_id, exchange_id, hold=True)
        assert exchange is not None
        if exchange.state not in IN_DOUBT:
            return exchange
        state = STATES[answer.outcome]
        content = answer.content if state is PasState.ANSWERED else None
        store.settle(session, caller.practice_id, exchange_id, state, caller.clock.now(), answer.code, content)
        audit(
            caller, "casework.pas_settled", [exchange.case_id, exchange_id], act=exchange.act.value, state=state.value
        )
        _follow(caller, session, exchange, state)
        after = store.exchange(session, caller.practice_id, exchange_id)
        assert after is not None
    return after


def give_up(caller: Caller, limit: int = 20) -> int:
    """Mark messages of which nothing is known since they were about to leave: they are in doubt. Returns how many."""
    before = caller.clock.now() - LEFT_FOR
    left = store.left_sending(caller.session, caller.practice_id, before, limit)
    for exchange_id in left:
        write_down(caller, exchange_id, Answer(Sent.UNCLEAR, code="no-answer"))
    return len(left)


def note_filed(caller: Caller, exchange_id: UUID, document_id: UUID, has_it: bool | None) -> None:
    """Note that the mailroom has the answer of a message, and what it tells of one that is in doubt.

    Takes     `has_it`: the payer has the message in doubt (True), knows none (False), or does not say (None).
    """
    with announced(caller) as session:
        exchange = store.exchange(session, caller.practice_id, exchange_id, hold=True)
        assert exchange is not None
        store.note_filed(session, caller.practice_id, exchange_id, document_id)
        audit(caller, "casework.pas_filed", [exchange.case_id, exchange_id])
        if exchange.act is not PasAct.INQUIRE:
            _follow_answer(caller, session, exchange, document_id)
            return
        doubt = thread_of(store.messages(session, caller.practice_id, exchange.case_id)).doubt
        if doubt is None or has_it is None:
            return
        state = PasState.ANSWERED if has_it else PasState.NOT_SENT
        code = None if has_it else "not-found"
        store.settle(session, caller.practice_id, doubt.id, state, caller.clock.now(), code)
        if has_it and doubt.act in CHANGES:
            applied(caller, session, doubt.id)
        elif not has_it:
            _follow(caller, session, doubt, state)


def refuse_file(caller: Caller, session: Session, exchange: PasExchange, code: str) -> None:
    """Note that the other side refused an X12 file that it had taken, in the transaction that is open."""
    store.settle(session, caller.practice_id, exchange.id, PasState.REFUSED, caller.clock.now(), code)
    audit(caller, "casework.pas_settled", [exchange.case_id, exchange.id], act=exchange.act.value, state="refused")
    _follow(caller, session, exchange, PasState.REFUSED)


def _follow(caller: Caller, session: Session, sent: PasExchange, state: PasState) -> None:
    """Let the case follow what became of a message: in doubt, it is asked for; not taken, it is ready again."""
    if state is PasState.ANSWERED or sent.act is PasAct.INQUIRE:
        return
    today = today_of(caller)
    if state is PasState.UNCLEAR:
        set_next(caller, [sent.case_id], _whether(sent.act), today)
        return
    refused = state is PasState.REFUSED
    if sent.act in CHANGES:
        set_next(caller, [sent.case_id], MEND_CHANGE if refused else CHANGE_ANEW, today)
        return
    record, version = held(caller, session, sent.case_id)
    if record.status is Status.SUBMITTED:
        channel = X12_CHANNEL if sent.act is PasAct.SUBMIT_X12 else CHANNEL
        _ready_again(caller, (record, version), MEND if refused else SEND_ANEW, today, channel)


def _whether(act: PasAct) -> str:
    if act is PasAct.SUBMIT_X12:
        return CALL_WHETHER
    return ASK_WHETHER_CHANGED if act in CHANGES else ASK_WHETHER


def _follow_answer(caller: Caller, session: Session, sent: PasExchange, document_id: UUID) -> None:
    """Follow the answer that a payer gave at once: with an error it did not take the message up."""
    answers = traces.answers_of(session, caller.practice_id, sent.case_id)
    if any(one.document_id == document_id and one.answer is Answered.REJECTED for one in answers):
        now = caller.clock.now()
        store.settle(session, caller.practice_id, sent.id, PasState.REFUSED, now, "rejected")
        _follow(caller, session, sent, PasState.REFUSED)
    elif sent.act in CHANGES:
        applied(caller, session, sent.id, document_id)


def _ready_again(caller: Caller, case: tuple[AuthorizationRecord, int], step: str, today: date, channel: str) -> None:
    record, version = case
    event_id = new_id()
    changes = {"requested_on": None, "submitted_by_channel": None, "next_action": step, "next_action_on": today}
    move(caller, record.id, version, Status.READY, changes, event_id=event_id)
    add_entry(
        caller,
        Entry(
            id=new_id(),
            case_id=record.id,
            patient_id=record.patient_id,
            kind=EntryKind.PORTAL,
            at=caller.clock.now(),
            by_id=caller.user_id,
            contact=Contact(line=channel, outcome=Outcome.NOT_FOUND),
            event_id=event_id,
            next_action=step,
            next_action_on=today,
        ),
    )
